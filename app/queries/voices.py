"""How a person's own structures stand in one poll: what each declared, and its own opinion. Nobody else's."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, true
from sqlalchemy.orm import aliased

from app.models import Ballot, Link, Opening, Person, Poll, Seat, Structure
from workflows import ledger


@dataclass(frozen=True)
class Said:
    """What a structure said of its links with the candidate."""

    kind: str
    hard: bool
    words: str
    at: datetime
    by: str


@dataclass(frozen=True)
class Given:
    """The newest opinion of a structure, as its own people may read it, with its receipt.

    `to_pass_on` is what it wrote for the team to say to the candidate in its own words.
    """

    version: int
    choice: str
    reasons: str
    to_pass_on: str
    at: datetime
    by: str
    hash: str
    signature: str

    @property
    def code(self) -> str:
        return ledger.receipt_code(self.hash)


@dataclass(frozen=True)
class Voice:
    """One structure that somebody may act for, in one poll: `called`, `elector`, `ended` or `recused`.

    `said` is the declaration of the structure, whoever made it; `own_word` is whether the person who reads has made
    one herself. `ended`: its appellation has ended since the roll was frozen.
    """

    structure_id: str
    structure: str
    state: str
    said: Said | None = None
    own_word: bool = False
    given: Given | None = None

    @property
    def ended(self) -> bool:
        return self.state == "ended"


def voices_asked() -> Any:
    """A row for each structure of a poll: its seat if there is one, its last declaration, its newest ballot."""
    declarant, passed_on = aliased(Person), aliased(Opening)
    last_link = (
        select(func.max(Link.version))
        .where(Link.poll_id == Poll.id, Link.structure_id == Structure.id, Link.personal.is_(False))
        .correlate(Poll, Structure)
        .scalar_subquery()
    )
    newest = select(func.max(Ballot.version)).where(Ballot.seat_id == Seat.id).correlate(Seat).scalar_subquery()
    said = (Link.poll_id == Poll.id) & (Link.structure_id == Structure.id) & Link.personal.is_(False)
    return (
        select(
            Poll.id.label("poll_id"),
            Structure.id.label("structure_id"),
            Seat.id.label("seat_id"),
            Seat.ended_at,
            Seat.recused_at,
            *(Link.kind, Link.hard, Link.words, Link.declared_at),
            declarant.name.label("declared_by"),
            Ballot.version,
            Ballot.choice,
            Ballot.cast_at,
            Ballot.entry_hash,
            Ballot.signature,
            Person.name.label("cast_by"),
            Opening.value.label("reasons"),
            passed_on.value.label("to_pass_on"),
        )
        .select_from(Poll)
        .join(Structure, true())
        .outerjoin(Seat, (Seat.poll_id == Poll.id) & (Seat.structure_id == Structure.id))
        .outerjoin(Link, said & (Link.version == last_link))
        .outerjoin(declarant, declarant.id == Link.declared_by)
        .outerjoin(Ballot, (Ballot.seat_id == Seat.id) & (Ballot.version == newest))
        .outerjoin(Person, Person.id == Ballot.person_id)
        .outerjoin(Opening, (Opening.entry_id == Ballot.entry_id) & (Opening.name == "reasons"))
        .outerjoin(passed_on, (passed_on.entry_id == Ballot.entry_id) & (passed_on.name == "to_pass_on"))
    )


def voice_of(row: Any, name: str, state: str) -> Voice:
    """A voice, from its row."""
    said = Said(row.kind, row.hard, row.words, row.declared_at, row.declared_by) if row.kind else None
    given = None
    if row.version:
        given = Given(
            version=row.version,
            choice=row.choice,
            reasons=row.reasons or "",
            to_pass_on=row.to_pass_on or "",
            at=row.cast_at,
            by=row.cast_by,
            hash=row.entry_hash,
            signature=row.signature,
        )
    return Voice(row.structure_id, name, state, said, row.own_word, given)
