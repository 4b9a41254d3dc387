"""One poll and those of the past, as the members of the committee see them.

Nothing here reads another structure's ballot, nor how many there are.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, aliased

from app.actor import Actor
from app.models import Ballot, Decision, Dossier, LabelVersion, Link, Poll, Seat, Structure
from app.policies import PollScope
from app.queries.keyset import Page, Where, read_page
from app.queries.labels import label_of
from app.queries.scopes import scope_of
from app.queries.standing import Candidate, standing_asked, state_of
from app.queries.voices import Voice, voice_of
from workflows.label import Label
from workflows.voting import Phase, Rule, phase

PAST = ("notified", "cancelled")


@dataclass(frozen=True)
class PollHeading:
    """What every page of a poll says first. `phase` is the poll's at the moment of reading."""

    id: str
    dossier_id: str
    previous_id: str | None
    candidate_id: str
    candidate: str
    about: str
    reference: str
    round: int
    phase: Phase
    convened_at: datetime
    opens_at: datetime
    closes_at: datetime
    closed_at: datetime | None
    rule: Rule
    rule_digest: str
    label: Label

    @property
    def ended_at(self) -> datetime:
        return end_of(self.closes_at, self.closed_at)

    @property
    def set_aside(self) -> bool:
        """Its outcome was set aside for an irregularity: the committee begins again."""
        return self.phase == "cancelled" and self.closed_at is not None

    @property
    def alive(self) -> bool:
        """Links may still be declared."""
        return self.phase in ("convened", "open")


@dataclass(frozen=True)
class Entered:
    """A poll as a person comes into it: its head, what she is to it, and each of her structures' voices."""

    poll: PollHeading
    scope: PollScope
    all_voices: tuple[Voice, ...]

    @property
    def voices(self) -> tuple[Voice, ...]:
        """The voices she may act for, those that take no part left out."""
        return tuple(voice for voice in self.all_voices if voice.state != "recused")


@dataclass(frozen=True)
class PastPoll:
    """A poll whose decision is notified, or that was cancelled or set aside, and what one's own structures said.

    `decision` is there for those who may read the result alone.
    """

    id: str
    candidate: str
    ended_at: datetime
    cancelled: bool
    decision: str | None
    voices: tuple[Voice, ...]
    set_aside: bool = False

    @property
    def readable(self) -> bool:
        """Whoever was on the roll may read, whether or not she had declared her links."""
        return not self.cancelled and any(voice.state in ("called", "elector") for voice in self.voices)


@dataclass(frozen=True)
class KeptReceipt:
    """A receipt of a structure that no longer takes part: all that it keeps of that poll."""

    poll_id: str
    structure_id: str
    structure: str
    at: datetime


def end_of(closes_at: datetime, closed_at: datetime | None) -> datetime:
    """When a window ends: as it was announced, or at an early close."""
    return min(closes_at, closed_at or closes_at)


def entered(db: Session, me: Actor, poll_id: str, at: datetime) -> Entered | None:
    """What every page of a poll needs, in one statement; nothing for who carries no voice anywhere."""
    if not me.voices():
        return None
    columns = (Poll, Candidate, Dossier.reference, Dossier.previous_id, LabelVersion)
    rows = db.execute(standing_asked(me).add_columns(*columns).where(Poll.id == poll_id)).all()
    if not rows:
        return None
    scope = scope_of(db, me, rows[0].dossier_id, rows)
    found = {row.structure_id: row for row in rows}
    voices = tuple(
        voice_of(found[structure], name, scope.voices[structure])
        for structure, name in me.voices().items()
        if structure in scope.voices
    )
    return Entered(heading(rows[0], at), scope, voices)


def heading(row: Any, at: datetime) -> PollHeading:
    """The head of a poll's pages."""
    poll, candidate = row.Poll, row.candidate
    return PollHeading(
        id=poll.id,
        dossier_id=poll.dossier_id,
        previous_id=row.previous_id,
        candidate_id=candidate.id,
        candidate=candidate.name,
        about=candidate.about,
        reference=row.reference,
        round=poll.round,
        phase=phase_of(poll, at),
        convened_at=poll.convened_at,
        opens_at=poll.opens_at,
        closes_at=poll.closes_at,
        closed_at=poll.closed_at,
        rule=Rule.model_validate_json(poll.rule),
        rule_digest=poll.rule_digest,
        label=label_of(row.LabelVersion),
    )


