"""Ballots and their count: what a seat may say, which of its versions counts, and the sum of them all."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

SeatKey = TypeVar("SeatKey", int, str)


class Choice(StrEnum):
    """What a seat says of a dossier. An objection is a « contre » as well, and exists only where the rule has it."""

    FOR = "for"
    RESERVES = "reserves"
    AGAINST = "against"
    ABSTENTION = "abstention"
    OBJECTION = "objection"


@dataclass(frozen=True, slots=True)
class CastBallot(Generic[SeatKey]):
    """One version of a seat's ballot, as stored. `void` when an entry of the journal voids it (a recusal)."""

    seat: SeatKey
    version: int
    choice: Choice
    void: bool = False


def effective(ballots: Iterable[CastBallot[SeatKey]]) -> tuple[CastBallot[SeatKey], ...]:
    """The ballots that count: for each seat the highest version that nothing voids, in the order seats first appear.

    Raises ValueError when a seat has one version twice: a doubled ballot is a broken store, not a choice to make.
    """
    known: set[tuple[SeatKey, int]] = set()
    counting: dict[SeatKey, CastBallot[SeatKey]] = {}
    for ballot in ballots:
        if (ballot.seat, ballot.version) in known:
            raise ValueError(f"seat {ballot.seat} has version {ballot.version} twice")
        known.add((ballot.seat, ballot.version))
        if ballot.void:
            continue
        if ballot.seat not in counting or ballot.version > counting[ballot.seat].version:
            counting[ballot.seat] = ballot
    return tuple(counting.values())


@dataclass(frozen=True, slots=True)
class Tally:
    """The count of a poll, in voices. `by_proxy` says how many of these ballots were cast under a proxy."""

    pour: int = 0
    reserves: int = 0
    against: int = 0
    abstention: int = 0
    objection: int = 0
    by_proxy: int = 0

    @property
    def favourable(self) -> int:
        """Every « pour »: a yes with reserves is a yes."""
        return self.pour + self.reserves

    @property
    def contre(self) -> int:
        """Every « contre »: an objection is one."""
        return self.against + self.objection

    @property
    def expressed(self) -> int:
        """Ballots that take a side: abstentions left out."""
        return self.favourable + self.contre

    @property
    def ballots(self) -> int:
        """All ballots cast, abstentions included."""
        return self.expressed + self.abstention


def tally(choices: Iterable[Choice], by_proxy: int = 0) -> Tally:
    """Count the choices of the effective ballots. Raises ValueError on what is not a choice: nothing is dropped."""
    count = Counter(Choice(choice) for choice in choices)
    return Tally(
        pour=count[Choice.FOR],
        reserves=count[Choice.RESERVES],
        against=count[Choice.AGAINST],
        abstention=count[Choice.ABSTENTION],
        objection=count[Choice.OBJECTION],
        by_proxy=by_proxy,
    )
