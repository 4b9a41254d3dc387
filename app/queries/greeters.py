"""Who answers first contacts, and what is promised to whoever asks."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from app.models import Greeter, Mandate, Person
from workflows.label import Label


@dataclass(frozen=True)
class Host:
    """The person of the team whose first name is promised; `phone` may be empty."""

    person_id: str
    name: str
    phone: str

    @property
    def first_name(self) -> str:
        return self.name.split()[0]


@dataclass(frozen=True)
class Welcome:
    """Who answers, and within how many working days: nobody by name and no delay where none was chosen."""

    host: Host | None
    days: int | None


@dataclass(frozen=True)
class Choice:
    """A person of the team who could answer first contacts."""

    person_id: str
    name: str
    phone: str


def promised_days(label: Label, entry: str = "") -> int | None:
    """The delay, in working days, announced for an answer: that of the entry's first stage.

    Whoever does not know her entry is promised the longest, so that the promise holds; none where a label has none.
    """
    known = [one for one in label.entries if one.key == entry] or label.entries
    delays = [label.stage(one.stage).working_days for one in known]
    return max((days for days in delays if days is not None), default=None)


def welcome(db: Session, label: Label, at: datetime, entry: str = "") -> Welcome:
    """What a label promises to who asks, in one statement."""
    return Welcome(host_of(db, label.slug, at), promised_days(label, entry))


def host_of(db: Session, label: str, at: datetime) -> Host | None:
    """Who answers first contacts for a label; nobody when she no longer follows dossiers."""
    row = db.execute(
        select(Person.id, Person.name, Person.phone)
        .join(Greeter, Greeter.person_id == Person.id)
        .join(Mandate, follows(at))
        .where(Greeter.label == label, Person.active)
        .limit(1)
    ).one_or_none()
    return Host(*row) if row else None


def choices(db: Session, at: datetime) -> tuple[Choice, ...]:
    """Everybody who follows dossiers now, in the order of their names."""
    rows = db.execute(
        select(Person.id, Person.name, Person.phone)
        .join(Mandate, follows(at))
        .where(Person.active)
        .distinct()
        .order_by(Person.name, Person.id)
    ).all()
    return tuple(Choice(*row) for row in rows)


def follows(at: datetime) -> ColumnElement[bool]:
    """The mandate of a person who follows dossiers at a moment, as a condition."""
    return and_(
        Mandate.person_id == Person.id,
        Mandate.role == "officer",
        Mandate.since <= at,
        or_(Mandate.until.is_(None), Mandate.until > at),
    )
