"""The decision on a dossier: what the committee said, what is recorded, who will read it, as the team prepares it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, aliased

from app.models import Ballot, Decision, Mandate, Opening, Person, Poll, Reserve, Seat
from app.policies import VOTING
from app.queries.committee_desk import in_force
from app.queries.counts import Count, count_of
from app.queries.dossiers import Head, head_of
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
    """A decision as it is recorded; proposed only, as long as nobody has confirmed it."""

    outcome: str
    arbitrated: bool
    reason: str
    letter: str
    by_id: str
    by: str
    at: datetime
    second: str
    settled_at: datetime | None
    reserves: tuple[ReserveLine, ...]


@dataclass(frozen=True)
class Deciding:
    """A dossier under decision. `transition` makes the act that was asked, or is absent from where it stands."""

    head: Head
    poll_id: str
    rule: Rule
    count: Count | None
    decision: Recorded | None
    transition: Transition | None
    lacks: tuple[Requirement, ...]

    @property
    def outcome(self) -> str:
        """What the committee's outcome decides; empty when it left the question open."""
        return FOLLOWS.get(self.count.outcome, "") if self.count else ""


def deciding(db: Session, dossier_id: str, act: str) -> Deciding | None:
    """What one act of the decision (`decide`, `arbitrate`, `notify`) needs to be shown, in three statements."""
    found = head_of(db, dossier_id)
    if found is None:
        return None
    head, dossier = found
    first, second = aliased(Person), aliased(Person)
    row = db.execute(
        select(Poll, Decision, first.name, second.name)
        .outerjoin(Decision, Decision.poll_id == Poll.id)
        .outerjoin(first, first.id == Decision.recorded_by)
        .outerjoin(second, second.id == Decision.second_id)
        .where(Poll.dossier_id == dossier_id, Poll.status != "cancelled")
        .order_by(Poll.round.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return Deciding(head, "", head.label.committee, None, None, None, ())
    poll, decision = row[0], row[1]
    recorded = recorded_of(db, decision, row[2], row[3]) if decision is not None else None
    settled = decision.outcome if decision is not None and decision.settled_at else None
    transition = transition_of(head, act, settled)
    facts = Facts(dossier.stage, dossier.entry, outcome=settled, poll=poll.outcome, round=poll.round)
    return Deciding(
        head=head,
        poll_id=poll.id,
        rule=Rule.model_validate_json(poll.rule),
        count=count_of(poll),
        decision=recorded,
        transition=transition,
        lacks=missing(head.label, transition, facts) if transition else (),
    )


def transition_of(head: Head, act: str, outcome: str | None) -> Transition | None:
    """The transition of this act that leaves the dossier's stage; of a notification, the one of the decision."""
    for transition in head.label.exits[head.stage.key]:
        if transition.act == act and (act != "notify" or transition.outcome == outcome):
            return transition
    return None


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
        reserves=tuple(ReserveLine(row.promise, row.owner, row.due_on) for row in rows),
    )


@dataclass(frozen=True)
class Arguments:
    """The reasons of a closed poll without names, side by side."""

    favourable: tuple[str, ...]
    against: tuple[str, ...]


def arguments(db: Session, poll_id: str) -> Arguments:
    """The reasons that are still kept, each voice's newest, in an order that says nothing of who wrote them.

    Only of a closed poll. One statement.
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
    written = sorted((row for row in newest.values() if row.value), key=lambda row: (len(row.value), row.value))
    return Arguments(
        favourable=tuple(row.value for row in written if row.choice in {"for", "reserves"}),
        against=tuple(row.value for row in written if row.choice in {"against", "objection"}),
    )


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
