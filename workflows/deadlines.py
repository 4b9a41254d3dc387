"""Deadlines: working days, zones and the end of a window. Moments are aware; what comes out is in UTC."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from workflows.refused import Refused

PARIS = "Europe/Paris"
NOON = time(12)
MORNING = time(9)
EVENING = time(18)
NIGHT = time(23)
DAY = timedelta(days=1)
AUGUST = 8
FRIDAY = 4
YEARS = range(1900, 2200)


@dataclass(frozen=True, slots=True)
class Deadline:
    """Something that a moment (aware) brings: a key for what it is, and when."""

    key: str
    at: datetime


def easter(year: int) -> date:
    """Easter Sunday in the Gregorian calendar (Meeus, Jones and Butcher's algorithm)."""
    golden, (century, rest) = year % 19, divmod(year, 100)
    leap, drift = divmod(century, 4)
    moon = (19 * golden + century - leap - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * drift + 2 * (rest // 4) - moon - rest % 4) % 7
    late = (golden + 11 * moon + 22 * weekday) // 451
    month, day = divmod(moon + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)


@lru_cache(maxsize=64)
def public_holidays(year: int) -> frozenset[date]:
    """The eleven holidays of the whole of France (code du travail art. L3133-1); none that only a territory has."""
    sunday = easter(year)
    fixed = ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25))
    moving = (1, 39, 50)
    return frozenset([date(year, *day) for day in fixed] + [sunday + days * DAY for days in moving])


def is_working_day(day: date) -> bool:
    """Monday to Friday, holidays left out."""
    saturday = 5
    return day.weekday() < saturday and day not in public_holidays(day.year)


def add_working_days(day: date, count: int) -> date:
    """The `count`-th working day after `day`, which does not count itself. Raises ValueError below 0."""
    if count < 0:
        raise ValueError("working days are counted forward")
    while count:
        day += DAY
        count -= is_working_day(day)
    return day


def resolve(local: datetime, zone: str) -> datetime:
    """The moment of a wall time (naive) of a zone; of the two of an autumn night, the later.

    Raises Refused with time_does_not_exist(local, zone, suggestion) in the hour that a spring night skips, where the
    suggestion is the wall time as far after the gap; zone_unknown(zone); time_out_of_range(local) outside 1900 to
    2199. ValueError when it is aware.
    """
    moment, exists = _at(local, zone)
    if not exists:
        suggestion = moment.astimezone(_zone(zone)).replace(tzinfo=None)
        raise Refused("time_does_not_exist", local=local, zone=zone, suggestion=suggestion)
    return moment


def add_days(moment: datetime, days: int, zone: str) -> datetime:
    """The same wall time of the zone, `days` calendar days later; just after the gap where that time does not exist.

    Raises Refused with zone_unknown or time_out_of_range, ValueError when the moment is naive.
    """
    local = _local(moment, zone)
    try:
        later = local.replace(tzinfo=None) + timedelta(days=days)
    except OverflowError:
        raise Refused("time_out_of_range", local=local) from None
    return _at(later, zone)[0]


def default_window_end(opened_at: datetime, zones: Iterable[str], minimum_days: int) -> datetime:
    """Where a window ends unless somebody says otherwise: noon in Paris of the first working day that leaves, in every
    elector's zone, a full evening (18:00 to 23:00 there), and that is `minimum_days` calendar days on at least.

    Raises as `add_days` does.
    """
    zones = tuple(zones)
    earliest = add_days(opened_at, minimum_days, PARIS)
    day = _local(earliest, PARIS).date()
    while True:
        end = _at(datetime.combine(day, NOON), PARIS)[0]
        evenings = all(_last_evening(end, zone) >= opened_at for zone in zones)
        if is_working_day(day) and end >= earliest and evenings:
            return end
        day += DAY


def local_day(moment: datetime) -> date:
    """The day it is in Paris."""
    return _local(moment, PARIS).date()


def due_date(since: datetime, working_days: int) -> date:
    """The last day, in Paris, of a delay of so many working days that starts the day after `since`."""
    return add_working_days(_local(since, PARIS).date(), working_days)


def overdue(since: datetime, working_days: int, now: datetime) -> bool:
    """Whether that delay has passed: from midnight in Paris after its last day."""
    return _local(now, PARIS).date() > due_date(since, working_days)


def due(moment: datetime, deadlines: Iterable[Deadline]) -> tuple[Deadline, ...]:
    """Those whose time has come at `moment`, that very moment included, the oldest first."""
    return tuple(sorted((each for each in deadlines if each.at <= moment), key=lambda each: each.at))


def nobody_to_call(moment: datetime) -> bool:
    """Whether a hard letter that leaves now is read with nobody to call: on a day off, on a Friday from noon, or on the
    eve of a public holiday. In Paris time.
    """
    local = _local(moment, PARIS)
    day = local.date()
    eve = day + DAY
    weekend = day.weekday() == FRIDAY and local.time() >= NOON
    return weekend or not is_working_day(day) or eve in public_holidays(eve.year)


def next_kind_morning(moment: datetime) -> datetime:
    """Nine o’clock in Paris of the next day on which such a letter finds somebody to call."""
    day = _local(moment, PARIS).date()
    while True:
        day += DAY
        morning = _at(datetime.combine(day, MORNING), PARIS)[0]
        if not nobody_to_call(morning):
            return morning


def longest_ago(working_days: int, now: datetime) -> datetime:
    """The midnight in Paris from which a delay of so many working days has not passed yet; an earlier one has.

    It is `overdue` turned round, for whoever asks it of many things at once.
    """
    today = _local(now, PARIS).date()
    day = today
    while add_working_days(day - DAY, working_days) >= today:
        day -= DAY
    return _at(datetime.combine(day, time()), PARIS)[0]


def warnings(start: datetime, end: datetime) -> tuple[str, ...]:
    """What the calendar says of a window: window_in_august, window_over_may_bridges. A warning, never a refusal.

    A bridge is a working day alone between two days off, from 30 April to the Friday after the latest Ascension.
    """
    first, last = _local(start, PARIS).date(), _local(end, PARIS).date()
    days = [first + number * DAY for number in range((last - first).days + 1)]
    found = {
        "window_in_august": any(day.month == AUGUST for day in days),
        "window_over_may_bridges": any(_is_may_bridge(day) for day in days),
    }
    return tuple(code for code, applies in found.items() if applies)


def _zone(zone: str) -> ZoneInfo:
    try:
        return ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Refused("zone_unknown", zone=zone) from None


def _local(moment: datetime, zone: str) -> datetime:
    if moment.utcoffset() is None:
        raise ValueError("a moment carries its zone")
    return moment.astimezone(_zone(zone))


def _at(local: datetime, zone: str) -> tuple[datetime, bool]:
    """The moment of a wall time, the later of two, and whether that wall time exists (if not, as far after the gap)."""
    if local.tzinfo is not None:
        raise ValueError("a wall time has no zone of its own")
    if local.year not in YEARS:
        raise Refused("time_out_of_range", local=local)
    there = _zone(zone)
    later = local.replace(tzinfo=there, fold=1).astimezone(UTC)
    exists = later.astimezone(there).replace(tzinfo=None) == local
    return (later if exists else local.replace(tzinfo=there, fold=0).astimezone(UTC)), exists


def _last_evening(end: datetime, zone: str) -> datetime:
    """When the last evening that is over at `end` began in this zone."""
    local = _local(end, zone)
    day = local.date() if local.time() >= NIGHT else local.date() - DAY
    return _at(datetime.combine(day, EVENING), zone)[0]


def _is_may_bridge(day: date) -> bool:
    in_season = date(day.year, 4, 30) <= day <= date(day.year, 6, 4)
    return in_season and is_working_day(day) and not (is_working_day(day - DAY) or is_working_day(day + DAY))
