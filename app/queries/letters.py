"""What a letter tells: the few facts of a poll, a dossier or an invitation that its words need."""

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from app.models import (
    Collective,
    Dossier,
    Entry,
    Invitation,
    JointFile,
    LabelVersion,
    Mandate,
    Person,
    Poll,
    SignInLink,
    Structure,
)
from app.queries.labels import label_of
from workflows.label import Label


@dataclass(frozen=True)
class PollTold:
    """A poll, as those it calls are told of it: never a choice, never a count."""

    id: str
    candidate: str
    opens_at: datetime
    closes_at: datetime


@dataclass(frozen=True)
class DossierTold:
    """A dossier, as its letters speak of it; `officer` is empty when nobody follows it."""

    id: str
    reference: str
    structure: str
    officer: str
    label: Label


@dataclass(frozen=True)
class JointTold:
    """A joint file, as its letters speak of it."""

    reference: str
    collective: str


@dataclass(frozen=True)
class Arrival:
    """Where the step that a letter tells led to, and when."""

    stage: str
    at: datetime


@dataclass(frozen=True)
class OfficerTold:
    """Who follows a dossier from now on, and how to reach her."""

    name: str
    phone: str
    email: str


def officer_told(db: Session, person_id: str) -> OfficerTold:
    row = db.execute(select(Person.name, Person.phone, Person.email).where(Person.id == person_id)).one()
    return OfficerTold(row.name, row.phone or "", row.email)


def poll_told(db: Session, poll_id: str) -> PollTold:
    row = db.execute(
        select(Poll.id, Structure.name, Poll.opens_at, Poll.closes_at)
        .join(Dossier, Dossier.id == Poll.dossier_id)
        .join(Structure, Structure.id == Dossier.structure_id)
        .where(Poll.id == poll_id)
    ).one()
    return PollTold(*row)


def dossier_told(db: Session, dossier_id: str) -> DossierTold:
    officer = aliased(Person)
    row = db.execute(
        select(Dossier.id, Dossier.reference, Structure.name, officer.name, LabelVersion)
        .join(Structure, Structure.id == Dossier.structure_id)
        .join(LabelVersion, LabelVersion.id == Dossier.label_version_id)
        .outerjoin(officer, officer.id == Dossier.officer_id)
        .where(Dossier.id == dossier_id)
    ).one()
    return DossierTold(row[0], row[1], row[2], row[3] or "", label_of(row[4]))


def joint_told(db: Session, joint_id: str) -> JointTold:
    row = db.execute(
        select(JointFile.reference, Collective.name)
        .join(Collective, Collective.id == JointFile.collective_id)
        .where(JointFile.id == joint_id)
    ).one()
    return JointTold(*row)


def arrival(db: Session, entry_id: str) -> Arrival:
    """The stage that a journal entry led to: a passage says it, so does an opening."""
    entry = db.get_one(Entry, entry_id)
    said = json.loads(entry.body)
    return Arrival(said.get("to") or said["stage"], entry.at)


def examination_ends(db: Session, dossier_id: str) -> datetime:
    """The end of a dossier's newest poll."""
    ends = select(Poll.closes_at).where(Poll.dossier_id == dossier_id).order_by(Poll.round.desc()).limit(1)
    return db.execute(ends).scalar_one()


def structure_named(db: Session, structure_id: str) -> str:
    return db.execute(select(Structure.name).where(Structure.id == structure_id)).scalar_one()


@dataclass(frozen=True)
class DepartureTold:
    """Somebody who no longer acts for a structure, and how many persons still do."""

    name: str
    persons: int


def departure_told(db: Session, mandate_id: str) -> DepartureTold:
    name, structure = db.execute(
        select(Person.name, Mandate.structure_id)
        .join(Mandate, Mandate.person_id == Person.id)
        .where(Mandate.id == mandate_id)
    ).one()
    left = (
        select(func.count(Mandate.person_id.distinct()))
        .join(Person, Person.id == Mandate.person_id)
        .where(Mandate.structure_id == structure, Mandate.until.is_(None), Person.active)
    )
    return DepartureTold(name, db.execute(left).scalar_one())


def hash_of(db: Session, entry_id: str) -> str:
    """The hash of an entry, which its receipt carries."""
    return db.execute(select(Entry.hash).where(Entry.id == entry_id)).scalar_one()


def invitation_sent(db: Session, invitation_id: str) -> Invitation:
    return db.get_one(Invitation, invitation_id)


def sign_in_asked(db: Session, link_id: str) -> SignInLink:
    """The link that a letter carries."""
    return db.get_one(SignInLink, link_id)


def person_named(db: Session, person_id: str) -> str:
    return db.execute(select(Person.name).where(Person.id == person_id)).scalar_one()
