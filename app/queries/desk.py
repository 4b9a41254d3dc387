"""What waits on the team today: its own acts first, then whom it waits for, then what nobody is waiting for."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, and_, exists, func, select
from sqlalchemy.orm import Session, aliased

from app.models import Decision, Dossier, Instructor, LabelVersion, Person, Poll, Structure
from app.policies import Actor, DossierScope, make, may
from app.queries.labels import label_of_source
from workflows.deadlines import due_date, overdue
from workflows.label import Label, Role, Stage, Text, Transition
from workflows.voting import phase

MOST = 200
#: The committee settled it: the decision only has to be recorded.
SETTLED = frozenset({"favourable", "favourable_reserves", "unfavourable"})


@dataclass(frozen=True)
class Task:
    """One thing to do, or to wait for: a code, whose dossier, and the values its sentence needs.

    `due` is the last day, in Paris, of a delay that was announced; `at` a moment that the task turns on.
    """

    code: str
    dossier_id: str
    reference: str
    structure: str
    stage: Text
    since: datetime
    mine: bool
    officer: str = ""
    poll_id: str = ""
    waits_for: Role | None = None
    button: Text | None = None
    due: date | None = None
    late: bool = False
    at: datetime | None = None


@dataclass(frozen=True)
class StageLine:
    """How many dossiers are at a stage, and since when the oldest is."""

    key: str
    name: Text
    waits_for: Role | None
    count: int
    oldest: datetime


@dataclass(frozen=True)
class Today:
    """The first page of the desk."""

    to_do: tuple[Task, ...]
    waiting: tuple[Task, ...]
    calm: int
    stages: tuple[StageLine, ...]
    truncated: bool


def labels(db: Session) -> dict[str, Label]:
    """Every published version by its identifier, the newest last."""
    rows = db.execute(select(LabelVersion.id, LabelVersion.source).order_by(LabelVersion.published_at)).all()
    return {row.id: label_of_source(row.source) for row in rows}


def is_calm(stage: Stage) -> bool:
    """Whether a dossier lives at this stage rather than waits there: what it gives the structure lasts, or it rests."""
    return stage.kind == "paused" or stage.network != "keep"


def waits_on_team(label: Label, stage: Stage) -> bool:
    return stage.waits_on is not None and label.role(stage.waits_on).held_by in {"officer", "arbiter"}


def is_pressing(label: Label, stage: Stage) -> bool:
    """Whether a dossier at this stage asks something of somebody soon."""
    return not stage.final and (waits_on_team(label, stage) or not is_calm(stage))


def today(db: Session, me: Actor, at: datetime) -> Today:
    """The desk of one person of the team: three statements, however many dossiers there are."""
    versions = labels(db)
    counts = stage_counts(db, versions)
    pressing = {s.key for label in versions.values() for s in label.stages if is_pressing(label, s)}
    rows = db.execute(pressing_dossiers(me, pressing)).all()
    tasks = [task for row in rows[:MOST] for task in tasks_of(row, versions[row.Dossier.label_version_id], me, at)]
    tasks.sort(key=lambda task: (not task.late, not task.mine, task.at or task.since))
    return Today(
        to_do=tuple(task for task in tasks if task.code.startswith("do_")),
        waiting=tuple(task for task in tasks if task.code.startswith("wait_")),
        calm=sum(line.count for line in counts if line.key not in pressing),
        stages=counts,
        truncated=len(rows) > MOST,
    )


def stage_counts(db: Session, versions: dict[str, Label]) -> tuple[StageLine, ...]:
    """The dossiers under way by stage, in the order of the newest definition."""
    rows = db.execute(
        select(Dossier.stage, func.count().label("dossiers"), func.min(Dossier.stage_since).label("oldest")).group_by(
            Dossier.stage
        )
    ).all()
    found = {row.stage: row for row in rows}
    known: dict[str, tuple[Label, Stage]] = {}
    for label in reversed(versions.values()):
        for stage in label.stages:
            known.setdefault(stage.key, (label, stage))
    return tuple(
        StageLine(key, stage.name, waited(label, stage), found[key].dossiers, found[key].oldest)
        for key, (label, stage) in known.items()
        if key in found and not stage.final
    )


def waited(label: Label, stage: Stage) -> Role | None:
    """Who is expected to act."""
    return label.role(stage.waits_on) if stage.waits_on else None


def pressing_dossiers(me: Actor, stages: set[str]) -> Any:
    """The dossiers at these stages with their newest poll and its decision, the oldest in their stage first."""
    officer, later = aliased(Person), aliased(Poll)
    newest = ~exists().where(later.dossier_id == Dossier.id, later.round > Poll.round, later.status != "cancelled")
    return (
        select(
            Dossier,
            Structure.name.label("structure"),
            officer.name.label("officer"),
            Poll,
            Decision,
            exists().where(Instructor.dossier_id == Dossier.id, Instructor.person_id == me.id).label("instructed"),
        )
        .join(Structure, Structure.id == Dossier.structure_id)
        .outerjoin(officer, officer.id == Dossier.officer_id)
        .outerjoin(Poll, and_(Poll.dossier_id == Dossier.id, Poll.status != "cancelled", newest))
        .outerjoin(Decision, Decision.poll_id == Poll.id)
        .where(Dossier.stage.in_(stages))
        .order_by(Dossier.stage_since, Dossier.id)
        .limit(MOST + 1)
    )


def tasks_of(row: Row[Any], label: Label, me: Actor, at: datetime) -> Iterator[Task]:
    """What one dossier asks of the person reading, or whom it waits for."""
    stage = label.stage(row.Dossier.stage)
    if stage.kind == "committee" and row.Poll is not None:
        yield committee_task(row, label, me, at)
        return
    scope = DossierScope(row.Dossier.structure_id, frozenset({str(me.id)} if row.instructed else ()))
    due = due_date(row.Dossier.stage_since, stage.working_days) if stage.working_days else None
    late = bool(stage.working_days) and overdue(row.Dossier.stage_since, stage.working_days or 0, at)
    if not waits_on_team(label, stage):
        yield task(row, label, me, "wait_structure", due=due, late=late)
    elif stage.kind == "decision":
        transition = next(
            (t for t in label.exits[stage.key] if row.Decision and t.outcome == row.Decision.outcome), None
        )
        mine = transition is not None and may(me, make(label, transition), scope)
        yield task(row, label, me, "do_notify" if mine else "wait_notify", due=due, late=late, button=transition)
    else:
        main = next((t for t in label.exits[stage.key] if t.tone == "main"), None)
        code = "do_convene" if main is not None and main.act == "convene" else "do_stage"
        mine = main is None or may(me, make(label, main), scope)
        yield task(row, label, me, code if mine else "wait_team", due=due, late=late, button=main)


def committee_task(row: Row[Any], label: Label, me: Actor, at: datetime) -> Task:
    """What the committee's stage asks, by the state of its newest poll."""
    poll, officer = row.Poll, "officer" in me.staff
    where = phase(poll.status, poll.opens_at, poll.closes_at, at)
    if where == "convened" or poll.status == "convened":
        ready = officer and poll.opens_at <= at
        return task(row, label, me, "do_open" if ready else "wait_opening", at=poll.opens_at)
    if where == "open":
        return task(row, label, me, "wait_committee", at=poll.closes_at)
    if where == "over":
        return task(row, label, me, "do_close" if officer else "wait_close", at=poll.closes_at)
    if poll.outcome in SETTLED:
        return task(row, label, me, "do_decide" if officer else "wait_decide", at=poll.closed_at)
    if renewed(label, poll) and poll.round < label.committee.rounds:
        return task(row, label, me, "do_convene_again" if officer else "wait_again", at=poll.closed_at)
    return arbitration_task(row, label, me)


