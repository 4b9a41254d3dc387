"""The persons of a structure as they see one another, and the structures that nobody answers for any more."""

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import Session

from app.actor import SIGNING, Actor
from app.models import Dossier, Invitation, LabelVersion, Mandate, NetworkStatus, Person, Structure
from app.policies import Act, StructureScope, may
from app.queries.facts import facts_of
from app.queries.labels import label_of
from workflows.label import Label, Stage
from workflows.machine import possible
from workflows.requirements import AT_LEAST, Requirement, missing


@dataclass(frozen=True)
class Held:
    """What somebody does for a structure, and since when."""

    mandate_id: str
    role: str
    since: datetime


@dataclass(frozen=True)
class Colleague:
    """Somebody who acts for a structure. `invited_until` is the end of an invitation not taken up yet."""

    id: str
    name: str
    function: str
    email: str
    came: bool
    invited_until: datetime | None
    held: tuple[Held, ...]

    @property
    def binds(self) -> bool:
        return any(held.role in SIGNING for held in self.held)


@dataclass(frozen=True)
class Unfinished:
    """A dossier under way, and what its structure still has to give at this stage."""

    id: str
    reference: str
    stage: Stage
    lacks: tuple[Requirement, ...]


@dataclass(frozen=True)
class MyStructure:
    """A structure as its own people see it, with what is under way in its name."""

    id: str
    name: str
    scope: StructureScope
    people: tuple[Colleague, ...]
    unfinished: tuple[Unfinished, ...]

    @property
    def enough(self) -> bool:
        return len(self.people) >= AT_LEAST

    @property
    def bound(self) -> bool:
        return any(person.binds for person in self.people)

    def others(self, me: Actor) -> tuple[Colleague, ...]:
        return tuple(person for person in self.people if person.id != me.id)


@dataclass(frozen=True)
class Deserted:
    """A structure that nobody answers for any more, and its dossier if it has one."""

    id: str
    name: str
    dossier_id: str | None
    reference: str | None
    since: datetime


def my_structure(db: Session, me: Actor, structure_id: str, at: datetime) -> MyStructure | None:
    """A structure for one of its persons; nothing when there is none or when she does not act for it."""
    scope = StructureScope(structure_id)
    if not may(me, Act.SEE_PEOPLE, scope):
        return None
    name = next(held.structure for held in me.capacities if held.structure_id == structure_id)
    return MyStructure(structure_id, name, scope, people_of(db, structure_id, at), unfinished_of(db, structure_id))


def people_of(db: Session, structure_id: str, at: datetime) -> tuple[Colleague, ...]:
    """The active persons of a structure, in the order they came, in one statement."""
    last = (
        select(func.max(Invitation.expires_at))
        .where(Invitation.person_id == Person.id, Invitation.used_at.is_(None))
        .correlate(Person)
        .scalar_subquery()
    )
    rows = db.execute(
        select(Person, Mandate, last.label("invited_until"))
        .join(Mandate, Mandate.person_id == Person.id)
        .where(
            Mandate.structure_id == structure_id,
            Mandate.since <= at,
            or_(Mandate.until.is_(None), Mandate.until > at),
            Person.active,
        )
        .order_by(Person.created_at, Person.name, Person.id, Mandate.since, Mandate.role)
    ).all()
    found = []
    for person, lines in groupby(rows, lambda row: row.Person):
        mine = list(lines)
        came = person.password is not None or person.signed_in_at is not None
        held = tuple(Held(row.Mandate.id, row.Mandate.role, row.Mandate.since) for row in mine)
        found.append(
            Colleague(
                person.id,
                person.name,
                person.function,
                person.email,
                came,
                None if came else mine[0].invited_until,
                held,
            )
        )
    return tuple(found)


def unfinished_of(db: Session, structure_id: str) -> tuple[Unfinished, ...]:
    """The dossiers of a structure that have not come to their end: one for a label."""
    rows = db.execute(
        select(Dossier, LabelVersion)
        .join(LabelVersion, LabelVersion.id == Dossier.label_version_id)
        .where(Dossier.structure_id == structure_id)
        .order_by(Dossier.opened_at.desc())
    ).all()
    read = ((dossier, label_of(version)) for dossier, version in rows)
    return tuple(
        Unfinished(dossier.id, dossier.reference, label.stage(dossier.stage), lacks_of(db, dossier, label))
        for dossier, label in read
        if not label.stage(dossier.stage).final
    )


def lacks_of(db: Session, dossier: Dossier, label: Label) -> tuple[Requirement, ...]:
    """What a dossier lacks for what its structure is expected to do next."""
    facts = facts_of(db, dossier, commitments_accepted=True)
    expected = [move for move in possible(label, facts) if "structure" in label.hands(move) and move.tone == "main"]
    return tuple(lacking for move in expected for lacking in missing(label, move, facts))


def structures_without_anybody(db: Session, most: int = 20) -> tuple[Deserted, ...]:
    """The structures on their way, or holding the appellation, where nobody active holds a mandate any more.

    A structure that nobody was ever invited for is not one: it is new. The longest alone first, in one statement.
    """
    here = exists().where(
        Mandate.structure_id == Structure.id,
        Mandate.until.is_(None),
        Person.id == Mandate.person_id,
        Person.active,
    )
    since = (
        select(func.max(func.coalesce(Mandate.until, Mandate.since)))
        .where(Mandate.structure_id == Structure.id)
        .correlate(Structure)
        .scalar_subquery()
    )
    counted = exists().where(
        NetworkStatus.structure_id == Structure.id,
        NetworkStatus.until.is_(None),
        NetworkStatus.status.in_(("holder", "experimenting", "candidate")),
    )
    newest = (
        select(func.max(Dossier.opened_at)).where(Dossier.structure_id == Structure.id).correlate(Structure)
    ).scalar_subquery()
    rows = db.execute(
        select(Structure.id, Structure.name, Dossier, LabelVersion, since.label("since"))
        .outerjoin(Dossier, and_(Dossier.structure_id == Structure.id, Dossier.opened_at == newest))
        .outerjoin(LabelVersion, LabelVersion.id == Dossier.label_version_id)
        .where(~here, since.is_not(None), or_(Dossier.id.is_not(None), counted))
        .order_by(since, Structure.id)
    ).all()
    return tuple([deserted(row) for row in rows if not ended(row)][:most])


def ended(row: Any) -> bool:
    """Whether the newest dossier of a structure is closed: nobody is missed there."""
    return row.Dossier is not None and label_of(row.LabelVersion).stage(row.Dossier.stage).kind == "closed"


def deserted(row: Any) -> Deserted:
    dossier: Dossier | None = row.Dossier
    known, reference = (dossier.id, dossier.reference) if dossier else (None, None)
    return Deserted(row.id, row.name, known, reference, row.since)
