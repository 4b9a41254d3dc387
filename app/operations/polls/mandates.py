"""Who acts for whom, read again under the lock: an open tab keeps no right that has ended."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.actor import VOTING, Actor
from app.mail.notices import in_force
from app.models import Link, Mandate, Poll


def acts_for(db: Session, person: Actor, structure_id: str, at: datetime) -> bool:
    """Whether a person may act for a structure's voice at this moment."""
    held = select(Mandate.id).where(
        Mandate.person_id == person.id,
        Mandate.structure_id == structure_id,
        Mandate.role.in_(VOTING),
        in_force(at),
    )
    return db.execute(held.limit(1)).scalar_one_or_none() is not None


def attached(db: Session, person: Actor, poll: Poll, candidate_id: str, at: datetime) -> bool:
    """Whether a person is attached to the candidate, in whatever role, or said so herself: she acts for no voice."""
    held = select(Mandate.id).where(Mandate.person_id == person.id, Mandate.structure_id == candidate_id, in_force(at))
    own = (Link.poll_id == poll.id) & (Link.declared_by == person.id) & Link.personal
    said = select(Link.id).where(own, Link.kind != "none")
    return db.execute(held.union_all(said).limit(1)).scalar_one_or_none() is not None
