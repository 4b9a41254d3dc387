"""What was said and shared with the structure, and what it understood otherwise."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import TextAreaField
from wtforms.validators import Length

from app import db
from app.operations.exchanges import LONGEST, correct_exchange
from app.policies import Act
from app.queries.exchanges import ExchangePage, exchange_page
from app.web.candidate import pages
from app.web.doors import allow, clock, found_or_404, me
from app.words import refusal
from workflows.refused import Refused

UNPROCESSABLE = 422


class CorrectionForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """What somebody of the structure understood otherwise."""

    words = TextAreaField(_l("Ce que vous avez compris, ou ce qui manque"), validators=[Length(max=LONGEST)])


@pages.route("/<dossier_id>/echanges", methods=["GET", "POST"])
def exchanges(dossier_id: str) -> ResponseReturnValue:
    """Read what was shared, and put one’s own words beside it."""
    found = found_or_404(exchange_page(db.session(), me(), dossier_id))
    form = CorrectionForm()
    if not form.is_submitted():
        return shown(found, form)
    allow(Act.CORRECT_EXCHANGE, found.heading.scope)
    if not form.validate():
        return shown(found, form), UNPROCESSABLE
    try:
        correct_exchange(db.session(), dossier_id, form.words.data or "", by=me(), clock=clock())
    except Refused as error:
        if error.code not in ("words_missing", "text_too_long"):
            raise
        form.words.errors = [refusal(error)]
        return shown(found, form), UNPROCESSABLE
    db.session().commit()
    flash(_("C’est noté, à côté de ce qui était écrit. L’Avise le verra aujourd’hui."), "ok")
    return redirect(url_for("candidate.exchanges", dossier_id=dossier_id), 303)


def shown(found: ExchangePage, form: CorrectionForm) -> str:
    return render_template("candidate/exchange/list.html", found=found, form=form, acting_for=found.heading.structure)
