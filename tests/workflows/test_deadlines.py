"""Working days, wall times that do not exist or come twice, and what is due."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workflows.deadlines import (
    PARIS,
    Deadline,
    add_days,
    add_working_days,
    due,
    due_date,
    easter,
    is_working_day,
    local_day,
    longest_ago,
    next_kind_morning,
    nobody_to_call,
    overdue,
    public_holidays,
    resolve,
)
from workflows.refused import Refused

CAYENNE = "America/Cayenne"
MARTINIQUE = "America/Martinique"
REUNION = "Indian/Reunion"
NOUMEA = "Pacific/Noumea"
ZONES = [PARIS, CAYENNE, MARTINIQUE, REUNION, NOUMEA]


def paris(*wall):
    return resolve(datetime(*wall), PARIS)


def refusal(act, *args):
    with pytest.raises(Refused) as refused:
        act(*args)
    return refused.value.code, refused.value.values


# Working days


@pytest.mark.parametrize(
    ("year", "month", "day"),
    [
        (1961, 4, 2),
        (2000, 4, 23),
        (2008, 3, 23),
        (2024, 3, 31),
        (2025, 4, 20),
        (2026, 4, 5),
        (2027, 3, 28),
        (2038, 4, 25),
    ],
)
def test_easter_falls_where_almanacs_say(year, month, day):
    assert easter(year) == date(year, month, day)


def test_easter_equals_the_count_by_golden_number_and_epact():
    for year in range(1900, 2200):
        golden, century = year % 19 + 1, year // 100 + 1
        epact = (11 * golden + 20 + (8 * century + 5) // 25 - 5 - (3 * century // 4 - 12)) % 30
        epact += epact == 24 or (epact == 25 and golden > 11)
        full_moon = date(year, 3, 1) + timedelta(days=43 - epact + (30 if epact > 23 else 0))
        assert easter(year) == full_moon + timedelta(days=7 - (full_moon.weekday() + 1) % 7), year


def test_france_has_eleven_public_holidays():
    assert sorted(public_holidays(2026)) == [
        date(2026, 1, 1),
        date(2026, 4, 6),
        date(2026, 5, 1),
        date(2026, 5, 8),
        date(2026, 5, 14),
        date(2026, 5, 25),
        date(2026, 7, 14),
        date(2026, 8, 15),
        date(2026, 11, 1),
        date(2026, 11, 11),
        date(2026, 12, 25),
    ]


def test_a_working_day_is_neither_a_weekend_nor_a_holiday():
    week = [date(2026, 5, day) for day in range(11, 18)]
    assert [is_working_day(day) for day in week] == [True, True, True, False, True, False, False]


def test_ten_working_days_step_over_the_weekends_and_the_holidays_of_may():
    assert add_working_days(date(2026, 5, 4), 10) == date(2026, 5, 20)


def test_working_days_start_the_day_after():
    assert add_working_days(date(2026, 5, 7), 1) == date(2026, 5, 11)
    assert add_working_days(date(2026, 5, 9), 1) == date(2026, 5, 11)
    assert add_working_days(date(2026, 5, 9), 0) == date(2026, 5, 9)


def test_working_days_are_never_counted_backward():
    with pytest.raises(ValueError, match="forward"):
        add_working_days(date(2026, 5, 9), -1)


@settings(max_examples=100, deadline=None)
@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.integers(1, 40))
def test_so_many_working_days_lie_between_a_day_and_the_one_found(day, count):
    found = add_working_days(day, count)
    between = [day + timedelta(days=number) for number in range(1, (found - day).days + 1)]
    assert is_working_day(found)
    assert sum(is_working_day(each) for each in between) == count


# Wall times


def test_a_wall_time_that_does_not_exist_is_refused_with_a_suggestion():
    local = datetime(2027, 3, 28, 2, 30)
    assert refusal(resolve, local, PARIS) == (
        "time_does_not_exist",
        {"local": local, "zone": PARIS, "suggestion": datetime(2027, 3, 28, 3, 30)},
    )


@pytest.mark.parametrize("minute", [0, 59])
def test_the_whole_hour_that_the_spring_skips_does_not_exist(minute):
    assert refusal(resolve, datetime(2027, 3, 28, 2, minute), PARIS)[0] == "time_does_not_exist"


def test_the_suggestion_is_a_wall_time_that_exists():
    suggestion = refusal(resolve, datetime(2027, 3, 28, 2, 30), PARIS)[1]["suggestion"]
    assert resolve(suggestion, PARIS) == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)


def test_an_ambiguous_wall_time_is_the_later_of_the_two():
    assert resolve(datetime(2026, 10, 25, 2, 30), PARIS) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert resolve(datetime(2026, 10, 25, 2, 30, fold=1), PARIS) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


def test_the_night_of_paris_is_an_ordinary_one_overseas():
    for zone, hours in ((CAYENNE, 3), (MARTINIQUE, 4), (REUNION, -4)):
        local = datetime(2027, 3, 28, 2, 30)
        assert resolve(local, zone) == local.replace(tzinfo=UTC) + timedelta(hours=hours)


def test_what_is_resolved_is_in_utc():
    assert resolve(datetime(2026, 5, 12, 12), PARIS).tzinfo is UTC
    assert resolve(datetime(2026, 5, 12, 12), PARIS) == datetime(2026, 5, 12, 10, tzinfo=UTC)


@pytest.mark.parametrize("zone", ["Europe/Lutece", "", "../etc/passwd", "/etc/passwd", "Europe", "Paris\0"])
def test_a_zone_that_nobody_knows_is_refused(zone):
    assert refusal(resolve, datetime(2026, 5, 12), zone) == ("zone_unknown", {"zone": zone})


@pytest.mark.parametrize("local", [datetime.min, datetime.max, datetime(1899, 12, 31, 23), datetime(2200, 1, 1)])
@pytest.mark.parametrize("zone", [PARIS, CAYENNE, NOUMEA])
def test_a_time_of_another_age_is_refused_and_breaks_nothing(local, zone):
    assert refusal(resolve, local, zone) == ("time_out_of_range", {"local": local})


def test_a_moment_far_beyond_reason_is_refused_and_breaks_nothing():
    for days in (10**6, 10**12, -(10**6)):
        assert refusal(add_days, paris(2026, 5, 12, 12), days, PARIS)[0] == "time_out_of_range"


def test_a_wall_time_carries_no_zone_and_a_moment_carries_one():
    with pytest.raises(ValueError, match="wall time"):
        resolve(datetime(2026, 5, 12, 12, tzinfo=UTC), PARIS)
    with pytest.raises(ValueError, match="carries its zone"):
        add_days(datetime(2026, 5, 12, 12), 1, PARIS)


@settings(max_examples=300, deadline=None)
@given(st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1)), st.sampled_from(ZONES))
def test_a_resolved_time_reads_back_as_the_same_wall_time(local, zone):
    try:
        moment = resolve(local, zone)
    except Refused as refused:
        assert resolve(refused.values["suggestion"], zone) > resolve(local - timedelta(hours=2), zone)
        return
    assert moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0) == local


def test_fourteen_days_keep_the_wall_time_across_the_autumn_change():
    end = add_days(paris(2026, 10, 11, 23, 59, 59), 14, PARIS)
    assert end == datetime(2026, 10, 25, 22, 59, 59, tzinfo=UTC)
    assert end - paris(2026, 10, 11, 23, 59, 59) == timedelta(days=14, hours=1)


def test_fourteen_days_keep_the_wall_time_across_the_spring_change():
    start = paris(2027, 3, 20, 12)
    assert add_days(start, 14, PARIS) - start == timedelta(days=14, hours=-1)


def test_fourteen_days_are_fourteen_times_24_hours_where_clocks_do_not_change():
    start = paris(2026, 10, 11, 23, 59, 59)
    assert {add_days(start, 14, zone) - start for zone in (CAYENNE, MARTINIQUE, REUNION)} == {timedelta(days=14)}


def test_days_that_lead_to_a_time_that_does_not_exist_lead_just_after_it():
    assert add_days(paris(2027, 3, 27, 2, 30), 1, PARIS) == paris(2027, 3, 28, 3, 30)


def test_days_that_lead_to_a_time_that_comes_twice_lead_to_the_later():
    assert add_days(paris(2026, 10, 24, 2, 30), 1, PARIS) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


# What is due


def test_a_delay_of_ten_working_days_is_overdue_from_the_midnight_after_its_last():
    since = paris(2026, 5, 4, 9)
    assert due_date(since, 10) == date(2026, 5, 20)
    assert not overdue(since, 10, paris(2026, 5, 20, 23, 59, 59))
    assert overdue(since, 10, paris(2026, 5, 21))


def test_a_delay_starts_on_the_day_it_is_in_paris():
    assert due_date(datetime(2026, 5, 4, 22, 30, tzinfo=UTC), 1) == date(2026, 5, 6)


def test_what_is_due_comes_with_its_moment_the_oldest_first():
    noon = paris(2026, 5, 12, 12)
    late, now = Deadline("close", noon - timedelta(hours=1)), Deadline("remind", noon)
    assert due(noon, [Deadline("notify", noon + timedelta(microseconds=1)), now, late]) == (late, now)


# A letter that is hard to read


@pytest.mark.parametrize(
    ("moment", "alone", "morning"),
    [
        (paris(2026, 11, 20, 11, 59), False, (2026, 11, 23, 9)),  # a Friday morning
        (paris(2026, 11, 20, 12, 0), True, (2026, 11, 23, 9)),
        (paris(2026, 11, 21, 9, 0), True, (2026, 11, 23, 9)),
        (paris(2026, 11, 10, 9, 0), True, (2026, 11, 12, 9)),  # the eve of 11 November
        (paris(2026, 11, 11, 9, 0), True, (2026, 11, 12, 9)),
        (paris(2026, 12, 24, 9, 0), True, (2026, 12, 28, 9)),
        (paris(2026, 11, 18, 18, 0), False, (2026, 11, 19, 9)),
    ],
)
def test_a_hard_letter_finds_somebody_to_call(moment, alone, morning):
    assert nobody_to_call(moment) is alone
    assert next_kind_morning(moment) == paris(*morning)


@given(st.integers(1, 30), st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)))
@settings(max_examples=60)
def test_the_longest_ago_is_overdue_turned_round(days, wall):
    now = wall.replace(tzinfo=UTC)
    edge = longest_ago(days, now)
    assert not overdue(edge, days, now)
    assert overdue(edge - timedelta(seconds=1), days, now)


def test_a_day_is_a_day_in_paris():
    assert local_day(datetime(2026, 11, 2, 23, 30, tzinfo=UTC)) == date(2026, 11, 3)
