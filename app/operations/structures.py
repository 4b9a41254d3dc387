"""Structures of the network: registering one, and who may act for it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from stdnum.fr import siret as siret_number

from app.clock import Clock
from app.folding import folded
from app.models import STAFF_ROLES, Mandate, Person, Structure, Territory
from app.models.base import new_id
from workflows.refused import Refused


@dataclass(frozen=True)
class Ground:
    """A territory as somebody writes it: its kind, its name, and the INSEE code when it has one."""

    kind: str
    name: str
    code: str | None = None


def slug_of(name: str) -> str:
    """The words of a name, fit for an address."""
    words = "".join(sign if sign.isascii() and sign.isalnum() else " " for sign in folded(name)).split()
    return "-".join(words)[:80] or "structure"


def register_structure(
    db: Session,
    name: str,
    *,
    siret: str | None = None,
    grounds: Iterable[Ground] = (),
    about: str = "",
    contact: str = "",
    source: str = "",
    register: str = "live",
    collective_id: str | None = None,
    clock: Clock,
) -> Structure:
    """Register a structure; its SIRET may be absent while it is unborn.

    Raises `Refused`: `siret_malformed`, `siret_taken`.
    """
    at = clock()
    structure = Structure(
        id=new_id(),
        slug=free_slug(db, slug_of(name)),
        name=name.strip(),
        sort_key=folded(name.strip()),
        siret=checked_siret(db, siret),
        about=about.strip(),
        contact=contact.strip(),
        source=source.strip(),
        register=register,
        collective_id=collective_id,
        created_at=at,
    )
    db.add(structure)
    db.flush()
    db.add_all(
        Territory(structure_id=structure.id, kind=ground.kind, code=ground.code, name=ground.name) for ground in grounds
    )
    db.flush()
    return structure


def checked_siret(db: Session, written: str | None) -> str | None:
    """A SIRET with its key checked (Luhn), or none."""
    if not written or not written.strip():
        return None
    if not siret_number.is_valid(written):
        raise Refused("siret_malformed")
    number: str = siret_number.compact(written)
    if db.execute(select(Structure.id).where(Structure.siret == number)).scalar_one_or_none() is not None:
        raise Refused("siret_taken")
    return number


def free_slug(db: Session, slug: str) -> str:
    """The slug, or the slug with the next free number."""
    taken = set(db.execute(select(Structure.slug).where(Structure.slug.startswith(slug))).scalars())
    if slug not in taken:
        return slug
    return next(f"{slug}-{n}" for n in range(2, len(taken) + 3) if f"{slug}-{n}" not in taken)


def give_mandate(db: Session, person: Person, role: str, *, structure_id: str | None = None, at: datetime) -> Mandate:
    """Entitle a person to act, from now: for a structure, or in the team. What she holds already is not given twice.

    Nobody is on both sides. Raises `Refused`: `role_incompatible`, `unknown_role`.
    """
    db.execute(select(Person.id).where(Person.id == person.id).with_for_update(key_share=True)).one()
    held = db.execute(select(Mandate).where(Mandate.person_id == person.id, Mandate.until.is_(None))).scalars().all()
    in_team = role in STAFF_ROLES
    if any((other.role in STAFF_ROLES) != in_team for other in held):
        raise Refused("role_incompatible")
    if in_team != (structure_id is None):
        raise Refused("unknown_role")
    for known in held:
        if (known.role, known.structure_id) == (role, structure_id):
            return known
    mandate = Mandate(person_id=person.id, structure_id=structure_id, role=role, since=at)
    db.add(mandate)
    try:
        db.flush()
    except IntegrityError as error:
        raise Refused("unknown_role") from error
    return mandate


def end_mandate(db: Session, mandate_id: str, *, clock: Clock) -> str:
    """End a mandate now. Returns the person's identifier, whose sessions the caller ends in the same transaction."""
    at = clock()
    ended = db.execute(
        update(Mandate)
        .where(Mandate.id == mandate_id, Mandate.until.is_(None))
        .values(until=at)
        .returning(Mandate.person_id)
    ).scalar_one_or_none()
    if ended is None:
        raise Refused("gone")
    return ended
