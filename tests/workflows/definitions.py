"""The two definitions the tests read, and the way to break them: change the data, write it again as TOML."""

import copy
import json
import tomllib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from workflows.label import Label, load

Data = dict[str, Any]
ROOT = Path(__file__).parents[2]
FABRIQUE = (ROOT / "workflows/labels/fabrique-a-initiatives.toml").read_text(encoding="utf-8")
VILLAGE = (ROOT / "tests/labels/village-remarquable.toml").read_text(encoding="utf-8")


@cache
def fabrique() -> Label:
    return load(FABRIQUE)


@cache
def village() -> Label:
    return load(VILLAGE)


def changed(change: Callable[[Data], object], text: str = FABRIQUE) -> str:
    """The text of a definition after a change made to its data."""
    data = copy.deepcopy(tomllib.loads(text))
    change(data)
    return written(data)


def written(data: Data) -> str:
    return "".join(f"{key} = {_value(value)}\n" for key, value in data.items())


def _value(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {_value(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_value(item) for item in value) + "]"
    return json.dumps(value).replace("NaN", "nan")


def one(parts: list[Data], key: str) -> Data:
    """The part of that key, or the transition of that name, in a definition's data."""
    return next(part for part in parts if named(part) == key)


def named(part: Data) -> str:
    return str(part.get("key") or part["name"])


def stage(data: Data, key: str) -> Data:
    return one(data["stages"], key)


def move(data: Data, name: str) -> Data:
    return one(data["transitions"], name)
