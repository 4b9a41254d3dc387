"""Whether each roll is the one that was frozen, less only what its chain took out."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Entry, Opening, Poll, Seat
from app.queries.integrity_of_files import said as body_of
from workflows import ledger


@dataclass
class Said:
    """What a poll's chain says of its roll: its digest at the opening, then who was recused and who ended."""

    roll: str | None = None
    recused: dict[str, str] = field(default_factory=dict)
    ended: set[str] = field(default_factory=set)


def verify_rolls(db: Session) -> list[str]:
    """Read each opened poll's seats again, beside what its chain says of them."""
    said = of_chains(db)
    seats: dict[str, list[Seat]] = defaultdict(list)
    for seat in db.execute(select(Seat).order_by(Seat.poll_id, Seat.number)).scalars():
        seats[seat.poll_id].append(seat)
    faults: list[str] = []
    for poll in db.execute(select(Poll).where(Poll.opened_at.is_not(None)).order_by(Poll.id)).scalars():
        chain = said[f"poll:{poll.id}"]
        if chain.roll is None or chain.roll != poll.roll_digest or chain.roll != digest(seats[poll.id], chain):
            faults.append(f"poll {poll.id}: its roll is not the one that was frozen")
        faults += subtractions(poll.id, seats[poll.id], chain)
    return faults


def of_chains(db: Session) -> dict[str, Said]:
    """What the chains of polls say of their rolls, in the order they say it."""
    rows = db.execute(
        select(Entry.chain, Entry.type, Entry.body, Entry.id, Opening.name, Opening.value)
        .outerjoin(Opening, (Opening.entry_id == Entry.id) & Opening.name.in_(("seat", "kind")))
        .where(Entry.type.in_(("poll_opened", "link_declared", "seat_ended")))
        .order_by(Entry.chain, Entry.height)
    ).all()
    values: dict[str, dict[str, str]] = defaultdict(dict)
    for row in rows:
        if row.name and row.value is not None:
            values[row.id][row.name] = row.value
    said: dict[str, Said] = defaultdict(Said)
    for chain, type, body, entry in dict.fromkeys((r.chain, r.type, r.body, r.id) for r in rows):
        note(said[chain], type, body_of(body), values[entry])
    return said


def note(said: Said, type: str, body: dict[str, object], values: dict[str, str]) -> None:
    """Add one entry to what a chain says. A link declared before the opening is in the frozen roll already."""
    seat = values.get("seat", "")
    if type == "poll_opened":
        said.roll = str(body.get("roll"))
    elif type == "seat_ended":
        said.ended.add(seat)
    elif body.get("hard") and said.roll is not None:
        said.recused[seat] = values.get("kind", "")


def digest(seats: Iterable[Seat], said: Said) -> str:
    """The hash of a roll as it stood when its poll opened."""
    frozen = [
        [seat.number, seat.structure_id, None if seat.structure_id in said.recused else seat.recused_for]
        for seat in seats
    ]
    return ledger.digest(frozen)


def subtractions(poll: str, seats: Iterable[Seat], said: Said) -> list[str]:
    """Seats that are out, or in again, without an entry that says so."""
    faults = []
    for seat in seats:
        later = said.recused.get(seat.structure_id, seat.recused_for)
        if (seat.recused_for, seat.recused_at is not None) != (later, later is not None):
            faults.append(f"poll {poll} seat {seat.number}: its recusal is not the one its chain says")
        if (seat.ended_at is not None) != (seat.structure_id in said.ended):
            faults.append(f"poll {poll} seat {seat.number}: its end is not the one its chain says")
    return faults