def renewed(label: Label, poll: Poll) -> bool:
    """Whether this outcome gives the committee another round, while the rule has one left."""
    return poll.outcome == "no_quorum" or (poll.outcome == "tie" and label.committee.tie == "new_round")


def arbitration_task(row: Row[Any], label: Label, me: Actor) -> Task:
    """Arbitrating is for those who have not instructed; confirming, for another of them."""
    proposal = row.Decision
    able = "arbiter" in me.staff and not row.instructed
    if proposal is None:
        return task(row, label, me, "do_arbitrate" if able else "wait_arbitrate", at=row.Poll.closed_at)
    other = able and proposal.recorded_by != me.id
    return task(row, label, me, "do_confirm" if other else "wait_confirm", at=proposal.recorded_at)


def task(
    row: Row[Any],
    label: Label,
    me: Actor,
    code: str,
    *,
    due: date | None = None,
    late: bool = False,
    at: datetime | None = None,
    button: Transition | None = None,
) -> Task:
    dossier: Dossier = row.Dossier
    stage = label.stage(dossier.stage)
    return Task(
        code=code,
        dossier_id=dossier.id,
        reference=dossier.reference,
        structure=row.structure,
        stage=stage.name,
        since=dossier.stage_since,
        mine=dossier.officer_id in (None, me.id),
        officer=row.officer or "",
        poll_id=row.Poll.id if row.Poll else "",
        waits_for=waited(label, stage),
        button=button.label if button else None,
        due=due,
        late=late,
        at=at,
    )
