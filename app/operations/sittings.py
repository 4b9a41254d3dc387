"""The calendar of committees: planning a day, changing it, cancelling it, and telling whoever counted on it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import and_, false, or_, select
from sqlalchemy.orm import Session

from app.actor import Actor
from app.clock import Clock
from app.mail.notices import in_force, tell
from app.models import Dossier, LabelVersion, Mandate, Person, Sitting
from app.models.base import new_id
from app.models.outbox import Engine
from app.operations.locks import lock_numbering
from app.queries.labels import label_of
from app.queries.sittings import today
from workflows.refused import Refused
from workflows.roads import committee_ahead

#: How far ahead a committee is planned, and how long before it a dossier may have to be complete.
FARTHEST = timedelta(days=3 * 366)
LONGEST_WAIT = timedelta(days=366)


@dataclass(frozen=True)
class Days:
    """A committee's day, the last day for a dossier to be complete, where it meets, and a word about it."""

    held_on: date
    complete_by: date
    place: str = ""
    note: str = ""


def plan_sitting(db: Session, label: str, days: Days, *, by: Actor, clock: Clock) -> str:
    """Announce a committee. Days are days in Paris. Returns its identifier.

    Raises `Refused`: `sitting_past`, `time_out_of_range`, `sitting_complete_late`, `sitting_twice`.
    """
    lock_numbering(db)
    at = clock()
    refuse_days(db, label, days, at)
    planned = Sitting(
        label=label,
        held_on=days.held_on,
        complete_by=days.complete_by,
        place=days.place.strip(),
        note=days.note.strip(),
        status="planned",
        created_at=at,
        created_by=by.id,
    )
    db.add(planned)
    db.flush()
    return planned.id


def change_sitting(db: Session, sitting_id: str, days: Days, *, clock: Clock) -> None:
    """Change an announced committee; whoever counted on its dates is told the old ones and the new.

    Raises `Refused`: `gone`, `sitting_settled`, and what `plan_sitting` refuses.
    """
    found = lock_sitting(db, sitting_id)
    lock_numbering(db)
    at = clock()
    refuse_settled(found, at)
    refuse_days(db, found.label, days, at, but=sitting_id)
    before = dates(found)
    found.held_on, found.complete_by = days.held_on, days.complete_by
    found.place, found.note = days.place.strip(), days.note.strip()
    db.flush()
    if dates(found) != before:
        told = {"held": before[0], "complete": before[1], "new_held": dates(found)[0], "new_complete": dates(found)[1]}
        tell_changed(db, found, told | {"reason": found.note}, at)


def cancel_sitting(db: Session, sitting_id: str, word: str, *, clock: Clock) -> None:
    """Cancel an announced committee, with a word that whoever counted on it reads.

    Raises `Refused`: `gone`, `sitting_settled`, `word_missing`.
    """
    found = lock_sitting(db, sitting_id)
    at = clock()
    refuse_settled(found, at)
    if not word.strip():
        raise Refused("word_missing")
    found.status, found.note = "cancelled", word.strip()
    db.flush()
    held, complete = dates(found)
    tell_changed(db, found, {"held": held, "complete": complete, "reason": found.note}, at)


def lock_sitting(db: Session, sitting_id: str) -> Sitting:
    """Read a committee's day again, under its lock. Raises `Refused("gone")`."""
    found = db.execute(
        select(Sitting)
        .where(Sitting.id == sitting_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).scalar_one_or_none()
    if found is None:
        raise Refused("gone")
    return found


def refuse_settled(sitting: Sitting, at: datetime) -> None:
    if sitting.status == "cancelled" or sitting.held_on < today(at):
        raise Refused("sitting_settled")


def refuse_days(db: Session, label: str, days: Days, at: datetime, *, but: str = "") -> None:
    """Refuse days that cannot be announced. The caller holds the calendar's lock."""
    now = today(at)
    if days.held_on < now:
        raise Refused("sitting_past")
    if days.held_on > now + FARTHEST:
        raise Refused("time_out_of_range")
    if not days.held_on - LONGEST_WAIT <= days.complete_by < days.held_on:
        raise Refused("sitting_complete_late")
    same = select(Sitting.id).where(
        Sitting.label == label, Sitting.held_on == days.held_on, Sitting.status == "planned", Sitting.id != but
    )
    if db.execute(same.limit(1)).scalar_one_or_none() is not None:
        raise Refused("sitting_twice")


def dates(sitting: Sitting) -> tuple[str, str]:
    return sitting.held_on.isoformat(), sitting.complete_by.isoformat()


def tell_changed(db: Session, sitting: Sitting, values: Mapping[str, str], at: datetime) -> None:
    """Tell the structures whose dossier may still come before a committee of this label, each person once."""
    event = f"sitting:{sitting.id}:{new_id()}"
    for person, dossier in counting_on(db, sitting.label, at).items():
        tell(db, Engine.SITTING_CHANGED, [person], event=event, at=at, values={**values, "dossier": dossier})


def counting_on(db: Session, label: str, at: datetime) -> dict[str, str]:
    """Who acts for a structure whose dossier is on its way to a committee: person → that dossier, in two statements."""
    versions = db.execute(select(LabelVersion).where(LabelVersion.slug == label)).scalars().all()
    on_the_way = (and_(Dossier.label_version_id == one.id, Dossier.stage.in_(before(one))) for one in versions)
    rows = db.execute(
        select(Mandate.person_id, Dossier.id)
        .join(Dossier, Dossier.structure_id == Mandate.structure_id)
        .join(Person, Person.id == Mandate.person_id)
        .where(or_(false(), *on_the_way), in_force(at), Person.active)
        .order_by(Dossier.opened_at.desc(), Dossier.id)
    ).all()
    return {row.person_id: row.id for row in rows}


def before(version: LabelVersion) -> list[str]:
    """The stages from which a committee lies ahead."""
    label = label_of(version)
    return [stage.key for stage in label.stages if committee_ahead(label, stage.key)]
