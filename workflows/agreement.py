"""The second entry: what a structure and the awarder agree on, when it may be written, what a new version changes.

A label asks for it by the guard « agreement » on a transition. It is an agreement between two parties, never a rule:
nothing is recognised but what both have read and confirmed.
"""

import re
from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from workflows.label import Label, Step
from workflows.refused import Refused

MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
LONGEST_WORDS = 6000  # characters of what is recognised, or of what remains
LONGEST_STEP = 120  # characters of a step’s own name
MOST_STEPS = 20
MONTHS_AHEAD = 72


class Match(NamedTuple):
    """A step of the structure’s own method, beside a step of the label’s craft; None where it has no equal there."""

    own: str
    step: str | None


class Terms(NamedTuple):
    """What is agreed: what is recognised, what remains to be experimented, until which month (`2027-06`)."""

    recognised: str
    remaining: str
    until: str
    steps: tuple[Match, ...]

    def kept(self) -> dict[str, Any]:
        """As it is kept and hashed."""
        return {
            "recognised": self.recognised,
            "remaining": self.remaining,
            "until": self.until,
            "steps": [{"own": match.own, "step": match.step} for match in self.steps],
        }


def awaited_at(label: Label, stage: str) -> bool:
    """Whether a transition out of this stage waits for an agreement."""
    return any("agreement" in transition.guards for transition in label.exits.get(stage, ()))


def open_at(label: Label, stage: str, *, written: bool) -> bool:
    """Whether an agreement may be written at a stage: where it is awaited, and where it leads once there is one."""
    awaiting = [transition for transition in label.transitions if "agreement" in transition.guards]
    return awaited_at(label, stage) or (written and stage in {transition.target for transition in awaiting})


def terms(
    craft: Iterable[Step], *, recognised: str, remaining: str, until: str, steps: Iterable[tuple[str, str]], today: date
) -> Terms:
    """What somebody wrote, checked; a line of steps without a name is left out.

    Raises `Refused`: `recognised_missing`, `remaining_missing`, `month_missing`, `month_past`, `month_too_far`,
    `text_too_long`, `too_many_steps`, `unknown_step`.
    """
    recognised, remaining = recognised.strip(), remaining.strip()
    if not recognised:
        raise Refused("recognised_missing")
    if not remaining:
        raise Refused("remaining_missing")
    matches = tuple(Match(own.strip(), step or None) for own, step in steps if own.strip())
    refuse_long(recognised, remaining, matches)
    known = {step.key for step in craft}
    for match in matches:
        if match.step is not None and match.step not in known:
            raise Refused("unknown_step", step=match.step)
    return Terms(recognised, remaining, month(until, today), matches)


def refuse_long(recognised: str, remaining: str, matches: tuple[Match, ...]) -> None:
    if max(len(recognised), len(remaining)) > LONGEST_WORDS:
        raise Refused("text_too_long", limit=LONGEST_WORDS)
    if any(len(match.own) > LONGEST_STEP for match in matches):
        raise Refused("text_too_long", limit=LONGEST_STEP)
    if len(matches) > MOST_STEPS:
        raise Refused("too_many_steps", most=MOST_STEPS)


def month(written: str, today: date) -> str:
    """A month, this one or a later one; the rule of the house asks for six years ahead at most."""
    if not MONTH.fullmatch(written):
        raise Refused("month_missing")
    if written < f"{today:%Y-%m}":
        raise Refused("month_past")
    if written not in months(today):
        raise Refused("month_too_far")
    return written


def months(today: date) -> tuple[str, ...]:
    """The months that an agreement may run until, this one first."""
    first = today.year * 12 + today.month - 1
    return tuple(f"{index // 12}-{index % 12 + 1:02d}" for index in range(first, first + MONTHS_AHEAD))


def changed(before: Terms, after: Terms) -> tuple[str, ...]:
    """The parts that a version changes, by their names."""
    return tuple(name for name, old, new in zip(Terms._fields, before, after, strict=True) if old != new)


def unmatched(label: Label, agreed: Terms) -> tuple[str, ...]:
    """The steps of the craft that no step of the structure’s own stands beside."""
    beside = {match.step for match in agreed.steps}
    return tuple(step.key for step in label.steps if step.key not in beside)
