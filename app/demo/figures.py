"""The published figures of the network, each with the date it is true of and the page that gives it."""

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Literal

from workflows.label_parts import Part, Text

FIGURES = Path(__file__).parent / "figures.toml"


class Figure(Part):
    """One published total. `at` is `2022` or `2022-06`; `about` says how exact its page claims to be.

    Source: the public pages named in each `source`; nothing is computed here.
    """

    key: str
    value: int
    at: str
    source: str
    label: Text
    about: Literal["exact", "more_than", "nearly", "about"] = "exact"


@lru_cache(maxsize=1)
def figures() -> tuple[Figure, ...]:
    """Every published figure, in the order of the file."""
    written = tomllib.loads(FIGURES.read_text(encoding="utf-8"))["figures"]
    return tuple(Figure.model_validate(each) for each in written)
