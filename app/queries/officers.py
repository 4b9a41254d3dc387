"""Who follows a dossier, and to whom it may be entrusted."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.actor import Actor
from app.models import Mandate, Person
from app.queries.headings import Heading, opened


@dataclass(frozen=True)
class HandOver:
    """A dossier, and the officers who do not follow it yet: identifier and name, in the order of names."""

    heading: Heading
    officers: tuple[tuple[str, str], ...]


def handing_over(db: Session, me: Actor, dossier_id: str, at: datetime) -> HandOver | None:
    """A dossier and those it may be entrusted to; nothing where it is not seen."""
    found = opened(db, me, dossier_id)
    if found is None:
        return None
    rows = db.execute(
        select(Person.id, Person.name)
        .join(Mandate, Mandate.person_id == Person.id)
        .where(
            Mandate.role == "officer",
            Mandate.since <= at,
            or_(Mandate.until.is_(None), Mandate.until > at),
            Person.active,
            Person.id != (found.dossier.officer_id or ""),
        )
        .distinct()
        .order_by(Person.name, Person.id)
    ).all()
    return HandOver(found.heading, tuple((row.id, row.name) for row in rows))
