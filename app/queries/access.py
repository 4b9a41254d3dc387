"""Who knocks at the door: the password of an address, an invitation, and the fictional persons of a demonstration."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from app.actor import Actor
from app.models import STAFF_ROLES, Invitation, Mandate, NetworkStatus, Person, Structure


@dataclass(frozen=True)
class Credentials:
    """What a password is checked against; nobody when the address is unknown or its access has ended."""

    person_id: str | None = None
    password: str | None = None


@dataclass(frozen=True)
class Invited:
    """An invitation, as its page shows it. `nonce` proves its link and is shown nowhere."""

    id: str
    nonce: str
    person_id: str
    name: str
    email: str
    structures: tuple[str, ...]
    expires_at: datetime
    used: bool


@dataclass(frozen=True)
class Role:
    """One part a person plays, for a structure or in the team; `status` is what the structure is in the network."""

    person_id: str
    name: str
    email: str
    role: str
    structure: str | None
    status: str


def credentials(db: Session, email: str) -> Credentials:
    """The password of a canonical address."""
    row = db.execute(select(Person.id, Person.password).where(Person.email == email, Person.active)).one_or_none()
    return Credentials(row.id, row.password) if row else Credentials()


def password_of(db: Session, person_id: str | None) -> str | None:
    """The password of somebody signed in, to be asked again."""
    return db.execute(select(Person.password).where(Person.id == person_id, Person.active)).scalar_one_or_none()


def invitation(db: Session, invitation_id: str, at: datetime) -> Invited | None:
    """An invitation to somebody whose access has not ended, with the structures she acts for."""
    rows = db.execute(
        select(Invitation, Person.name, Person.email, Structure.name.label("structure"))
        .join(Person, Person.id == Invitation.person_id)
        .outerjoin(Mandate, and_(Mandate.person_id == Person.id, _in_force(at)))
        .outerjoin(Structure, Structure.id == Mandate.structure_id)
        .where(Invitation.id == invitation_id, Person.active)
        .order_by(Structure.sort_key)
    ).all()
    if not rows:
        return None
    found: Invitation = rows[0].Invitation
    return Invited(
        id=found.id,
        nonce=found.nonce,
        person_id=found.person_id,
        name=rows[0].name,
        email=rows[0].email,
        structures=tuple(dict.fromkeys(row.structure for row in rows if row.structure)),
        expires_at=found.expires_at,
        used=found.used_at is not None,
    )


def holds_appellation(db: Session, me: Actor) -> bool:
    """Whether one of the structures somebody acts for has the appellation now."""
    mine = [capacity.structure_id for capacity in me.capacities]
    held = select(NetworkStatus.id).where(
        NetworkStatus.structure_id.in_(mine), NetworkStatus.status == "holder", NetworkStatus.until.is_(None)
    )
    return bool(mine) and db.execute(held.limit(1)).scalar_one_or_none() is not None


def fictional_roles(db: Session, at: datetime) -> tuple[Role, ...]:
    """Every part that a fictional person plays now: the team first, then the structures in their public order."""
    status = (
        select(NetworkStatus.status)
        .where(NetworkStatus.structure_id == Structure.id, NetworkStatus.until.is_(None))
        .order_by(NetworkStatus.recorded_at.desc())
        .limit(1)
        .scalar_subquery()
    )
    rows = db.execute(
        select(
            Person.id,
            Person.name,
            Person.email,
            Mandate.role,
            Structure.name.label("structure"),
            status.label("status"),
        )
        .join(Mandate, and_(Mandate.person_id == Person.id, _in_force(at)))
        .outerjoin(Structure, Structure.id == Mandate.structure_id)
        .where(Person.fictional, Person.active)
        .order_by(Mandate.role.in_(STAFF_ROLES).desc(), Structure.sort_key, Structure.id, Person.name, Mandate.role)
    ).all()
    return tuple(Role(row.id, row.name, row.email, row.role, row.structure, row.status or "") for row in rows)


def is_fictional(db: Session, person_id: str) -> bool:
    """Whether a person was made for the demonstration, to play a part, and her access has not ended.

    Who only asked a question there plays none.
    """
    part = select(Mandate.id).where(Mandate.person_id == Person.id).exists()
    asked = select(Person.id).where(Person.id == person_id, Person.fictional, Person.active, part)
    return db.execute(asked).scalar_one_or_none() is not None


def _in_force(at: datetime) -> ColumnElement[bool]:
    return and_(Mandate.since <= at, or_(Mandate.until.is_(None), Mandate.until > at))
