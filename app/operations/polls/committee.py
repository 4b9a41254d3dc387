"""Who may vote: the structures that hold the appellation, computed from their status and never written by hand."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Dossier, LabelVersion, Link, NetworkStatus, Poll, Structure
from workflows import committee


def holders(db: Session, label: str, register: str) -> list[committee.Holder]:
    """The structures that hold a label now, in their public order, within one network.

    The register of public facts and the fictional network never meet in a committee.
    """
    rows = db.execute(
        select(Structure.id, Structure.collective_id, NetworkStatus.recorded_at)
        .join(NetworkStatus, NetworkStatus.structure_id == Structure.id)
        .where(
            NetworkStatus.label == label,
            NetworkStatus.status == "holder",
            NetworkStatus.until.is_(None),
            Structure.register == register,
        )
        .order_by(Structure.sort_key, Structure.id)
    ).all()
    return [committee.Holder(row.id, row.collective_id, since=row.recorded_at) for row in rows]


def last_links(db: Session, poll_id: str) -> dict[str, Link]:
    """The last declaration of each structure on a poll; what a person says of herself alone is not one."""
    rows = db.execute(
        select(Link).where(Link.poll_id == poll_id, Link.personal.is_(False)).order_by(Link.version)
    ).scalars()
    return {link.structure_id: link for link in rows}


def composition(db: Session, poll: Poll, at: datetime) -> tuple[committee.Seat, ...]:
    """The seats of a poll, were it opened at this moment: holders minus the candidate, the recused marked so."""
    dossier = db.get_one(Dossier, poll.dossier_id)
    candidate = db.get_one(Structure, dossier.structure_id)
    label = db.execute(select(LabelVersion.slug).where(LabelVersion.id == dossier.label_version_id)).scalar_one()
    return committee.composition(
        holders(db, label, candidate.register),
        candidate=candidate.id,
        collective=candidate.collective_id,
        links=declared(last_links(db, poll.id).values()),
        moment=at,
    )


def declared(links: Iterable[Link]) -> list[committee.Link]:
    """The declared links, as the rules know them."""
    return [committee.Link(link.structure_id, link.kind, hard=link.hard) for link in links if link.kind != "none"]
