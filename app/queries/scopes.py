"""What a permission needs to know of a dossier or of a poll, and nothing else."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Dossier, Instructor, LabelVersion, Link, NetworkStatus, Poll, Seat, Structure
from app.policies import Actor, DossierScope, PollScope


def dossier_scope(db: Session, dossier_id: str) -> DossierScope | None:
    """The scope of a dossier; nothing when there is none."""
    rows = db.execute(
        select(Dossier.structure_id, Instructor.person_id)
        .outerjoin(Instructor, Instructor.dossier_id == Dossier.id)
        .where(Dossier.id == dossier_id)
    ).all()
    if not rows:
        return None
    return DossierScope(rows[0].structure_id, frozenset(row.person_id for row in rows if row.person_id))


def poll_scope(db: Session, poll_id: str, me: Actor) -> PollScope | None:
    """The scope of a poll for one person: the state of each voice she may act for.

    Before the opening a voice is that of a holder that would have a seat; afterwards it is a seat of the frozen roll.
    """
    found = db.execute(
        select(Poll, Structure, LabelVersion.slug)
        .join(Dossier, Dossier.id == Poll.dossier_id)
        .join(LabelVersion, LabelVersion.id == Dossier.label_version_id)
        .join(Structure, Structure.id == Dossier.structure_id)
        .where(Poll.id == poll_id)
    ).one_or_none()
    if found is None:
        return None
    poll, candidate, label = found
    scope = dossier_scope(db, poll.dossier_id) or DossierScope(candidate.id)
    mine = list(me.voices())
    if not mine:
        return PollScope(scope)
    links = db.execute(
        select(Link.structure_id, Link.hard, Link.personal, Link.declared_by)
        .where(Link.poll_id == poll.id, Link.structure_id.in_(mine))
        .order_by(Link.version)
    ).all()
    kept_away = any(link.personal and link.declared_by == me.id for link in links)
    said = {link.structure_id: link.hard for link in links if not link.personal}
    recused = seated(db, poll, mine) if poll.opened_at else called(db, candidate, label, mine)
    voices = {
        structure: "recused" if out or said.get(structure) else ("elector" if structure in said else "called")
        for structure, out in recused.items()
    }
    return PollScope(scope, voices, kept_away=kept_away)


def seated(db: Session, poll: Poll, mine: list[str]) -> dict[str, bool]:
    """Each of these structures with a seat on the frozen roll, and whether it takes no part."""
    seats = db.execute(
        select(Seat.structure_id, Seat.recused_at).where(Seat.poll_id == poll.id, Seat.structure_id.in_(mine))
    ).all()
    return {seat.structure_id: seat.recused_at is not None for seat in seats}


def called(db: Session, candidate: Structure, label: str, mine: list[str]) -> dict[str, bool]:
    """Each of these structures that would have a seat, and whether its collective keeps it out."""
    rows = db.execute(
        select(Structure.id, Structure.collective_id)
        .join(NetworkStatus, NetworkStatus.structure_id == Structure.id)
        .where(
            Structure.id.in_(mine),
            Structure.id != candidate.id,
            Structure.register == candidate.register,
            NetworkStatus.label == label,
            NetworkStatus.status == "holder",
            NetworkStatus.until.is_(None),
        )
    ).all()
    group = candidate.collective_id
    return {row.id: group is not None and row.collective_id == group for row in rows}
