"""Who follows a dossier for the team, and how it passes from one person to another."""

from datetime import date

from sqlalchemy.orm import Session

from app.actor import Actor
from app.clock import Clock
from app.mail.notices import people_of_structures, staff, tell
from app.models import Dossier, Instructor, Person
from app.models.outbox import Engine
from app.operations import exchanges, journal
from app.operations.way import remember_instructor
from app.operations.writing import lock_for_writing
from workflows.refused import Refused


def hand_over(
    db: Session, dossier_id: str, to: str, *, words: str = "", next_on: date | None = None, by: Actor, clock: Clock
) -> Dossier:
    """Entrust a dossier to another officer: her words stay inside the team, its structure is told whom to call.

    Who receives it has instructed it from then on, and will not arbitrate it. Raises `Refused`: `gone`,
    `officer_unknown`, `officer_same`, `text_too_long`, `day_past`.
    """
    found = lock_for_writing(db, dossier_id, clock)
    dossier = found.dossier
    if to not in staff(db, "officer", found.at):
        raise Refused("officer_unknown")
    if to == dossier.officer_id:
        raise Refused("officer_same")
    if next_on is not None and next_on < exchanges.today(found):
        raise Refused("day_past")
    if words.strip():
        exchanges.keep(db, found, "note", words, shared=False, next_on=next_on, by=by)
    dossier.officer_id = to
    named = db.get_one(Person, to).name
    private = {"person": by.name, "whom": named}
    step = journal.append(db, dossier, "officer_changed", at=found.at, body={}, private=private)
    remember_instructor(db, dossier, by)
    if db.get(Instructor, (dossier.id, to)) is None:
        db.add(Instructor(dossier_id=dossier.id, person_id=to))
        db.flush()
    values = {"dossier": dossier.id, "structure": dossier.structure_id, "officer": to}
    people = people_of_structures(db, [dossier.structure_id], found.at)
    tell(db, Engine.OFFICER_CHANGED, people, event=step.id, at=found.at, values=values)
    return dossier
