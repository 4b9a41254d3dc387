"""The decision on a dossier: what the committee said, what is recorded, who will read it, as the team prepares it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.actor import VOTING
from app.models import Ballot, Decision, Exchange, Instructor, Mandate, Opening, Person, Poll, Reserve, Seat
from app.queries.committee_desk import in_force
from app.queries.counts import Count, count_of, is_held
from app.queries.dossiers import Head, head_of
from app.queries.facts import notice
from app.queries.passed_on import passed_on
from workflows.deadlines import local_day
from workflows.label import Transition
from workflows.requirements import Facts, Requirement, missing
from workflows.voting import Rule

#: With a binding vote, the committee's outcome is the decision.
FOLLOWS = {"favourable": "granted", "favourable_reserves": "granted_reserves", "unfavourable": "not_granted"}


@dataclass(frozen=True)
class ReserveLine:
    """A promise attached to a yes: what, by whom, before which day."""

    promise: str
    owner: str
    due_on: date


@dataclass(frozen=True)
class Recorded:
    """A decision as it is recorded; proposed only, as long as nobody has confirmed it. `derogation` is why it holds
    without a second person, `publish_on` the day from which the public reads it."""

    outcome: str
    arbitrated: bool
    reason: str
    letter: str
    by_id: str
    by: str
    at: datetime
    second: str
    settled_at: datetime | None
    derogation: str
    publish_on: date | None
    reserves: tuple[ReserveLine, ...]


@dataclass(frozen=True)
class Called:
    """A call that was noted: by whom, on which day in Paris."""

    by: str
    on: date


@dataclass(frozen=True)
class Deciding:
    """A dossier under decision. `transition` makes the act that was asked, or is absent from where it stands.

    `called` is the last call to the structure that was noted since its decision; `held` says that an irregularity was
    raised and waits for its end.
    """

    head: Head
    poll_id: str
    rule: Rule
    count: Count | None
    decision: Recorded | None
    transition: Transition | None
    lacks: tuple[Requirement, ...]
    held: bool = False
    called: Called | None = None

    @property
    def outcome(self) -> str:
        """What the committee's outcome decides; empty when it left the question open."""
        return FOLLOWS.get(self.count.outcome, "") if self.count else ""

    @property
    def open_to_arbiters(self) -> bool:
        """Whether an arbitration departs from what the committee answered: only an advisory vote lets it."""
        return bool(self.outcome)


def deciding(db: Session, dossier_id: str, act: str) -> Deciding | None:
    """What one act of the decision (`decide`, `arbitrate`, `notify`) needs to be shown, in four statements."""
    found = head_of(db, dossier_id)
    if found is None:
        return None
    head, dossier = found
    row = newest_poll(db, dossier_id)
    if row is None or row.Poll.status == "cancelled":
        return Deciding(head, "", head.label.committee, None, None, None, ())
    poll, decision = row.Poll, row.Decision
    recorded = recorded_of(db, decision, row.first, row.second) if decision is not None else None
    settled = decision.outcome if decision is not None and decision.settled_at else None
    facts = Facts(dossier.stage, dossier.entry, outcome=settled, poll=poll.outcome, round=row.notice)
    transition, lacks = asked_of(head, act, settled, facts)
    return Deciding(
        head=head,
        poll_id=poll.id,
        rule=Rule.model_validate_json(poll.rule),
        count=count_of(poll, row.notice),
        decision=recorded,
        transition=transition,
        lacks=lacks,
        held=row.held,
        called=call_since(db, dossier_id, decision.recorded_at) if act == "notify" and decision else None,
    )


def newest_poll(db: Session, dossier_id: str) -> Any:
    """The newest poll of a dossier, which notice of its request it is, its decision and by whom, and whether it is
    held."""
    first, second = aliased(Person), aliased(Person)
    return db.execute(
        select(
            Poll,
            Decision,
            first.name.label("first"),
            second.name.label("second"),
            notice().label("notice"),
            is_held().label("held"),
        )
        .outerjoin(Decision, Decision.poll_id == Poll.id)
        .outerjoin(first, first.id == Decision.recorded_by)
        .outerjoin(second, second.id == Decision.second_id)
        .where(Poll.dossier_id == dossier_id)
        .order_by(Poll.round.desc())
        .limit(1)
    ).one_or_none()


def asked_of(
    head: Head, act: str, outcome: str | None, facts: Facts
) -> tuple[Transition | None, tuple[Requirement, ...]]:
    """The transition of this act that leaves the dossier's stage, and what it lacks; of a notification, the one of the
    decision. An advisory vote leaves everything open: its label's own decision serves an arbitration as well."""
    acts = {"arbitrate", "decide"} if act == "arbitrate" and head.label.effect == "advisory" else {act}
    known = [
        (transition, missing(head.label, transition, facts))
        for transition in head.label.exits[head.stage.key]
        if transition.act in acts and (act != "notify" or transition.outcome == outcome)
    ]
    return min(known, key=lambda one: len(one[1]), default=(None, ()))


