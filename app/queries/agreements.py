"""The agreement of a dossier: its versions, who wrote and confirmed each, what each changed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from app.actor import Actor
from app.models import Agreement, Dossier, LabelVersion, Person, Structure
from app.policies import Act, may
from app.queries.headings import Heading, opened
from app.queries.labels import label_of
from workflows.agreement import Match, Terms, awaited_at, changed, open_at, unmatched
from workflows.label import Label, Text
from workflows.label import Step as CraftStep


@dataclass(frozen=True)
class Word:
    """A confirmation: by whom, and when."""

    by: str
    at: datetime


@dataclass(frozen=True)
class Line:
    """A step of the structure’s own, and the step of the craft beside it; None where it is the structure’s alone."""

    own: str
    step: Text | None


@dataclass(frozen=True)
class Version:
    """One version; `changed` names the parts that it changed from the one before, `alone` the steps of the craft
    that none of the structure’s stands beside."""

    number: int
    terms: Terms
    lines: tuple[Line, ...]
    alone: tuple[Text, ...]
    changed: tuple[str, ...]
    written_by: str
    written_at: datetime
    structure: Word | None
    team: Word | None

    @property
    def agreed(self) -> bool:
        return self.structure is not None and self.team is not None


@dataclass(frozen=True)
class AgreementPage:
    """All versions, the newest first; `agreed` is the newest that both confirmed.

    `awaited`: the dossier waits for it at its stage; `open`: it may be written there.
    """

    heading: Heading
    awarder: Text
    steps: tuple[CraftStep, ...]
    versions: tuple[Version, ...]
    awaited: bool
    open: bool
    may_write: bool
    may_confirm: bool

    @property
    def newest(self) -> Version | None:
        return self.versions[0] if self.versions else None

    @property
    def agreed(self) -> Version | None:
        return next((version for version in self.versions if version.agreed), None)


@dataclass(frozen=True)
class ToConfirm:
    """A version that waits for the team’s word."""

    dossier_id: str
    reference: str
    structure: str
    version: int
    written_at: datetime


def agreement_page(db: Session, me: Actor, dossier_id: str) -> AgreementPage | None:
    """The agreement of a dossier, in two statements; nothing where it is not seen, or where its label has none."""
    found = opened(db, me, dossier_id)
    if found is None:
        return None
    versions = versions_of(db, dossier_id, found.label)
    stage, scope = found.dossier.stage, found.heading.scope
    open_now = open_at(found.label, stage, written=bool(versions))
    if not versions and not open_now:
        return None
    return AgreementPage(
        heading=found.heading,
        awarder=found.label.words.awarder,
        steps=found.label.steps,
        versions=versions,
        awaited=awaited_at(found.label, stage),
        open=open_now,
        may_write=open_now and may(me, Act.WRITE_AGREEMENT, scope),
        may_confirm=open_now and may(me, Act.CONFIRM_AGREEMENT, scope),
    )


def agreed_in_file(db: Session, dossier_id: str, label: Label) -> Version | None:
    """What was agreed, for those who read the file: the newest version that both sides confirmed."""
    return next((version for version in versions_of(db, dossier_id, label) if version.agreed), None)


def versions_of(db: Session, dossier_id: str, label: Label) -> tuple[Version, ...]:
    """Every version, the newest first, in one statement."""
    writer, structure, team = aliased(Person), aliased(Person), aliased(Person)
    rows = db.execute(
        select(Agreement, writer.name.label("writer"), structure.name.label("structure"), team.name.label("team"))
        .join(writer, writer.id == Agreement.written_by)
        .outerjoin(structure, structure.id == Agreement.structure_by)
        .outerjoin(team, team.id == Agreement.team_by)
        .where(Agreement.dossier_id == dossier_id)
        .order_by(Agreement.version)
    ).all()
    made: list[Version] = []
    for row in rows:
        made.append(version(label, row, made[-1].terms if made else None))
    return tuple(reversed(made))


def version(label: Label, row: Any, before: Terms | None) -> Version:
    kept = row.Agreement
    agreed = terms_of(kept)
    names = {step.key: step.name for step in label.steps}
    return Version(
        number=kept.version,
        terms=agreed,
        lines=tuple(Line(match.own, names.get(match.step or "")) for match in agreed.steps),
        alone=tuple(names[key] for key in unmatched(label, agreed)),
        changed=changed(before, agreed) if before else (),
        written_by=row.writer,
        written_at=kept.written_at,
        structure=Word(row.structure, kept.structure_at) if kept.structure_at else None,
        team=Word(row.team, kept.team_at) if kept.team_at else None,
    )


def terms_of(kept: Agreement) -> Terms:
    """What a row says, as the rules read it."""
    steps = tuple(Match(line["own"], line["step"]) for line in kept.steps)
    return Terms(kept.recognised, kept.remaining, kept.until, steps)


def agreements_to_confirm(db: Session) -> tuple[ToConfirm, ...]:
    """The newest version of each dossier where it waits for the team’s word, where it may still be given."""
    later = aliased(Agreement)
    newest = select(func.max(later.version)).where(later.dossier_id == Agreement.dossier_id).scalar_subquery()
    rows = db.execute(
        select(Dossier, Structure.name, Agreement, LabelVersion)
        .join(Agreement, Agreement.dossier_id == Dossier.id)
        .join(Structure, Structure.id == Dossier.structure_id)
        .join(LabelVersion, LabelVersion.id == Dossier.label_version_id)
        .where(Agreement.version == newest, Agreement.team_at.is_(None))
        .order_by(Agreement.written_at, Dossier.id)
    ).all()
    return tuple(
        ToConfirm(dossier.id, dossier.reference, structure, kept.version, kept.written_at)
        for dossier, structure, kept, label in rows
        if open_at(label_of(label), dossier.stage, written=True)
    )
