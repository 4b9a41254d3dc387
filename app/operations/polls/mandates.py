"""Who acts for whom, read again under the lock: an open tab keeps no right that has ended."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.mail.notices import in_force
from app.models import Mandate
from app.policies import VOTING, Actor


def acts_for(db: Session, person: Actor, structure_id: str, at: datetime) -> bool:
    """Whether a person may act for a structure's voice at this moment."""
    held = select(Mandate.id).where(
        Mandate.person_id == person.id,
        Mandate.structure_id == structure_id,
        Mandate.role.in_(VOTING),
        in_force(at),
    )
    return db.execute(held.limit(1)).scalar_one_or_none() is not None


def attached(db: Session, person: Actor, candidate_id: str, at: datetime) -> bool:
    """Whether a person is attached to the candidate, in whatever role: she acts for no voice on its dossier."""
    held = select(Mandate.id).where(Mandate.person_id == person.id, Mandate.structure_id == candidate_id, in_force(at))
    return db.execute(held.limit(1)).scalar_one_or_none() is not None
