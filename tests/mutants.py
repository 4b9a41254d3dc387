"""Take each guard away, one at a time, and see a test fail: a guard that nothing misses is not guarded.

make mutants                  all of them
python -m tests.mutants lock  those whose name holds « lock »
"""

import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
LEFT_OUT = shutil.ignore_patterns(".git", ".venv", "instance", "__pycache__", ".*_cache", ".hypothesis")
RACES = "tests/operations/polls/test_races.py"
HISTORY = "tests/models/test_history.py"


@dataclass(frozen=True)
class Mutant:
    """One guard taken away: in a file, a text replaced; and the tests that must miss it, on a database."""

    name: str
    file: str
    old: str
    new: str
    tests: str
    database: str = "sqlite"


CASTING = "app/operations/polls/cast.py"
MUTANTS = (
    Mutant(
        "the poll's lock",
        "app/operations/locks.py",
        "asked.with_for_update(key_share=True)",
        "asked",
        RACES,
        "postgresql",
    ),
    Mutant(
        "BEGIN IMMEDIATE",
        "app/db.py",
        '"BEGIN IMMEDIATE" if writes else "BEGIN"',
        '"BEGIN"',
        "tests/test_db.py",
    ),
    Mutant(
        "the second look at the key, under the lock",
        CASTING,
        "    if found.known is not None:\n"
        "        return same_receipt(found.known, structure_id, opinion, cast_by=str(found.known_by))\n",
        "",
        RACES,
        "postgresql",
    ),
    Mutant(
        "the clock read after the lock",
        CASTING,
        "    poll = lock_poll(db, poll_id)\n",
        "    before = clock()\n    clock = lambda: before\n    poll = lock_poll(db, poll_id)\n",
        RACES,
        "postgresql",
    ),
    Mutant(
        "UNIQUE (poll, seat, version)",
        "migrations/versions/0001_create_tables.py",
        'sa.UniqueConstraint("poll_id", "seat_id", "version", name=op.f("uq_ballot_poll_id_seat_id_version")),',
        "",
        HISTORY,
    ),
    Mutant(
        "UNIQUE (poll, seat, once)",
        "migrations/versions/0001_create_tables.py",
        'sa.UniqueConstraint("poll_id", "seat_id", "once", name=op.f("uq_ballot_poll_id_seat_id_once")),',
        "",
        HISTORY,
    ),
    Mutant(
        "UNIQUE (dossier, round)",
        "migrations/versions/0001_create_tables.py",
        'sa.UniqueConstraint("dossier_id", "round", name=op.f("uq_poll_dossier_id_round")),',
        "",
        HISTORY,
    ),
    Mutant(
        "the triggers of history",
        "migrations/versions/0002_guard_history.py",
        'HISTORY = ("ballot", "entry", "label_version")',
        'HISTORY = ("entry", "label_version")',
        HISTORY,
    ),
    Mutant("recursive triggers", "app/db.py", '"recursive_triggers=ON"', '"recursive_triggers=OFF"', HISTORY),
    Mutant("foreign keys", "app/db.py", '"foreign_keys=ON"', '"foreign_keys=OFF"', HISTORY),
    Mutant("durable commits", "app/db.py", '"synchronous=FULL"', '"synchronous=NORMAL"', HISTORY),
    Mutant(
        "a cell of the policy table",
        "app/policies.py",
        "Act.CAST_BALLOT: frozenset({R.ELECTOR, R.ENDED})",
        "Act.CAST_BALLOT: frozenset({R.ELECTOR, R.ENDED, R.CALLED})",
        "tests/test_access.py",
    ),
    Mutant(
        "the separation of arbiters",
        "app/policies.py",
        "found.add(R.INSTRUCTING_ARBITER if instructed else R.ARBITER)",
        "found.add(R.ARBITER)",
        "tests/test_access.py",
    ),
    Mutant(
        "the recused seat's void ballot",
        "app/operations/polls/close.py",
        "CastBallot(row.seat_id, row.version, Choice(row.choice), row.seat_id in void)",
        "CastBallot(row.seat_id, row.version, Choice(row.choice), False)",
        "tests/operations/polls",
    ),
    Mutant(
        "the strict majority",
        "workflows/verdict.py",
        "rule.majority.reached(tally.favourable, base, rule.strict)",
        "rule.majority.reached(tally.favourable, base)",
        "tests/workflows",
    ),
    Mutant(
        "the order of the tests at the close",
        "workflows/verdict.py",
        "outcome=Outcome.NO_QUORUM if asked.lacking(present) else outcome,",
        "outcome=outcome,",
        "tests/workflows",
    ),
)


def survives(mutant: Mutant) -> bool:
    """Whether every test still passes without the guard, in a copy of the tree."""
    with tempfile.TemporaryDirectory(prefix="mutant-") as folder:
        tree = Path(folder) / "tree"
        shutil.copytree(ROOT, tree, ignore=LEFT_OUT)
        path = tree / mutant.file
        text = path.read_text()
        if text.count(mutant.old) != 1:
            raise SystemExit(f"{mutant.name}: its text stands {text.count(mutant.old)} times in {mutant.file}")
        path.write_text(text.replace(mutant.old, mutant.new))
        command = [ROOT / ".venv/bin/python", "-m", "pytest", "-x", "-q", "--database", mutant.database]
        run = subprocess.run([*command, *mutant.tests.split()], cwd=tree, capture_output=True, text=True, check=False)
        if run.returncode not in {0, 1}:  # pytest's own codes: all passed, some failed
            raise SystemExit(f"{mutant.name}: the tests did not run\n{run.stdout[-2000:]}{run.stderr[-2000:]}")
        return run.returncode == 0


def main(words: list[str]) -> None:
    chosen = [mutant for mutant in MUTANTS if all(word in mutant.name for word in words)]
    alive = []
    for mutant in chosen:
        lives = survives(mutant)
        sys.stdout.write(f"{'SURVIVED' if lives else 'killed  '}  {mutant.name}\n")
        sys.stdout.flush()
        if lives:
            alive.append(mutant.name)
    sys.stdout.write(f"{len(chosen) - len(alive)} of {len(chosen)} killed.\n")
    raise SystemExit(1 if alive else 0)


if __name__ == "__main__":
    main(sys.argv[1:])
