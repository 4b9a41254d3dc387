"""Closing a poll: the count is made once, under the lock that casting takes, and stored."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clock import Clock
from app.keys import HEAD, Keys
from app.mail.notices import Engine, people_of_role, tell
from app.models import Ballot, Poll, Seat
from app.operations import journal
from app.operations.locks import lock_dossier, lock_poll
from app.operations.polls.frozen import poll_facts, rule_of
from app.policies import NOBODY, Actor
from workflows.voting import CastBallot, Choice, Tally, Verdict, effective, may_close, tally, verdict


def close_poll(db: Session, poll_id: str, *, clock: Clock, keys: Keys, by: Actor = NOBODY) -> Poll:
    """Count and close. Closing a closed poll again changes nothing and returns it.

    Raises `Refused`: `poll_not_over` before the end unless every voice has taken part and the rule allows it,
    `poll_not_open`, `poll_cancelled`.
    """
    dossier_id = db.execute(select(Poll.dossier_id).where(Poll.id == poll_id)).scalar_one_or_none()
    dossier = lock_dossier(db, str(dossier_id))
    poll = lock_poll(db, poll_id)
    at = clock()
    if poll.closed_at is not None:
        return poll
    rule = rule_of(poll)
    seats, counted = seats_and_ballots(db, poll.id)
    taking_part = [seat for seat in seats if seat.recused_at is None and seat.ended_at is None]
    remaining = len({seat.id for seat in taking_part} - {ballot.seat for ballot in counted})
    may_close(at, poll_facts(poll), rule, remaining=remaining)
    # A voice whose appellation ended after it took part stays, flagged; one that had not leaves the base.
    gone = {s.id for s in seats if s.ended_at and s.recused_at is None} - {b.seat for b in counted}
    recused = sum(seat.recused_at is not None for seat in seats)
    result = verdict(
        rule,
        tally(ballot.choice for ballot in counted),
        seats=len(seats) - len(gone),
        recused=recused,
        round=poll.round,
    )
    store(poll, result, at)
    entry = journal.advance(db, poll, "closed", "poll_closed", at=at, body=body(result), private=named(by))
    poll.head = entry.hash
    poll.head_signature = keys.sign(HEAD, entry.hash)
    journal.append(db, dossier, "poll_closed", at=at, body={"poll": poll.id, "head": entry.hash})
    officers = people_of_role(db, "officer", dossier, at)
    tell(db, Engine.POLL_CLOSED, officers, event=entry.id, at=at, values={"poll": poll.id, "dossier": dossier.id})
    return poll


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


def named(by: Actor) -> dict[str, str] | None:
    """The person, when there is one: the clock closes polls too."""
    return {"person": by.name} if by.id else None
