"""Answers of every kind: what somebody sends becomes what is stored, and what is stored becomes what is read.

A text, a number, a date or a choice is stored as it is; several choices, partners and territories as canonical JSON.
Nothing given is stored as nothing at all.
"""

import json
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import NamedTuple, cast

from workflows.label_model import Label
from workflows.label_parts import Criterion, Named, Text
from workflows.ledger import canonical
from workflows.refused import Refused

LONGEST_TEXT = 20_000  # characters
LONGEST_LINE = 300  # characters
MOST_ROWS = 40
MOST_DIGITS = 9
FIRST_YEAR, LAST_YEAR = 1900, 2100
NUMBER = re.compile(r"-?[0-9]+")
DAY = re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})")
FRENCH_DAY = re.compile(r"(?P<day>[0-9]{1,2})/(?P<month>[0-9]{1,2})/(?P<year>[0-9]{4})")
MONTH = re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})")
FRENCH_MONTH = re.compile(r"(?P<month>[0-9]{1,2})/(?P<year>[0-9]{4})")

Row = tuple[str, str]
Raw = str | tuple[str, ...] | tuple[Row, ...]


class Value(NamedTuple):
    """What is stored of an answer; `words` counts those of a text, and is 1 for anything else that was given."""

    stored: str
    words: int


class Said(NamedTuple):
    """An answer to be read: `text` has paragraphs, `date` is a day or a month in ISO, `list` has one thing a line."""

    shape: str
    lines: tuple[Text | str, ...]


def as_written(text: str) -> str:
    """A text as it is kept: composed letters, plain line ends, nothing around it. Raises `Refused("text_too_long")`."""
    kept = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if len(kept) > LONGEST_TEXT:
        raise Refused("text_too_long", limit=LONGEST_TEXT)
    return kept


def one_line(text: str) -> str:
    """A text of one line. Raises `Refused("text_too_long")`."""
    kept = " ".join(unicodedata.normalize("NFC", text).split())
    if len(kept) > LONGEST_LINE:
        raise Refused("text_too_long", limit=LONGEST_LINE)
    return kept


def words_of(text: str) -> int:
    """How many words a text counts: what stands between two spaces, signs alone left out."""
    return sum(any(sign.isalnum() for sign in word) for word in text.split())


def counted(criterion: Criterion, stored: str) -> int:
    """The words of a stored text; 1 for anything else that was given, 0 for nothing."""
    return words_of(stored) if criterion.worded else int(bool(stored))


def read(label: Label, criterion: Criterion, raw: Raw) -> Value:
    """What is stored of an answer as it was sent.

    Raises `Refused`: `answer_malformed`, `text_too_long`, `number_malformed`, `number_too_small`, `number_too_big`,
    `date_malformed`, `month_malformed`, `choice_unknown`, `partner_type_unknown`, `partner_name_missing`,
    `territory_kind_unknown`, `territory_name_missing`, `too_many_rows`.
    """
    return READERS[criterion.kind](label, criterion, raw)


def _scalar(raw: Raw) -> str:
    if not isinstance(raw, str):
        raise Refused("answer_malformed")
    return raw


def _given(stored: str) -> Value:
    return Value(stored, 1 if stored else 0)


def _text(_label: Label, _criterion: Criterion, raw: Raw) -> Value:
    kept = as_written(_scalar(raw))
    return Value(kept, words_of(kept))


def _line(_label: Label, _criterion: Criterion, raw: Raw) -> Value:
    kept = one_line(_scalar(raw))
    return Value(kept, words_of(kept))


def _number(_label: Label, criterion: Criterion, raw: Raw) -> Value:
    """An integer; spaces between its digits, as people type them, count for nothing."""
    typed = "".join(_scalar(raw).split())
    if not typed:
        return _given("")
    if not NUMBER.fullmatch(typed):
        raise Refused("number_malformed")
    most = 10**MOST_DIGITS - 1
    low = -most if criterion.minimum is None else criterion.minimum
    high = most if criterion.maximum is None else criterion.maximum
    digits = typed.lstrip("-0")
    if len(digits) > MOST_DIGITS:
        raise Refused("number_too_small", minimum=low) if typed[0] == "-" else Refused("number_too_big", maximum=high)
    number = int(typed)
    if number < low:
        raise Refused("number_too_small", minimum=low)
    if number > high:
        raise Refused("number_too_big", maximum=high)
    return _given(str(number))


def _date(_label: Label, _criterion: Criterion, raw: Raw) -> Value:
    typed = _scalar(raw).strip()
    return _given(_calendar(typed, (DAY, FRENCH_DAY), "date_malformed").isoformat() if typed else "")


def _month(_label: Label, _criterion: Criterion, raw: Raw) -> Value:
    typed = _scalar(raw).strip()
    return _given(_calendar(typed, (MONTH, FRENCH_MONTH), "month_malformed").isoformat()[:7] if typed else "")


def _calendar(typed: str, shapes: tuple[re.Pattern[str], ...], code: str) -> date:
    found = next((match for shape in shapes if (match := shape.fullmatch(typed))), None)
    if found is None:
        raise Refused(code)
    parts = {name: int(value) for name, value in found.groupdict().items()}
    try:
        day = date(parts["year"], parts["month"], parts.get("day", 1))
    except ValueError as error:
        raise Refused(code) from error
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise Refused(code)
    return day


