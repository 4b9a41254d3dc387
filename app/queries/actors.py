"""Who is asking: a person with every mandate she holds now, in one statement."""

from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from app.actor import Actor, Capacity
from app.models import STAFF_ROLES, Mandate, Person, Structure


def actor(db: Session, person_id: str, at: datetime) -> Actor | None:
    """A person as policies know her; nobody when her access has ended."""
    in_force = and_(
        Mandate.person_id == Person.id, Mandate.since <= at, or_(Mandate.until.is_(None), Mandate.until > at)
    )
    rows = db.execute(
        select(
            Person.id,
            Person.name,
            Person.email,
            Person.locale,
            Person.zone,
            Mandate.role,
            Mandate.structure_id,
            Structure.name.label("structure"),
        )
        .outerjoin(Mandate, in_force)
        .outerjoin(Structure, Structure.id == Mandate.structure_id)
        .where(Person.id == person_id, Person.active)
        .order_by(Structure.sort_key, Mandate.role)
    ).all()
    if not rows:
        return None
    first = rows[0]
    return Actor(
        id=first.id,
        name=first.name,
        email=first.email,
        locale=first.locale,
        zone=first.zone,
        staff=frozenset(row.role for row in rows if row.role in STAFF_ROLES),
        capacities=tuple(Capacity(row.structure_id, row.structure, row.role) for row in rows if row.structure_id),
    )
