"""The product beside its floors, in ratios of one interleaved run: machines are noisy, ratios less so.

    python -m bench             every letter
    python -m bench V1 V3       some of them

Nothing here fails: a figure that misses its goal says so, one that is not measured says « not yet ».
"""

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bench import casting, edge, engine, lists, memory, votes, writers
from bench.house import house, make_durable
from bench.table import Line, not_yet, printed
from tests.database import server


class Bench:
    """What can be measured, on a PostgreSQL that waits for the disk."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.postgresql = server("postgresql")
        make_durable(self.postgresql)

    def v1(self) -> list[Line]:
        with house(self.postgresql) as opened:
            return casting.measure(opened)

    def v3(self) -> list[Line]:
        with house(self.postgresql) as opened:
            return votes.measure(opened)

    def s1(self) -> list[Line]:
        with house(self.postgresql) as opened:
            return edge.measure(opened)

    def letters(self) -> dict[str, Callable[[], list[Line]]]:
        peers = "the peers are not installed here"
        return {
            "E1": engine.measure,
            "V1": self.v1,
            "V2": lambda: [not_yet("V2", peers, "cast ≥ 4 × Helios, ≥ 1.7 × HotCRP, ≥ 13 × Indico")],
            "V3": self.v3,
            "V4": lambda: writers.measure(made(self.folder / "writers")),
            "P1": lambda: lists.measure(self.postgresql),
            "P2": lambda: [not_yet("P2", peers, "list of 30 ≥ half the floor's, ≥ HotCRP's, ≥ 15 × Indico's")],
            "P3": lambda: [not_yet("P3", "minutes and archive have no page", "cost linear in what they show")],
            "S1": self.s1,
            "M1": lambda: memory.measure(self.postgresql, made(self.folder / "memory")),
        }


def made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def main(asked: list[str]) -> None:
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="appellation-bench-") as folder:
        bench = Bench(Path(folder))
        try:
            lines = [
                line
                for letter, measure in bench.letters().items()
                if letter in asked or not asked
                for line in measure()
            ]
        finally:
            bench.postgresql.stop()
    print(printed(lines))
    print(f"{time.monotonic() - begun:.0f} s, on PostgreSQL unless the figure names another database.")


if __name__ == "__main__":
    main(sys.argv[1:])
