"""Where a window ends unless somebody says otherwise, and what the calendar says of one."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workflows.deadlines import PARIS, default_window_end, is_working_day, resolve, warnings

CAYENNE = "America/Cayenne"
NOUMEA = "Pacific/Noumea"
ZONES = [PARIS, CAYENNE, "America/Martinique", "Indian/Reunion", "Pacific/Tahiti", NOUMEA]


def paris(*wall):
    return resolve(datetime(*wall), PARIS)


def test_a_window_ends_at_noon_in_paris_on_a_working_day():
    assert default_window_end(paris(2026, 5, 4, 9), ZONES, 5) == paris(2026, 5, 11, 12)


def test_a_window_leaves_a_whole_number_of_days():
    assert default_window_end(paris(2026, 5, 5, 12), [PARIS], 7) == paris(2026, 5, 12, 12)
    assert default_window_end(paris(2026, 5, 5, 12, 1), [PARIS], 7) == paris(2026, 5, 13, 12)


def test_a_window_that_opens_in_the_evening_waits_for_a_full_one():
    assert default_window_end(paris(2026, 6, 1, 18), [PARIS], 0) == paris(2026, 6, 2, 12)
    assert default_window_end(paris(2026, 6, 1, 18, 1), [PARIS], 0) == paris(2026, 6, 3, 12)


def test_the_evening_of_cayenne_counts_and_not_only_that_of_paris():
    opened = resolve(datetime(2026, 6, 1, 18, 1), CAYENNE)
    assert default_window_end(opened, [CAYENNE], 0) == paris(2026, 6, 3, 12)
    assert default_window_end(paris(2026, 6, 1, 22, 30), [CAYENNE], 0) == paris(2026, 6, 2, 12)
    assert default_window_end(paris(2026, 6, 1, 22, 30), [CAYENNE, PARIS], 0) == paris(2026, 6, 3, 12)


def test_an_evening_that_is_not_over_at_noon_in_paris_is_not_a_full_one():
    assert default_window_end(paris(2026, 6, 1, 9), [NOUMEA], 0) == paris(2026, 6, 2, 12)
    assert default_window_end(paris(2026, 6, 1, 9, 1), [NOUMEA], 0) == paris(2026, 6, 3, 12)


def test_a_window_without_electors_abroad_may_end_the_same_day():
    assert default_window_end(paris(2026, 6, 1, 9), [], 0) == paris(2026, 6, 1, 12)


@settings(max_examples=150, deadline=None)
@given(
    st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),
    st.lists(st.sampled_from(ZONES), unique=True),
    st.integers(0, 21),
)
def test_a_window_ends_at_the_first_noon_that_keeps_every_promise(opened, zones, minimum):
    def promised(end):
        there = end.astimezone(ZoneInfo(PARIS))
        wall = opened.astimezone(ZoneInfo(PARIS)).replace(tzinfo=None) + timedelta(days=minimum)
        return (
            is_working_day(there.date())
            and there.replace(tzinfo=None) >= wall
            and end >= opened
            and all(any(full_evening(end, zone, back) for back in range(40)) for zone in zones)
        )

    def full_evening(end, zone, back):
        day = end.astimezone(ZoneInfo(zone)).date() - timedelta(days=back)
        six, eleven = (datetime(day.year, day.month, day.day, hour, tzinfo=ZoneInfo(zone)) for hour in (18, 23))
        return opened <= six and eleven <= end

    first = opened.astimezone(ZoneInfo(PARIS)).date()
    noons = (
        datetime(day.year, day.month, day.day, 12, tzinfo=ZoneInfo(PARIS)).astimezone(UTC)
        for day in (first + timedelta(days=number) for number in range(60))
    )
    assert default_window_end(opened, zones, minimum) == next(noon for noon in noons if promised(noon))


@pytest.mark.parametrize(
    ("start", "end", "codes"),
    [
        ((2026, 7, 20), (2026, 7, 31), ()),
        ((2026, 7, 20), (2026, 8, 1), ("window_in_august",)),
        ((2026, 8, 31), (2026, 9, 9), ("window_in_august",)),
        ((2026, 9, 1), (2026, 9, 9), ()),
        ((2026, 5, 11), (2026, 5, 14), ()),
        ((2026, 5, 11), (2026, 5, 15), ("window_over_may_bridges",)),
        ((2025, 4, 28), (2025, 5, 2), ("window_over_may_bridges",)),
        ((2024, 4, 29), (2024, 5, 3), ()),
        ((2024, 5, 6), (2024, 5, 10), ("window_over_may_bridges",)),
        ((2029, 4, 30), (2029, 5, 2), ("window_over_may_bridges",)),
        ((2026, 5, 22), (2026, 5, 26), ()),
        ((2026, 7, 12), (2026, 7, 14), ()),
        ((2026, 4, 20), (2026, 8, 20), ("window_in_august", "window_over_may_bridges")),
    ],
)
def test_a_window_in_august_or_over_the_bridges_of_may_is_warned_of(start, end, codes):
    assert warnings(paris(*start, 9), paris(*end, 12)) == codes


def test_a_window_is_read_in_paris_whatever_the_zone_of_its_times():
    end = datetime(2026, 7, 31, 23, tzinfo=timezone(timedelta(hours=-3)))
    assert warnings(paris(2026, 7, 20, 9), end) == ("window_in_august",)
