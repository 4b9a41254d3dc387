"""One poll and those of the past, as the members of the committee see them.

Nothing here reads another structure's ballot, nor how many there are.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, aliased

from app.models import Ballot, Decision, Dossier, LabelVersion, Link, Poll, Seat, Structure
from app.policies import Actor
from app.queries.keyset import Page, Where, read_page
from app.queries.labels import label_of
from app.queries.voices import Voice, voice_of, voices_asked
from workflows.label import Label
from workflows.voting import Phase, Rule, phase

PAST = ("notified", "cancelled")


@dataclass(frozen=True)
class PollHeading:
    """What every page of a poll says first. `phase` is the poll's at the moment of reading."""

    id: str
    dossier_id: str
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
    def alive(self) -> bool:
        """Links may still be declared."""
        return self.phase in ("convened", "open")


@dataclass(frozen=True)
class PastPoll:
    """A poll whose decision is notified, or that was cancelled, and what one's own structures said.

    `decision` is there for those who may read the result alone.
    """

    id: str
    candidate: str
    ended_at: datetime
    cancelled: bool
    decision: str | None
    voices: tuple[Voice, ...]

    @property
    def readable(self) -> bool:
        return not self.cancelled and any(voice.state == "elector" for voice in self.voices)


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


def heading(db: Session, poll_id: str, at: datetime) -> PollHeading | None:
    """The head of a poll's pages, in one statement."""
    row = db.execute(
        select(Poll, Structure, Dossier.reference, LabelVersion)
        .join(Dossier, Dossier.id == Poll.dossier_id)
        .join(LabelVersion, LabelVersion.id == Dossier.label_version_id)
        .join(Structure, Structure.id == Dossier.structure_id)
        .where(Poll.id == poll_id)
    ).one_or_none()
    if row is None:
        return None
    poll, candidate, reference, version = row
    return PollHeading(
        id=poll.id,
        dossier_id=poll.dossier_id,
        candidate_id=candidate.id,
        candidate=candidate.name,
        about=candidate.about,
        reference=reference,
        round=poll.round,
        phase=phase_of(poll, at),
        convened_at=poll.convened_at,
        opens_at=poll.opens_at,
        closes_at=poll.closes_at,
        closed_at=poll.closed_at,
        rule=Rule.model_validate_json(poll.rule),
        rule_digest=poll.rule_digest,
        label=label_of(version),
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
    voices = voices_in(db, mine, [row.id for row in page.items])
    found = (
        PastPoll(
            id=row.id,
            candidate=row.name,
            ended_at=end_of(row.closes_at, row.closed_at),
            cancelled=row.status == "cancelled",
            decision=row.outcome,
            voices=tuple(voices[row.id]),
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
    return select(Link.id).where(Link.poll_id == Poll.id, Link.personal, Link.declared_by == me.id).exists()


def voices_in(db: Session, mine: dict[str, str], polls: list[str]) -> dict[str, list[Voice]]:
    """The voices of some structures in some opened polls."""
    found: dict[str, list[Voice]] = defaultdict(list)
    rows = db.execute(
        voices_asked()
        .where(Poll.id.in_(polls), Structure.id.in_(list(mine)), Seat.recused_at.is_(None), Seat.id.is_not(None))
        .order_by(Structure.sort_key)
    ).all()
    for row in rows:
        found[row.poll_id].append(voice_of(row, mine[row.structure_id], "elector" if row.kind else "called"))
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