def _choice(_label: Label, criterion: Criterion, raw: Raw) -> Value:
    chosen = _scalar(raw)
    if chosen and chosen not in _keys(criterion.options):
        raise Refused("choice_unknown")
    return _given(chosen)


def _choices(_label: Label, criterion: Criterion, raw: Raw) -> Value:
    """Several options, kept in the order of the definition whatever the order they came in."""
    if isinstance(raw, str) or not all(isinstance(one, str) for one in raw):
        raise Refused("answer_malformed")
    chosen, known = set(raw), _keys(criterion.options)
    if chosen - set(known):
        raise Refused("choice_unknown")
    return _given(_json([key for key in known if key in chosen]))


def _partners(label: Label, _criterion: Criterion, raw: Raw) -> Value:
    return _rows(label.partner_types, raw, unknown="partner_type_unknown", unnamed="partner_name_missing")


def _territories(label: Label, _criterion: Criterion, raw: Raw) -> Value:
    return _rows(label.territory_kinds, raw, unknown="territory_kind_unknown", unnamed="territory_name_missing")


def _rows(kinds: tuple[Named, ...], raw: Raw, *, unknown: str, unnamed: str) -> Value:
    """Lines of a kind and a name. Empty lines are left out, and so is one that says what another has said."""
    if isinstance(raw, str) or not all(isinstance(one, tuple) and len(one) == 2 for one in raw):
        raise Refused("answer_malformed")
    rows = [(kind, one_line(name)) for kind, name in cast(tuple[Row, ...], raw)]
    kept = list(dict.fromkeys(row for row in rows if any(row)))
    if len(kept) > MOST_ROWS:
        raise Refused("too_many_rows", limit=MOST_ROWS)
    known = _keys(kinds)
    for kind, name in kept:
        if not name:
            raise Refused(unnamed)
        if kind not in known:
            raise Refused(unknown, name=name)
    return _given(_json([list(row) for row in kept]))


def _keys(named: tuple[Named, ...]) -> tuple[str, ...]:
    return tuple(each.key for each in named)


def _json(values: Sequence[str | list[str]]) -> str:
    return canonical(list(values)).decode() if values else ""


READERS: Mapping[str, Callable[[Label, Criterion, Raw], Value]] = {
    "text": _text,
    "line": _line,
    "number": _number,
    "date": _date,
    "month": _month,
    "choice": _choice,
    "choices": _choices,
    "partners": _partners,
    "territories": _territories,
}


def given(criterion: Criterion, stored: str) -> Raw:
    """A stored answer as its form shows it again: what `read` would store as the same."""
    match criterion.kind:
        case "choices":
            return _listed(stored) or ()
        case "partners" | "territories":
            return rows_of(stored) or ()
        case _:
            return stored


def typed(raw: Raw) -> str:
    """An answer as it is being typed, whole or not, in a form that `given` shows again."""
    return raw if isinstance(raw, str) else _json([one if isinstance(one, str) else list(one) for one in raw])


def said(label: Label, criterion: Criterion, stored: str) -> Said:
    """A stored answer as it is read. What was written under another kind of question is shown as it is."""
    if not stored:
        return Said("text", ())
    match criterion.kind:
        case "number":
            unit = criterion.unit
            return Said("list", (Text(fr=f"{stored} {unit.fr}", en=f"{stored} {unit.en}") if unit else stored,))
        case "date" | "month" if any(shape.fullmatch(stored) for shape in (DAY, MONTH)):
            return Said("date", (stored,))
        case "choice":
            return Said("list", (_name(criterion.options, stored),))
        case "choices" if (chosen := _listed(stored)) is not None:
            return Said("list", tuple(_name(criterion.options, key) for key in chosen))
        case "partners" | "territories" if (rows := rows_of(stored)) is not None:
            kinds = label.partner_types if criterion.kind == "partners" else label.territory_kinds
            return Said("list", tuple(_named_row(kinds, row) for row in rows))
        case _:
            return Said("text", (stored,))


def types_in(stored: str) -> int:
    """How many kinds the lines of a stored list have, each counted once."""
    return len({kind for kind, _name in rows_of(stored) or ()})


def rows_of(stored: str) -> tuple[Row, ...] | None:
    """The lines of a stored list of partners or territories; none where it is no such list."""
    rows = tuple((row[0], row[1]) for row in _parsed(stored) if isinstance(row, list) and len(row) == 2)
    whole = len(rows) == len(_parsed(stored)) and all(isinstance(one, str) for row in rows for one in row)
    return rows if rows and whole else None


def _listed(stored: str) -> tuple[str, ...] | None:
    keys = tuple(key for key in _parsed(stored) if isinstance(key, str))
    return keys if keys and len(keys) == len(_parsed(stored)) else None


def _parsed(stored: str) -> list[object]:
    try:
        found = json.loads(stored) if stored.startswith("[") else []
    except (ValueError, RecursionError):
        return []
    return found if isinstance(found, list) else []


def _name(named: tuple[Named, ...], key: str) -> Text | str:
    return next((each.name for each in named if each.key == key), key)


def _named_row(kinds: tuple[Named, ...], row: Row) -> Text:
    kind = _name(kinds, row[0])
    kind = kind if isinstance(kind, Text) else Text(fr=kind, en=kind)
    return Text(fr=f"{row[1]} ({kind.fr})", en=f"{row[1]} ({kind.en})")
