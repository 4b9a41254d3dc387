"""A commit reaches the disk before it is told."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from app.db import Database
from tests.browser.site import ROOT
from tests.faults.commits import COMMITS

FULL = 2  # PRAGMA synchronous, as SQLite numbers it

pytestmark = pytest.mark.xdist_group("faults")


def watched(url: str) -> int | None:
    """The syncs asked of the disk during a hundred commits; nothing where no process may be watched."""
    strace = shutil.which("strace")
    if strace is None or subprocess.run([strace, "-c", "true"], capture_output=True, check=False).returncode:
        return None
    watching = [strace, "-f", "-c", "-e", "trace=fsync,fdatasync", sys.executable, "-m", "tests.faults.commits", url]
    table = subprocess.run(watching, cwd=ROOT, capture_output=True, text=True, check=True).stderr
    rows = re.findall(r"^(.*?)\b(?:fsync|fdatasync)$", table, flags=re.MULTILINE)
    return sum(int(row.split()[3]) for row in rows)


def test_a_hundred_commits_reach_the_disk_a_hundred_times(tmp_path: Path) -> None:
    """SQLite in WAL does 6 syncs for them with `synchronous=NORMAL`, and would lose the last commits to a power cut."""
    url = f"sqlite:///{tmp_path / 'house.db'}"
    syncs = watched(url)
    database = Database(url)
    with database.session(writes=True) as db:
        asked = db.execute(text("PRAGMA synchronous")).scalar()
    database.engine.dispose()
    assert asked == FULL
    assert syncs is None or syncs >= COMMITS
