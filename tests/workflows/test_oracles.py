"""Worked examples: each row is a case that the committee's rules must give exactly, named as people tell it."""

from datetime import datetime

import pytest

from workflows.committee import Holder, Link, composition
from workflows.deadlines import PARIS, resolve
from workflows.refused import Refused
from workflows.voting import Outcome, Ratio, Rule, Tally, certain, may_open, next_step, quorum, verdict

SIMPLE = Rule()
OF_ALL_SEATS = Rule(quorum_base="seats")
TWO_THIRDS_OF_EXPRESSED = Rule(majority=Ratio(2, 3), strict=False)
TWO_THIRDS_OF_BALLOTS = Rule(majority=Ratio(2, 3), strict=False, majority_base="ballots")
ABSOLUTE = Rule(majority_base="seats")


@pytest.mark.parametrize(
    ("rule", "seats", "recused", "counts", "outcome"),
    [
        pytest.param(SIMPLE, 30, 2, (8, 4, 2), "favourable", id="14 of 28 not recused meet the quorum and 8 beat 4"),
        pytest.param(OF_ALL_SEATS, 30, 2, (8, 4, 2), "no_quorum", id="14 of all 30 seats miss the quorum"),
        pytest.param(TWO_THIRDS_OF_EXPRESSED, 20, 0, (8, 4, 3), "favourable", id="8 of 12 expressed are two thirds"),
        pytest.param(TWO_THIRDS_OF_BALLOTS, 20, 0, (8, 4, 3), "unfavourable", id="8 of 15 ballots are not two thirds"),
        pytest.param(ABSOLUTE, 30, 0, (15, 10, 5), "unfavourable", id="15 of 30 seats are no absolute majority"),
        pytest.param(ABSOLUTE, 30, 0, (16, 10, 4), "favourable", id="16 of 30 seats are an absolute majority"),
        pytest.param(SIMPLE, 18, 0, (7, 7, 4), "tie", id="7 against 7 is a tie"),
        pytest.param(SIMPLE, 20, 0, (0, 0, 20), "no_result", id="20 abstentions give no result"),
        pytest.param(SIMPLE, 18, 0, (4, 4, 1), "tie", id="9 of 18 vote, 4 against 4 is a tie"),
    ],
)
def test_a_worked_count_gives_its_outcome(rule, seats, recused, counts, outcome):
    pour, against, abstention = counts
    found = verdict(rule, Tally(pour=pour, against=against, abstention=abstention), seats=seats, recused=recused)
    assert found.outcome == outcome


@pytest.mark.parametrize(
    ("seats", "recused", "base", "needed"),
    [
        pytest.param(9, 0, 9, 5, id="the nine holders of November 2020 need 5"),
        pytest.param(9, 1, 8, 4, id="one recused leaves a base of 8 and 4 needed"),
        pytest.param(18, 1, 17, 9, id="8.5 rounds up to 9"),
        pytest.param(18, 5, 13, 7, id="a collective of six recuses five and 6.5 rounds up to 7"),
        pytest.param(18, 0, 18, 9, id="half of 18 is 9"),
        pytest.param(30, 2, 28, 14, id="half of 28 is 14"),
    ],
)
def test_a_quorum_of_at_least_half_is_a_whole_number(seats, recused, base, needed):
    asked = quorum(SIMPLE, seats=seats, recused=recused)
    assert (asked.base, asked.needed) == (base, needed)


def test_four_present_and_one_proxy_meet_the_quorum_of_nine_holders():
    asked = quorum(SIMPLE, seats=9, recused=0)
    assert asked.lacking(SIMPLE.presence(4, 1)) == 0
    assert asked.lacking(Rule(quorum_counts_proxies=False).presence(4, 1)) == 1


def test_a_tie_of_nine_ballots_goes_to_arbitration():
    found = verdict(SIMPLE, Tally(pour=4, against=4, abstention=1), seats=18, recused=0)
    assert next_step(SIMPLE, found) == "arbitration"


def test_a_tiny_network_of_two_cannot_open_a_poll():
    with pytest.raises(Refused) as refused:
        may_open(SIMPLE, seats=2, recused=1)
    assert (refused.value.code, refused.value.values) == ("too_few_seats", {"needed": 3, "seats": 1})


