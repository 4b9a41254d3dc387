"""The long form: ten thousand acknowledged ballots under a hundred kills.

python -m tests.faults --long                        on both databases
python -m tests.faults --long --database sqlite      on one
python -m tests.faults                               the short form, a thousand under ten
"""

import argparse
import sys
import tempfile
from pathlib import Path

from tests.database import server
from tests.faults.campaign import Figures, Plan, run
from tests.faults.test_kills import SHORT

LONG = Plan(polls=250, electors=40, threads=8, kills=100, seconds=3600)
DATABASES = ("sqlite", "postgresql")


def campaign(kind: str, plan: Plan) -> Figures:
    """One campaign on a database of its own, everything stopped and removed after it."""
    started = server(kind)
    try:
        with started.fresh() as url, tempfile.TemporaryDirectory(prefix="appellation-faults-") as folder:
            return run(Path(folder), url, plan)
    finally:
        started.stop()


def main(words: list[str]) -> int:
    asked = argparse.ArgumentParser(prog="python -m tests.faults", description="Ballots under kills.")
    asked.add_argument("--long", action="store_true", help="10,000 ballots under 100 kills")
    asked.add_argument("--database", choices=DATABASES, help="one database rather than both")
    given = asked.parse_args(words)
    plan, bad = LONG if given.long else SHORT, False
    for kind in [given.database] if given.database else DATABASES:
        figures = campaign(kind, plan)
        sys.stdout.write(figures.line() + "\n")
        sys.stdout.write("".join(f"  {fault}\n" for fault in [*figures.errors, *figures.faults][:20]))
        bad = bad or bool(figures.errors or figures.faults) or figures.acknowledged < plan.ballots
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
