"""The locks, taken in this order: dossier, poll, seat, chain head.

`FOR NO KEY UPDATE` on PostgreSQL (never `FOR SHARE`, which starved the close under many casts); on SQLite the write
transaction itself is the lock. What was read before a lock is read again after it.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Dossier, Poll
from workflows.refused import Refused


def lock_dossier(db: Session, dossier_id: str) -> Dossier:
    """Read a dossier again, under its lock."""
    found = db.execute(
        select(Dossier)
        .where(Dossier.id == dossier_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).scalar_one_or_none()
    if found is None:
        raise Refused("gone")
    return found


def lock_poll(db: Session, poll_id: str) -> Poll:
    """Read a poll again, under its lock."""
    found = db.execute(
        select(Poll).where(Poll.id == poll_id).with_for_update(key_share=True).execution_options(populate_existing=True)
    ).scalar_one_or_none()
    if found is None:
        raise Refused("gone")
    return found
