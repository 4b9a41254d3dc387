"""What would follow the end of an appellation, as the team reads it before it ends one."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import Session, aliased

from app.models import Appellation, Ballot, Dossier, LabelVersion, NetworkStatus, Poll, Seat, Structure


@dataclass(frozen=True)
class OpenVoice:
    """A consultation under way in which the structure has a voice, or would have one once it opens.

    An opinion already given is kept, flagged; a voice without one leaves the base.
    """

    poll_id: str
    candidate: str
    opened: bool
    taken_part: bool


@dataclass(frozen=True)
class Ending:
    """A structure that holds an appellation: since when, under which number, and its voices under way."""

    structure_id: str
    structure: str
    slug: str
    register: str
    label: str
    since: str | None
    number: str
    voices: tuple[OpenVoice, ...]


def ending(db: Session, structure_id: str) -> Ending | None:
    """What a structure holds now, in two statements; nothing when there is no such structure or it holds nothing."""
    row = db.execute(
        select(Structure, NetworkStatus.label, NetworkStatus.since, Appellation.number)
        .join(NetworkStatus, NetworkStatus.structure_id == Structure.id)
        .outerjoin(
            Appellation,
            and_(
                Appellation.structure_id == Structure.id,
                Appellation.label == NetworkStatus.label,
                Appellation.status == "active",
            ),
        )
        .where(Structure.id == structure_id, NetworkStatus.status == "holder", NetworkStatus.until.is_(None))
        .order_by(NetworkStatus.recorded_at)
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    structure: Structure = row[0]
    return Ending(
        structure_id=structure.id,
        structure=structure.name,
        slug=structure.slug,
        register=structure.register,
        label=row.label,
        since=row.since,
        number=row.number or "",
        voices=tuple(voice(one) for one in voices(db, structure, row.label)),
    )


def voices(db: Session, structure: Structure, label: str) -> list[Any]:
    """The consultations convened or open in which the structure takes part, the next to close first."""
    candidate = aliased(Structure)
    taken = exists().where(Ballot.seat_id == Seat.id)
    return list(
        db.execute(
            select(Poll.id, Poll.opened_at, candidate.name, taken.label("taken"))
            .join(Dossier, Dossier.id == Poll.dossier_id)
            .join(LabelVersion, LabelVersion.id == Dossier.label_version_id)
            .join(candidate, candidate.id == Dossier.structure_id)
            .outerjoin(Seat, and_(Seat.poll_id == Poll.id, Seat.structure_id == structure.id))
            .where(
                LabelVersion.slug == label,
                candidate.id != structure.id,
                candidate.register == structure.register,
                or_(
                    Poll.status == "convened",
                    and_(
                        Poll.status == "open",
                        Seat.id.is_not(None),
                        Seat.recused_at.is_(None),
                        Seat.ended_at.is_(None),
                    ),
                ),
            )
            .order_by(Poll.closes_at, Poll.id)
        ).all()
    )


def voice(row: Any) -> OpenVoice:
    return OpenVoice(row.id, row.name, opened=row.opened_at is not None, taken_part=bool(row.taken))
