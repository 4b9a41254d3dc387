"""From a row of the outbox to a letter, in the language of its reader.

The text comes first; the HTML part is the same text in one shell, without image. Links begin with the configured
address of the site, never with what a request said, and an invitation's token is made here: nothing usable is stored.
"""

import re
from dataclasses import dataclass
from datetime import datetime, time
from functools import partial
from zoneinfo import ZoneInfo

from babel.dates import get_timezone_location
from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _
from markupsafe import Markup, escape
from sqlalchemy.orm import Session

from app.keys import Keys
from app.mail.links import address, of_team
from app.mail.told import TOLD
from app.models import Message, Person
from app.models.outbox import Engine
from app.queries import letters
from app.typography import typo
from app.words import PARIS, day, hour, language, moment, short_day
from config import Settings
from workflows.deadlines import due_date
from workflows.label import Label, Notice

LABEL = "label:"


@dataclass(frozen=True)
class Letter:
    """What leaves: a subject on one line, a text, and the same text in HTML."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True)
class Words:
    """What a notice says, before its greeting and signature; `team` for those who send the others."""

    subject: str
    body: str
    team: bool


def letter(db: Session, message: Message, reader: Person, *, settings: Settings, keys: Keys) -> Letter:
    """Write the letter of a row."""
    with force_locale(reader.locale):
        if message.notice.startswith(LABEL):
            words = label_words(db, message, reader, settings)
        else:
            words = engine_words(db, message, reader, settings, keys)
        return set_out(words, reader, settings)


def set_out(words: Words, reader: Person, settings: Settings) -> Letter:
    """Greet, sign, set the typography, and make the HTML part from the text."""
    shell = current_app.jinja_env.get_template("mail/letter.txt")
    values = {"name": reader.name, "answers": bool(settings.mail_reply_to), "team": words.team}
    written = shell.render(body=words.body.strip(), **values)
    text = typo(re.sub(r"\n{3,}", "\n\n", written).strip(), reader.locale) + "\n"
    subject = typo(" ".join(words.subject.split()), reader.locale)
    page = current_app.jinja_env.get_template("mail/letter.html")
    html = page.render(subject=subject, locale=reader.locale, body=linked(text, settings.base_url))
    return Letter(subject, text, html)


def engine_words(db: Session, message: Message, reader: Person, settings: Settings, keys: Keys) -> Words:
    """The words of one of the engine's own notices, from its template."""
    notice = TOLD[Engine(message.notice)]
    told = {**notice.read(db, message), "reason": message.values.get("reason", ""), "at": message.written_at}
    told |= {"link": notice.link(db, message, settings, keys), "when": partial(when, zone=reader.zone)}
    if notice.code:
        told["code"] = notice.code(db, message, keys)
    page = current_app.jinja_env.get_template(f"mail/{message.notice}.txt").make_module(told)
    subject: str = page.subject  # type: ignore[attr-defined]  # each template sets its subject
    return Words(subject, str(page), team=notice.team or of_team(message))


def label_words(db: Session, message: Message, reader: Person, settings: Settings) -> Words:
    """The words that the dossier's own definition declares, its closed fields filled in."""
    dossier = letters.dossier_told(db, message.values["dossier"])
    notice = notice_of(dossier.label, message.notice.removeprefix(LABEL))
    team = dossier.label.role(notice.to).held_by != "structure"
    fields = {
        "structure": dossier.structure,
        "reference": dossier.reference,
        "reason": message.values.get("reason", ""),
        "officer": dossier.officer or dossier.label.words.awarder.in_(reader.locale),
        "deadline": deadline(db, message, dossier, reader.zone),
        "link": address(settings, "staff.dossier" if team else "candidate.dossier", {"dossier_id": dossier.id}),
    }
    subject, body = notice.subject.in_(reader.locale), notice.body.in_(reader.locale)
    return Words(subject.format(**fields), body.format(**fields), team=team)


def notice_of(label: Label, key: str) -> Notice:
    return next(notice for notice in label.notices if notice.key == key)


def deadline(db: Session, message: Message, dossier: letters.DossierTold, zone: str) -> str:
    """The end of a committee's poll, or the last day of the delay that a stage announces; nothing where none is."""
    arrival = letters.arrival(db, message.event)
    stage = dossier.label.stage(arrival.stage)
    if stage.kind == "committee":
        return when(letters.examination_ends(db, dossier.id), zone)
    if stage.working_days is None:
        return ""
    last = due_date(arrival.at, stage.working_days)
    return day(datetime.combine(last, time(12), ZoneInfo(PARIS)))


def when(at: datetime, zone: str) -> str:
    """A moment in Paris time, and in the reader's own where it differs."""
    paris = str(_("%(moment)s, heure de Paris", moment=moment(at)))
    there, here = at.astimezone(ZoneInfo(zone)), at.astimezone(ZoneInfo(PARIS))
    if there.utcoffset() == here.utcoffset():
        return paris
    place = get_timezone_location(ZoneInfo(zone), locale=language(), return_city=True)
    own = _("%(hour)s à %(place)s", hour=hour(at, zone), place=place)
    if there.date() != here.date():
        own = _("%(day)s, %(hour)s à %(place)s", day=short_day(at, zone), hour=hour(at, zone), place=place)
    return f"{paris} ({own})"


def linked(text: str, base_url: str, *, here: bool = False) -> Markup:
    """A text as paragraphs, its addresses of this site made into links; those of other sites stay words.

    `here` makes them lead to the site that is being read, whatever its configured address.
    """
    own = re.compile(rf"({re.escape(base_url)}/[^\s<>\"«»]*)")

    def line(written: str) -> Markup:
        pieces = own.split(written)
        return Markup("").join(
            Markup('<a href="{}">{}</a>').format(piece.removeprefix(base_url) if here else piece, piece)
            if place % 2
            else escape(piece)
            for place, piece in enumerate(pieces)
        )

    blocks = (block.split("\n") for block in text.strip().split("\n\n"))
    lines = (Markup("<br>").join(line(written) for written in block) for block in blocks)
    return Markup("\n").join(Markup("<p>{}</p>").format(block) for block in lines)
