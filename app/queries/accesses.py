"""How somebody comes in, for those who administer the site: never a password, an address of hers or a code."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.models import Mandate, Person, SecondFactor, Structure, WebSession


@dataclass(frozen=True)
class Access:
    """A person's way in. `removal_by` is the identifier of who asked to take her second factor away."""

    person_id: str
    name: str
    email: str
    active: bool
    opened: bool
    signed_in_at: datetime | None
    sessions: int
    factor_since: datetime | None
    removal_by: str | None
    removal_by_name: str
    removal_at: datetime | None
    roles: tuple[tuple[str, str | None], ...]

    @property
    def in_team(self) -> bool:
        return any(structure is None for _role, structure in self.roles)


def access(db: Session, person_id: str, at: datetime, *, idle: timedelta) -> Access | None:
    """The access of one person, in two statements."""
    asker = aliased(Person)
    live = and_(WebSession.person_id == Person.id, WebSession.expires_at > at, WebSession.seen_at >= at - idle)
    sessions = select(func.count()).select_from(WebSession).where(live).scalar_subquery()
    row = db.execute(
        select(Person, SecondFactor, asker.name.label("asker"), sessions.label("sessions"))
        .outerjoin(SecondFactor, SecondFactor.person_id == Person.id)
        .outerjoin(asker, asker.id == SecondFactor.removal_by)
        .where(Person.id == person_id)
    ).one_or_none()
    if row is None:
        return None
    person, factor = row.Person, row.SecondFactor
    return Access(
        person_id=person.id,
        name=person.name,
        email=person.email,
        active=person.active,
        opened=person.password is not None,
        signed_in_at=person.signed_in_at,
        sessions=row.sessions,
        factor_since=factor.confirmed_at if factor else None,
        removal_by=factor.removal_by if factor else None,
        removal_by_name=row.asker or "",
        removal_at=factor.removal_at if factor else None,
        roles=roles(db, person_id, at),
    )


def roles(db: Session, person_id: str, at: datetime) -> tuple[tuple[str, str | None], ...]:
    """What she does now: (role, structure), no structure for the team."""
    rows = db.execute(
        select(Mandate.role, Structure.name)
        .outerjoin(Structure, Structure.id == Mandate.structure_id)
        .where(Mandate.person_id == person_id, Mandate.since <= at, or_(Mandate.until.is_(None), Mandate.until > at))
        .order_by(Structure.sort_key, Mandate.role)
    ).all()
    return tuple((row.role, row.name) for row in rows)
