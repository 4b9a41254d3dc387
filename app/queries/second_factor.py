"""Whether somebody has a second factor, or should."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.models import STAFF_ROLES, Mandate, Person, SecondFactor


@dataclass(frozen=True)
class Doorstep:
    """What stands between a password and a session. `password` is its hash, to see whether it is still the same."""

    person_id: str
    email: str
    password: str | None
    in_team: bool
    confirmed: bool


@dataclass(frozen=True)
class Held:
    """A person's second factor, as her own page shows it."""

    since: datetime
    codes_left: int


def doorstep(db: Session, person_id: str, at: datetime) -> Doorstep | None:
    """What a person's way in asks for; nothing when her access has ended."""
    in_team = (
        select(Mandate.id)
        .where(
            Mandate.person_id == Person.id,
            Mandate.role.in_(STAFF_ROLES),
            Mandate.since <= at,
            or_(Mandate.until.is_(None), Mandate.until > at),
        )
        .exists()
    )
    row = db.execute(
        select(Person.id, Person.email, Person.password, in_team, SecondFactor.confirmed_at.is_not(None))
        .outerjoin(SecondFactor, SecondFactor.person_id == Person.id)
        .where(Person.id == person_id, Person.active)
    ).one_or_none()
    return Doorstep(row[0], row[1], row[2], bool(row[3]), bool(row[4])) if row else None


def second_factor(db: Session, person_id: str | None) -> Held | None:
    row = db.execute(
        select(SecondFactor.confirmed_at, SecondFactor.recovery).where(
            SecondFactor.person_id == person_id, SecondFactor.confirmed_at.is_not(None)
        )
    ).one_or_none()
    return Held(row.confirmed_at, len(row.recovery)) if row else None
