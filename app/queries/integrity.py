"""Whether the journal still says what was written: chains, openings, ballots, counts, rolls and files."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.keys import HEAD, RECEIPT, Keys
from app.models import Ballot, Dossier, Entry, Opening, Poll, Seat
from app.queries.integrity_of_files import said, verify_files
from app.queries.integrity_of_rolls import verify_rolls
from workflows import ledger
from workflows.voting import CastBallot, Choice, effective, tally

#: What a ballot's entry commits to is kept as long as its poll.
OF_A_BALLOT = ("choice", "seat", "version")


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
    reached: dict[str, str] = {}
    for entries in chains(db):
        report.chains += 1
        report.entries += len(entries)
        report.faults += [place(fault) for fault in ledger.verify(entries)]
        reached[entries[0].chain] = last_state(entries)
    report.faults += verify_states(db, reached)
    verify_openings(db, report)
    report.faults += verify_ballots(db, keys)
    report.faults += verify_counts(db, keys)
    report.faults += verify_rolls(db)
    report.faults += verify_files(db)
    for kept in receipts:
        if db.execute(select(Entry.id).where(Entry.hash == kept)).scalar_one_or_none() is None:
            report.faults.append(f"receipt {kept}: no entry bears it any more")
    return report


def place(fault: ledger.Fault) -> str:
    where = f"{fault.chain} entry {fault.height}" if fault.height else fault.chain
    return f"{where}: {fault.code}" + (f" ({fault.name})" if fault.name else "")


def read(entry: Entry) -> ledger.Entry:
    """A stored entry, as the rules know it."""
    return ledger.Entry(entry.chain, entry.height, entry.parent, entry.type, said(entry.body), entry.hash)


def chains(db: Session) -> Iterator[list[ledger.Entry]]:
    """The entries of each chain, one chain at a time."""
    stored = select(Entry).order_by(Entry.chain, Entry.height).execution_options(yield_per=1000)
    for _, entries in groupby(db.execute(stored).scalars(), lambda entry: entry.chain):
        yield [read(entry) for entry in entries]


def last_state(entries: Iterable[ledger.Entry]) -> str:
    """The stage or the status that a chain left its subject in."""
    state = ""
    for entry in entries:
        state = str(entry.body.get("to") or entry.body.get("stage") or state)
    return state


def verify_states(db: Session, reached: dict[str, str]) -> list[str]:
    """Each dossier and each poll stands where its chain left it."""
    stages = db.execute(select(Dossier.id, Dossier.stage)).all()
    statuses = db.execute(select(Poll.id, Poll.status)).all()
    stored = {f"dossier:{row.id}": row.stage for row in stages} | {f"poll:{row.id}": row.status for row in statuses}
    return [
        f"{chain}: stands at {state}, its entries leave it {reached.get(chain, 'nowhere')}"
        for chain, state in sorted(stored.items())
        if reached.get(chain) != state
    ]


def verify_openings(db: Session, report: Report) -> None:
    """Check each value behind a commitment, and count those that were erased."""
    rows = db.execute(
        select(Entry, Opening)
        .outerjoin(Opening, Opening.entry_id == Entry.id)
        .order_by(Entry.chain, Entry.height)
        .execution_options(yield_per=1000)
    )
    for _, found in groupby(rows, lambda row: row[0].id):
        pairs = list(found)
        entry = read(pairs[0][0])
        shown = [
            (opening.name, opening.value, bytes.fromhex(opening.salt))
            for _, opening in pairs
            if opening is not None and opening.value is not None and opening.salt is not None
        ]
        report.erased += ledger.count_erased(entry, shown)
        report.faults += [place(fault) for fault in ledger.verify_openings(entry, shown)]


def verify_ballots(db: Session, keys: Keys) -> list[str]:
    """Each ballot has its entry, its signature, and the choice and seat its entry committed to; and each entry its
    ballot."""
    faults: list[str] = []
    rows = db.execute(
        select(Ballot, Entry.hash, Opening.name, Opening.value)
        .outerjoin(Entry, Entry.id == Ballot.entry_id)
        .outerjoin(Opening, (Opening.entry_id == Ballot.entry_id) & Opening.name.in_(OF_A_BALLOT))
        .order_by(Ballot.poll_id, Ballot.id)
    )
    for _, found in groupby(rows, lambda row: row[0].id):
        pairs = list(found)
        ballot, hashed = pairs[0][0], pairs[0][1]
        if hashed != ballot.entry_hash or not keys.signed(RECEIPT, ballot.entry_hash, ballot.signature):
            faults.append(f"ballot {ballot.id}: its receipt is not the one that was signed")
        stored = {"choice": ballot.choice, "seat": ballot.seat_id, "version": str(ballot.version)}
        kept = {name: value for _, _, name, value in pairs}
        differing = [name for name in stored if kept.get(name) != stored[name]]
        faults += [f"ballot {ballot.id}: {name} differs from its entry" for name in differing]
    orphans = db.execute(
        select(Entry.chain, Entry.height)
        .outerjoin(Ballot, Ballot.entry_id == Entry.id)
        .where(Entry.type == "ballot_cast", Ballot.id.is_(None))
    ).all()
    return faults + [f"{row.chain} entry {row.height}: its ballot is missing" for row in orphans]


def verify_counts(db: Session, keys: Keys) -> list[str]:
    """Each closed poll counts what its ballots and its chain say, and its head is the one that was signed."""
    faults: list[str] = []
    closed = {row.chain: row for row in db.execute(select(Entry).where(Entry.type == "poll_closed")).scalars()}
    for poll in db.execute(select(Poll).where(Poll.closed_at.is_not(None)).order_by(Poll.id)).scalars().all():
        kept = (poll.pour, poll.reserves, poll.against, poll.abstention, poll.objection)
        if kept != recount(db, poll.id):
            faults.append(f"poll {poll.id}: its ballots no longer give its count")
        entry = closed.get(f"poll:{poll.id}")
        if entry is None or entry.hash != poll.head or differs(poll, said(entry.body)):
            faults.append(f"poll {poll.id}: its count is not the one its chain closed on")
        if not poll.head or not keys.signed(HEAD, poll.head, poll.head_signature or ""):
            faults.append(f"poll {poll.id}: its head is not the one that was signed")
    return faults


def differs(poll: Poll, told: dict[str, Any]) -> bool:
    """Whether the count stored with a poll is not the one its closing entry tells."""
    stored = {
        "outcome": poll.outcome,
        "seats": poll.seats,
        "recused": poll.recused,
        "quorum": poll.quorum_needed,
        "for": poll.pour,
        "reserves": poll.reserves,
        "against": poll.against,
        "abstention": poll.abstention,
        "objection": poll.objection,
    }
    return any(told.get(name) != value for name, value in stored.items())


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
