"""A joint file at the desk: each structure's stage, what it lacks, and whether all may be convened or notified."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case, select, union_all
from sqlalchemy import literal as lit
from sqlalchemy.orm import Session

from app.actor import Actor
from app.models import Collective, Decision, Dossier, Instructor, JointFile, NetworkStatus, Poll, Structure
from app.policies import DossierScope
from app.queries.committee_desk import Committee, committee_of, holders, voices_of, zones_of
from app.queries.facts import facts_from, held_in, notice
from app.queries.joint import JointHeading, JointLine, Member, opened_joint
from app.queries.keyset import Page, Where, read_page
from app.queries.structures import CHOICES, PUBLIC
from workflows.label import Label, Stage, Transition
from workflows.machine import possible
from workflows.requirements import Requirement, missing
from workflows.voting import Rule

EXAMINED = frozenset({"committee", "decision"})
ON_THE_WAY = frozenset({"way", "paused"})


@dataclass(frozen=True)
class MemberLine:
    """One structure of a joint file: where its dossier stands and what it lacks for its next step.

    `ready`: the committee may be convened on it. `settled`: its decision holds and is not notified. `answered`: its
    request was decided and notified before.
    """

    dossier_id: str
    reference: str
    structure_id: str
    structure: str
    stage: Stage
    lacks: tuple[Requirement, ...]
    ready: bool
    settled: bool
    answered: bool
    outcome: str
    notifies: Transition | None
    scope: DossierScope

    @property
    def examined(self) -> bool:
        return self.stage.kind in EXAMINED

    @property
    def coming(self) -> bool:
        """Still on its way to the committee."""
        return self.stage.kind in ON_THE_WAY and not self.ready and not self.answered


@dataclass(frozen=True)
class JointDesk:
    """A joint file with all its structures."""

    heading: JointHeading
    label: Label | None
    members: tuple[MemberLine, ...]

    @property
    def ready(self) -> tuple[MemberLine, ...]:
        return tuple(one for one in self.members if one.ready)

    @property
    def coming(self) -> tuple[MemberLine, ...]:
        return tuple(one for one in self.members if one.coming)

    @property
    def examined(self) -> tuple[MemberLine, ...]:
        """Those whose letters leave together; those that can be convened again are still to be examined."""
        return tuple(one for one in self.members if one.examined)

    @property
    def can_notify(self) -> bool:
        return bool(self.examined) and all(one.settled for one in self.examined)


def joint_desk(db: Session, me: Actor, joint_id: str) -> JointDesk | None:
    """One joint file in four statements, five for an arbiter, however many structures it has."""
    found = opened_joint(db, me, joint_id)
    if found is None:
        return None
    held = contents(db, [one.dossier for one in found.members])
    polls = polls_of(db, [one.dossier.id for one in found.members])
    instructed = instructors_of(db, [one.dossier.id for one in found.members]) if "arbiter" in me.staff else {}
    lines = tuple(
        line_of(one, held[one.dossier.id], polls[one.dossier.id], frozenset(instructed.get(one.dossier.id, ())))
        for one in found.members
    )
    return JointDesk(found.heading, found.label, lines)


def contents(db: Session, dossiers: Iterable[Dossier]) -> dict[str, list[Any]]:
    """What each dossier holds, and who may act for its structure, in one statement: its lines, by dossier."""
    asked = [select(lit(dossier.id), *part.subquery().c) for dossier in dossiers for part in held_in(dossier)]
    held: dict[str, list[Any]] = defaultdict(list)
    for dossier_id, *line in db.execute(union_all(*asked)).all() if asked else ():
        held[dossier_id].append(line)
    return held


def polls_of(db: Session, dossiers: list[str]) -> dict[str, list[Any]]:
    """The polls of each dossier with their decisions, the newest first."""
    found: dict[str, list[Any]] = defaultdict(list)
    rows = db.execute(
        select(
            Poll.dossier_id,
            Poll.status,
            Poll.outcome,
            notice().label("notice"),
            case((Decision.settled_at.is_not(None), Decision.outcome)).label("decision"),
            Decision.settled_at,
            Decision.notified_at,
        )
        .outerjoin(Decision, Decision.poll_id == Poll.id)
        .where(Poll.dossier_id.in_(dossiers))
        .order_by(Poll.round.desc())
    ).all()
    for row in rows:
        found[row.dossier_id].append(row)
    return found


def instructors_of(db: Session, dossiers: list[str]) -> dict[str, list[str]]:
    """Who acted for the team on each dossier, which matters to an arbiter alone."""
    found: dict[str, list[str]] = defaultdict(list)
    for row in db.execute(select(Instructor).where(Instructor.dossier_id.in_(dossiers))).scalars():
        found[row.dossier_id].append(row.person_id)
    return found


def line_of(member: Member, held: list[Any], polls: list[Any], instructors: frozenset[str]) -> MemberLine:
    dossier, label = member.dossier, member.label
    last = next((poll for poll in polls if poll.status != "cancelled"), None)
    facts = facts_from(dossier, held, last)
    stage = label.stage(dossier.stage)
    ways = possible(label, facts)
    convening = next((way for way in ways if way.act == "convene"), None)
    next_steps = [way for way in ways if way.tone == "main" and way.act is None] or ([convening] if convening else [])
    outcome = (last.decision or "") if last is not None else ""
    again = stage.kind == "committee" and bool(polls) and renewed(label, polls[0])
    return MemberLine(
        dossier.id,
        dossier.reference,
        dossier.structure_id,
        member.structure,
        stage,
        lacks=missing(label, next_steps[0], facts) if next_steps else (),
        ready=again or (convening is not None and not missing(label, convening, facts)),
        settled=stage.kind == "decision" and last is not None and last.settled_at is not None,
        answered=any(poll.notified_at is not None for poll in polls),
        outcome=outcome,
        notifies=next((way for way in ways if way.act == "notify" and way.outcome == outcome), None),
        scope=DossierScope(dossier.structure_id, instructors),
    )


def renewed(label: Label, last: Any) -> bool:
    """Whether the committee may be convened again: after a round that settled nothing, or that was set aside."""
    outcomes = {"no_quorum", "tie"} if label.committee.tie == "new_round" else {"no_quorum"}
    if last.status == "cancelled":
        return True
    return last.status == "closed" and last.outcome in outcomes and last.notice < label.committee.rounds


@dataclass(frozen=True)
class JointListLine:
    """A joint file in the list of the desk, with the names of its structures."""

    joint: JointLine
    opened_at: datetime
    structures: tuple[str, ...]


def joint_list(db: Session, where: Where) -> Page[JointListLine]:
    """The joint files, the newest first, a page at a time, in two statements."""
    page = read_page(
        db,
        select(JointFile.id, JointFile.reference, JointFile.opened_at, Collective.name.label("collective")).join(
            Collective, Collective.id == JointFile.collective_id
        ),
        JointFile.opened_at,
        JointFile.id,
        where,
        descending=True,
    )
    names: dict[str, list[str]] = defaultdict(list)
    rows = db.execute(
        select(Dossier.joint_file_id, Structure.name)
        .join(Structure, Structure.id == Dossier.structure_id)
        .where(Dossier.joint_file_id.in_([row.id for row in page.items]))
        .order_by(Structure.sort_key, Structure.id)
    ).all()
    for joint_id, name in rows:
        names[str(joint_id)].append(name)
    lines = tuple(
        JointListLine(JointLine(row.id, row.reference, row.collective), row.opened_at, tuple(names[row.id]))
        for row in page.items
    )
    return Page(lines, page.previous, page.next)


@dataclass(frozen=True)
class Comer:
    """A structure that a joint file may bring in: its collective if it has one, and whether it holds already."""

    id: str
    name: str
    collective: str
    holds: bool


def may_come(db: Session, slug: str) -> tuple[Comer, ...]:
    """The structures that a joint file may bring in, in French order; never a mere public fact. One statement."""
    holds = (
        select(NetworkStatus.id)
        .where(
            NetworkStatus.structure_id == Structure.id,
            NetworkStatus.label == slug,
            NetworkStatus.status == "holder",
            NetworkStatus.until.is_(None),
        )
        .exists()
    )
    rows = db.execute(
        select(Structure.id, Structure.name, Collective.name, holds)
        .outerjoin(Collective, Collective.id == Structure.collective_id)
        .where(Structure.register != PUBLIC)
        .order_by(Structure.sort_key, Structure.id)
        .limit(CHOICES)
    ).all()
    return tuple(Comer(row[0], row[1], row[2] or "", bool(row[3])) for row in rows)


@dataclass(frozen=True)
class JointConvening:
    """What is shown before the committee is convened on a joint file: the roll that each of its requests would have."""

    desk: JointDesk
    rule: Rule
    committee: Committee
    zones: tuple[str, ...]
    days: int


def joint_convening(db: Session, me: Actor, joint_id: str, at: datetime) -> JointConvening | None:
    """A joint file before its committee, in six statements; nothing when it is not seen or nobody is in it."""
    desk = joint_desk(db, me, joint_id)
    if desk is None or desk.label is None:
        return None
    first = (desk.ready or desk.members)[0]
    rule = desk.label.committee
    rows = holders(db, first.structure_id, desk.label.slug, at)
    roll = committee_of(rule, voices_of(rows, first.structure_id, {}, at), 1)
    return JointConvening(desk, rule, roll, zones_of(db, [row.id for row in rows], at), rule.notice_days)