def test_the_room_of_besancon_keeps_its_quorum_when_a_link_is_found_and_a_proxy_falls():
    assert quorum(SIMPLE, seats=18, recused=1).needed == 9
    assert quorum(SIMPLE, seats=18, recused=1).lacking(SIMPLE.presence(9, 2)) == 0
    assert quorum(SIMPLE, seats=18, recused=2).needed == 8
    assert quorum(SIMPLE, seats=18, recused=2).lacking(SIMPLE.presence(8, 1)) == 0


def test_floats_would_ask_56_voices_for_55_hundredths_of_100():
    assert Ratio(55, 100).needed(100) == 55


def test_reserves_to_come_keep_an_outcome_open_that_four_corners_would_call_certain():
    seven_of_nine = Tally(pour=6, reserves=1)
    assert certain(SIMPLE, seven_of_nine, seats=9, recused=0, remaining=2) is Outcome.FAVOURABLE
    six_of_twelve = Tally(pour=6, reserves=1)
    assert certain(SIMPLE, six_of_twelve, seats=12, recused=0, remaining=5) is None


FIRST_NINE = [f"Rive {number}" for number in range(1, 10)]
COLLECTIVE = ["Rive 5", "Semailles", "Passerelles", "Le Chai", "Fleuve & Lisières", "Un Toit"]
BATCH = [*COLLECTIVE, "Les Hauts", "Les Bas", "La Plaine", "Le Coteau"]
BEFORE = resolve(datetime(2021, 5, 12, 12), PARIS)
AFTER = resolve(datetime(2021, 11, 12, 12), PARIS)


def holder(name, since):
    return Holder(name, "collectif" if name in COLLECTIVE else None, since)


HOLDERS = [holder(name, resolve(datetime(2017, 10, 1), PARIS)) for name in FIRST_NINE]
HOLDERS += [holder(name, resolve(datetime(2021, 6, 1), PARIS)) for name in BATCH if name not in FIRST_NINE]


def roll(candidate, moment, *, collective=None, links=(), holders=HOLDERS):
    return composition(holders, candidate=candidate, collective=collective, links=links, moment=moment)


def test_nine_holders_make_a_committee_of_nine():
    assert [seat.structure for seat in roll("Les Hauts", BEFORE)] == FIRST_NINE


def test_ten_names_of_a_batch_are_nine_new_holders_and_double_the_committee():
    assert len(BATCH) == 10
    assert len(roll("Une candidate", AFTER)) == 18


def test_each_of_the_nine_files_of_a_session_meets_the_same_electorate():
    rolls = [roll(name, BEFORE) for name in BATCH if name not in FIRST_NINE]
    assert len(rolls) == 9
    assert {tuple(seat.structure for seat in each) for each in rolls} == {tuple(FIRST_NINE)}


def test_a_member_of_the_collective_that_already_holds_takes_no_part():
    seats = roll("Semailles", BEFORE, collective="collectif")
    assert [seat.structure for seat in seats if seat.recused_for] == ["Rive 5"]


def test_a_candidate_of_a_collective_of_six_finds_its_five_colleagues_recused_on_eighteen_seats():
    holders = [*HOLDERS, holder("Rive 10", BEFORE)]
    seats = roll("Semailles", AFTER, collective="collectif", holders=holders)
    recused = sum(seat.recused_for == "collective" for seat in seats)
    asked = quorum(SIMPLE, seats=len(seats), recused=recused)
    assert (len(seats), recused, asked.base, asked.needed) == (18, 5, 13, 7)


def test_an_overlap_of_territory_is_a_soft_link_that_recuses_only_when_pinned():
    overlap = Link("Rive 5", "overlap", hard=False)
    pinned = Link("Rive 5", "overlap", hard=False, pinned=True)
    assert [seat.recused_for for seat in roll("Semailles", BEFORE, links=[overlap])] == [None] * 9
    assert [seat.recused_for for seat in roll("Semailles", BEFORE, links=[pinned])].count("overlap") == 1
