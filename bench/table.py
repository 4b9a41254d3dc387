"""The table that a run prints: a letter, its figure beside its floor, its goal and a verdict."""

from collections.abc import Iterable
from dataclasses import dataclass

REACHED, MISSED, NOT_YET, BESIDE = "reached", "missed", "« not yet »", ""


@dataclass(frozen=True)
class Line:
    """One figure of the run. `verdict` is empty for a figure that explains another."""

    letter: str
    figure: str
    goal: str = ""
    verdict: str = BESIDE


def judged(letter: str, figure: str, goal: str, reached: bool) -> Line:
    return Line(letter, figure, goal, REACHED if reached else MISSED)


def not_yet(letter: str, figure: str, goal: str) -> Line:
    return Line(letter, figure, goal, NOT_YET)


def printed(lines: Iterable[Line]) -> str:
    """The lines in columns as wide as they need."""
    rows = [("", "figure", "goal", "verdict"), *((one.letter, one.figure, one.goal, one.verdict) for one in lines)]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )
