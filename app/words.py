"""Words of the engine: one sentence for each code a rule refuses with, and how moments and months are written.

Words of a label live in its definition; the pages' own are in the templates, set by one typographic filter.
"""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from flask import Flask
from flask_babel import get_locale
from markupsafe import Markup

from app.typography import typo
from app.words_contracted import of, to
from app.words_refusals import LACKING, REFUSALS
from workflows.label import Text
from workflows.refused import Refused
from workflows.requirements import Requirement

PARIS = "Europe/Paris"


def refusal(error: Refused) -> str:
    """The sentence of a refusal, in the reader's language."""
    sentence = REFUSALS[error.code]
    values = {name: say(value) for name, value in error.values.items()}
    return str(sentence) % values if values else str(sentence)


def lacking(requirement: Requirement) -> str:
    """What a dossier lacks, as a sentence."""
    return str(LACKING[requirement.code]) % {name: say(value) for name, value in requirement.values.items()}


def say(value: object) -> str:
    """A value inside a sentence: moments in Paris time, words of a label in the reader's language."""
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, Text):
        return value.in_(language())
    if isinstance(value, tuple) and all(isinstance(one, Requirement) for one in value):
        return " ".join(lacking(one) for one in value)
    return str(value)


def language() -> str:
    """The language of the page or of the mail being written: `fr` or `en`."""
    return str(get_locale() or "fr")[:2]


def moment(value: datetime, zone: str = PARIS) -> str:
    """« 12 mai 2026 à 18 h 30 », in a zone."""
    local = value.astimezone(ZoneInfo(zone))
    if language() == "en":
        return format_datetime(local, "d MMMM yyyy 'at' HH:mm", locale="en_GB")
    return f"{day(value, zone)} à {hour(value, zone)}"


def day(value: datetime, zone: str = PARIS) -> str:
    """« 12 mai 2026 », the first of a month as « 1er »."""
    local = value.astimezone(ZoneInfo(zone))
    if language() == "en":
        return format_date(local, "d MMMM yyyy", locale="en_GB")
    return format_date(local, f"{'1er' if local.day == 1 else local.day} MMMM yyyy".replace("er", "'er'"), locale="fr")


def short_day(value: datetime, zone: str = PARIS) -> str:
    """« 12 mai », for a margin."""
    return day(value, zone).rsplit(" ", 1)[0]


def hour(value: datetime, zone: str = PARIS) -> str:
    """« 18 h », « 18 h 05 », or noon as « midi »."""
    local = value.astimezone(ZoneInfo(zone))
    if language() == "en":
        return local.strftime("%H:%M")
    if (local.hour, local.minute) == (12, 0):
        return "midi"
    return f"{local.hour} h {local.minute:02d}" if local.minute else f"{local.hour} h"


def hour_to_the_second(value: datetime, zone: str = PARIS) -> str:
    """« 14 h 06 min 12 s », for a receipt."""
    local = value.astimezone(ZoneInfo(zone))
    if language() == "en":
        return local.strftime("%H:%M:%S")
    return f"{local.hour} h {local.minute:02d} min {local.second:02d} s"


def partial_date(value: str | None) -> str:
    """« octobre 2017 » from `2017-10`, « 2017 » from `2017`, a full date from a full one; nothing from nothing."""
    if not value:
        return ""
    parts = [int(part) for part in value.split("-")]
    year, month, of_month = (*parts, 1, 1)[:3]
    date = datetime(year, month, of_month, tzinfo=UTC)
    if len(parts) == 3:
        return day(date, "UTC")
    return format_date(date, {1: "yyyy", 2: "MMMM yyyy"}[len(parts)], locale="en_GB" if language() == "en" else "fr")


def init_app(app: Flask) -> None:
    app.jinja_env.filters.update(
        say=say,
        lacking=lacking,
        typo=lambda value, locale=None: typo(value, str(locale or language())),
        moment=moment,
        day=day,
        short_day=short_day,
        hour=hour,
        seconds=hour_to_the_second,
        partial_date=partial_date,
        paragraphs=paragraphs,
        of=of,
        to=to,
    )


def paragraphs(text: str) -> Markup:
    """A text as people typed it: paragraphs and line breaks, nothing else."""
    blocks = [block for block in text.replace("\r\n", "\n").split("\n\n") if block.strip()]
    inside = (Markup("<br>").join(block.strip().split("\n")) for block in blocks)
    return Markup("").join(Markup("<p>{}</p>").format(block) for block in inside)
