"""What was said outside the site, noted by the team; what a structure understood otherwise, beside it.

A row is never changed: a mistake is mended by another note. The chain commits to the words of every one of them.
"""

from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from app.actor import Actor
from app.clock import Clock
from app.models import Exchange
from app.models.base import new_id
from app.operations import journal
from app.operations.way import remember_instructor
from app.operations.writing import Writing, lock_for_writing
from workflows.answers import as_written
from workflows.deadlines import PARIS
from workflows.refused import Refused

KINDS = ("call", "mail", "meeting", "note")
LONGEST = 2000  # characters


def note_exchange(
    db: Session,
    dossier_id: str,
    *,
    kind: str,
    words: str,
    shared: bool,
    next_on: date | None = None,
    by: Actor,
    clock: Clock,
) -> Exchange:
    """Note what was said. `shared`: the structure reads it too; `next_on`: the day, in Paris, to see the dossier again.

    Raises `Refused`: `gone`, `words_missing`, `text_too_long`, `day_past`.
    """
    found = lock_for_writing(db, dossier_id, clock)
    if next_on is not None and next_on < today(found):
        raise Refused("day_past")
    return keep(db, found, kind, words, shared=shared, next_on=next_on, by=by)


def correct_exchange(db: Session, dossier_id: str, words: str, *, by: Actor, clock: Clock) -> Exchange:
    """What a structure understood otherwise: a note of its own, which brings the dossier back to the desk today.

    Raises `Refused`: `gone`, `words_missing`, `text_too_long`.
    """
    found = lock_for_writing(db, dossier_id, clock)
    return keep(db, found, "note", words, shared=True, next_on=today(found), by=by)


def today(found: Writing) -> date:
    return found.at.astimezone(ZoneInfo(PARIS)).date()


def keep(
    db: Session, found: Writing, kind: str, words: str, *, shared: bool, next_on: date | None, by: Actor
) -> Exchange:
    """One row and one entry, for a dossier whose lock is held."""
    words = as_written(words)
    if not words:
        raise Refused("words_missing")
    if len(words) > LONGEST:
        raise Refused("text_too_long", limit=LONGEST)
    made = Exchange(
        id=new_id(),
        dossier_id=found.dossier.id,
        kind=kind,
        words=words,
        shared=shared,
        next_on=next_on,
        at=found.at,
        by=str(by.id),
    )
    db.add(made)
    db.flush()
    journal.append(
        db,
        found.dossier,
        "exchange_noted",
        at=found.at,
        body={"exchange": made.id, "kind": kind, "shared": shared},
        private={"person": by.name, "words": words},
    )
    remember_instructor(db, found.dossier, by)
    return made
