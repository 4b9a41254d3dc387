"""Forms that arrived after their session had ended: given back to the same person for a quarter of an hour, once."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.models import KeptForm, Person
from app.models.base import new_id
from app.queries.kept_forms import LASTING

MOST = 5  # forms of one person at a time


def keep_form(db: Session, person_id: str, path: str, fields: Sequence[tuple[str, str]], *, at: datetime) -> str | None:
    """Keep what somebody was sending, and say under which identifier; nothing when her access has ended.

    Only her newest forms are kept, so that a page left open cannot fill the house.
    """
    if db.execute(select(Person.id).where(Person.id == person_id, Person.active)).scalar_one_or_none() is None:
        return None
    newest = (
        select(KeptForm.id)
        .where(KeptForm.person_id == person_id)
        .order_by(KeptForm.kept_at.desc(), KeptForm.id)
        .limit(MOST - 1)
    )
    db.execute(delete(KeptForm).where(KeptForm.person_id == person_id, KeptForm.id.not_in(newest)))
    made = KeptForm(id=new_id(), person_id=person_id, path=path, fields=[list(pair) for pair in fields], kept_at=at)
    db.add(made)
    db.flush()
    return made.id


def forget_form(db: Session, form_id: str) -> None:
    """Throw a form away: it is sent, or nobody wants it."""
    db.execute(delete(KeptForm).where(KeptForm.id == form_id))


def purge_forms(db: Session, at: datetime) -> None:
    """Throw away the forms whose quarter of an hour has passed."""
    db.execute(delete(KeptForm).where(KeptForm.kept_at <= at - LASTING))
