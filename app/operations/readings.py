"""Readings worth remembering: the team looking at who has taken part, or at what was said once a poll is closed; and
where a reader stopped, for herself alone."""

from sqlalchemy.orm import Session

from app.actor import Actor
from app.clock import Clock
from app.models import Access, Draft

PARTICIPATION = "participation"
BALLOTS = "ballots"
REASONS = "reasons"


def remember_reading(db: Session, subject: str, what: str, *, by: Actor, clock: Clock) -> None:
    """Note that a person has read something; `subject` is named as its chain is, such as `poll:ID`."""
    db.add(Access(person_id=str(by.id), subject=subject, what=what, at=clock()))
    db.flush()


def mark_place(db: Session, where: str, place: str, *, by: Actor, clock: Clock) -> None:
    """Keep where a person stopped reading; the newest place holds. `where` is a place of drafts: `reading:POLL`."""
    db.merge(Draft(person_id=str(by.id), place=where, text=place, seen="", kept_at=clock()))
    db.flush()
