"""What peers wrote for a candidate, read by the team alone, which says it in its own words."""

from hashlib import sha256

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models import Ballot, Opening, Poll, Seat


def passed_on(db: Session, poll_id: str) -> tuple[str, ...]:
    """The texts to pass on to the candidate, without a name nor a choice; nothing before the close. One statement.

    Each voice's newest, of those that take part. The order is always the same and says nothing of who wrote: it comes
    from a hash of the closed poll's head with each text.
    """
    newest = select(func.max(Ballot.version)).where(Ballot.seat_id == Seat.id).correlate(Seat).scalar_subquery()
    rows = db.execute(
        select(Poll.head, Opening.value)
        .join(Ballot, Ballot.poll_id == Poll.id)
        .join(Seat, (Seat.id == Ballot.seat_id) & Seat.recused_at.is_(None) & (Ballot.version == newest))
        .join(Opening, (Opening.entry_id == Ballot.entry_id) & (Opening.name == "to_pass_on"))
        .where(Poll.id == poll_id, Poll.closed_at.is_not(None), Opening.value != "")
    ).all()
    shuffled = sorted(rows, key=lambda row: sha256(f"{row.head} {row.value}".encode()).digest())
    return tuple(row.value for row in shuffled)
