"""The structures of the network and the team, with who may act for each, as the team reads them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, literal, null, select, union_all
from sqlalchemy.orm import Session, aliased

from app.models import (
    Collective,
    Dossier,
    Invitation,
    LabelVersion,
    Mandate,
    NetworkStatus,
    Person,
    Structure,
    StructureName,
    Territory,
)
from app.queries.keyset import Page, Where, read_page
from app.queries.labels import current_version, label_of, labels
from workflows.label import Entry, Text

CHOICES = 500
PUBLIC = "public"


@dataclass(frozen=True)
class StructureLine:
    """A structure in the list: `status` is what it is in the network now, `ground` one of its territories."""

    id: str
    name: str
    status: str
    since: str | None
    ground: str


def structure_list(db: Session, *, search: str, where: Where) -> Page[StructureLine]:
    """Structures in French order, a page at a time, in one statement."""
    current = select(NetworkStatus).where(NetworkStatus.until.is_(None)).subquery()
    status, since = (
        select(current.c[name])
        .where(current.c.structure_id == Structure.id)
        .order_by(current.c.recorded_at.desc())
        .limit(1)
        .scalar_subquery()
        for name in ("status", "since")
    )
    ground = select(func.min(Territory.name)).where(Territory.structure_id == Structure.id).scalar_subquery()
    asked = select(
        Structure.id,
        Structure.name,
        Structure.sort_key,
        status.label("status"),
        since.label("since"),
        ground.label("ground"),
    )
    if search:
        asked = asked.where(Structure.sort_key.contains(search, autoescape=True))
    page = read_page(db, asked, Structure.sort_key, Structure.id, where)
    lines = tuple(StructureLine(row.id, row.name, row.status or "", row.since, row.ground or "") for row in page.items)
    return Page(lines, page.previous, page.next)


@dataclass(frozen=True)
class MandateLine:
    """A right to act, in force or ended. `invited_until` is the end of the last invitation of who has not come in."""

    id: str
    person_id: str
    name: str
    function: str
    email: str
    role: str
    since: datetime
    until: datetime | None
    came: bool
    invited_until: datetime | None


@dataclass(frozen=True)
class GroundLine:
    kind: str
    code: str
    name: str


@dataclass(frozen=True)
class StatusLine:
    """What the structure was in the network, between two dates known to the year, the month or the day."""

    status: str
    since: str | None
    until: str | None


@dataclass(frozen=True)
class DossierLine:
    id: str
    reference: str
    stage: Text
    closed: bool


@dataclass(frozen=True)
class StructurePage:
    """One structure with its people and its dossiers."""

    id: str
    name: str
    siret: str
    about: str
    contact: str
    source: str
    register: str
    collective: str
    created_at: datetime
    names: tuple[tuple[str, str], ...]
    grounds: tuple[GroundLine, ...]
    statuses: tuple[StatusLine, ...]
    mandates: tuple[MandateLine, ...]
    ended: tuple[MandateLine, ...]
    dossiers: tuple[DossierLine, ...]

    @property
    def can_open(self) -> bool:
        """Whether a dossier may be opened for it: none under way, no appellation, and not a mere public fact."""
        under_way = any(not dossier.closed for dossier in self.dossiers)
        holds = any(line.status == "holder" and line.until is None for line in self.statuses)
        return not under_way and not holds and self.register != PUBLIC


def structure_page(db: Session, structure_id: str, at: datetime) -> StructurePage | None:
    """A structure, in four statements."""
    row = db.execute(
        select(Structure, Collective.name)
        .outerjoin(Collective, Collective.id == Structure.collective_id)
        .where(Structure.id == structure_id)
    ).one_or_none()
    if row is None:
        return None
    structure, collective = row
    known = facts(db, structure_id)
    mandates = mandate_lines(db, structure_id)
    return StructurePage(
        id=structure.id,
        name=structure.name,
        siret=structure.siret or "",
        about=structure.about,
        contact=structure.contact,
        source=structure.source,
        register=structure.register,
        collective=collective or "",
        created_at=structure.created_at,
        names=tuple((fact.what, fact.name) for fact in known if fact.kind == "name"),
        grounds=tuple(GroundLine(fact.what, fact.one or "", fact.name) for fact in known if fact.kind == "ground"),
        statuses=tuple(StatusLine(fact.what, fact.one, fact.two) for fact in known if fact.kind == "status"),
        mandates=tuple(line for line in mandates if in_force(line, at)),
        ended=tuple(line for line in mandates if not in_force(line, at)),
        dossiers=dossier_lines(db, structure_id),
    )


def in_force(line: MandateLine, at: datetime) -> bool:
    return line.since <= at and (line.until is None or line.until > at)


def facts(db: Session, structure_id: str) -> list[Any]:
    """Other names, territories and statuses, in one statement, the latest status first."""
    nothing = literal(None, StructureName.until.type)
    names = select(
        literal("name").label("kind"),
        StructureName.kind.label("what"),
        StructureName.name.label("name"),
        StructureName.until.label("one"),
        nothing.label("two"),
    ).where(StructureName.structure_id == structure_id)
    grounds = select(literal("ground"), Territory.kind, Territory.name, Territory.code, nothing).where(
        Territory.structure_id == structure_id
    )
    statuses = select(
        literal("status"), NetworkStatus.status, literal(""), NetworkStatus.since, NetworkStatus.until
    ).where(NetworkStatus.structure_id == structure_id)
    rows = db.execute(union_all(names, grounds, statuses)).all()
    return sorted(rows, key=lambda row: (row.kind != "status" or row.two is None, row.one or ""), reverse=True)


def mandate_lines(db: Session, structure_id: str | None) -> tuple[MandateLine, ...]:
    """The rights to act for a structure, or in the team, with each person's access."""
    last = (
        select(func.max(Invitation.expires_at))
        .where(Invitation.person_id == Person.id, Invitation.used_at.is_(None))
        .scalar_subquery()
    )
    rows = db.execute(
        select(
            Mandate.id,
            Mandate.person_id,
            Mandate.role,
            Mandate.since,
            Mandate.until,
            Person.name,
            Person.function,
            Person.email,
            Person.password.is_not(null()).label("came"),
            last.label("invited_until"),
        )
        .join(Person, Person.id == Mandate.person_id)
        .where(Mandate.structure_id == structure_id if structure_id else Mandate.structure_id.is_(None))
        .order_by(Mandate.since, Mandate.id)
    ).all()
    return tuple(
        MandateLine(
            id=row.id,
            person_id=row.person_id,
            name=row.name,
            function=row.function,
            email=row.email,
            role=row.role,
            since=row.since,
            until=row.until,
            came=bool(row.came),
            invited_until=None if row.came else row.invited_until,
        )
        for row in rows
    )


