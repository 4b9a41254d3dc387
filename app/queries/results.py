"""The result of a notified consultation, as the members who took part in the examination read it."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models import Ballot, Decision, Dossier, Opening, Person, Poll, Reserve, Seat, Structure
from app.queries.counts import Count, count_of
from app.queries.polls import end_of
from workflows.voting import Rule


@dataclass(frozen=True)
class RollLine:
    """A voice of the roll: who acted for it, and what it said.

    A recused one says nothing; `ended`: its appellation has ended since.
    """

    number: int
    structure: str
    person: str | None
    choice: str | None
    reasons: str
    recused: bool
    ended: bool


@dataclass(frozen=True)
class ReserveLine:
    """A promise attached to a yes."""

    promise: str
    owner: str
    due_on: date


@dataclass(frozen=True)
class Result:
    """The stored count, the decision that follows, and every opinion. `derogation` is why one person decided alone."""

    candidate: str
    reference: str
    round: int
    ended_at: datetime
    rule: Rule
    count: Count
    decision: str
    arbitrated: bool
    reason: str
    derogation: str
    notified_at: datetime
    reserves: tuple[ReserveLine, ...]
    lines: tuple[RollLine, ...]


def result(db: Session, poll_id: str) -> Result | None:
    """The result of a poll, in two statements; nothing before its decision is notified."""
    rows = db.execute(
        select(Poll, Structure.name, Dossier.reference, Decision, Reserve)
        .join(Dossier, Dossier.id == Poll.dossier_id)
        .join(Structure, Structure.id == Dossier.structure_id)
        .join(Decision, Decision.poll_id == Poll.id)
        .outerjoin(Reserve, Reserve.decision_id == Decision.id)
        .where(Poll.id == poll_id, Poll.status == "notified", Decision.notified_at.is_not(None))
        .order_by(Reserve.due_on, Reserve.id)
    ).all()
    if not rows:
        return None
    poll, candidate, reference, decision, _ = rows[0]
    count = count_of(poll)
    if count is None or decision.notified_at is None:
        return None
    return Result(
        candidate=candidate,
        reference=reference,
        round=poll.round,
        ended_at=end_of(poll.closes_at, poll.closed_at),
        rule=Rule.model_validate_json(poll.rule),
        count=count,
        decision=decision.outcome,
        arbitrated=decision.arbitrated,
        reason=decision.reason,
        derogation=decision.derogation,
        notified_at=decision.notified_at,
        reserves=tuple(ReserveLine(row[4].promise, row[4].owner, row[4].due_on) for row in rows if row[4]),
        lines=roll(db, poll.id),
    )


def roll(db: Session, poll_id: str) -> tuple[RollLine, ...]:
    """Every voice with its newest ballot; what a recused voice had said is void and is not shown."""
    newest = select(func.max(Ballot.version)).where(Ballot.seat_id == Seat.id).correlate(Seat).scalar_subquery()
    rows = db.execute(
        select(Seat, Structure.name, Person.name.label("person"), Ballot.choice, Opening.value)
        .join(Structure, Structure.id == Seat.structure_id)
        .outerjoin(Ballot, (Ballot.seat_id == Seat.id) & (Ballot.version == newest) & Seat.recused_at.is_(None))
        .outerjoin(Person, Person.id == Ballot.person_id)
        .outerjoin(Opening, (Opening.entry_id == Ballot.entry_id) & (Opening.name == "reasons"))
        .where(Seat.poll_id == poll_id)
        .order_by(Seat.number)
    ).all()
    return tuple(
        RollLine(
            number=row.Seat.number,
            structure=row.name,
            person=row.person,
            choice=row.choice,
            reasons=row.value or "",
            recused=row.Seat.recused_at is not None,
            ended=row.Seat.ended_at is not None,
        )
        for row in rows
    )
