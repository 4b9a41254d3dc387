"""What a structure asks besides its request: taking a closed dossier up again, more time, a call after some day."""

from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.actor import Actor
from app.clock import Clock
from app.mail.notices import people_of_role, staff, tell
from app.models import Dossier
from app.models.outbox import Engine
from app.operations import journal
from app.operations.exchanges import keep, today
from app.operations.way import lock_structure, open_dossier
from app.operations.writing import lock_for_writing
from app.queries.labels import current_version
from workflows.refused import Refused
from workflows.roads import may_ask_time

FARTHEST = timedelta(days=5 * 366)


def reopen_dossier(db: Session, dossier_id: str, *, entry: str, by: Actor, clock: Clock) -> Dossier:
    """Take a closed dossier up again: a new one, linked to it, under the label's current version, by a chosen entry.

    One at a time; both histories say it. Raises `Refused`: `gone`, `not_closed`, `taken_up_already`, `unknown_entry`,
    `dossier_already_open`, `already_holds`.
    """
    structure_id = db.execute(select(Dossier.structure_id).where(Dossier.id == dossier_id)).scalar_one_or_none()
    if structure_id is None:
        raise Refused("gone")
    lock_structure(db, structure_id)
    found = lock_for_writing(db, dossier_id, clock)
    if found.label.stage(found.dossier.stage).kind != "closed":
        raise Refused("not_closed")
    again = select(Dossier.id).where(Dossier.previous_id == dossier_id).limit(1)
    version = current_version(db, found.label.slug)
    if db.execute(again).scalar_one_or_none() is not None or version is None:
        raise Refused("taken_up_already")
    following = found.dossier.officer_id
    officer = following if following in staff(db, "officer", found.at) else None
    return open_dossier(db, structure_id, version, entry=entry, by=by, clock=clock, officer_id=officer)


def ask_time(db: Session, dossier_id: str, reason: str, *, by: Actor, clock: Clock) -> None:
    """Ask for more time where something is expected of the structure; who follows its dossier answers by hand.

    Raises `Refused`: `gone`, `delay_not_yours`, `words_missing`, `text_too_long`.
    """
    found = lock_for_writing(db, dossier_id, clock)
    if not may_ask_time(found.label, found.dossier.stage):
        raise Refused("delay_not_yours")
    made = keep(db, found, "note", reason, shared=True, next_on=today(found), by=by)
    entry = journal.append(
        db, found.dossier, "time_asked", at=found.at, private={"person": by.name, "reason": made.words}
    )
    readers = people_of_role(db, "officer", found.dossier, found.at)
    values = {"dossier": dossier_id, "reason": made.words}
    tell(db, Engine.TIME_ASKED, readers, event=entry.id, at=found.at, values=values)


def ask_call_back(db: Session, dossier_id: str, words: str, *, after: date, by: Actor, clock: Clock) -> None:
    """Ask, of a dossier that is paused, to be called again after a day in Paris; it comes back to the desk then.

    Raises `Refused`: `gone`, `not_at_this_stage`, `day_past`, `words_missing`, `text_too_long`.
    """
    found = lock_for_writing(db, dossier_id, clock)
    if found.label.stage(found.dossier.stage).kind != "paused":
        raise Refused("not_at_this_stage")
    if not today(found) < after < today(found) + FARTHEST:
        raise Refused("day_past")
    keep(db, found, "note", words, shared=True, next_on=after, by=by)
    journal.append(
        db,
        found.dossier,
        "call_back_asked",
        at=found.at,
        body={"after": after.isoformat()},
        private={"person": by.name},
    )
