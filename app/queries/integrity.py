"""Whether the journal still says what was written: chains, openings, counts and receipts."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.keys import HEAD, RECEIPT, Keys
from app.models import Ballot, Entry, Opening, Poll, Seat
from workflows import ledger
from workflows.voting import CastBallot, Choice, effective, tally


@dataclass
class Report:
    """What a verification found: entries read, values erased since, and every fault with its place."""

    entries: int = 0
    chains: int = 0
    erased: int = 0
    faults: list[str] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        return not self.faults


def verify_journal(db: Session, keys: Keys, receipts: Iterable[str] = ()) -> Report:
    """Read the whole journal again. `receipts` are hashes kept outside: without one, entries cut from the end of a
    chain, or a chain rewritten whole by who holds the keys, cannot be seen."""
    report = Report()
    for entries in chains(db):
        report.chains += 1
        report.entries += len(entries)
        report.faults += [place(fault) for fault in ledger.verify(entries)]
    report.erased = verify_openings(db, report)
    verify_ballots(db, keys, report)
    verify_counts(db, keys, report)
    for kept in receipts:
        if db.execute(select(Entry.id).where(Entry.hash == kept)).scalar_one_or_none() is None:
            report.faults.append(f"receipt {kept}: no entry bears it any more")
    return report


def place(fault: ledger.Fault) -> str:
    where = f"{fault.chain} entry {fault.height}" if fault.height else fault.chain
    return f"{where}: {fault.code}" + (f" ({fault.name})" if fault.name else "")


def read(entry: Entry) -> ledger.Entry:
    """A stored entry, as the rules know it. A body that is no JSON any more is shown empty: its hash will be wrong."""
    try:
        body = json.loads(entry.body)
    except ValueError:
        body = {}
    return ledger.Entry(entry.chain, entry.height, entry.parent, entry.type, body, entry.hash)


def chains(db: Session) -> Iterator[list[ledger.Entry]]:
    """The entries of each chain, one chain at a time."""
    gathered: list[ledger.Entry] = []
    stored = select(Entry).order_by(Entry.chain, Entry.height).execution_options(yield_per=1000)
    for entry in db.execute(stored).scalars():
        if gathered and gathered[0].chain != entry.chain:
            yield gathered
            gathered = []
        gathered.append(read(entry))
    if gathered:
        yield gathered


def verify_openings(db: Session, report: Report) -> int:
    """Check each value behind a commitment; returns how many were erased."""
    erased = 0
    rows = db.execute(
        select(Entry, Opening).join(Opening, Opening.entry_id == Entry.id).execution_options(yield_per=1000)
    )
    for entry, opening in rows:
        if opening.value is None or opening.salt is None:
            erased += 1
            continue
        shown = [(opening.name, opening.value, bytes.fromhex(opening.salt))]
        report.faults += [place(fault) for fault in ledger.verify_openings(read(entry), shown)]
    return erased


def verify_ballots(db: Session, keys: Keys, report: Report) -> None:
    """Each ballot has its entry, its signature, and the choice and seat its entry committed to; and each entry its ballot."""
    rows = db.execute(
        select(Ballot, Entry.hash, Opening.name, Opening.value)
        .outerjoin(Entry, Entry.id == Ballot.entry_id)
        .outerjoin(Opening, (Opening.entry_id == Ballot.entry_id) & Opening.name.in_(("choice", "seat", "version")))
    ).all()
    for ballot, hashed, name, value in rows:
        if hashed != ballot.entry_hash or not keys.signed(RECEIPT, ballot.entry_hash, ballot.signature):
            report.faults.append(f"ballot {ballot.id}: its receipt is not the one that was signed")
        said = {"choice": ballot.choice, "seat": ballot.seat_id, "version": str(ballot.version)}
        if name is not None and value is not None and value != said[name]:
            report.faults.append(f"ballot {ballot.id}: {name} differs from its entry")
    orphans = db.execute(
        select(Entry.chain, Entry.height)
        .outerjoin(Ballot, Ballot.entry_id == Entry.id)
        .where(Entry.type == "ballot_cast", Ballot.id.is_(None))
    ).all()
    report.faults += [f"{row.chain} entry {row.height}: its ballot is missing" for row in orphans]


def verify_counts(db: Session, keys: Keys, report: Report) -> None:
    """Each closed poll still counts what was stored, and its head is the one that was signed."""
    for poll in db.execute(select(Poll).where(Poll.closed_at.is_not(None))).scalars().all():
        kept = (poll.pour, poll.reserves, poll.against, poll.abstention, poll.objection)
        if kept != recount(db, poll.id):
            report.faults.append(f"poll {poll.id}: its ballots no longer give its count")
        if not poll.head or not keys.signed(HEAD, poll.head, poll.head_signature or ""):
            report.faults.append(f"poll {poll.id}: its head is not the one that was signed")


def recount(db: Session, poll_id: str) -> tuple[int, int, int, int, int]:
    """The count that the ballots give today: pour, reserves, against, abstention, objection."""
    rows = db.execute(
        select(Ballot.seat_id, Ballot.version, Ballot.choice, Seat.recused_at)
        .join(Seat, Seat.id == Ballot.seat_id)
        .where(Ballot.poll_id == poll_id)
    ).all()
    cast = (CastBallot(row.seat_id, row.version, Choice(row.choice), row.recused_at is not None) for row in rows)
    count = tally(ballot.choice for ballot in effective(cast))
    return count.pour, count.reserves, count.against, count.abstention, count.objection
