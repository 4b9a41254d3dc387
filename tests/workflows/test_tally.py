"""Which version of a ballot counts, and how choices are summed."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workflows.voting import CastBallot, Choice, effective, tally


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(1, 4), st.sampled_from(list(Choice)), st.booleans()), max_size=14))
def test_the_effective_ballots_equal_those_found_by_sorting(cast):
    versions = Counter()
    ballots = []
    for number, choice, void in cast:
        versions[number] += 1
        ballots.append(CastBallot(number, versions[number], choice, void))
    expected = {each.seat: each for each in sorted(ballots, key=lambda each: each.version) if not each.void}
    assert {each.seat: each for each in effective(reversed(ballots))} == expected
    assert len(effective(ballots)) == len(expected)


def test_a_ballot_of_an_unknown_choice_is_never_dropped_in_silence():
    with pytest.raises(ValueError, match="maybe"):
        tally([Choice.FOR, "maybe"])


def test_a_tally_keeps_each_choice_apart_and_sums_them_as_the_rule_says():
    count = tally([*Choice, Choice.FOR])
    assert (count.pour, count.reserves, count.against, count.abstention, count.objection) == (2, 1, 1, 1, 1)
    assert (count.favourable, count.contre, count.expressed, count.ballots) == (3, 2, 5, 6)


def test_a_changed_ballot_counts_once():
    ballots = [CastBallot("Rives", 1, Choice.FOR), CastBallot("Rives", 2, Choice.AGAINST)]
    assert effective(ballots) == (ballots[1],)


def test_a_voided_version_leaves_the_one_before_it():
    ballots = [CastBallot("Rives", 1, Choice.FOR), CastBallot("Rives", 2, Choice.AGAINST, void=True)]
    assert effective(ballots) == (ballots[0],)


def test_a_seat_whose_every_version_is_void_does_not_count():
    assert effective([CastBallot("Rives", 1, Choice.FOR, void=True)]) == ()


def test_a_doubled_version_is_a_broken_store_and_not_a_ballot():
    with pytest.raises(ValueError, match="twice"):
        effective([CastBallot(1, 1, Choice.FOR), CastBallot(1, 1, Choice.FOR)])
