"""An acknowledgement means committed: the whole server is killed, and nothing acknowledged is lost or counted twice."""

from pathlib import Path

import pytest

from tests.faults.campaign import Plan, run

SHORT = Plan(polls=25, electors=40, threads=8, kills=10, seconds=600)

pytestmark = pytest.mark.xdist_group("faults")


def test_a_thousand_acknowledged_ballots_outlive_ten_kills(database_url: str, tmp_path: Path) -> None:
    figures = run(tmp_path, database_url, SHORT)
    assert figures.errors == []
    assert figures.faults == []
    assert (figures.acknowledged, figures.kills) == (SHORT.ballots, SHORT.kills)
    assert figures.unanswered > 0, "no ballot was committed before its answer was lost: the key of a form did nothing"