def phase_of(poll: Poll, at: datetime) -> Phase:
    """Where a poll is at a moment; one that nobody opened in time is over too."""
    found = phase(poll.status, poll.opens_at, poll.closes_at, at)  # type: ignore[arg-type]  # checked by the table
    return "over" if found == "convened" and at >= poll.closes_at else found


def past_polls(db: Session, me: Actor, where: Where) -> Page[PastPoll]:
    """The polls in which one of a person's structures had a voice, the latest first; two statements."""
    mine = me.voices()
    if not mine:
        return Page(())
    asked = (
        select(Poll.id, Poll.closes_at, Poll.closed_at, Poll.status, Structure.name, Decision.outcome)
        .join(Dossier, Dossier.id == Poll.dossier_id)
        .join(Structure, Structure.id == Dossier.structure_id)
        .outerjoin(Decision, Decision.poll_id == Poll.id)
        .where(
            Poll.status.in_(PAST),
            Structure.id.not_in({capacity.structure_id for capacity in me.capacities}),
            sits(list(mine)),
            ~kept_away(me),
        )
    )
    page = read_page(db, asked, Poll.closes_at, Poll.id, where, descending=True)
    voices = voices_in(db, me, [row.id for row in page.items])
    found = (
        PastPoll(
            id=row.id,
            candidate=row.name,
            ended_at=end_of(row.closes_at, row.closed_at),
            cancelled=row.status == "cancelled",
            decision=row.outcome,
            voices=tuple(voices[row.id]),
            set_aside=row.status == "cancelled" and row.closed_at is not None,
        )
        for row in page.items
    )
    return Page(tuple(found), page.previous, page.next)


def sits(mine: list[str]) -> ColumnElement[bool]:
    """One of these structures has a seat that takes part."""
    seat = select(Seat.id).where(Seat.poll_id == Poll.id, Seat.structure_id.in_(mine), Seat.recused_at.is_(None))
    return seat.exists()


def kept_away(me: Actor) -> ColumnElement[bool]:
    """This person keeps away from the poll by a link of her own."""
    own = (Link.poll_id == Poll.id) & (Link.declared_by == me.id) & Link.personal & (Link.kind != "none")
    return select(Link.id).where(own).exists()


def voices_in(db: Session, me: Actor, polls: list[str]) -> dict[str, list[Voice]]:
    """The voices of a person's structures in some opened polls, those that take no part left out."""
    found: dict[str, list[Voice]] = defaultdict(list)
    asked = standing_asked(me).where(Poll.id.in_(polls)).order_by(Structure.sort_key)
    for row in db.execute(asked).all():
        state = state_of(row)
        if state not in (None, "recused"):
            found[row.poll_id].append(voice_of(row, me.voices()[row.structure_id], str(state)))
    return found


def kept_receipts(db: Session, me: Actor) -> tuple[KeptReceipt, ...]:
    """The receipts of the structures that no longer take part, the latest first: they are read nowhere else."""
    mine = me.voices()
    if not mine:
        return ()
    newer = aliased(Ballot)
    rows = db.execute(
        select(Seat.poll_id, Seat.structure_id, Ballot.cast_at)
        .join(Ballot, Ballot.seat_id == Seat.id)
        .join(Poll, Poll.id == Seat.poll_id)
        .join(Dossier, Dossier.id == Poll.dossier_id)
        .where(
            Seat.structure_id.in_(list(mine)),
            Seat.recused_at.is_not(None),
            Dossier.structure_id.not_in({capacity.structure_id for capacity in me.capacities}),
            ~kept_away(me),
            ~select(newer.id).where(newer.seat_id == Seat.id, newer.version > Ballot.version).exists(),
        )
        .order_by(Ballot.cast_at.desc(), Seat.id)
    ).all()
    return tuple(KeptReceipt(row.poll_id, row.structure_id, mine[row.structure_id], row.cast_at) for row in rows)
