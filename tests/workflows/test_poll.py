"""A poll against the clock: its phases, and who may cast, close or lengthen it when."""

from datetime import UTC, datetime, timedelta

import pytest

from workflows.refused import Refused
from workflows.voting import Outcome, PollFacts, Rule, SeatFacts, may_cast, may_close, may_extend, phase

FAI = Rule()
OPENS = datetime(2026, 5, 4, 8, tzinfo=UTC)
CLOSES = datetime(2026, 5, 13, 10, tzinfo=UTC)
TICK = timedelta(microseconds=1)
OPEN = PollFacts("open", OPENS, CLOSES)
READY = {
    "recused": False,
    "ended": False,
    "link_declared": True,
    "mandated": True,
    "attached_to_candidate": False,
    "voted": False,
    "expected_version": 0,
    "version": 0,
    "change_until_close": True,
}


def seat(**facts):
    return SeatFacts(**(READY | facts))


def refusal(act, *args, **kwargs):
    with pytest.raises(Refused) as refused:
        act(*args, **kwargs)
    return refused.value.code, refused.value.values


@pytest.mark.parametrize(
    ("status", "moment", "expected"),
    [
        ("convened", OPENS + TICK, "convened"),
        ("convened", CLOSES + TICK, "convened"),
        ("open", OPENS - TICK, "convened"),
        ("open", OPENS, "open"),
        ("open", CLOSES - TICK, "open"),
        ("open", CLOSES, "over"),
        ("closed", OPENS, "closed"),
        ("decided", CLOSES, "decided"),
        ("notified", CLOSES, "notified"),
        ("cancelled", OPENS, "cancelled"),
    ],
)
def test_a_poll_is_over_by_the_clock_before_it_is_closed_by_an_act(status, moment, expected):
    assert phase(status, OPENS, CLOSES, moment) == expected


def test_a_seat_that_may_cast_is_refused_nothing():
    may_cast(OPENS, OPEN, seat())
    may_cast(CLOSES - TICK, OPEN, seat(voted=True, version=2, expected_version=2))


def test_a_first_ballot_may_be_cast_where_no_ballot_may_be_replaced():
    may_cast(OPENS, OPEN, seat(change_until_close=False))


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"recused": True}, ("seat_recused", {})),
        ({"ended": True}, ("seat_ended", {})),
        ({"link_declared": False}, ("link_not_declared", {})),
        ({"mandated": False}, ("no_mandate", {})),
        ({"attached_to_candidate": True}, ("person_attached", {})),
        ({"voted": True, "version": 1, "expected_version": 1, "change_until_close": False}, ("vote_is_final", {})),
        ({"voted": True, "version": 2, "expected_version": 1}, ("version_outdated", {"version": 2})),
        ({"expected_version": 1}, ("version_outdated", {"version": 0})),
    ],
)
def test_a_seat_that_may_not_cast_is_told_why(facts, expected):
    assert refusal(may_cast, OPENS, OPEN, seat(**facts)) == expected


@pytest.mark.parametrize(
    ("poll", "moment", "expected"),
    [
        (PollFacts("convened", OPENS, CLOSES), OPENS, ("poll_not_open", {"opens_at": OPENS})),
        (OPEN, OPENS - TICK, ("poll_not_open", {"opens_at": OPENS})),
        (OPEN, CLOSES, ("poll_over", {"ended_at": CLOSES})),
        (PollFacts("closed", OPENS, CLOSES), OPENS, ("poll_closed", {})),
        (PollFacts("decided", OPENS, CLOSES), CLOSES, ("poll_closed", {})),
        (PollFacts("notified", OPENS, CLOSES), CLOSES, ("poll_closed", {})),
        (PollFacts("cancelled", OPENS, CLOSES), OPENS, ("poll_cancelled", {})),
    ],
)
def test_a_ballot_outside_the_window_is_refused(poll, moment, expected):
    assert refusal(may_cast, moment, poll, seat()) == expected


@pytest.mark.parametrize("poll", [OPEN, PollFacts("closed", OPENS, CLOSES), PollFacts("cancelled", OPENS, CLOSES)])
@pytest.mark.parametrize(
    ("facts", "code"),
    [({"recused": True}, "seat_recused"), ({"mandated": False}, "no_mandate"), ({"ended": True}, "seat_ended")],
)
def test_who_takes_no_part_learns_nothing_of_the_poll(poll, facts, code):
    assert refusal(may_cast, CLOSES, poll, seat(**facts))[0] == code


def test_a_late_person_is_told_of_the_end_before_anything_about_the_ballot():
    facts = seat(link_declared=False, voted=True, version=1, change_until_close=False)
    assert refusal(may_cast, CLOSES, OPEN, facts)[0] == "poll_over"


def test_the_count_waits_for_the_end_of_the_window():
    assert refusal(may_close, CLOSES - TICK, OPEN, FAI, remaining=1) == ("poll_not_over", {"closes_at": CLOSES})
    may_close(CLOSES, OPEN, FAI, remaining=1)


def test_the_count_may_come_early_when_every_seat_has_taken_part():
    may_close(OPENS, OPEN, FAI, remaining=0)
    never = Rule(early_close="never")
    assert refusal(may_close, OPENS, OPEN, never, remaining=0)[0] == "poll_not_over"
    may_close(CLOSES, OPEN, never, remaining=0)


def test_a_certain_outcome_brings_the_count_forward_only_where_the_rule_allows_it():
    sure = Outcome.FAVOURABLE
    may_close(OPENS, OPEN, Rule(early_close="certain"), remaining=3, certainty=sure)
    assert refusal(may_close, OPENS, OPEN, FAI, remaining=3, certainty=sure)[0] == "poll_not_over"
    assert refusal(may_close, OPENS, OPEN, Rule(early_close="certain"), remaining=3)[0] == "poll_not_over"


def test_the_chair_of_a_sitting_closes_an_item_though_absent_seats_will_never_vote():
    may_close(OPENS, PollFacts("open", OPENS, CLOSES, live=True), FAI, remaining=7)


@pytest.mark.parametrize(
    ("status", "code"),
    [
        ("convened", "poll_not_open"),
        ("closed", "poll_closed"),
        ("decided", "poll_closed"),
        ("notified", "poll_closed"),
        ("cancelled", "poll_cancelled"),
    ],
)
def test_a_poll_is_counted_once_and_only_if_it_was_opened(status, code):
    assert refusal(may_close, CLOSES, PollFacts(status, OPENS, CLOSES), FAI, remaining=0)[0] == code


def test_a_window_is_only_lengthened_and_before_its_end():
    later = CLOSES + timedelta(days=1)
    may_extend(CLOSES - TICK, OPEN, later)
    may_extend(OPENS - TICK, PollFacts("convened", OPENS, CLOSES), later)
    assert refusal(may_extend, CLOSES, OPEN, later) == ("poll_over", {"ended_at": CLOSES})
    assert refusal(may_extend, OPENS, OPEN, CLOSES) == ("window_only_lengthens", {"closes_at": CLOSES})
    assert refusal(may_extend, OPENS, PollFacts("closed", OPENS, CLOSES), later)[0] == "poll_closed"
    assert refusal(may_extend, OPENS, PollFacts("cancelled", OPENS, CLOSES), later)[0] == "poll_cancelled"
