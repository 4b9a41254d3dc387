"""What was said outside the site: noted in twenty seconds, read again on one page."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, RadioField, TextAreaField
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import InputRequired, Length, Optional

from app import db
from app.operations.exchanges import LONGEST, note_exchange
from app.policies import Act
from app.queries.exchanges import ExchangePage, exchange_page
from app.web.doors import allow, clock, found_or_404, me
from app.web.staff import pages
from app.words import refusal
from workflows.refused import Refused

UNPROCESSABLE = 422
SHARED, INSIDE = "shared", "inside"
#: Which field mends what the operation refuses.
FIELDS = {"words_missing": "words", "text_too_long": "words", "day_past": "next_on"}


def choices(pairs: dict[str, Any]) -> list[Any]:
    return [SelectChoice(value, label) for value, label in pairs.items()]


class ExchangeForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """What was said, by which way, who may read it, when to come back to it."""

    kind = RadioField(
        _l("Par quelle voie"),
        choices=choices({"call": _l("appel"), "mail": _l("courriel"), "meeting": _l("rencontre"), "note": _l("note")}),
        default="call",
        validators=[InputRequired()],
    )
    words = TextAreaField(_l("Ce qui a été dit"), validators=[Length(max=LONGEST)])
    reader = RadioField(
        _l("Qui le lira"),
        choices=choices({INSIDE: _l("l’Avise seulement"), SHARED: _l("l’Avise et la structure")}),
        default=INSIDE,
        validators=[InputRequired()],
    )
    next_on = DateField(_l("Revoir ce dossier le"), validators=[Optional()])


@pages.route("/dossiers/<dossier_id>/echanges", methods=["GET", "POST"])
def exchanges(dossier_id: str) -> ResponseReturnValue:
    allow(Act.SEE_DESK)
    found = found_or_404(exchange_page(db.session(), me(), dossier_id))
    allow(Act.SEE_EXCHANGES, found.heading.scope)
    form = ExchangeForm()
    if not form.is_submitted():
        return shown(found, form)
    allow(Act.NOTE_EXCHANGE, found.heading.scope)
    if not form.validate():
        return shown(found, form), UNPROCESSABLE
    try:
        noted(dossier_id, form)
    except Refused as error:
        if error.code not in FIELDS:
            raise
        form[FIELDS[error.code]].errors = [refusal(error)]
        return shown(found, form), UNPROCESSABLE
    db.session().commit()
    flash(_("C’est noté."), "ok")
    return redirect(url_for("staff.dossier", dossier_id=dossier_id, _anchor="echanges"), 303)


def noted(dossier_id: str, form: ExchangeForm) -> None:
    note_exchange(
        db.session(),
        dossier_id,
        kind=form.kind.data,
        words=form.words.data or "",
        shared=form.reader.data == SHARED,
        next_on=form.next_on.data,
        by=me(),
        clock=clock(),
    )


def shown(found: ExchangePage, form: ExchangeForm) -> str:
    return render_template("staff/exchange/list.html", found=found, form=form)
