"""What one version of a label asks and another does not: for a dossier that is taken up again, years later."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from workflows.label import Criterion, Label, Piece, Text

Part = Criterion | Piece


@dataclass(frozen=True)
class Change:
    """A question or a piece that is new, is asked no more, or is asked otherwise."""

    what: Literal["new", "gone", "changed"]
    thing: Literal["question", "piece"]
    key: str
    name: Text


def changes(before: Label, after: Label) -> tuple[Change, ...]:
    """What changed between two versions: questions first, in the order of the newer, what is gone at the end."""
    return (
        *compared("question", before.criteria, after.criteria),
        *compared("piece", before.pieces, after.pieces),
    )


def compared(thing: Literal["question", "piece"], before: Iterable[Part], after: Iterable[Part]) -> Iterator[Change]:
    known, asked = {part.key: part for part in before}, {part.key: part for part in after}
    for key, part in asked.items():
        if key not in known:
            yield Change("new", thing, key, part.name)
        elif part != known[key]:
            yield Change("changed", thing, key, part.name)
    for key, part in known.items():
        if key not in asked:
            yield Change("gone", thing, key, part.name)
