"""V4: the worst wait of eight SQLite writers, behind the gate and without it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from statistics import median

from sqlalchemy import text

from app import db
from app.db import Database
from bench.rounds import Seconds, interleaved, timed, together
from bench.table import Line, judged

WRITERS, TURNS, ROUNDS = 8, 60, 3
WORST = 200  # milliseconds
GOAL = f"worst wait ≤ {WORST} ms"


class OpenGate:
    """No gate: SQLite's busy timeout alone."""

    def __init__(self, _database: Path) -> None:
        pass

    def enter(self) -> None:
        pass

    def leave(self) -> None:
        pass


@contextmanager
def without_gate() -> Iterator[None]:
    """A database that is built inside has no gate."""
    gate = db.WriterGate
    db.WriterGate = OpenGate  # type: ignore[assignment, misc]
    try:
        yield
    finally:
        db.WriterGate = gate  # type: ignore[misc]


def writers(database: Database) -> Callable[[], Seconds]:
    """Eight threads, each reading then writing in one transaction, turn after turn."""
    with database.session(writes=True) as own:
        own.execute(text("CREATE TABLE note (number INTEGER PRIMARY KEY, said TEXT)"))
        own.commit()
    numbers = count(1)

    def write() -> None:
        with database.session(writes=True) as own:
            own.execute(text("SELECT count(*) FROM note WHERE number < 50")).scalar()
            for _ in range(3):
                own.execute(text("INSERT INTO note (number, said) VALUES (:n, :n)"), {"n": next(numbers)})
            own.commit()

    return lambda: together([lambda: timed(write, TURNS)] * WRITERS)[0]


def measure(folder: Path) -> list[Line]:
    gated = Database(f"sqlite:///{folder / 'gated.db'}")
    with without_gate():
        open_to_all = Database(f"sqlite:///{folder / 'open.db'}")
    found = interleaved({"gate": writers(gated), "none": writers(open_to_all)}, ROUNDS)
    gated.engine.dispose()
    open_to_all.engine.dispose()
    behind, beside = (1000 * max(max(one) for one in found[name]) for name in ("gate", "none"))
    half = 1000 * median(median(one) for one in found["gate"])
    figure = f"{WRITERS} writers: {behind:.0f} ms behind the gate (p50 {half:.1f} ms), {beside:.0f} ms without it"
    return [judged("V4", figure, GOAL, behind <= WORST)]
