"""A person's own page: what she may do, for whom, and where she is signed in."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.actor import Actor
from app.models import Mandate, Structure, WebSession
from app.queries.second_factor import Held, second_factor


@dataclass(frozen=True)
class Right:
    """A mandate in force."""

    role: str
    structure: str | None
    since: datetime


@dataclass(frozen=True)
class Opened:
    """A session of hers, known by the hash of its cookie, which opens nothing."""

    id: str
    since: datetime
    seen_at: datetime
    here: bool
    browser: str


@dataclass(frozen=True)
class Account:
    name: str
    email: str
    zone: str
    locale: str
    mandates: tuple[Right, ...]
    sessions: tuple[Opened, ...]
    second_factor: Held | None


def account(db: Session, me: Actor, at: datetime, *, here: str, idle: timedelta) -> Account:
    """The page of the person asking; `here` is the session she reads it with."""
    mandates = db.execute(
        select(Mandate.role, Mandate.since, Structure.name)
        .outerjoin(Structure, Structure.id == Mandate.structure_id)
        .where(Mandate.person_id == me.id, Mandate.since <= at, or_(Mandate.until.is_(None), Mandate.until > at))
        .order_by(Structure.sort_key, Mandate.role)
    ).all()
    sessions = db.execute(
        select(WebSession.id, WebSession.created_at, WebSession.seen_at, WebSession.data)
        .where(WebSession.person_id == me.id, WebSession.expires_at > at, WebSession.seen_at >= at - idle)
        .order_by(WebSession.seen_at.desc(), WebSession.id)
    ).all()
    return Account(
        name=me.name,
        email=me.email,
        zone=me.zone,
        locale=me.locale,
        mandates=tuple(Right(row.role, row.name, row.since) for row in mandates),
        sessions=tuple(
            Opened(row.id, row.created_at, row.seen_at, row.id == here, str(row.data.get("browser", "")))
            for row in sessions
        ),
        second_factor=second_factor(db, me.id),
    )
