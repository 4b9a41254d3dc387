"""The words of a page in the language it is read in: tests are written in French, and run in English too."""

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from babel.messages.pofile import read_po

from app.web.candidate.dossiers import fact

ROOT = Path(__file__).parent.parent.parent
CATALOGUE = ROOT / "app/translations/en/LC_MESSAGES/messages.po"
LABEL = ROOT / "workflows/labels/fabrique-a-initiatives.toml"
#: A sentence with fewer signs of its own would be found everywhere.
SAYING = 6
PLACE = re.compile(r"%\((\w+)\)s")

Pattern = tuple[re.Pattern[str], str]


@cache
def known() -> tuple[dict[str, str], list[Pattern]]:
    """Every sentence of the site and of the label with its English, and those that hold values, the longest first."""
    pairs = dict[str, str]()
    with CATALOGUE.open("rb") as file:
        for message in read_po(file):
            french = message.id if isinstance(message.id, tuple) else (message.id,)
            english = message.string if isinstance(message.string, tuple) else (message.string,)
            pairs |= dict(zip(french, english, strict=False))
    texts = of_the_label(tomllib.loads(LABEL.read_text()))
    pairs |= {fact(french)[0]: fact(english)[0] for french, english in texts} | dict(texts)
    shaped = sorted(
        (one for one in pairs if PLACE.search(one) and literal(one) >= SAYING), key=lambda one: -literal(one)
    )
    return pairs, [(pattern(one), pairs[one]) for one in shaped]


def literal(sentence: str) -> int:
    """How many of its signs are its own."""
    return len(PLACE.sub("", sentence))


def of_the_label(part: Any) -> list[tuple[str, str]]:
    """The texts of a definition, in both languages."""
    if isinstance(part, dict) and {"fr", "en"} <= part.keys():
        return [(part["fr"].strip(), part["en"].strip())]
    inside = part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
    return [pair for one in inside for pair in of_the_label(one)]


def pattern(sentence: str) -> re.Pattern[str]:
    """A sentence with places for its values, each named once."""
    named = set[str]()

    def place(found: re.Match[str]) -> str:
        name = found.group(1)
        if name in named:
            return f"(?P={name})"
        named.add(name)
        return f"(?P<{name}>.+)"

    parts = re.split(r"(%\(\w+\)s)", sentence)
    return re.compile("".join(PLACE.sub(place, one) if PLACE.fullmatch(one) else re.escape(one) for one in parts))


def in_english(words: str) -> str:
    """The English of what a page says in French; words of nobody's catalogue, such as names, stay as they are."""
    exact, shaped = known()
    if words in exact:
        return exact[words]
    for shape, english in shaped:
        if found := shape.fullmatch(words):
            return english % {name: in_english(value) for name, value in found.groupdict().items()}
    if " : " in words:
        return ": ".join(in_english(part) for part in words.split(" : "))
    return words
