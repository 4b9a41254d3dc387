"""E1: a transition of the product beside a bare machine of the same library."""

import gc
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import cycle, islice

from transitions import EventData, Machine

from bench.rounds import Seconds, interleaved, timed, typical
from bench.table import Line, judged
from tests.make import FABRIQUE
from workflows.label import Label, load
from workflows.machine import fire
from workflows.requirements import Facts

FEW, MANY = 200, 20_000
FIRES, ROUNDS, BATCHES = 200, 21, 5
GOAL = "≤ 1.5 × bare transitions, flat, nothing kept"
NAMES = ("demander_appellation", "declarer_complet", "juger_pertinente")
SOURCES = {
    "demander_appellation": "experimentation",
    "declarer_complet": "demande",
    "juger_pertinente": "renseignement",
}


@dataclass(frozen=True, slots=True)
class Row:
    """A dossier as a driver would give it."""

    name: str
    stage: str
    pieces: frozenset[str]
    words: dict[str, int]


class Bare:
    """One machine without models, as the library's own documentation would have it, with one plain guard."""

    def __init__(self, label: Label) -> None:
        self.machine = Machine(
            model=None,
            states=[stage.key for stage in label.stages],
            initial=None,
            auto_transitions=False,
            send_event=True,
        )
        for transition in label.transitions:
            for source in label.sources(transition):
                for target in label.targets(transition, source):
                    self.machine.add_transition(transition.name, source, target, conditions=guard)


class Cursor:
    """Where an item stands."""

    __slots__ = ("row", "state")

    def __init__(self, row: Row) -> None:
        self.row = row
        self.state = row.stage


def guard(event: EventData) -> bool:
    cursor: Cursor = event.model  # type: ignore[assignment]  # the library lets any object be a model
    return cursor.row.stage == cursor.state


def rows(label: Label, number: int) -> list[Row]:
    """As many dossiers, each ready for one of the guarded transitions."""
    pieces = frozenset(piece.key for piece in label.pieces)
    words = {criterion.key: 9 for criterion in label.criteria}
    return [Row(name, SOURCES[name], pieces, words) for name in islice(cycle(NAMES), number)]


def product(label: Label, kept: list[Row]) -> Callable[[], object]:
    """Load the facts of the next item, fire, drop."""
    turn: Iterator[Row] = cycle(kept)

    def once() -> str:
        row = next(turn)
        return fire(label, row.name, Facts(row.stage, "creation", pieces=row.pieces, criteria=row.words))

    return once


def bare(machine: Machine, kept: list[Row]) -> Callable[[], object]:
    turn: Iterator[Row] = cycle(kept)

    def once() -> str:
        row = next(turn)
        cursor = Cursor(row)
        machine.events[row.name].trigger(cursor)
        return cursor.state

    return once


def batches(act: Callable[[], object]) -> Callable[[], Seconds]:
    """Several batches of transitions: the clock is too coarse for one."""

    def batch() -> None:
        for _ in range(FIRES):
            act()

    return lambda: timed(batch, BATCHES)


def kept_by(act: Callable[[], object], times: int) -> int:
    """The blocks of memory that so many transitions leave behind."""
    act()
    gc.collect()
    before = sys.getallocatedblocks()
    for _ in range(times):
        act()
    gc.collect()
    return sys.getallocatedblocks() - before


def measure() -> list[Line]:
    label = load(FABRIQUE.read_text())
    machine = Bare(label).machine
    few, many = rows(label, FEW), rows(label, MANY)
    found = interleaved(
        {
            "bare": batches(bare(machine, few)),
            "few": batches(product(label, few)),
            "many": batches(product(label, many)),
        },
        ROUNDS,
    )
    floor, small, large = (typical(found[name]) / FIRES * 1e6 for name in ("bare", "few", "many"))
    kept = kept_by(product(label, many), MANY)
    ratio, growth = max(small, large) / floor, large / small
    figure = (
        f"{small:.1f} µs at {FEW}, {large:.1f} µs at {MANY:,} (× {growth:.2f}) for {floor:.1f} µs: × {ratio:.2f}; "
        f"{kept} blocks kept after {MANY:,}"
    )
    return [judged("E1", figure, GOAL, ratio <= 1.5 and growth <= 1.15 and kept < MANY // 100)]
