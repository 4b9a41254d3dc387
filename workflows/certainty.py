"""Certainty: whether the ballots still to come can change an outcome."""

from dataclasses import replace

from workflows.rule import Rule
from workflows.tally import Tally
from workflows.verdict import Outcome, verdict


def certain(
    rule: Rule, tally: Tally, *, seats: int, recused: int, remaining: int, round: int = 1, present: int | None = None
) -> Outcome | None:
    """The outcome that no ballot of the `remaining` seats can change, or None.

    Nobody is thought to change a ballot already cast. Every test of a verdict is monotone in each kind of ballot, so
    the corners answer for all that lies between them: none of the rest votes, or all of them say the same thing.
    `present` is a sitting's attendance, as for a verdict; without it, in a window, each ballot to come is a presence.
    """
    corners = [tally, *(replace(tally, **{kind: getattr(tally, kind) + remaining}) for kind in _columns(rule))]
    outcomes = {
        verdict(rule, corner, seats=seats, recused=recused, present=present, round=round).outcome for corner in corners
    }
    return outcomes.pop() if len(outcomes) == 1 else None


def _columns(rule: Rule) -> tuple[str, ...]:
    ordinary = ("pour", "reserves", "against", "abstention")
    return ordinary if rule.objection == "none" else (*ordinary, "objection")
