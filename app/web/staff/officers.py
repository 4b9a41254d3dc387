"""Who follows a dossier: entrusting it to somebody else, with the words that go with it."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, SelectField, TextAreaField
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import Length, Optional

from app import db
from app.operations.officers import hand_over
from app.policies import Act
from app.queries.officers import HandOver, handing_over
from app.web.doors import allow, clock, found_or_404, me, now
from app.web.staff import pages
from app.words import refusal
from workflows.refused import Refused

UNPROCESSABLE = 422
LONGEST = 450  # characters of each part of the hand-over
#: Which field mends what the operation refuses.
FIELDS = {"officer_unknown": "to", "officer_same": "to", "day_past": "next_on"}


class HandOverForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """To whom, and what she needs to know; her words stay inside the team."""

    to = SelectField(_l("À qui"), validate_choice=False)
    state = TextAreaField(_l("Où en est le dossier"), validators=[Length(max=LONGEST)])
    promised = TextAreaField(_l("Ce qui a été promis, et à qui"), validators=[Length(max=LONGEST)])
    delicate = TextAreaField(_l("Le point délicat"), validators=[Length(max=LONGEST)])
    next_act = TextAreaField(_l("Le prochain acte"), validators=[Length(max=LONGEST)])
    next_on = DateField(_l("Revoir ce dossier le"), validators=[Optional()])

    def words(self) -> str:
        """The parts that were written, each under its name."""
        parts = (self.state, self.promised, self.delicate, self.next_act)
        written = ((part.label.text, (part.data or "").strip()) for part in parts)
        return "\n\n".join(f"{name} : {words}" for name, words in written if words)


@pages.route("/dossiers/<dossier_id>/confier", methods=["GET", "POST"])
def hand_over_to(dossier_id: str) -> ResponseReturnValue:
    allow(Act.SEE_DESK)
    found = found_or_404(handing_over(db.session(), me(), dossier_id, now()))
    allow(Act.ASSIGN_OFFICER, found.heading.scope)
    form = HandOverForm()
    form.to.choices = [SelectChoice("", _("choisissez une personne")), *(SelectChoice(*one) for one in found.officers)]
    if not form.is_submitted():
        return shown(found, form)
    if not form.validate():
        return shown(found, form), UNPROCESSABLE
    try:
        to, words, next_on = form.to.data or "", form.words(), form.next_on.data
        hand_over(db.session(), dossier_id, to, words=words, next_on=next_on, by=me(), clock=clock())
    except Refused as error:
        if error.code not in FIELDS:
            raise
        form[FIELDS[error.code]].errors = [refusal(error)]
        return shown(found, form), UNPROCESSABLE
    db.session().commit()
    flash(
        _("Le dossier est confié. La structure reçoit un message avec ce nom et comment joindre cette personne."), "ok"
    )
    return redirect(url_for("staff.dossier", dossier_id=dossier_id), 303)


def shown(found: HandOver, form: HandOverForm) -> str:
    return render_template("staff/officer/change.html", found=found, form=form)
