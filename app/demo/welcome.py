"""The first contacts and the calendar of the fictional network, and when each thing happened."""

import tomllib
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import lru_cache, partial
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from app.demo.plan import Deed, office_hour
from app.demo.play import Play
from app.models.base import new_id
from app.operations.enquiries import Asked, ask, settle_enquiry
from app.operations.greeters import choose_greeter
from app.operations.sittings import Days, plan_sitting
from workflows.deadlines import PARIS, is_working_day
from workflows.label_parts import Part

FILE = Path(__file__).parent / "welcome.toml"
DAY = timedelta(days=1)
FIRST_DAYS = 1200  # before the loading: everybody of the team has come by then


class FirstContact(Part):
    """Somebody who asks, and what the team made of it: settled, or opened as the dossier of a structure."""

    ago: int
    name: str
    email: str
    territory: str
    brings: str
    structure: str = ""
    unborn: bool = False
    phone: str = ""
    call_back: bool = False
    entry: str = ""
    to: Literal["answered", "closed", "set_aside"] | None = None
    handled: int = 0
    by: str = ""
    note: str = ""
    opens: str | None = None


class Committee(Part):
    """A committee announced so many days before the loading, held so many days after it."""

    ago: int
    held: int
    complete: int
    place: str
    note: str = ""


class Welcome(Part):
    """Who greets, who asked, and when the committees meet."""

    greeter: str
    phone: str
    enquiries: tuple[FirstContact, ...]
    sittings: tuple[Committee, ...]


@lru_cache(maxsize=1)
def read_welcome() -> Welcome:
    return Welcome.model_validate(tomllib.loads(FILE.read_text(encoding="utf-8")))


def welcome_deeds(now: datetime) -> Iterator[Deed]:
    """Everything of the welcome, each at its moment before the loading."""
    told = read_welcome()
    yield Deed(office_hour(now, FIRST_DAYS, 1), partial(greet, told=told))
    for rank, contact in enumerate(told.enquiries):
        yield Deed(office_hour(now, contact.ago, rank + 1), partial(write, contact=contact))
        if contact.to:
            yield Deed(office_hour(now, contact.handled, rank + 1), partial(settle, contact=contact))
    for rank, committee in enumerate(told.sittings):
        yield Deed(office_hour(now, committee.ago, rank + 1), partial(announce, committee=committee, now=now))


def greet(play: Play, told: Welcome) -> None:
    choose_greeter(play.db, play.label.slug, play.people[told.greeter], phone=told.phone, clock=play.clock)


def write(play: Play, contact: FirstContact) -> None:
    """A first contact; the one that a dossier came of waits for its opening."""
    asked = Asked(
        name=contact.name,
        email=contact.email,
        territory=contact.territory,
        brings=contact.brings,
        structure=contact.structure,
        unborn=contact.unborn,
        phone=contact.phone,
        call_back=contact.call_back,
        entry=contact.entry,
    )
    made = ask(play.db, play.label, asked, once=new_id(), fictional=True, clock=play.clock)
    play.enquiries[contact.opens or contact.email] = made


def settle(play: Play, contact: FirstContact) -> None:
    by, enquiry = play.actor(contact.by), play.enquiries[contact.email]
    settle_enquiry(play.db, enquiry, str(contact.to), note=contact.note, by=by, clock=play.clock)


def announce(play: Play, committee: Committee, now: datetime) -> None:
    today = now.astimezone(ZoneInfo(PARIS)).date()
    held_on, complete_by = (working_day(today + days * DAY) for days in (committee.held, committee.complete))
    days = Days(held_on, complete_by, committee.place, committee.note)
    plan_sitting(play.db, play.label.slug, days, by=play.actor(read_welcome().greeter), clock=play.clock)


def working_day(day: date) -> date:
    """The day itself, or the next one that is worked."""
    while not is_working_day(day):
        day += DAY
    return day
