"""The tests of a verdict, one by one and in their order, and what follows each outcome."""

import pytest

from workflows.refused import Refused
from workflows.voting import Choice, Outcome, Ratio, Rule, Tally, may_open, next_step, quorum, verdict

FAI = Rule()


def outcome(rule, *, seats=20, recused=0, round=1, casting=None, present=None, **counts):
    found = verdict(rule, Tally(**counts), seats=seats, recused=recused, round=round, casting=casting, present=present)
    return found.outcome


def test_more_ballots_than_seats_that_take_part_are_never_counted():
    with pytest.raises(ValueError, match="9 ballots for 8 seats"):
        outcome(FAI, seats=9, recused=1, pour=9)


def test_an_objection_under_a_rule_without_objections_is_never_counted():
    with pytest.raises(ValueError, match="objection"):
        outcome(FAI, objection=1, pour=12)


def test_a_missed_quorum_is_never_a_refusal():
    assert outcome(FAI, pour=9) is Outcome.NO_QUORUM
    assert outcome(FAI, against=9) is Outcome.NO_QUORUM


def test_a_number_of_voices_may_be_asked_beside_the_share():
    assert outcome(Rule(quorum_minimum=11), pour=10) is Outcome.NO_QUORUM
    assert outcome(Rule(quorum_minimum=11), pour=11) is Outcome.FAVOURABLE


def test_the_recused_leave_the_base_of_the_quorum_unless_it_is_all_seats():
    assert outcome(FAI, seats=20, recused=2, pour=9) is Outcome.FAVOURABLE
    assert outcome(Rule(quorum_base="seats"), seats=20, recused=2, pour=9) is Outcome.NO_QUORUM


def test_a_second_round_asks_no_quorum():
    assert outcome(Rule(quorum_minimum=5), round=2, pour=1) is Outcome.FAVOURABLE
    assert quorum(Rule(quorum_minimum=5), seats=20, recused=0, round=2).needed == 0


def test_in_a_sitting_those_present_who_say_nothing_count_for_the_quorum():
    assert outcome(FAI, present=10, pour=3) is Outcome.FAVOURABLE
    assert outcome(FAI, present=None, pour=3) is Outcome.NO_QUORUM


def test_a_ballot_by_proxy_counts_for_the_quorum_only_where_the_rule_says_so():
    assert outcome(FAI, pour=10, by_proxy=1) is Outcome.FAVOURABLE
    assert outcome(Rule(quorum_counts_proxies=False), pour=10, by_proxy=1) is Outcome.NO_QUORUM


def test_nobody_expressed_is_never_a_refusal():
    assert outcome(FAI, abstention=20) is Outcome.NO_RESULT
    assert outcome(FAI, round=2) is Outcome.NO_RESULT


def test_too_few_seats_at_the_close_give_no_result():
    assert outcome(FAI, seats=5, recused=3, pour=2) is Outcome.NO_RESULT
    assert outcome(FAI, seats=5, recused=2, pour=3) is Outcome.FAVOURABLE


def test_the_quorum_is_read_before_the_absence_of_a_result():
    assert outcome(FAI, abstention=9) is Outcome.NO_QUORUM


def test_an_objection_is_counted_or_held_or_a_veto_as_the_rule_says():
    counts = {"pour": 10, "objection": 1}
    assert outcome(Rule(objection="count"), **counts) is Outcome.FAVOURABLE
    assert outcome(Rule(objection="hold"), **counts) is Outcome.OBJECTION
    assert outcome(Rule(objection="veto"), **counts) is Outcome.UNFAVOURABLE


def test_an_objection_is_held_before_the_maximum_of_contre_is_read():
    assert outcome(Rule(objection="hold", maximum_against=0), pour=10, objection=1) is Outcome.OBJECTION


def test_a_missed_quorum_is_read_before_an_objection():
    assert outcome(Rule(objection="veto"), pour=1, objection=1) is Outcome.NO_QUORUM


def test_an_objection_is_a_contre_like_another_in_the_majority():
    assert outcome(Rule(objection="count"), pour=5, against=3, objection=3) is Outcome.UNFAVOURABLE
    assert outcome(Rule(objection="count"), pour=5, against=3, objection=2) is Outcome.TIE


def test_one_contre_above_the_maximum_is_enough():
    assert outcome(Rule(maximum_against=2), pour=10, against=2) is Outcome.FAVOURABLE
    assert outcome(Rule(maximum_against=2), pour=10, against=3) is Outcome.UNFAVOURABLE
    assert outcome(Rule(maximum_against=0), pour=10, against=1) is Outcome.UNFAVOURABLE


def test_a_minimum_of_pour_counts_those_with_reserves():
    assert outcome(Rule(minimum_for=6), pour=4, reserves=1, abstention=5) is Outcome.UNFAVOURABLE
    assert outcome(Rule(minimum_for=6), pour=5, reserves=1, abstention=4) is Outcome.FAVOURABLE


def test_a_minimum_of_pour_is_read_before_a_tie():
    assert outcome(Rule(minimum_for=6), pour=5, against=5) is Outcome.UNFAVOURABLE


def test_consent_is_given_when_nobody_is_contre_whatever_the_majority():
    rule = Rule(consent=True, majority_base="seats", objection="count")
    assert outcome(rule, pour=1, abstention=9) is Outcome.FAVOURABLE
    assert outcome(rule, pour=9, against=1) is Outcome.UNFAVOURABLE
    assert outcome(rule, pour=9, objection=1) is Outcome.UNFAVOURABLE


