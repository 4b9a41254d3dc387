"""What a dossier still lacks before a transition: codes and values, one sentence each in the catalogue.

A guard of a definition becomes a check: a function of the facts that returns what is lacking, or nothing. The machine
and the page that lists what is missing ask the same checks.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

from workflows.label import Criterion, Label, Transition
from workflows.voting import Outcome, Rule

SETTLED = frozenset({Outcome.FAVOURABLE, Outcome.FAVOURABLE_RESERVES, Outcome.UNFAVOURABLE})

AT_LEAST = 2  # persons of a structure


class Facts(NamedTuple):
    """What the rules need to know of one dossier, read once by whoever asks.

    `stage` and `paused_in` are keys of stages; `entry` of an entry; `pieces` those present and accepted; `criteria`
    the number of words of each answer, `kinds` how many types of partners it names; `strands` those done; `outcome`
    the decision recorded; `poll` the outcome of the closed poll of this file, `round` its round, counted from 1.
    `persons` counts those who may act for the structure, `binding` those of them who may bind it.
    """

    stage: str
    entry: str
    paused_in: str | None = None
    pieces: frozenset[str] = frozenset()
    criteria: Mapping[str, int] = MappingProxyType({})
    kinds: Mapping[str, int] = MappingProxyType({})
    strands: frozenset[str] = frozenset()
    outcome: str | None = None
    poll: str | None = None
    commitments_accepted: bool = False
    round: int = 1
    persons: int = 0
    binding: int = 0
    agreed: bool = False


@dataclass(frozen=True)
class Requirement:
    """One thing still lacking: a code, and the values its sentence needs (texts of the label in both languages)."""

    code: str
    values: Mapping[str, object]


Check = Callable[[Facts], tuple[Requirement, ...]]


def missing(label: Label, transition: Transition, facts: Facts) -> tuple[Requirement, ...]:
    """Everything a dossier lacks before a transition, in the order of its guards."""
    return tuple(lacking for check in checks(label, transition) for lacking in check(facts))


def checks(label: Label, transition: Transition) -> tuple[Check, ...]:
    """The checks of a transition, prepared once for a version of a label."""
    return tuple(_check(label, transition, guard) for guard in transition.guards)


def _check(label: Label, transition: Transition, guard: str) -> Check:
    match guard:
        case "pieces":
            return _pieces(label, transition)
        case "criteria":
            return _criteria(label, transition)
        case "strands":
            return _strands(label)
        case "two_persons":
            return two_persons
        case "agreement":
            return _agreement
        case "commitments":
            return _commitments
        case "poll_closed":
            return _poll_closed
        case "poll_settled":
            return _poll_settled
        case "poll_left_open":
            return _poll_left_open(label.committee)
        case _:
            return _decision(guard.removeprefix("decision:"))


def _lacking(code: str, **values: object) -> tuple[Requirement, ...]:
    return (Requirement(code, values),)


def _pieces(label: Label, transition: Transition) -> Check:
    required = {piece.key: piece for piece in label.pieces if transition.name in piece.required_for}
    keys = frozenset(required)

    def check(facts: Facts) -> tuple[Requirement, ...]:
        if keys <= facts.pieces:
            return ()
        return tuple(
            Requirement("piece_missing", {"piece": key, "name": piece.name})
            for key, piece in required.items()
            if key not in facts.pieces
        )

    return check


def _criteria(label: Label, transition: Transition) -> Check:
    required = tuple(criterion for criterion in label.criteria if transition.name in criterion.required_for)
    return lambda facts: tuple(lacking for criterion in required for lacking in _answer(criterion, facts))


def _answer(criterion: Criterion, facts: Facts) -> tuple[Requirement, ...]:
    """An answer exists, stays within the length a reader was promised, and names as many types as are asked for."""
    words, given = facts.criteria.get(criterion.key, 0), facts.kinds.get(criterion.key, 0)
    said = {"criterion": criterion.key, "name": criterion.name}
    if words <= 0:
        return _lacking("criterion_missing", **said)
    if criterion.max_words is not None and words > criterion.max_words:
        return _lacking("criterion_too_long", **said, words=words, max_words=criterion.max_words)
    if criterion.minimum_types is not None and given < criterion.minimum_types:
        return _lacking("partner_types_missing", **said, needed=criterion.minimum_types, given=given)
    return ()


def _strands(label: Label) -> Check:
    def check(facts: Facts) -> tuple[Requirement, ...]:
        return tuple(
            Requirement("strand_open", {"strand": strand.key, "name": strand.name})
            for strand in label.strands
            if strand.stage == facts.stage and strand.key not in facts.strands
        )

    return check


def two_persons(facts: Facts) -> tuple[Requirement, ...]:
    """Nothing stops when somebody is away: two persons act for a structure, and one of them may bind it."""
    second = () if facts.persons >= AT_LEAST else _lacking("second_person_missing")
    return (*second, *(() if facts.binding else _lacking("binding_person_missing")))


def _agreement(facts: Facts) -> tuple[Requirement, ...]:
    return () if facts.agreed else _lacking("agreement_missing")


def _commitments(facts: Facts) -> tuple[Requirement, ...]:
    return () if facts.commitments_accepted else _lacking("commitments_not_accepted")


def _poll_closed(facts: Facts) -> tuple[Requirement, ...]:
    return () if facts.poll else _lacking("poll_not_closed")


def _poll_settled(facts: Facts) -> tuple[Requirement, ...]:
    if facts.poll in SETTLED:
        return ()
    return _lacking("committee_left_open", outcome=facts.poll) if facts.poll else _poll_closed(facts)


def _poll_left_open(rule: Rule) -> Check:
    """What the committee left open goes to the awarder, once no further round is due."""
    renewed = {Outcome.NO_QUORUM} | ({Outcome.TIE} if rule.tie == "new_round" else set())

    def check(facts: Facts) -> tuple[Requirement, ...]:
        if not facts.poll:
            return _poll_closed(facts)
        if facts.poll in SETTLED:
            return _lacking("committee_settled", outcome=facts.poll)
        if facts.poll in renewed and facts.round < rule.rounds:
            return _lacking("new_round_due", outcome=facts.poll, round=facts.round + 1)
        return ()

    return check


def _decision(outcome: str) -> Check:
    def check(facts: Facts) -> tuple[Requirement, ...]:
        if facts.outcome == outcome:
            return ()
        if facts.outcome is None:
            return _lacking("decision_missing", outcome=outcome)
        return _lacking("decision_differs", outcome=outcome, decided=facts.outcome)

    return check
