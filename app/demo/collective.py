"""The joint file of the fictional collective: six structures, one of which holds, and one that goes on alone."""

import tomllib
from datetime import datetime
from functools import partial
from pathlib import Path

from app.demo.plan import Deed, office_hour
from app.demo.play import Play
from app.operations.joint import Joining, leave_joint_file, open_joint_file
from workflows.label_parts import Part

COLLECTIVE = Path(__file__).parent / "collective.toml"
ENTRY = "creation"


class Leave(Part):
    """A structure that leaves the joint file, and its word."""

    structure: str
    by: str
    ago: int
    note: str


class Collected(Part):
    """A collective, the structures of its joint file, and those that leave it."""

    collective: str
    structures: tuple[str, ...]
    by: str
    ago: int
    leaves: tuple[Leave, ...] = ()


def read_collective() -> Collected:
    return Collected.model_validate(tomllib.loads(COLLECTIVE.read_text(encoding="utf-8")))


def collective_deeds(now: datetime) -> list[Deed]:
    """What the collective does, the oldest first."""
    told = read_collective()
    opening = Deed(office_hour(now, told.ago, 1), partial(open_together, told=told))
    return [opening, *(Deed(office_hour(now, one.ago, 2), partial(leave, told=one)) for one in told.leaves)]


def open_together(play: Play, told: Collected) -> None:
    chosen = [play.structures[key] for key in told.structures]
    by = play.actor(told.by)
    open_joint_file(play.db, told.collective, chosen, Joining(play.version, ENTRY), by=by, clock=play.clock)


def leave(play: Play, told: Leave) -> None:
    dossier, by = play.dossiers[told.structure], play.actor(told.by)
    leave_joint_file(play.db, dossier, words=told.note, by=by, clock=play.clock)
