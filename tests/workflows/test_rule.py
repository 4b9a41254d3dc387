"""A rule is data: what it accepts, what it refuses with which code, and what it says of a ballot."""

from fractions import Fraction
from math import ceil

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from workflows.refused import Refused
from workflows.voting import Choice, Ratio, Rule

FAI = Rule()


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 20), st.integers(1, 20), st.integers(0, 200), st.integers(0, 200), st.booleans())
def test_a_ratio_compares_as_fractions_do(num, den, count, base, strict):
    share, exact = Ratio(min(num, den), den), Fraction(min(num, den), den) * base
    assert share.reached(count, base, strict) is (count > exact if strict else count >= exact)
    assert share.needed(base) == ceil(exact)
    assert share.reached(share.needed(base, strict), base, strict)
    assert share.needed(base, strict) == 0 or not share.reached(share.needed(base, strict) - 1, base, strict)


@pytest.mark.parametrize(
    "text", ["0.5", "1", "1/2 ", "-1/2", "１/２", "1/2/3", "1e0/2", "", "half", 0.5, None, "1/2\n"]
)
def test_a_ratio_is_two_whole_numbers_and_nothing_else(text):
    with pytest.raises(Refused) as refused:
        Ratio.parse(text)
    assert refused.value.code == "ratio_malformed"


@pytest.mark.parametrize("text", ["3/2", "1/0", "0/0"])
def test_a_ratio_above_one_or_without_a_denominator_is_out_of_range(text):
    with pytest.raises(Refused) as refused:
        Ratio.parse(text)
    assert (refused.value.code, refused.value.values) == ("ratio_out_of_range", {"ratio": text})


@pytest.mark.parametrize(
    ("data", "code", "place"),
    [
        ({"quorum": "3/2"}, "ratio_out_of_range", ("quorum",)),
        ({"majority": 0.5}, "ratio_malformed", ("majority",)),
        ({"majority": "1/1"}, "majority_unreachable", ()),
        ({"majority": "0/1", "strict": False}, "majority_unreachable", ()),
        ({"minimum_seats": 0}, "greater_than_equal", ("minimum_seats",)),
        ({"rounds": 0}, "greater_than_equal", ("rounds",)),
        ({"quorum_minimum": 2.0}, "int_type", ("quorum_minimum",)),
        ({"minimum_for": True}, "int_type", ("minimum_for",)),
        ({"strict": 1}, "bool_type", ("strict",)),
        ({"eligible_status": "experimenting"}, "literal_error", ("eligible_status",)),
        ({"unknown": 1}, "extra_forbidden", ("unknown",)),
        ({"mode": "secret", "minimum_seats": 8}, "secret_ballot_is_final", ()),
        ({"mode": "secret_boxes", "change_until_close": False}, "secret_needs_seats", ()),
    ],
)
def test_an_impossible_rule_is_refused_with_its_code_and_place(data, code, place):
    with pytest.raises(ValidationError) as invalid:
        Rule.model_validate(data)
    assert [(error["type"], error["loc"]) for error in invalid.value.errors()] == [(code, place)]


def test_a_secret_mode_of_eight_final_ballots_is_possible():
    rule = Rule(mode="secret", change_until_close=False, minimum_seats=8)
    assert not any(rule.needs_reason(choice) for choice in rule.choices)


def test_a_consent_rule_does_not_mind_a_majority_it_never_asks():
    assert Rule(consent=True, majority=Ratio(1, 1)).consent


def test_a_rule_cannot_be_changed_once_read():
    with pytest.raises(ValidationError):
        FAI.quorum = Ratio(1, 3)


def test_a_rule_read_back_from_its_stored_form_is_the_same_rule():
    rule = Rule(majority=Ratio(2, 3), strict=False, objection="hold", maximum_against=2)
    stored = rule.model_dump(mode="json")
    assert stored["majority"] == "2/3"
    assert Rule.model_validate(stored) == rule
    assert Rule.model_validate(stored).digest() == rule.digest()


def test_two_rules_that_differ_in_one_field_have_two_digests():
    other = {"mode": "open", "tie": "refusal", "early_close": "never", "rounds": 1, "quorum": "1/3", "strict": False}
    digests = {Rule.model_validate({name: value}).digest() for name, value in other.items()}
    assert len(digests | {FAI.digest()}) == len(other) + 1


def test_every_field_of_the_rule_says_what_it_means():
    assert [name for name, field in Rule.model_fields.items() if not field.description] == []


def test_an_objection_is_offered_only_where_the_rule_has_objections():
    assert Choice.OBJECTION not in FAI.choices
    assert Choice.OBJECTION in Rule(objection="count").choices


def test_reasons_are_asked_for_reserves_and_against_and_so_for_an_objection():
    rule = Rule(objection="hold")
    asking = [choice for choice in rule.choices if rule.needs_reason(choice)]
    assert asking == [Choice.RESERVES, Choice.AGAINST, Choice.OBJECTION]
