"""What the files of the fictional network say: who there is, and what each dossier went through.

Every `ago` is a number of days before the loading; days off are moved back to the working day before them.
"""

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import Field

from app.demo.register import Place
from workflows.answers import Raw
from workflows.label_parts import Part, Text

HERE = Path(__file__).parent
FICTIONAL = HERE / "fictional.toml"
DOSSIERS = HERE / "dossiers"


class Body(Part):
    """A fictional structure. `holder_since` and `number` are those of a founding holder."""

    key: str
    name: str
    ago: int
    about: str = ""
    contact: str = ""
    trade: str | None = None
    collective: str | None = None
    holder_since: str | None = None
    number: str | None = None
    grounds: tuple[Place, ...] = ()


class Right(Part):
    """A mandate: for a structure, or in the team when there is none; `note` is for whoever takes over."""

    role: str
    structure: str | None = None
    ago: int
    left: int | None = None
    note: str = ""


class Someone(Part):
    """A fictional person. One who has not `arrived` never opened her invitation.

    `situation` says what there is to try as her; `first` invites to it, for the few that a visitor begins with.
    """

    key: str
    name: str
    email: str
    function: str
    zone: str = "Europe/Paris"
    locale: str = "fr"
    arrived: bool = True
    phone: str = ""
    mandates: tuple[Right, ...]
    situation: Text | None = None
    first: Text | None = None


class Asked(Part):
    """A reserve: what is promised, by whom, and in how many days."""

    promise: str
    owner: str
    days: int


class Step(Part):
    """One act on a dossier: a transition of the label, or `open`, `write`, `file`, `tick`, `committee`, `record`…

    An exchange (`say`) has its `kind`, is `shared` with the structure or not, and comes back `again` days later.
    """

    ago: int
    do: str
    by: str = ""
    note: str = ""
    letter: str = ""
    outcome: str = ""
    only: tuple[str, ...] = ()
    promises: tuple[Asked, ...] = ()
    lacks: dict[str, str] = Field(default_factory=dict)
    kind: Literal["call", "mail", "meeting", "note"] = "note"
    shared: bool = False
    again: int | None = None


class OwnStep(Part):
    """A step of a structure’s own method, beside a step of the craft where there is one."""

    own: str
    step: str = ""


class Agreed(Part):
    """The terms of a second entry; what remains is experimented for so many `months` after they are written."""

    recognised: str
    remaining: str
    months: int
    steps: tuple[OwnStep, ...] = ()


class Said(Part):
    """What one voice does in a consultation: its link, then its opinion when it gives one."""

    voice: str
    by: str
    choice: Literal["for", "reserves", "against", "abstention"] | None = None
    reasons: str = ""
    link: str = "none"
    words: str = ""


class Committee(Part):
    """A consultation. It opens `opens` working days after the convening and lasts `days` at least."""

    opens: int
    days: int
    voices: tuple[Said, ...] = ()


class Way(Part):
    """A dossier and its history. Pieces that are not written here say what every piece of their kind says."""

    structure: str
    entry: Literal["creation", "a_posteriori"] = "creation"
    steps: tuple[Step, ...]
    answers: dict[str, Raw] = Field(default_factory=dict)
    pieces: dict[str, str] = Field(default_factory=dict)
    committee: Committee | None = None
    agreement: Agreed | None = None


class Sheet(Part):
    """What every piece of one kind says, for a structure."""

    title: str
    file: str
    text: str


class Network(Part):
    """The structures and persons of the fictional network."""

    collectives: tuple[str, ...]
    structures: tuple[Body, ...]
    people: tuple[Someone, ...]
    sheets: dict[str, Sheet]


@lru_cache(maxsize=1)
def read_network() -> Network:
    return Network.model_validate(tomllib.loads(FICTIONAL.read_text(encoding="utf-8")))


@lru_cache(maxsize=1)
def read_ways() -> tuple[Way, ...]:
    """The dossiers, one file each, in the order of their names."""
    paths = sorted(DOSSIERS.glob("*.toml"))
    return tuple(Way.model_validate(tomllib.loads(path.read_text(encoding="utf-8"))) for path in paths)


def situations() -> dict[str, Text]:
    """What there is to try as each person, by address: for the page where a visitor chooses who to be."""
    return {person.email: person.situation for person in read_network().people if person.situation}


def invitations() -> dict[str, Text]:
    """The few to begin with, by address, in their order."""
    return {person.email: person.first for person in read_network().people if person.first}
