"""A letter as it will be read, shown before the act that sends it: the same words, nothing stored, no link that leads
anywhere yet."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from app.mail.render import Letter, Words, set_out, when
from app.models import Person
from app.models.outbox import Engine
from workflows.deadlines import PARIS
from workflows.label import Label, Notice

FRENCH = "fr"
#: What the committee receives when it is convened.
POLL_CONVENED = Engine.POLL_CONVENED


def label_letter(label: Label, notice: Notice, fields: Mapping[str, str], *, name: str) -> Letter:
    """A letter that a label declares, to `name`, in French; `fields` are those of its closed list that are known."""
    with force_locale(FRENCH):
        said = {"reason": "", "deadline": "", "link": _("(l’adresse de la page)"), **fields}
        subject, body = notice.subject.fr.format(**said), notice.body.fr.format(**said)
        return written(Words(subject, body, team=label.role(notice.to).held_by != "structure"), name)


def engine_letter(notice: Engine, told: Mapping[str, Any], *, name: str) -> Letter:
    """A letter of the engine's own, to `name`, in French and in Paris time."""
    with force_locale(FRENCH):
        said = {"reason": "", "link": _("(l’adresse de la page)"), "when": partial(when, zone=PARIS), **told}
        page = current_app.jinja_env.get_template(f"mail/{notice}.txt").make_module(said)
        subject: str = page.subject  # type: ignore[attr-defined]  # each template sets its subject
        return written(Words(subject, str(page), team=False), name)


def written(words: Words, name: str) -> Letter:
    reader = Person(name=name, locale=FRENCH, zone=PARIS)
    return set_out(words, reader, current_app.config["SETTINGS"])
