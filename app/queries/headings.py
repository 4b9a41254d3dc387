"""The head of every page of one dossier: whose it is, where it stands, under which label, who follows it."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.actor import Actor
from app.models import Dossier, LabelVersion, Person, Structure
from app.policies import Act, DossierScope, may
from app.queries.labels import label_of
from app.queries.scopes import dossier_scope
from workflows.label import Label, Stage


@dataclass(frozen=True)
class Heading:
    """What the pages of a dossier say first: `officer` follows it for the team; `again`, one came before."""

    id: str
    reference: str
    structure: str
    stage: Stage
    officer: str | None
    version: int
    scope: DossierScope
    officer_phone: str = ""
    officer_email: str = ""
    again: bool = False


@dataclass(frozen=True)
class Opened:
    """A dossier that somebody may see, for the queries alone."""

    dossier: Dossier
    label: Label
    heading: Heading


def opened(db: Session, me: Actor, dossier_id: str) -> Opened | None:
    """A dossier, in one statement; nothing when there is none or when this person may not see it."""
    row = db.execute(
        select(Dossier, Structure.name, LabelVersion, Person)
        .join(Structure, Structure.id == Dossier.structure_id)
        .join(LabelVersion, LabelVersion.id == Dossier.label_version_id)
        .outerjoin(Person, Person.id == Dossier.officer_id)
        .where(Dossier.id == dossier_id)
    ).one_or_none()
    if row is None:
        return None
    dossier, structure, version, officer = row
    scope = scope_for(db, me, dossier)
    if not may(me, Act.SEE_DOSSIER, scope):
        return None
    label = label_of(version)
    heading = Heading(
        dossier.id,
        dossier.reference,
        structure,
        label.stage(dossier.stage),
        officer.name if officer else None,
        version.number,
        scope,
        officer.phone if officer else "",
        officer.email if officer else "",
        again=dossier.previous_id is not None,
    )
    return Opened(dossier, label, heading)


def scope_for(db: Session, me: Actor, dossier: Dossier) -> DossierScope:
    """What a permission needs to know of a dossier already read: who instructed it matters to an arbiter alone."""
    whole = dossier_scope(db, dossier.id) if "arbiter" in me.staff else None
    return whole or DossierScope(dossier.structure_id)
