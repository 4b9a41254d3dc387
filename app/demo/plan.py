"""When everything happened: the fictional history as moments before the loading, all of them in the past.

Acts fall on working days, in office hours in Paris; a window ends as windows end, at noon of a working day.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from app.demo import history
from app.demo.fictional import Committee, Network, Said, Step, Way
from app.demo.play import Play
from workflows.deadlines import PARIS, add_working_days, default_window_end, is_working_day, resolve

DAY = timedelta(days=1)
BETWEEN_ACTS = timedelta(minutes=7)
AFTER_THE_END = timedelta(minutes=1)
MORNING = time(9)
OFFICE_MINUTES = 480
PACE = 53  # minutes from one act's time of day to the next one's: no two on the stroke of the hour


@dataclass(frozen=True)
class Deed:
    """One act of the history, and its moment."""

    at: datetime
    do: Callable[[Play], None]


def office_hour(now: datetime, ago: int, turn: int) -> datetime:
    """A moment of the working day that stood `ago` days before, or of the last one before it."""
    day = now.astimezone(ZoneInfo(PARIS)).date() - ago * DAY
    while not is_working_day(day):
        day -= DAY
    minutes = timedelta(minutes=turn * PACE % OFFICE_MINUTES)
    return resolve(datetime.combine(day, MORNING) + minutes, PARIS)


def morning_after(moment: datetime, working_days: int) -> datetime:
    """The morning, in Paris, of a working day that comes so many working days later."""
    day = add_working_days(moment.astimezone(ZoneInfo(PARIS)).date(), working_days)
    return resolve(datetime.combine(day, MORNING), PARIS)


def spread(start: datetime, end: datetime, turn: int, of: int) -> datetime:
    """The moment of one of several acts between two others, by day and in office hours where that is possible."""
    raw = start + (end - start) * (turn + 1) / (of + 1)
    kept = office_hour(raw, 0, turn + of)
    return kept if start < kept < end else raw


def plan(network: Network, ways: Iterable[Way], now: datetime) -> list[Deed]:
    """Every deed of the fictional network, the oldest first."""
    zones = sorted({person.zone for person in network.people})
    deeds = [*arrivals(network, now), *departures(network, now)]
    for rank, way in enumerate(ways):
        deeds += course(way, rank, now, zones)
    return sorted(deeds, key=lambda deed: deed.at)


def arrivals(network: Network, now: datetime) -> Iterator[Deed]:
    """Structures, then their people: first thing in the morning, before anything they do that day."""
    for body in network.structures:
        yield Deed(office_hour(now, body.ago, 0), partial(history.register, body=body))
    for person in network.people:
        for right in person.mandates:
            yield Deed(office_hour(now, right.ago, 0), partial(history.arrive, person=person, right=right))


def departures(network: Network, now: datetime) -> Iterator[Deed]:
    for rank, person in enumerate(network.people):
        for right in person.mandates:
            if right.left is not None:
                yield Deed(office_hour(now, right.left, rank), partial(history.leave, person=person, right=right))


def course(way: Way, rank: int, now: datetime, zones: list[str]) -> Iterator[Deed]:
    """The deeds of one dossier, each after the one before."""
    before: datetime | None = None
    for turn, step in enumerate(way.steps):
        at = office_hour(now, step.ago, rank + turn)
        if before is not None:
            at = max(at, before + BETWEEN_ACTS)
        if step.do != "committee":
            yield Deed(at, partial(history.act, way=way, step=step))
            before = at
        elif way.committee is not None:
            consultation = list(examination(way, step, way.committee, at, now, zones))
            yield from consultation
            before = consultation[-1].at


def examination(
    way: Way, step: Step, committee: Committee, at: datetime, now: datetime, zones: list[str]
) -> Iterator[Deed]:
    """A consultation: convened, opened when its time has come, closed when it is over; and what each voice does."""
    opens_at = morning_after(at, committee.opens)
    closes_at = default_window_end(opens_at, zones, committee.days)
    yield Deed(at, partial(history.convene, way=way, step=step, opens_at=opens_at, closes_at=closes_at))
    voices = committee.voices
    for turn, said in enumerate(voices):
        yield Deed(spread(at, min(opens_at, now), turn, len(voices)), partial(history.declare, way=way, said=said))
    if opens_at >= now:
        return
    yield Deed(opens_at, partial(history.open_window, way=way, step=step))
    opinions: list[Said] = [said for said in voices if said.choice]
    for turn, said in enumerate(opinions):
        moment = spread(opens_at, min(closes_at, now), turn, len(opinions))
        yield Deed(moment, partial(history.give_opinion, way=way, said=said))
    if closes_at + AFTER_THE_END < now:
        yield Deed(closes_at + AFTER_THE_END, partial(history.close, way=way))
