"""What waits on the team today: its own acts, whom it waits for, whom to call, and what nobody is waiting for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, and_, case, exists, func, select
from sqlalchemy.orm import Session, aliased

from app.actor import Actor
from app.models import Agreement, Decision, Dossier, Exchange, Instructor, Person, Poll, Structure
from app.policies import Act, may
from app.queries.colleagues import structures_without_anybody
from app.queries.counts import is_held
from app.queries.desk_calls import Call, calls_of, enquiries_waiting
from app.queries.desk_tasks import Task, tasks_of
from app.queries.exchanges import to_see_again
from app.queries.facts import notice
from app.queries.labels import labels
from workflows.deadlines import local_day
from workflows.label import Label, Stage

MOST = 200
#: What a day asked for puts aside: never what a committee or a decision waits for.
SNOOZED = frozenset({"do_stage", "do_check", "do_convene", "wait_structure", "wait_team"})


@dataclass(frozen=True)
class Today:
    """The first page of the desk: four lists, and how many more dossiers there are in each place."""

    to_do: tuple[Task, ...]
    waiting: tuple[Task, ...]
    to_call: tuple[Call, ...]
    calm: tuple[Task, ...]
    resting: int
    truncated: bool


def is_calm(stage: Stage) -> bool:
    """Whether a dossier lives at this stage rather than waits there: what it gives the structure lasts, or it rests."""
    return stage.kind == "paused" or stage.network != "keep"


def waits_on_team(label: Label, stage: Stage) -> bool:
    return stage.waits_on is not None and label.role(stage.waits_on).held_by in {"officer", "arbiter"}


def is_pressing(label: Label, stage: Stage) -> bool:
    """Whether a dossier at this stage asks something of somebody soon."""
    return not stage.final and (waits_on_team(label, stage) or not is_calm(stage))


def today(db: Session, me: Actor, at: datetime) -> Today:
    """The desk of one person of the team: six statements, however many dossiers there are."""
    versions, day = labels(db), local_day(at)
    stages = [(label, stage) for label in versions.values() for stage in label.stages if not stage.final]
    pressing = {stage.key for label, stage in stages if is_pressing(label, stage)}
    under_way = {stage.key for _label, stage in stages}
    rows = db.execute(dossiers_asked(me, pressing, under_way - pressing)).all()
    tasks = [
        task
        for row in rows[:MOST]
        for task in tasks_of(row, versions[row.Dossier.label_version_id], me, at)
        if row.Dossier.stage in pressing and not asleep(row, task, day)
    ]
    enquiries = enquiries_waiting(db) if may(me, Act.SEE_ENQUIRIES) else ()
    tasks += [one.task() for one in enquiries if not one.call_back]
    tasks.sort(key=lambda task: (not task.late, not task.mine, task.at or task.since))
    calm = resting(rows[:MOST], versions, pressing, day, me, at)
    return Today(
        to_do=tuple(task for task in tasks if task.code.startswith("do_")),
        waiting=tuple(task for task in tasks if task.code.startswith("wait_")),
        to_call=calls_of(db, enquiries, rows, structures_without_anybody(db), to_see_again(db, day)),
        calm=calm,
        resting=(rows[0].resting if rows else 0) + sum(task.code != "calm" for task in calm),
        truncated=len(rows) > MOST,
    )


def asleep(row: Any, task: Task, day: date) -> bool:
    """Whether the team asked to see this dossier again on a later day, and nothing else of it waits."""
    return row.again_on is not None and row.again_on > day and task.code in SNOOZED and not task.late


def resting(
    rows: Iterable[Any], versions: dict[str, Label], pressing: set[str], day: date, me: Actor, at: datetime
) -> tuple[Task, ...]:
    """What presses nobody: dossiers that live their life or rest, and those put aside until a day."""
    found = []
    for row in rows:
        calm = row.Dossier.stage not in pressing
        tasks = tasks_of(row, versions[row.Dossier.label_version_id], me, at, calm=calm)
        found += [task for task in tasks if calm or asleep(row, task, day)]
    return tuple(found)


def dossiers_asked(me: Actor, pressing: set[str], calm: set[str]) -> Select[Any]:
    """The dossiers under way with their newest poll and its decision: what presses first, the oldest in its stage.

    `resting` is how many live their life or rest in all; `again_on` the day on which the team wants to see it again.
    """
    officer, later = aliased(Person), aliased(Poll)
    newest = ~exists().where(later.dossier_id == Dossier.id, later.round > Poll.round)
    resting_dossiers = aliased(Dossier)
    count = select(func.count()).where(resting_dossiers.stage.in_(calm)).scalar_subquery()
    return (
        select(
            Dossier,
            Structure.name.label("structure"),
            officer.name.label("officer"),
            Poll,
            Decision,
            notice().label("notice"),
            is_held().label("held"),
            count.label("resting"),
            *of_the_team(me),
        )
        .join(Structure, Structure.id == Dossier.structure_id)
        .outerjoin(officer, officer.id == Dossier.officer_id)
        .outerjoin(Poll, and_(Poll.dossier_id == Dossier.id, newest))
        .outerjoin(Decision, Decision.poll_id == Poll.id)
        .where(Dossier.stage.in_(pressing | calm))
        .order_by(case((Dossier.stage.in_(pressing), 0), else_=1), Dossier.stage_since, Dossier.id)
        .limit(MOST + 1)
    )


def of_the_team(me: Actor) -> Sequence[Any]:
    """What the team did on a dossier: whether this person instructed it, the day it is to be seen again, whether its
    decision was said on the phone, whether an agreement waits for the team's word."""
    again = (
        select(Exchange.next_on)
        .where(Exchange.dossier_id == Dossier.id, Exchange.next_on.is_not(None))
        .order_by(Exchange.at.desc())
        .limit(1)
        .correlate(Dossier)
        .scalar_subquery()
    )
    newer = aliased(Agreement)
    agreed = exists().where(
        Agreement.dossier_id == Dossier.id,
        Agreement.structure_by.is_not(None),
        Agreement.team_by.is_(None),
        ~exists().where(newer.dossier_id == Agreement.dossier_id, newer.version > Agreement.version),
    )
    called = exists().where(
        Exchange.dossier_id == Dossier.id, Exchange.kind == "call", Exchange.at >= Decision.recorded_at
    )
    return (
        exists().where(Instructor.dossier_id == Dossier.id, Instructor.person_id == me.id).label("instructed"),
        again.label("again_on"),
        called.label("called"),
        agreed.label("to_agree"),
    )