def test_a_simple_majority_is_passed_and_not_only_reached():
    assert outcome(FAI, pour=6, against=5) is Outcome.FAVOURABLE
    assert outcome(FAI, pour=5, against=6) is Outcome.UNFAVOURABLE
    assert outcome(Rule(strict=False), pour=5, against=5) is Outcome.FAVOURABLE


def test_abstentions_weigh_only_where_the_base_is_the_ballots():
    assert outcome(FAI, pour=6, against=5, abstention=9) is Outcome.FAVOURABLE
    assert outcome(Rule(majority_base="ballots"), pour=6, against=5, abstention=9) is Outcome.UNFAVOURABLE


def test_the_recused_leave_the_base_of_an_absolute_majority():
    assert outcome(Rule(majority_base="seats"), seats=20, recused=2, pour=10) is Outcome.FAVOURABLE
    assert outcome(Rule(majority_base="seats"), seats=20, recused=0, pour=10) is Outcome.UNFAVOURABLE


@pytest.mark.parametrize(
    "rule",
    [
        Rule(majority_base="ballots"),
        Rule(majority_base="seats"),
        Rule(majority=Ratio(2, 3)),
        Rule(majority=Ratio(2, 3), strict=False),
    ],
)
def test_as_many_pour_as_contre_are_no_tie_under_another_majority(rule):
    assert outcome(rule, seats=10, pour=5, against=5) is Outcome.UNFAVOURABLE


def test_reserves_and_objections_enter_into_a_tie():
    rule = Rule(majority=Ratio(2, 4), objection="count")
    assert outcome(rule, pour=3, reserves=3, against=4, objection=2) is Outcome.TIE


def test_a_tie_may_be_a_refusal_where_the_rule_says_so():
    assert outcome(Rule(tie="refusal"), pour=5, against=5) is Outcome.UNFAVOURABLE


@pytest.mark.parametrize(
    ("casting", "expected"),
    [
        (Choice.FOR, Outcome.FAVOURABLE),
        (Choice.RESERVES, Outcome.FAVOURABLE_RESERVES),
        (Choice.AGAINST, Outcome.UNFAVOURABLE),
        (Choice.OBJECTION, Outcome.UNFAVOURABLE),
        (Choice.ABSTENTION, Outcome.TIE),
        (None, Outcome.TIE),
    ],
)
def test_a_casting_vote_is_counted_once_more_on_a_tie(casting, expected):
    rule = Rule(tie="casting", objection="count")
    assert outcome(rule, pour=3, reserves=2, against=5, casting=casting) is expected


def test_a_casting_vote_changes_nothing_without_a_tie_or_without_its_rule():
    assert outcome(Rule(tie="casting"), pour=6, against=5, casting=Choice.AGAINST) is Outcome.FAVOURABLE
    assert outcome(FAI, pour=5, against=5, casting=Choice.FOR) is Outcome.TIE


def test_reserves_mark_the_outcome_from_half_of_the_pour():
    assert outcome(FAI, pour=6, reserves=5) is Outcome.FAVOURABLE
    assert outcome(FAI, pour=5, reserves=5) is Outcome.FAVOURABLE_RESERVES


def test_reserves_mark_no_outcome_when_there_are_none():
    assert outcome(Rule(reserves=Ratio(0, 1)), pour=10) is Outcome.FAVOURABLE
    assert outcome(Rule(reserves=Ratio(0, 1)), pour=9, reserves=1) is Outcome.FAVOURABLE_RESERVES


def test_a_verdict_carries_the_arithmetic_of_its_sentence():
    found = verdict(FAI, Tally(pour=8, against=2, abstention=4), seats=30, recused=2)
    assert (found.seats, found.recused, found.base, found.present, found.quorum_needed) == (30, 2, 28, 14, 14)
    assert (found.majority_base, found.majority_needed, found.round, found.casting) == (10, 6, 1, None)


def test_a_quorum_says_how_many_voices_it_lacks():
    assert [quorum(FAI, seats=18, recused=1).lacking(present) for present in (7, 9, 12)] == [2, 0, 0]


def test_a_poll_opens_with_just_enough_seats():
    may_open(FAI, seats=4, recused=1)
    with pytest.raises(Refused) as refused:
        may_open(FAI, seats=4, recused=2)
    assert (refused.value.code, refused.value.values) == ("too_few_seats", {"needed": 3, "seats": 2})


@pytest.mark.parametrize(
    ("rule", "round", "counts", "step"),
    [
        (FAI, 1, {"pour": 11}, "decided"),
        (FAI, 1, {"pour": 5, "reserves": 6}, "decided"),
        (FAI, 1, {"against": 11}, "decided"),
        (FAI, 1, {"pour": 9}, "new_round"),
        (FAI, 2, {"pour": 5, "against": 5}, "arbitration"),
        (FAI, 1, {"pour": 5, "against": 5}, "arbitration"),
        (FAI, 1, {"abstention": 10}, "arbitration"),
        (Rule(rounds=1), 1, {"pour": 9}, "arbitration"),
        (Rule(tie="new_round"), 1, {"pour": 5, "against": 5}, "new_round"),
        (Rule(tie="new_round"), 2, {"pour": 5, "against": 5}, "arbitration"),
        (Rule(objection="hold"), 1, {"pour": 10, "objection": 1}, "arbitration"),
    ],
)
def test_the_committee_decides_or_meets_again_or_leaves_it_to_arbitration(rule, round, counts, step):
    assert next_step(rule, verdict(rule, Tally(**counts), seats=20, recused=0, round=round)) == step
