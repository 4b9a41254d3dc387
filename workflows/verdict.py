"""The verdict of a poll: quorum, result, objection, « contre », « pour », majority, tie, reserves, in that order."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Literal

from workflows.refused import Refused
from workflows.rule import Rule
from workflows.tally import Choice, Tally

CASTING_COLUMN = {
    Choice.FOR: "pour",
    Choice.RESERVES: "reserves",
    Choice.AGAINST: "against",
    Choice.OBJECTION: "against",
}


class Outcome(StrEnum):
    """What a committee's count says. Only `unfavourable` is a no: a missed quorum or an empty count never is."""

    FAVOURABLE = "favourable"
    FAVOURABLE_RESERVES = "favourable_reserves"
    UNFAVOURABLE = "unfavourable"
    NO_QUORUM = "no_quorum"
    TIE = "tie"
    OBJECTION = "objection"
    NO_RESULT = "no_result"


@dataclass(frozen=True, slots=True)
class Quorum:
    """How many voices a quorum asks for, and of how many seats."""

    base: int
    needed: int

    def lacking(self, present: int) -> int:
        """Voices still missing; 0 once it is met."""
        return max(0, self.needed - present)


@dataclass(frozen=True, slots=True)
class Verdict:
    """An outcome with all the arithmetic that its sentence and its minutes quote, in voices.

    `base` is the quorum's; `majority_needed` is the smallest number of « pour » that wins on this `majority_base`.
    """

    outcome: Outcome
    round: int
    seats: int
    recused: int
    base: int
    present: int
    quorum_needed: int
    tally: Tally
    majority_base: int
    majority_needed: int
    casting: Choice | None


def quorum(rule: Rule, *, seats: int, recused: int, round: int = 1) -> Quorum:
    """The quorum of a round. From the second on none is asked: a second notice needs none (décret 2006-672 art. 11)."""
    base = seats if rule.quorum_base == "seats" else seats - recused
    return Quorum(base, max(rule.quorum.needed(base), rule.quorum_minimum) if round == 1 else 0)


def may_open(rule: Rule, seats: int, recused: int) -> None:
    """Raises Refused("too_few_seats", needed=…, seats=…) when too few seats are left to open (`seats`: not recused)."""
    if seats - recused < rule.minimum_seats:
        raise Refused("too_few_seats", needed=rule.minimum_seats, seats=seats - recused)


def verdict(
    rule: Rule,
    tally: Tally,
    *,
    seats: int,
    recused: int,
    present: int | None = None,
    round: int = 1,
    casting: Choice | None = None,
) -> Verdict:
    """What the count says under the rule.

    `seats` are those of the roll less those whose appellation ended before they cast; `recused` are among them.
    `present` is an item's attendance in a sitting (`rule.presence`); without it, in a window, a ballot is a presence.
    `casting` is the chair's choice, used on a tie where the rule has a casting vote, and counted once more.
    Raises ValueError on a count that no poll can give: more ballots than seats, or an objection where there is none.
    """
    _refuse_impossible(rule, tally, seats - recused)
    asked = quorum(rule, seats=seats, recused=recused, round=round)
    if present is None:
        present = rule.presence(tally.ballots - tally.by_proxy, tally.by_proxy)
    base = _majority_base(rule, tally, seats - recused)
    counts = tally.expressed > 0 and seats - recused >= rule.minimum_seats
    outcome = _counted(rule, tally, base, casting) if counts else Outcome.NO_RESULT
    return Verdict(
        outcome=Outcome.NO_QUORUM if asked.lacking(present) else outcome,
        round=round,
        seats=seats,
        recused=recused,
        base=asked.base,
        present=present,
        quorum_needed=asked.needed,
        tally=tally,
        majority_base=base,
        majority_needed=_majority_needed(rule, base),
        casting=casting,
    )


def next_step(rule: Rule, verdict: Verdict) -> Literal["decided", "new_round", "arbitration"]:
    """What an outcome leads to: decided by the committee itself, another round, or arbitration of what it left open."""
    if verdict.outcome in (Outcome.FAVOURABLE, Outcome.FAVOURABLE_RESERVES, Outcome.UNFAVOURABLE):
        return "decided"
    again = verdict.outcome is Outcome.NO_QUORUM or (verdict.outcome is Outcome.TIE and rule.tie == "new_round")
    return "new_round" if again and verdict.round < rule.rounds else "arbitration"


def _refuse_impossible(rule: Rule, tally: Tally, not_recused: int) -> None:
    if tally.ballots > not_recused:
        raise ValueError(f"{tally.ballots} ballots for {not_recused} seats")
    if tally.objection and rule.objection == "none":
        raise ValueError("an objection under a rule that has none")


def _counted(rule: Rule, tally: Tally, base: int, casting: Choice | None) -> Outcome:
    if tally.objection and rule.objection == "hold":
        return Outcome.OBJECTION
    if tally.objection and rule.objection == "veto":
        return Outcome.UNFAVOURABLE
    if rule.maximum_against is not None and tally.contre > rule.maximum_against:
        return Outcome.UNFAVOURABLE
    if tally.favourable < rule.minimum_for:
        return Outcome.UNFAVOURABLE
    if rule.consent:
        return Outcome.UNFAVOURABLE if tally.contre else _with_reserves(rule, tally)
    if rule.majority.reached(tally.favourable, base, rule.strict):
        return _with_reserves(rule, tally)
    if _is_tie(rule, tally):
        return _settled_tie(rule, tally, casting)
    return Outcome.UNFAVOURABLE


def _majority_base(rule: Rule, tally: Tally, not_recused: int) -> int:
    return {"expressed": tally.expressed, "ballots": tally.ballots, "seats": not_recused}[rule.majority_base]


def _majority_needed(rule: Rule, base: int) -> int:
    share = 1 if rule.consent else rule.majority.needed(base, rule.strict)
    return max(share, rule.minimum_for)


def _is_tie(rule: Rule, tally: Tally) -> bool:
    half = rule.majority.num * 2 == rule.majority.den and rule.strict and rule.majority_base == "expressed"
    return half and tally.favourable == tally.contre > 0


def _settled_tie(rule: Rule, tally: Tally, casting: Choice | None) -> Outcome:
    if rule.tie == "refusal":
        return Outcome.UNFAVOURABLE
    column = CASTING_COLUMN.get(casting) if rule.tie == "casting" and casting else None
    if column is None:
        return Outcome.TIE
    weighed = replace(tally, **{column: getattr(tally, column) + 1})
    return _with_reserves(rule, weighed) if weighed.favourable > weighed.contre else Outcome.UNFAVOURABLE


def _with_reserves(rule: Rule, tally: Tally) -> Outcome:
    if tally.reserves and rule.reserves.reached(tally.reserves, tally.favourable):
        return Outcome.FAVOURABLE_RESERVES
    return Outcome.FAVOURABLE
