"""The dossiers of the structures somebody acts for: their list, and « mon dossier »."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Decision, Dossier, LabelVersion, Poll, Reserve, Structure
from app.policies import Act, Actor, make, may
from app.queries.facts import facts_of
from app.queries.headings import Heading, Opened, opened
from app.queries.labels import label_of
from app.queries.my_content import Content, my_content
from app.queries.my_history import Step, my_history
from workflows.deadlines import due_date, overdue
from workflows.label import Label, Stage, Text, Transition
from workflows.machine import possible
from workflows.requirements import Requirement, missing


@dataclass(frozen=True)
class DossierLine:
    """A dossier in a list: whose, and where it stands."""

    id: str
    reference: str
    structure: str
    stage: Stage
    since: datetime


@dataclass(frozen=True)
class Ahead:
    """A transition that the structure may make from here, what its dossier lacks for it, and whether I may make it."""

    transition: Transition
    lacks: tuple[Requirement, ...]
    mine: bool


@dataclass(frozen=True)
class Promise:
    """A reserve: what is asked, of whom, before which day."""

    promise: str
    owner: str
    due_on: date


@dataclass(frozen=True)
class Letter:
    """A decision that was notified, with its letter and its reserves."""

    outcome: str
    at: datetime
    letter: str
    promises: tuple[Promise, ...]


@dataclass(frozen=True)
class MyDossier:
    """« Mon dossier »: where it stands, what it lacks, who does what by when, what came of it.

    `waits_on` is the role expected to act, `due_on` the last day of the delay announced for the stage, in Paris;
    `ends_at` the end foreseen for the committee's examination.
    """

    heading: Heading
    awarder: Text
    rule_origin: Text
    since: datetime
    waits_on: Text | None
    waits_for_us: bool
    due_on: date | None
    late: bool
    ends_at: datetime | None
    ahead: tuple[Ahead, ...]
    content: Content
    letters: tuple[Letter, ...]
    history: tuple[Step, ...]
    may_write: bool
    may_file: bool


def my_dossiers(db: Session, me: Actor) -> tuple[DossierLine, ...]:
    """The dossiers of the structures this person acts for, the newest first; those of nobody else."""
    mine = {capacity.structure_id for capacity in me.capacities}
    rows = db.execute(
        select(Dossier, Structure.name, LabelVersion)
        .join(Structure, Structure.id == Dossier.structure_id)
        .join(LabelVersion, LabelVersion.id == Dossier.label_version_id)
        .where(Dossier.structure_id.in_(mine))
        .order_by(Dossier.opened_at.desc(), Dossier.id)
    ).all()
    return tuple(
        DossierLine(
            dossier.id, dossier.reference, structure, label_of(version).stage(dossier.stage), dossier.stage_since
        )
        for dossier, structure, version in rows
    )


def my_dossier(db: Session, me: Actor, dossier_id: str, at: datetime) -> MyDossier | None:
    """One dossier, in seven statements; nothing when there is none or when this person may not see it."""
    found = opened(db, me, dossier_id)
    if found is None:
        return None
    label, stage, scope = found.label, found.heading.stage, found.heading.scope
    role = label.role(stage.waits_on) if stage.waits_on else None
    since = found.dossier.stage_since
    due_on = due_date(since, stage.working_days) if stage.working_days else None
    ends_at, letters = committee(db, found)
    return MyDossier(
        heading=found.heading,
        awarder=label.words.awarder,
        rule_origin=label.rule_origin,
        since=since,
        waits_on=role.name if role else None,
        waits_for_us=role is not None and role.held_by == "structure",
        due_on=due_on,
        late=due_on is not None and stage.working_days is not None and overdue(since, stage.working_days, at),
        ends_at=ends_at,
        ahead=ahead(db, me, found),
        content=my_content(db, dossier_id, label, stage.key),
        letters=letters,
        history=my_history(db, dossier_id, label),
        may_write=may(me, Act.WRITE_ANSWERS, scope),
        may_file=may(me, Act.FILE_PIECE, scope),
    )


def ahead(db: Session, me: Actor, found: Opened) -> tuple[Ahead, ...]:
    """What the structure may do next, in the order of its label."""
    label: Label = found.label
    facts = facts_of(db, found.dossier, commitments_accepted=True)
    return tuple(
        Ahead(transition, missing(label, transition, facts), may(me, make(label, transition), found.heading.scope))
        for transition in possible(label, facts)
        if "structure" in label.hands(transition)
    )


def committee(db: Session, found: Opened) -> tuple[datetime | None, tuple[Letter, ...]]:
    """The end foreseen for the examination under way, and the decisions that were notified, the newest first.

    Nothing else of a poll is read: neither its status nor its counts.
    """
    rows = db.execute(
        select(Poll.id, Poll.closes_at, Decision, Reserve)
        .outerjoin(Decision, (Decision.poll_id == Poll.id) & Decision.notified_at.is_not(None))
        .outerjoin(Reserve, Reserve.decision_id == Decision.id)
        .where(Poll.dossier_id == found.dossier.id, Poll.status != "cancelled")
        .order_by(Poll.convened_at.desc(), Poll.round.desc(), Reserve.due_on, Reserve.id)
    ).all()
    examined = found.heading.stage.kind == "committee" and rows
    decided = {row.Decision.id: row.Decision for row in rows if row.Decision}
    promised = [row.Reserve for row in rows if row.Reserve]
    letters = tuple(
        Letter(
            decision.outcome,
            decision.notified_at,
            decision.letter,
            tuple(Promise(r.promise, r.owner, r.due_on) for r in promised if r.decision_id == decision.id),
        )
        for decision in decided.values()
    )
    return (rows[0].closes_at if examined else None), letters
