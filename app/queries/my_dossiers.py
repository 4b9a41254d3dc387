"""The dossiers of the structures somebody acts for: their list, and « mon dossier »."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.actor import Actor
from app.models import Decision, Dossier, LabelVersion, Mandate, Poll, Reserve, Structure
from app.policies import Act, make, may
from app.queries.enquiries import FirstWords
from app.queries.exchanges import Beside, beside
from app.queries.facts import facts_of, notice
from app.queries.headings import Heading, Opened, opened
from app.queries.joint import Together, joint_of
from app.queries.labels import label_of
from app.queries.my_content import Content, my_content
from app.queries.my_history import History, Step, my_history
from app.queries.questions import CandidateQuestion, candidate_questions
from app.queries.sittings import NextSitting, next_sitting_for
from workflows.deadlines import due_date, overdue
from workflows.label import Label, Stage, Text, Transition
from workflows.machine import possible
from workflows.requirements import Facts, Requirement, missing, two_persons
from workflows.roads import may_ask_time


@dataclass(frozen=True)
class DossierLine:
    """A dossier in a list: whose, and where it stands; since when this person acts for its structure."""

    id: str
    reference: str
    structure: str
    stage: Stage
    since: datetime
    opened_at: datetime
    joined_at: datetime


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
class Examination:
    """The end foreseen for the committee's examination; `again`: it goes on with a second invitation. Nothing else of a
    poll is ever read for a candidate: neither its status nor its counts."""

    ends_at: datetime
    again: bool


@dataclass(frozen=True)
class MyDossier:
    """« Mon dossier »: where it stands, what it lacks, who does what by when, what came of it.

    `waits_on` is the role expected to act, `due_on` the last day of the delay announced for the stage, in Paris.
    `advice` is who is missing in the structure; `taken_up_in` the dossier that follows a closed one.
    """

    heading: Heading
    awarder: Text
    rule_origin: Text
    since: datetime
    waits_on: Text | None
    waits_for_us: bool
    due_on: date | None
    late: bool
    examination: Examination | None
    over: bool
    ahead: tuple[Ahead, ...]
    advice: tuple[Requirement, ...]
    content: Content
    letters: tuple[Letter, ...]
    life: History
    next_sitting: NextSitting | None
    beside: Beside
    questions: tuple[CandidateQuestion, ...]
    joint: Together | None
    previous: bool
    may_write: bool
    may_file: bool
    may_reopen: bool
    may_ask_time: bool

    @property
    def history(self) -> tuple[Step, ...]:
        return self.life.steps

    @property
    def first_words(self) -> FirstWords | None:
        return self.life.first_words

    @property
    def ends_at(self) -> datetime | None:
        return self.examination.ends_at if self.examination else None


def my_dossiers(db: Session, me: Actor) -> tuple[DossierLine, ...]:
    """The dossiers of the structures this person acts for, the newest first; those of nobody else."""
    mine = {capacity.structure_id for capacity in me.capacities}
    joined = (
        select(func.min(Mandate.since))
        .where(Mandate.person_id == me.id, Mandate.structure_id == Dossier.structure_id, Mandate.until.is_(None))
        .correlate(Dossier)
        .scalar_subquery()
    )
    rows = db.execute(
        select(Dossier, Structure.name, LabelVersion, joined.label("joined_at"))
        .join(Structure, Structure.id == Dossier.structure_id)
        .join(LabelVersion, LabelVersion.id == Dossier.label_version_id)
        .where(Dossier.structure_id.in_(mine))
        .order_by(Dossier.opened_at.desc(), Dossier.id)
    ).all()
    return tuple(
        DossierLine(
            dossier.id,
            dossier.reference,
            structure,
            label_of(version).stage(dossier.stage),
            dossier.stage_since,
            dossier.opened_at,
            joined_at or dossier.opened_at,
        )
        for dossier, structure, version, joined_at in rows
    )


def my_dossier(db: Session, me: Actor, dossier_id: str, at: datetime) -> MyDossier | None:
    """One dossier, in eight statements at most; nothing when there is none or when this person may not see it.

    What a stage cannot have is not read: polls before any committee, questions but during one, a calendar with none.
    """
    found = opened(db, me, dossier_id)
    if found is None:
        return None
    label, stage, scope = found.label, found.heading.stage, found.heading.scope
    role, since = label.role(stage.waits_on) if stage.waits_on else None, found.dossier.stage_since
    due_on = due_date(since, stage.working_days) if stage.working_days else None
    life = my_history(db, dossier_id, label)
    examination, letters = committee(db, found) if life.examined else (None, ())
    ways, advice = ahead(db, me, found)
    return MyDossier(
        heading=found.heading,
        awarder=label.words.awarder,
        rule_origin=label.rule_origin,
        since=since,
        waits_on=role.name if role else None,
        waits_for_us=bool(role and role.held_by == "structure"),
        due_on=due_on,
        late=stage.working_days is not None and overdue(since, stage.working_days, at),
        examination=examination,
        over=examination is not None and examination.ends_at <= at,
        ahead=ways,
        advice=advice,
        content=my_content(db, dossier_id, label, stage.key, found.dossier.asked),
        letters=letters,
        life=life,
        next_sitting=next_sitting_for(db, label, stage, at),
        beside=beside(db, found.dossier, label),
        questions=candidate_questions(db, me, dossier_id, at) if stage.kind == "committee" else (),
        joint=joint_of(db, found.dossier),
        previous=found.dossier.previous_id is not None,
        may_write=may(me, Act.WRITE_ANSWERS, scope),
        may_file=may(me, Act.FILE_PIECE, scope),
        may_reopen=stage.kind == "closed" and life.taken_up_in is None and may(me, Act.REOPEN_DOSSIER, scope),
        may_ask_time=may_ask_time(label, stage.key) and may(me, Act.ASK_TIME, scope),
    )


def ahead(db: Session, me: Actor, found: Opened) -> tuple[tuple[Ahead, ...], tuple[Requirement, ...]]:
    """What the structure may do next, in the order of its label; and who is missing in it, on its way or paused."""
    label: Label = found.label
    bare = Facts(found.dossier.stage, found.dossier.entry, found.dossier.paused_in)
    moves = [move for move in possible(label, bare) if "structure" in label.hands(move)]
    guards = [guard for move in moves for guard in move.guards]
    on_its_way = found.heading.stage.kind == "way"
    facts = bare
    if guards or on_its_way:
        polled = any(guard.startswith(("poll_", "decision:")) for guard in guards)
        facts = facts_of(db, found.dossier, commitments_accepted=True, polled=polled)
    ways = tuple(
        Ahead(transition, missing(label, transition, facts), may(me, make(label, transition), found.heading.scope))
        for transition in moves
    )
    return ways, two_persons(facts) if on_its_way else ()


def committee(db: Session, found: Opened) -> tuple[Examination | None, tuple[Letter, ...]]:
    """The end foreseen for the examination under way, and the decisions that were notified, the newest first."""
    rows = db.execute(
        select(Poll.id, Poll.closes_at, notice().label("notice"), Decision, Reserve)
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
    return (Examination(rows[0].closes_at, rows[0].notice > 1) if examined else None), letters
