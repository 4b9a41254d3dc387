"""The journal of a dossier, in words' reach: its steps, who made them while names are kept, and whether it holds."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Entry, Opening, Poll
from app.queries.dossiers import Head, head_of
from app.queries.integrity import read
from workflows import ledger
from workflows.label import Label, Text

#: What a step may show of the values behind its commitments. Ballots show none: their page is the consultation's.
SHOWN = ("person", "note", "reason", "words", "replaced", "name", "whom", "call", "no_call", "despite", "derogation")
SEALED = "ballot_cast"


@dataclass(frozen=True)
class Step:
    """One entry. `shown` are the values still kept that its page shows; `kept` and `erased` count all of them."""

    type: str
    height: int
    at: datetime
    hash: str
    shown: dict[str, str]
    kept: int
    erased: int
    source: Text | None = None
    target: Text | None = None


@dataclass(frozen=True)
class Chain:
    """The steps of a dossier, or of one of its closed consultations, and the faults that a check finds."""

    round: int
    steps: tuple[Step, ...]
    faults: tuple[str, ...]

    @property
    def erased(self) -> int:
        return sum(step.erased for step in self.steps)


@dataclass(frozen=True)
class Journal:
    """The history of a dossier. `sealed` counts the consultations whose own history is not readable now."""

    head: Head
    chains: tuple[Chain, ...]
    sealed: int

    @property
    def steps(self) -> int:
        return sum(len(chain.steps) for chain in self.chains)

    @property
    def sound(self) -> bool:
        return not any(chain.faults for chain in self.chains)

    @property
    def erased(self) -> int:
        return sum(chain.erased for chain in self.chains)


def journal(db: Session, dossier_id: str) -> Journal | None:
    """The history of a dossier and of its closed consultations, verified as it is read. Four statements.

    The height of an open poll's chain is its turnout: it is left out until the close.
    """
    found = head_of(db, dossier_id)
    if found is None:
        return None
    polls = db.execute(
        select(Poll.id, Poll.round, Poll.closed_at).where(Poll.dossier_id == dossier_id).order_by(Poll.round)
    ).all()
    readable = {f"poll:{poll.id}": poll.round for poll in polls if poll.closed_at is not None}
    rounds = {f"dossier:{dossier_id}": 0, **readable}
    entries = (
        db.execute(select(Entry).where(Entry.chain.in_(rounds)).order_by(Entry.chain, Entry.height)).scalars().all()
    )
    openings = opened(db, list(rounds))
    chains = (
        chain(found[0].label, number, [entry for entry in entries if entry.chain == name], openings)
        for name, number in rounds.items()
    )
    return Journal(found[0], tuple(chains), sealed=len(polls) - len(readable))


def opened(db: Session, chains: list[str]) -> dict[str, list[Opening]]:
    """The values behind the commitments of these chains, by entry."""
    rows = db.execute(
        select(Opening).join(Entry, Entry.id == Opening.entry_id).where(Entry.chain.in_(chains))
    ).scalars()
    found: dict[str, list[Opening]] = {}
    for row in rows:
        found.setdefault(row.entry_id, []).append(row)
    return found


def stage_of(label: Label, key: object) -> Text | None:
    """The name of a stage; nothing for what is no stage, such as the status of a poll."""
    return next((stage.name for stage in label.stages if stage.key == key), None)


def chain(label: Label, round: int, entries: list[Entry], openings: dict[str, list[Opening]]) -> Chain:
    """One chain, its latest step first, checked: hashes, parents, and each value against its commitment."""
    known = {entry.id: read(entry) for entry in entries}
    faults = [fault.code for fault in ledger.verify(known.values())]
    steps = []
    for entry in entries:
        values = openings.get(entry.id, [])
        kept = [(o.name, o.value, bytes.fromhex(o.salt)) for o in values if o.value is not None and o.salt]
        faults += [fault.code for fault in ledger.verify_openings(known[entry.id], kept)]
        steps.append(
            Step(
                type=entry.type,
                height=entry.height,
                at=entry.at,
                hash=entry.hash,
                shown={}
                if entry.type == SEALED
                else {name: value for name, value, _ in kept if name in SHOWN and value},
                kept=len(kept),
                erased=ledger.count_erased(known[entry.id], kept),
                source=stage_of(label, known[entry.id].body.get("from")),
                target=stage_of(label, known[entry.id].body.get("to")),
            )
        )
    return Chain(round, tuple(reversed(steps)), tuple(faults))
