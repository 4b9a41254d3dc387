"""The public figures of the network: each with the year it describes, and where it was published."""

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from workflows.label import Text

FILE = Path(__file__).parent.parent / "data" / "network_figures.toml"


@dataclass(frozen=True)
class Figure:
    """A number and what it counts, its reference year in the name."""

    name: Text
    value: int


@dataclass(frozen=True)
class Figures:
    """Figures of one publication, about the network of one label."""

    label: str
    figures: tuple[Figure, ...]
    source: str
    url: str


@lru_cache(maxsize=1)
def network_figures() -> Figures:
    """What was published of the network, read once."""
    read = tomllib.loads(FILE.read_text(encoding="utf-8"))
    figures = tuple(Figure(Text(**one["name"]), one["value"]) for one in read["figures"])
    return Figures(read["label"], figures, read["source"]["title"], read["source"]["url"])
