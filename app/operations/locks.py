"""The locks, taken in this order: structure, joint file, dossiers by their identifiers, poll, seat, chain head.

`FOR NO KEY UPDATE` on PostgreSQL (never `FOR SHARE`, which starved the close under many casts); on SQLite the write
transaction itself is the lock. What was read before a lock is read again after it.
"""

from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Dossier, Enquiry, JointFile, LabelVersion, Poll
from workflows.refused import Refused

Row = TypeVar("Row", Dossier, Enquiry, JointFile, Poll)


def locked(db: Session, noun: type[Row], identifier: str) -> Row:
    """Read a row again, under its lock. Raises `Refused("gone")`."""
    asked = select(noun).where(noun.id == identifier)
    asked = asked.with_for_update(key_share=True).execution_options(populate_existing=True)
    found = db.execute(asked).scalar_one_or_none()
    if found is None:
        raise Refused("gone")
    return found


def lock_joint_file(db: Session, joint_id: str) -> JointFile:
    """Read a joint file again, under its lock: who is in it does not change behind it."""
    return locked(db, JointFile, joint_id)


def lock_members(db: Session, joint_id: str) -> list[Dossier]:
    """Read the dossiers of a joint file again, each under its lock, in the order of their identifiers."""
    lock_joint_file(db, joint_id)
    asked = select(Dossier.id).where(Dossier.joint_file_id == joint_id).order_by(Dossier.id)
    return [lock_dossier(db, dossier_id) for dossier_id in db.execute(asked).scalars().all()]


def lock_dossier(db: Session, dossier_id: str) -> Dossier:
    """Read a dossier again, under its lock."""
    return locked(db, Dossier, dossier_id)


def lock_poll(db: Session, poll_id: str) -> Poll:
    """Read a poll again, under its lock."""
    return locked(db, Poll, poll_id)


def lock_dossier_then_poll(db: Session, poll_id: str) -> tuple[Dossier, Poll]:
    """Read a poll and its dossier again, under the locks of both."""
    dossier_id = db.execute(select(Poll.dossier_id).where(Poll.id == poll_id)).scalar_one_or_none()
    if dossier_id is None:
        raise Refused("gone")
    return lock_dossier(db, dossier_id), lock_poll(db, poll_id)


def lock_numbering(db: Session) -> None:
    """Wait for whoever is taking the next reference or number: two never get the same. The last lock to take."""
    db.execute(
        select(LabelVersion.id)
        .order_by(LabelVersion.published_at, LabelVersion.id)
        .limit(1)
        .with_for_update(key_share=True)
    ).one()
