"""Readings worth remembering: the team looking at who has taken part, or at what was said once a poll is closed."""

from sqlalchemy.orm import Session

from app.clock import Clock
from app.models import Access
from app.policies import Actor

PARTICIPATION = "participation"
BALLOTS = "ballots"
REASONS = "reasons"


def remember_reading(db: Session, subject: str, what: str, *, by: Actor, clock: Clock) -> None:
    """Note that a person has read something; `subject` is named as its chain is, such as `poll:ID`."""
    db.add(Access(person_id=str(by.id), subject=subject, what=what, at=clock()))
    db.flush()
