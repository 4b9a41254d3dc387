"""What a person changes of her own access: her language, the places she is signed in from."""

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.models import Person, WebSession
from workflows.refused import Refused

LANGUAGES = ("fr", "en")
#: How many sessions one person may have at once; a new one ends the one she used longest ago.
MOST_SESSIONS = 10


def prefer_language(db: Session, person_id: str, code: str) -> None:
    """Store the language of a person's pages and mails. Raises `Refused("gone")` for one that is not spoken here."""
    if code not in LANGUAGES:
        raise Refused("gone")
    db.execute(update(Person).where(Person.id == person_id).values(locale=code))


def end_session(db: Session, person_id: str, session_id: str) -> None:
    """End one session of a person. Raises `Refused("gone")` when it is not hers, or has ended."""
    ended = db.execute(
        delete(WebSession)
        .where(WebSession.id == session_id, WebSession.person_id == person_id)
        .returning(WebSession.id)
    ).scalar_one_or_none()
    if ended is None:
        raise Refused("gone")


def note_sign_in(db: Session, person_id: str, at: datetime) -> datetime | None:
    """Write when a person came in; returns when she came in before, nothing at her first time."""
    before = db.execute(select(Person.signed_in_at).where(Person.id == person_id)).scalar_one_or_none()
    db.execute(update(Person).where(Person.id == person_id).values(signed_in_at=at))
    return before


def make_room(db: Session, person_id: str) -> None:
    """End the sessions a person used longest ago, so that one more stays within `MOST_SESSIONS`."""
    newest = (
        select(WebSession.id)
        .where(WebSession.person_id == person_id)
        .order_by(WebSession.seen_at.desc(), WebSession.id)
        .limit(MOST_SESSIONS - 1)
    )
    db.execute(delete(WebSession).where(WebSession.person_id == person_id, WebSession.id.not_in(newest)))
