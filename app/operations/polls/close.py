"""Closing a poll: the count is made once, under the lock that casting takes, and stored."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.actor import NOBODY, Actor
from app.clock import Clock
from app.keys import HEAD, Keys
from app.mail.notices import people_of_role, tell
from app.models import Ballot, Poll, Seat
from app.models.outbox import Engine
from app.operations import journal
from app.operations.locks import lock_dossier_then_poll
from app.operations.polls.frozen import named, poll_facts, rule_of
from app.operations.way import remember_instructor
from app.queries.facts import notice_of
from workflows.voting import (
    CastBallot,
    Choice,
    Rule,
    Tally,
    Verdict,
    certain,
    effective,
    may_close,
    tally,
    verdict,
)


def close_poll(db: Session, poll_id: str, *, clock: Clock, keys: Keys, by: Actor = NOBODY) -> Poll:
    """Count and close. Closing a closed poll again changes nothing and returns it.

    Raises `Refused`: `gone`, `poll_not_over` before the end unless every voice has taken part and the rule allows it,
    `poll_not_open`, `poll_cancelled`.
    """
    dossier, poll = lock_dossier_then_poll(db, poll_id)
    at = clock()
    if poll.closed_at is not None:
        return poll
    seats, counted = seats_and_ballots(db, poll.id)
    result = judged(rule_of(poll), poll, seats, counted, round=notice_of(db, poll.id), at=at)
    store(poll, result, at)
    entry = journal.advance(db, poll, "closed", "poll_closed", at=at, body=body(result), private=named(by))
    poll.head = entry.hash
    poll.head_signature = keys.sign(HEAD, entry.hash)
    journal.append(db, dossier, "poll_closed", at=at, body={"poll": poll.id, "head": entry.hash})
    remember_instructor(db, dossier, by)
    officers = people_of_role(db, "officer", dossier, at)
    tell(db, Engine.POLL_CLOSED, officers, event=entry.id, at=at, values={"poll": poll.id, "dossier": dossier.id})
    return poll


def judged(
    rule: Rule, poll: Poll, seats: list[Seat], counted: tuple[CastBallot[str], ...], *, round: int, at: datetime
) -> Verdict:
    """What the count says, once it may be made.

    A voice whose appellation ended after it took part stays, flagged; one that had not leaves the base.
    """
    took_part = {ballot.seat for ballot in counted}
    recused = sum(seat.recused_at is not None for seat in seats)
    gone = {s.id for s in seats if s.ended_at is not None and s.recused_at is None} - took_part
    base = len(seats) - len(gone)
    count = tally(ballot.choice for ballot in counted)
    remaining = base - recused - len(took_part)
    certainty = None
    if rule.early_close == "certain":
        certainty = certain(rule, count, seats=base, recused=recused, remaining=remaining, round=round)
    may_close(at, poll_facts(poll), rule, remaining=remaining, certainty=certainty)
    return verdict(rule, count, seats=base, recused=recused, round=round)


def seats_and_ballots(db: Session, poll_id: str) -> tuple[list[Seat], tuple[CastBallot[str], ...]]:
    """The roll, and the ballots that count: the newest of each seat that is not recused."""
    seats = list(
        db.execute(
            select(Seat).where(Seat.poll_id == poll_id).order_by(Seat.number).execution_options(populate_existing=True)
        ).scalars()
    )
    void = {seat.id for seat in seats if seat.recused_at is not None}
    rows = db.execute(select(Ballot.seat_id, Ballot.version, Ballot.choice).where(Ballot.poll_id == poll_id)).all()
    cast = (CastBallot(row.seat_id, row.version, Choice(row.choice), row.seat_id in void) for row in rows)
    return seats, effective(cast)


def store(poll: Poll, result: Verdict, at: datetime) -> None:
    """Keep the count with the poll: from here on it is read, never computed again."""
    count: Tally = result.tally
    poll.closed_at = at
    poll.seats = result.seats
    poll.recused = result.recused
    poll.quorum_needed = result.quorum_needed
    poll.pour = count.pour
    poll.reserves = count.reserves
    poll.against = count.against
    poll.abstention = count.abstention
    poll.objection = count.objection
    poll.outcome = result.outcome.value


def body(result: Verdict) -> dict[str, object]:
    """The count as the chain keeps it."""
    count = result.tally
    return {
        "outcome": result.outcome.value,
        "seats": result.seats,
        "recused": result.recused,
        "quorum": result.quorum_needed,
        "for": count.pour,
        "reserves": count.reserves,
        "against": count.against,
        "abstention": count.abstention,
        "objection": count.objection,
    }
