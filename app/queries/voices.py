"""How a person's own structures stand in one poll: what each declared, and its own opinion. Nobody else's."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, true
from sqlalchemy.orm import Session, aliased

from app.models import Ballot, Link, Opening, Person, Poll, Seat, Structure
from app.policies import Actor, PollScope
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
    """The newest opinion of a structure, as its own people may read it, with its receipt."""

    version: int
    choice: str
    reasons: str
    at: datetime
    by: str
    hash: str
    signature: str

    @property
    def code(self) -> str:
        return ledger.receipt_code(self.hash)


@dataclass(frozen=True)
class Voice:
    """One structure that somebody may act for, in one poll: `called`, `elector` or `recused`.

    `ended`: its appellation has ended since the roll was frozen.
    """

    structure_id: str
    structure: str
    state: str
    ended: bool = False
    said: Said | None = None
    given: Given | None = None

    @property
    def takes_part(self) -> bool:
        return self.state != "recused" and not self.ended


def my_voices(db: Session, me: Actor, poll_id: str, scope: PollScope) -> tuple[Voice, ...]:
    """The voices of a poll that this person may act for, in the order of her structures; one statement."""
    rows = db.execute(voices_asked().where(Poll.id == poll_id, Structure.id.in_(list(scope.voices)))).all()
    found = {row.structure_id: row for row in rows}
    return tuple(
        voice_of(found[structure], name, scope.voices[structure])
        for structure, name in me.voices().items()
        if structure in scope.voices and structure in found
    )


def voices_asked() -> Any:
    """A row for each structure of a poll: its seat if there is one, its last declaration, its newest ballot."""
    declarant = aliased(Person)
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
            Link.kind,
            Link.hard,
            Link.words,
            Link.declared_at,
            declarant.name.label("declared_by"),
            Ballot.version,
            Ballot.choice,
            Ballot.cast_at,
            Ballot.entry_hash,
            Ballot.signature,
            Person.name.label("cast_by"),
            Opening.value.label("reasons"),
        )
        .select_from(Poll)
        .join(Structure, true())
        .outerjoin(Seat, (Seat.poll_id == Poll.id) & (Seat.structure_id == Structure.id))
        .outerjoin(Link, said & (Link.version == last_link))
        .outerjoin(declarant, declarant.id == Link.declared_by)
        .outerjoin(Ballot, (Ballot.seat_id == Seat.id) & (Ballot.version == newest))
        .outerjoin(Person, Person.id == Ballot.person_id)
        .outerjoin(Opening, (Opening.entry_id == Ballot.entry_id) & (Opening.name == "reasons"))
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
            at=row.cast_at,
            by=row.cast_by,
            hash=row.entry_hash,
            signature=row.signature,
        )
    return Voice(row.structure_id, name, state, row.ended_at is not None, said, given)
