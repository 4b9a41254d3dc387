"""The real register: public facts and their sources. No person, no dossier, no consultation and no address."""

import tomllib
from pathlib import Path

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.clock import Clock
from app.models import Collective, NetworkStatus, StructureName, Territory
from app.models.base import new_id
from app.operations.structures import Ground, register_structure
from workflows.label_parts import Part

REGISTER = Path(__file__).parent / "register.toml"
PUBLIC = "public"


class Place(Part):
    """A territory as its source writes it."""

    kind: str
    name: str
    code: str | None = None
    since: str | None = None


class Status(Part):
    """What a structure is in the network; a date is written as the source gives it, or left out."""

    status: str
    since: str | None = None
    until: str | None = None
    note: str = ""


class Known(Part):
    """A structure of the register, and the keys of its sources."""

    name: str
    sources: tuple[str, ...]
    statuses: tuple[Status, ...]
    grounds: tuple[Place, ...] = ()
    former: tuple[str, ...] = ()
    trade: tuple[str, ...] = ()
    collective: str | None = None


class Register(Part):
    """The whole file."""

    sources: dict[str, str]
    structures: tuple[Known, ...]


def read_register(path: Path = REGISTER) -> Register:
    return Register.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))


def load_register(db: Session, label: str, *, clock: Clock) -> int:
    """Write the register; returns how many structures it names."""
    register = read_register()
    names = dict.fromkeys(known.collective for known in register.structures)
    collectives = {name: write_collective(db, name) for name in names}
    for known in register.structures:
        source = " ; ".join(register.sources[key] for key in known.sources)
        write_known(db, known, label, source, collectives[known.collective], clock=clock)
    return len(register.structures)


def write_collective(db: Session, name: str | None) -> str | None:
    """The identifier of a collective written now; none for a structure that stands alone."""
    if name is None:
        return None
    made = Collective(id=new_id(), name=name)
    db.add(made)
    db.flush()
    return made.id


def write_known(db: Session, known: Known, label: str, source: str, collective: str | None, *, clock: Clock) -> None:
    """One structure with its names, its territories and its statuses."""
    structure = register_structure(
        db,
        known.name,
        grounds=[Ground(place.kind, place.name, place.code) for place in known.grounds],
        source=source,
        register=PUBLIC,
        collective_id=collective,
        clock=clock,
    )
    for place in known.grounds:
        if place.since:
            mine = update(Territory).where(Territory.structure_id == structure.id, Territory.name == place.name)
            db.execute(mine.values(since=place.since))
    names = [("former", name) for name in known.former] + [("trade", name) for name in known.trade]
    db.add_all(StructureName(structure_id=structure.id, kind=kind, name=name) for kind, name in names)
    db.add_all(
        NetworkStatus(structure_id=structure.id, label=label, recorded_at=clock(), **status.model_dump())
        for status in known.statuses
    )
    db.flush()
