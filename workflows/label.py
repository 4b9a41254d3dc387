"""A label, in one door: reading its definition, refused with the path of each fault; its parts by name."""

import json
import tomllib
from collections.abc import Iterable, Mapping

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from workflows.label_checks import find_faults
from workflows.label_faults import SENTENCES, Fault, Faults
from workflows.label_model import Label
from workflows.label_parts import (
    BACK,
    NOTICE_FIELDS,
    Commitment,
    Criterion,
    Entry,
    LinkKind,
    Named,
    Notice,
    Piece,
    Role,
    Stage,
    Step,
    Strand,
    Text,
    Transition,
    Words,
)

__all__ = [
    "BACK",
    "NOTICE_FIELDS",
    "Commitment",
    "Criterion",
    "Entry",
    "Fault",
    "Faults",
    "Label",
    "LinkKind",
    "Named",
    "Notice",
    "Piece",
    "Role",
    "Stage",
    "Step",
    "Strand",
    "Text",
    "Transition",
    "Words",
    "load",
]

LANGUAGES = {"fr": ("français", "French"), "en": ("anglais", "English")}
BOUNDS = ("gt", "ge", "lt", "le", "max_length")
SHOWN = 40
CODES = {
    "extra_forbidden": "unknown_field",
    "literal_error": "not_in_list",
    "enum": "not_in_list",
    "string_pattern_mismatch": "bad_key",
    "too_short": "empty",
    "string_too_short": "empty",
    "string_too_long": "out_of_bounds",
    "greater_than": "out_of_bounds",
    "greater_than_equal": "out_of_bounds",
}


def load(text: str) -> Label:
    """Read the TOML of a definition. Raises Faults with every fault found: first of form, then of sense."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Faults([Fault("", "not_toml", {"detail": str(error)})]) from None
    try:
        label = Label.model_validate_json(json.dumps(data, default=str), strict=True)
    except ValidationError as error:
        raise Faults(_read(detail, data) for detail in error.errors(include_url=False)) from None
    faults = tuple(find_faults(label))
    if faults:
        raise Faults(faults)
    return label


def _read(error: ErrorDetails, data: Mapping[str, object]) -> Fault:
    """What pydantic says of a value, as a fault with its path."""
    kind, last = error["type"], error["loc"][-1] if error["loc"] else ""
    path = _path(error["loc"], data)
    context = dict(error.get("ctx", {}))
    if last in LANGUAGES and kind in ("missing", "string_too_short"):
        french, english = LANGUAGES[str(last)]
        return Fault(path, "translation_missing", {"language_fr": french, "language_en": english})
    code = CODES.get(kind, kind if kind in SENTENCES else "invalid")
    bound = next((context[name] for name in BOUNDS if name in context), "")
    return Fault(path, code, {"got": _shown(error["input"]), "expected": "", "bound": bound, **context})


def _shown(value: object) -> str:
    said = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return said if len(said) <= SHOWN else said[: SHOWN - 1] + "…"


def _path(places: Iterable[int | str], data: object) -> str:
    """« stages[comite].says.en »: items of a list by their key where they have one, else counted from 1."""
    path = ""
    for place in places:
        if isinstance(place, int):
            data = data[place] if isinstance(data, list) and place < len(data) else None
            path += f"[{_called(data, place)}]"
        else:
            data = data.get(place) if isinstance(data, dict) else None
            path += f".{place}" if path else place
    return path


def _called(item: object, place: int) -> str:
    if isinstance(item, dict):
        return str(item.get("key", item.get("name") if isinstance(item.get("name"), str) else place + 1))
    return str(place + 1)
