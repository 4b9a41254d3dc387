"""Moments as a page says them: in Paris time, and in the reader's own where it differs."""

from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import get_timezone_location
from flask_babel import gettext as _

from app.words import PARIS, hour, language, short_day


def place(zone: str) -> str:
    """The city that a zone is known by: « Cayenne »."""
    return get_timezone_location(ZoneInfo(zone), locale=language(), return_city=True)


def there(at: datetime, zone: str) -> str:
    """The hour where the reader is, with the day if it is another; nothing where it is the same as in Paris."""
    local, paris = at.astimezone(ZoneInfo(zone)), at.astimezone(ZoneInfo(PARIS))
    if local.utcoffset() == paris.utcoffset():
        return ""
    if local.date() == paris.date():
        return str(_("%(hour)s à %(place)s", hour=hour(at, zone), place=place(zone)))
    return str(_("%(day)s, %(hour)s à %(place)s", day=short_day(at, zone), hour=hour(at, zone), place=place(zone)))


def margin(at: datetime, zone: str) -> list[str]:
    """The hour of a deadline, a line for each zone: « midi, heure de Paris », « 7 h à Cayenne »."""
    lines = [str(_("%(hour)s, heure de Paris", hour=hour(at))), there(at, zone)]
    return [line for line in lines if line]


def moment_in(at: datetime, zone: str) -> str:
    """« 13 mai à midi, heure de Paris (7 h à Cayenne) », to be read inside a sentence."""
    paris = str(_("%(day)s à %(hour)s, heure de Paris", day=short_day(at), hour=hour(at)))
    own = there(at, zone)
    return f"{paris} ({own})" if own else paris


def deadline(at: datetime, zone: str) -> str:
    """« 13 mai à midi (7 h à Cayenne) », for a title: the hour of Paris where no other is named."""
    paris = str(_("%(day)s à %(hour)s", day=short_day(at), hour=hour(at)))
    own = there(at, zone)
    return f"{paris} ({own})" if own else paris