def dossier_lines(db: Session, structure_id: str) -> tuple[DossierLine, ...]:
    """The structure's dossiers, the newest first."""
    rows = db.execute(
        select(Dossier, LabelVersion)
        .join(LabelVersion, LabelVersion.id == Dossier.label_version_id)
        .where(Dossier.structure_id == structure_id)
        .order_by(Dossier.opened_at.desc(), Dossier.id)
    ).all()
    return tuple(
        DossierLine(dossier.id, dossier.reference, stage.name, stage.kind == "closed")
        for dossier, version in rows
        for stage in (label_of(version).stage(dossier.stage),)
    )


def team(db: Session, at: datetime) -> tuple[MandateLine, ...]:
    """The team: who holds a role in it now, in one statement."""
    return tuple(line for line in mandate_lines(db, None) if in_force(line, at))


@dataclass(frozen=True)
class Opening:
    """What opening a dossier asks to choose from: the label's entries, and the structures that have none under way."""

    entries: tuple[Entry, ...]
    structures: tuple[tuple[str, str], ...]


def opening(db: Session, slug: str) -> Opening | None:
    """The choices of a new dossier, in three statements; nothing while no version of the label is published."""
    version = current_version(db, slug)
    if version is None:
        return None
    closed = {s.key for one in labels(db).values() if one.slug == slug for s in one.stages if s.kind == "closed"}
    other = aliased(LabelVersion)
    under_way = (
        select(Dossier.id)
        .join(other, other.id == Dossier.label_version_id)
        .where(Dossier.structure_id == Structure.id, other.slug == slug, Dossier.stage.not_in(closed))
        .exists()
    )
    holds = (
        select(NetworkStatus.id)
        .where(
            NetworkStatus.structure_id == Structure.id,
            NetworkStatus.label == slug,
            NetworkStatus.status == "holder",
            NetworkStatus.until.is_(None),
        )
        .exists()
    )
    rows = db.execute(
        select(Structure.id, Structure.name)
        .where(Structure.register != PUBLIC, ~under_way, ~holds)
        .order_by(Structure.sort_key, Structure.id)
        .limit(CHOICES)
    ).all()
    return Opening(label_of(version).entries, tuple((row.id, row.name) for row in rows))