def call_since(db: Session, dossier_id: str, since: datetime) -> Called | None:
    """The last call to a structure since a moment."""
    row = db.execute(
        select(Exchange.at, Person.name)
        .join(Person, Person.id == Exchange.by)
        .where(Exchange.dossier_id == dossier_id, Exchange.kind == "call", Exchange.at >= since)
        .order_by(Exchange.at.desc())
        .limit(1)
    ).one_or_none()
    return Called(row.name, local_day(row.at)) if row else None


def recorded_of(db: Session, decision: Decision, by: str, second: str | None) -> Recorded:
    rows = db.execute(
        select(Reserve).where(Reserve.decision_id == decision.id).order_by(Reserve.due_on, Reserve.id)
    ).scalars()
    return Recorded(
        outcome=decision.outcome,
        arbitrated=decision.arbitrated,
        reason=decision.reason,
        letter=decision.letter,
        by_id=decision.recorded_by,
        by=by,
        at=decision.recorded_at,
        second=second or "",
        settled_at=decision.settled_at,
        derogation=decision.derogation,
        publish_on=decision.publish_on,
        reserves=tuple(ReserveLine(row.promise, row.owner, row.due_on) for row in rows),
    )


@dataclass(frozen=True)
class Arguments:
    """The reasons of a closed poll without names, side by side, and what the peers ask to pass on to the candidate."""

    favourable: tuple[str, ...]
    against: tuple[str, ...]
    passed_on: tuple[str, ...] = ()


def arguments(db: Session, poll_id: str) -> Arguments:
    """The reasons that are still kept, each voice's newest, in an order that says nothing of who wrote them.

    Only of a closed poll. The order is that of a hash: the same at each reading, and no one's. Two statements.
    """
    rows = db.execute(
        select(Ballot.seat_id, Ballot.choice, Opening.value)
        .join(Seat, and_(Seat.id == Ballot.seat_id, Seat.recused_at.is_(None)))
        .join(Poll, and_(Poll.id == Ballot.poll_id, Poll.closed_at.is_not(None)))
        .outerjoin(Opening, and_(Opening.entry_id == Ballot.entry_id, Opening.name == "reasons"))
        .where(Ballot.poll_id == poll_id)
        .order_by(Ballot.version)
    ).all()
    newest: dict[str, Any] = {row.seat_id: row for row in rows}
    written = [(row.choice, row.value) for row in newest.values() if row.value]
    return Arguments(
        favourable=shuffled(poll_id, (text for choice, text in written if choice in {"for", "reserves"})),
        against=shuffled(poll_id, (text for choice, text in written if choice in {"against", "objection"})),
        passed_on=passed_on(db, poll_id),
    )


def shuffled(poll_id: str, texts: Iterable[str]) -> tuple[str, ...]:
    """Texts of one poll in the order of a hash."""
    return tuple(sorted(texts, key=lambda text: sha256(f"{poll_id} {text}".encode()).digest()))


def able_arbiters(db: Session, dossier_id: str, at: datetime) -> int:
    """How many persons may arbitrate: active arbiters who have not instructed. One statement."""
    instructed = exists().where(Instructor.dossier_id == dossier_id, Instructor.person_id == Person.id)
    return db.execute(
        select(func.count(Person.id.distinct()))
        .join(Mandate, Mandate.person_id == Person.id)
        .where(Mandate.role == "arbiter", in_force(at), Person.active, ~instructed)
    ).scalar_one()


@dataclass(frozen=True)
class Readers:
    """Who will receive a message when the decision is notified: the structure's people, and the committee's."""

    structure: tuple[str, ...]
    committee: tuple[str, ...]


def readers(db: Session, dossier: Head, poll_id: str, at: datetime) -> Readers:
    """The names behind the messages of a notification, in one statement."""
    voices = select(Seat.structure_id).where(
        Seat.poll_id == poll_id, Seat.recused_at.is_(None), Seat.ended_at.is_(None)
    )
    of_candidate = Mandate.structure_id == dossier.structure_id
    rows = db.execute(
        select(Person.id, Person.name, of_candidate.label("candidate"))
        .join(Mandate, Mandate.person_id == Person.id)
        .where(
            Person.active,
            in_force(at),
            or_(of_candidate, and_(Mandate.structure_id.in_(voices), Mandate.role.in_(VOTING))),
        )
        .distinct()
        .order_by(Person.name, Person.id)
    ).all()
    return Readers(
        structure=tuple(row.name for row in rows if row.candidate),
        committee=tuple(row.name for row in rows if not row.candidate),
    )
