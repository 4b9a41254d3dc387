"""Who has a seat, who takes no part, who may act for a seat, and who may hold a proxy."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workflows.committee import Holder, Link, Proxy, Seat, able_to_act, attached, composition, fallen, may_give
from workflows.refused import Refused
from workflows.voting import Rule

START = datetime(2020, 1, 1, tzinfo=UTC)
NOW = datetime(2026, 5, 4, 8, tzinfo=UTC)
TICK = timedelta(microseconds=1)


def roll(holders, *, candidate="Semailles", collective=None, links=(), moment=NOW):
    return composition(holders, candidate=candidate, collective=collective, links=links, moment=moment)


def holders(*names):
    return [Holder(name, None, START) for name in names]


def reason(link):
    return roll(holders("Rives"), links=[link])[0].recused_for


def refusal(*args, **kwargs):
    with pytest.raises(Refused) as refused:
        may_give(*args, **kwargs)
    return refused.value.code, refused.value.values


def test_the_candidate_has_no_seat_in_its_own_committee():
    assert roll(holders("Rives", "Semailles", "Le Chai")) == (Seat("Rives", 1), Seat("Le Chai", 2))


def test_an_appellation_counts_from_its_first_moment_to_just_before_its_last():
    ends = NOW + timedelta(days=1)
    one = [Holder("Rives", None, NOW, ends)]
    seated = [len(roll(one, moment=moment)) for moment in (NOW - TICK, NOW, ends - TICK, ends)]
    assert seated == [0, 1, 1, 0]


def test_seats_keep_the_order_given_and_their_numbers_run_over_the_recused():
    seats = roll(holders("Zéphyr", "Rives", "Atoll"), links=[Link("Rives", "co_carrier", hard=True)])
    assert [(seat.structure, seat.number, seat.recused_for) for seat in seats] == [
        ("Zéphyr", 1, None),
        ("Rives", 2, "co_carrier"),
        ("Atoll", 3, None),
    ]


def test_a_structure_that_came_back_has_one_seat_and_not_two():
    twice = [Holder("Rives", None, START), Holder("Le Chai", None, START), Holder("Rives", None, START)]
    assert [seat.structure for seat in roll(twice)] == ["Rives", "Le Chai"]


def test_the_same_collective_takes_no_part():
    mixed = [Holder("Rives", "rivages", START), Holder("Le Chai", "vignes", START)]
    assert [seat.recused_for for seat in roll(mixed, collective="rivages")] == ["collective", None]


def test_two_structures_without_a_collective_are_not_of_the_same_one():
    assert roll(holders("Rives"), collective=None)[0].recused_for is None


def test_the_collective_is_the_reason_given_before_any_other_link():
    seats = roll([Holder("Rives", "rivages", START)], collective="rivages", links=[Link("Rives", "host", hard=True)])
    assert seats[0].recused_for == "collective"


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        (Link("Rives", "co_carrier", hard=True), "co_carrier"),
        (Link("Rives", "co_carrier", hard=True, lifted=True), None),
        (Link("Rives", "overlap", hard=False), None),
        (Link("Rives", "overlap", hard=False, pinned=True), "overlap"),
        (Link("Rives", "overlap", hard=False, pinned=True, lifted=True), None),
        (Link("Le Chai", "co_carrier", hard=True), None),
    ],
)
def test_a_hard_link_recuses_a_soft_one_only_when_pinned_and_a_lifted_one_never(link, expected):
    assert reason(link) == expected


def test_no_candidate_empties_the_committee_by_naming_its_members():
    names = ["Rives", "Le Chai", "Atoll"]
    named = [Link(name, "named_partner", hard=False) for name in names]
    assert [seat.recused_for for seat in roll(holders(*names), links=named)] == [None] * 3


def test_of_two_links_that_recuse_the_first_is_the_reason():
    both = [Link("Rives", kind, hard=True) for kind in ("partner", "co_carrier")]
    assert roll(holders("Rives"), links=[Link("Rives", "host", hard=False), *both])[0].recused_for == "partner"


names = st.sampled_from("ABCDEFG")
links = st.builds(Link, names, st.sampled_from(["host", "partner"]), st.booleans(), st.booleans(), st.booleans())
days = st.integers(0, 4).map(lambda number: START + timedelta(days=number))
held = st.builds(Holder, names, st.sampled_from([None, "x", "y"]), days, st.none() | days)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(held, unique_by=lambda each: each.structure), names, st.sampled_from([None, "x"]), st.lists(links), days
)
def test_the_roll_equals_one_made_by_striking_names_off(all_holders, candidate, collective, declared, moment):
    left = [each for each in all_holders if each.since <= moment and not (each.until and each.until <= moment)]
    left = [each for each in left if each.structure != candidate]
    out = {each.structure for each in left if collective and each.collective == collective}
    out |= {link.structure for link in declared if not link.lifted and (link.hard or link.pinned)}
    seats = roll(all_holders, candidate=candidate, collective=collective, links=declared, moment=moment)
    assert [seat.structure for seat in seats] == [each.structure for each in left]
    assert [seat.number for seat in seats] == list(range(1, len(left) + 1))
    assert {seat.structure for seat in seats if seat.recused_for} == out & {each.structure for each in left}


# Persons


@pytest.mark.parametrize(
    ("structures", "expected"),
    [
        (["Rives"], False),
        (["Rives", "Semailles"], True),
        (["Rives", "Rives-Nord"], True),
        (["Le Chai"], True),
        ([], False),
    ],
)
def test_a_person_of_the_candidate_its_collective_or_its_partner_acts_for_no_seat(structures, expected):
    assert attached(structures, "Semailles", ["Rives-Nord"], ["Le Chai"]) is expected


def test_the_other_people_of_a_seat_are_called_when_one_is_attached_to_the_candidate():
    people = {"Pauline": ["Atoll", "Semailles"], "Gaëlle": ["Atoll"], "Hervé": ["Rives"], "Lucas": ["Rives", "Atoll"]}
    assert able_to_act(people, Seat("Atoll", 1), "Semailles") == ("Gaëlle", "Lucas")


def test_a_person_of_two_seats_is_stopped_in_both_when_one_is_the_partner():
    people = {"Pauline": ["Rives", "Rives-Nord"], "Gaëlle": ["Rives-Nord"]}
    assert able_to_act(people, Seat("Rives-Nord", 2), "Semailles", partners=["Rives"]) == ("Gaëlle",)


def test_a_person_attached_to_the_candidate_recuses_no_seat():
    assert able_to_act({"Pauline": ["Atoll", "Semailles"]}, Seat("Atoll", 1), "Semailles") == ()
    assert roll(holders("Atoll"))[0].recused_for is None


def test_nobody_acts_for_a_seat_that_takes_no_part():
    assert able_to_act({"Gaëlle": ["Atoll"]}, Seat("Atoll", 1, "partner"), "Semailles") == ()


# Proxies

GIVEN = Proxy("Rives", "Atoll", "Lucas")


def test_a_proxy_may_be_given_to_a_seat_that_holds_none():
    may_give(Rule(), GIVEN, given=[], recused=["Le Chai"])


@pytest.mark.parametrize(
    ("proxy", "expected"),
    [
        (Proxy("Zéphyr", "Zéphyr", "Hervé"), ("proxy_to_itself", {})),
        (Proxy("Le Chai", "Zéphyr", "Hervé"), ("proxy_recused", {})),
        (Proxy("Zéphyr", "Le Chai", "Hervé"), ("proxy_recused", {})),
        (Proxy("Rives", "Zéphyr", "Hervé"), ("proxy_already_given", {})),
        (Proxy("Atoll", "Zéphyr", "Hervé"), ("proxy_one_step", {})),
        (Proxy("Zéphyr", "Rives", "Hervé"), ("proxy_one_step", {})),
        (Proxy("Zéphyr", "Atoll", "Hervé"), ("proxy_holder_full", {"most": 1})),
        (Proxy("Zéphyr", "Les Hauts", "Lucas"), ("proxy_person_full", {"most": 1})),
    ],
)
def test_a_proxy_goes_one_step_to_a_seat_that_takes_part_and_within_the_caps(proxy, expected):
    assert refusal(Rule(), proxy, given=[GIVEN], recused=["Le Chai"]) == expected


def test_the_caps_on_proxies_are_those_of_the_rule():
    more = Rule(proxies_per_holder=2, proxies_per_person=2)
    second = Proxy("Zéphyr", "Atoll", "Lucas")
    may_give(more, second, given=[GIVEN], recused=[])
    third = Proxy("Les Hauts", "Atoll", "Lucas")
    assert refusal(more, third, given=[GIVEN, second], recused=[]) == ("proxy_holder_full", {"most": 2})


def test_a_committee_without_proxies_refuses_the_first():
    assert refusal(Rule(proxies_per_holder=0), GIVEN, given=[], recused=[]) == ("proxy_holder_full", {"most": 0})


def test_a_proxy_falls_when_its_holder_or_its_giver_takes_no_part_any_more():
    other = Proxy("Zéphyr", "Les Hauts", "Hervé")
    assert fallen([GIVEN, other], ["Atoll"]) == (GIVEN,)
    assert fallen([GIVEN, other], ["Zéphyr"]) == (other,)
    assert fallen([GIVEN, other], []) == ()
