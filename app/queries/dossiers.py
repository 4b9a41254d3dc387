"""The dossiers, as the team reads them: the list by stage with its ages, and what every page of one begins with."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, aliased

from app.models import Dossier, Instructor, LabelVersion, Person, Structure
from app.policies import DossierScope
from app.queries.keyset import Page, Where, read_page
from app.queries.labels import label_of, labels, waited
from app.queries.pipeline import is_late
from workflows.deadlines import due_date, overdue
from workflows.label import Label, Role, Stage, Text


@dataclass(frozen=True)
class Line:
    """One dossier of the list. `due` is the last day, in Paris, of the delay announced for its stage."""

    id: str
    reference: str
    structure: str
    stage: Text
    since: datetime
    opened_at: datetime
    waits_for: Role | None
    officer: str
    due: date | None
    late: bool


@dataclass(frozen=True)
class DossierList:
    """A page of the list, with the stages one may ask for."""

    lines: Page[Line]
    stages: tuple[tuple[str, Text], ...]
    entries: tuple[tuple[str, Text], ...]
    stage: Text | None


@dataclass(frozen=True)
class Narrowed:
    """Which dossiers to list: those that one person follows, those of one entry, those that are late at their stage."""

    officer_id: str | None = None
    entry: str = ""
    late: bool = False


EVERY = Narrowed()


def dossier_list(
    db: Session, at: datetime, *, stage: str, search: str, where: Where, narrowed: Narrowed = EVERY
) -> DossierList:
    """Dossiers by stage, the oldest in it first; of all stages, the newest first. Two statements."""
    versions = labels(db)
    entries = {one.key: one.name for label in reversed(versions.values()) for one in label.entries}
    names = stage_names(versions)
    asked = columns()
    if search:
        asked = asked.where(
            or_(
                Structure.sort_key.contains(search, autoescape=True),
                Dossier.reference.startswith(search, autoescape=True),
            )
        )
    if narrowed.officer_id is not None:
        asked = asked.where(Dossier.officer_id == narrowed.officer_id)
    if narrowed.entry in entries:
        asked = asked.where(Dossier.entry == narrowed.entry)
    if narrowed.late:
        asked = asked.where(is_late(versions, at))
    if stage in names:
        page = read_page(db, asked.where(Dossier.stage == stage), Dossier.stage_since, Dossier.id, where)
    else:
        page = read_page(db, asked, Dossier.opened_at, Dossier.id, where, descending=True)
    lines = tuple(line(row, versions[row.label_version_id], at) for row in page.items)
    listed = Page(lines, page.previous, page.next)
    return DossierList(listed, tuple(names.items()), tuple(entries.items()), names.get(stage))


def columns() -> Any:
    """What a line of the list shows of a dossier."""
    officer = aliased(Person)
    return (
        select(
            Dossier.id,
            Dossier.reference,
            Dossier.stage,
            Dossier.stage_since,
            Dossier.opened_at,
            Dossier.label_version_id,
            Structure.name.label("structure"),
            officer.name.label("officer"),
        )
        .join(Structure, Structure.id == Dossier.structure_id)
        .outerjoin(officer, officer.id == Dossier.officer_id)
    )


def stage_names(versions: dict[str, Label]) -> dict[str, Text]:
    """The stages of all published versions, in the order and the words of the newest."""
    names: dict[str, Text] = {}
    for label in reversed(versions.values()):
        for stage in label.stages:
            names.setdefault(stage.key, stage.name)
    return names


def line(row: Any, label: Label, at: datetime) -> Line:
    stage = label.stage(row.stage)
    due, late = announced(stage, row.stage_since, at)
    return Line(
        row.id,
        row.reference,
        row.structure,
        stage.name,
        row.stage_since,
        row.opened_at,
        waited(label, stage),
        row.officer or "",
        due,
        late,
    )


def announced(stage: Stage, since: datetime, at: datetime) -> tuple[date | None, bool]:
    """The last day of the delay a stage announces, if any, and whether it has passed."""
    if not stage.working_days:
        return None, False
    return due_date(since, stage.working_days), overdue(since, stage.working_days, at)


@dataclass(frozen=True)
class Head:
    """What every page of a dossier begins with."""

    id: str
    reference: str
    structure_id: str
    structure: str
    label: Label
    stage: Stage
    since: datetime
    opened_at: datetime
    entry: Text
    officer: str
    scope: DossierScope


def head_of(db: Session, dossier_id: str) -> tuple[Head, Dossier] | None:
    """A dossier with its structure, its label and those who instructed it, in one statement."""
    officer = aliased(Person)
    rows = db.execute(
        select(Dossier, Structure.name, LabelVersion, officer.name, Instructor.person_id)
        .join(Structure, Structure.id == Dossier.structure_id)
        .join(LabelVersion, LabelVersion.id == Dossier.label_version_id)
        .outerjoin(officer, officer.id == Dossier.officer_id)
        .outerjoin(Instructor, Instructor.dossier_id == Dossier.id)
        .where(Dossier.id == dossier_id)
    ).all()
    if not rows:
        return None
    dossier, structure, version, name, _ = rows[0]
    label = label_of(version)
    found = Head(
        id=dossier.id,
        reference=dossier.reference,
        structure_id=dossier.structure_id,
        structure=structure,
        label=label,
        stage=label.stage(dossier.stage),
        since=dossier.stage_since,
        opened_at=dossier.opened_at,
        entry=label.entry(dossier.entry).name,
        officer=name or "",
        scope=DossierScope(dossier.structure_id, frozenset(row[4] for row in rows if row[4])),
    )
    return found, dossier
