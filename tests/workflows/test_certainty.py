"""Whether the ballots still to come can change an outcome, case by case."""

import pytest

from workflows.voting import Outcome, Ratio, Rule, Tally, certain

FAI = Rule()


def test_nothing_is_certain_while_the_rest_can_reverse_it():
    assert certain(FAI, Tally(pour=10), seats=20, recused=0, remaining=10) is None


def test_an_outcome_that_the_rest_cannot_reach_is_certain():
    assert certain(FAI, Tally(pour=11), seats=20, recused=0, remaining=4) is Outcome.FAVOURABLE


def test_an_objection_to_come_keeps_an_outcome_open():
    counts = {"seats": 20, "recused": 0, "remaining": 1}
    assert certain(Rule(objection="hold"), Tally(pour=19), **counts) is None
    assert certain(Rule(objection="count"), Tally(pour=19), **counts) is Outcome.FAVOURABLE


def test_a_missed_quorum_is_certain_when_the_rest_cannot_mend_it():
    assert certain(Rule(quorum_minimum=15), Tally(pour=5), seats=20, recused=0, remaining=9) is Outcome.NO_QUORUM


@pytest.mark.parametrize(
    ("rule", "counts", "seats", "remaining"),
    [
        pytest.param(FAI, Tally(pour=9), 20, 1, id="none of the rest votes and the quorum is missed"),
        pytest.param(FAI, Tally(pour=5, reserves=5), 12, 2, id="all the rest say pour and reserves are under half"),
        pytest.param(FAI, Tally(pour=6, reserves=1), 12, 5, id="all the rest have reserves and these are half"),
        pytest.param(Rule(reserves=Ratio(1, 1)), Tally(pour=10), 20, 10, id="all the rest say contre and it is a tie"),
        pytest.param(Rule(objection="hold"), Tally(pour=19), 20, 1, id="the last one objects and it is held"),
    ],
)
def test_one_corner_that_differs_keeps_an_outcome_open(rule, counts, seats, remaining):
    assert certain(rule, counts, seats=seats, recused=0, remaining=remaining) is None


def test_no_ballot_is_still_to_come_so_the_outcome_is_certain():
    assert certain(FAI, Tally(pour=5, against=5), seats=10, recused=0, remaining=0) is Outcome.TIE
