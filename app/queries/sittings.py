"""The calendar of committees: the dates ahead, as anybody reads them, and the whole of it for the team."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Sitting
from workflows.deadlines import PARIS
from workflows.label import Label, Stage
from workflows.roads import committee_ahead

SHOWN = 3
MOST = 200
YEAR = timedelta(days=366)


@dataclass(frozen=True)
class SittingLine:
    """A committee's day. Days are days in Paris; `still_time` says that a dossier may still be complete for it."""

    id: str
    held_on: date
    complete_by: date
    place: str
    note: str
    cancelled: bool
    past: bool
    still_time: bool


@dataclass(frozen=True)
class NextSitting:
    """The committee a dossier may still be complete for; `missed` is an earlier one whose day of completeness has
    passed. `first` is nothing while no such date is set."""

    first: SittingLine | None
    missed: SittingLine | None


def today(at: datetime) -> date:
    """The day it is in Paris."""
    return at.astimezone(ZoneInfo(PARIS)).date()


def next_sittings(db: Session, label: str, at: datetime, most: int = SHOWN) -> tuple[SittingLine, ...]:
    """The committees planned from today on, the soonest first, in one statement."""
    rows = db.execute(
        select(Sitting)
        .where(Sitting.label == label, Sitting.status == "planned", Sitting.held_on >= today(at))
        .order_by(Sitting.held_on, Sitting.id)
        .limit(most)
    ).scalars()
    return tuple(line(row, at) for row in rows)


def next_sitting_for(db: Session, label: Label, stage: Stage, at: datetime) -> NextSitting | None:
    """The next committee for a dossier at this stage; nothing where its way leads to none. At most one statement."""
    if not committee_ahead(label, stage.key):
        return None
    ahead = next_sittings(db, label.slug, at, most=10)
    first = next((one for one in ahead if one.still_time), None)
    return NextSitting(first, next((one for one in ahead if not one.still_time), None))


def calendar(db: Session, label: str, at: datetime) -> tuple[SittingLine, ...]:
    """Every committee of a label, cancelled and past ones included, the latest first, in one statement."""
    rows = db.execute(
        select(Sitting)
        .where(Sitting.label == label, Sitting.held_on >= today(at) - 5 * YEAR)
        .order_by(Sitting.held_on.desc(), Sitting.id)
        .limit(MOST)
    ).scalars()
    return tuple(line(row, at) for row in rows)


def sitting(db: Session, sitting_id: str, at: datetime) -> SittingLine | None:
    """One committee's day."""
    found = db.get(Sitting, sitting_id)
    return line(found, at) if found else None


def line(row: Sitting, at: datetime) -> SittingLine:
    day = today(at)
    return SittingLine(
        id=row.id,
        held_on=row.held_on,
        complete_by=row.complete_by,
        place=row.place,
        note=row.note,
        cancelled=row.status == "cancelled",
        past=row.held_on < day,
        still_time=row.complete_by >= day,
    )
