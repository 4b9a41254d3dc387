"""The one page that makes any transition which needs nothing but a word."""

from flask import flash, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import TextAreaField
from wtforms.validators import Length

from app import db
from app.operations.way import pass_stage
from app.policies import make
from app.queries.passing import Passing, passing
from app.web.doors import allow, clock, found_or_404, me
from app.words import refusal, say
from workflows.refused import Refused

UNPROCESSABLE = 422


class PassageForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """The words that go with a transition: a reason, or a note that may stay empty."""

    note = TextAreaField(_l("Votre message"), validators=[Length(max=5000)])


def passage_page(dossier_id: str, name: str, *, back: str) -> ResponseReturnValue:
    """Show one transition of a dossier, then make it; `back` is the address of the page that comes after."""
    found = found_or_404(passing(db.session(), me(), dossier_id, name))
    refuse_elsewhere(found)
    if found.transition.act is not None:
        raise Refused("act_of_its_own", transition=name)
    form = PassageForm()
    if not form.is_submitted():
        return passage(found, form, back)
    if not form.validate():
        return passage(found, form, back), UNPROCESSABLE
    note = "" if found.transition.asks == "nothing" else form.note.data or ""
    try:
        pass_stage(db.session(), dossier_id, name, by=me(), clock=clock(), note=note)
    except Refused as error:
        if error.code != "reason_missing":
            raise
        form.note.errors = [refusal(error)]
        return passage(found, form, back), UNPROCESSABLE
    db.session().commit()
    flash(_("C’est fait : %(label)s.", label=say(found.transition.label)), "ok")
    return redirect(back, 303)


def refuse_elsewhere(found: Passing) -> None:
    """Let in who may make this transition; then refuse one that does not leave from where the dossier stands."""
    allow(make(found.label, found.transition), found.heading.scope)
    if not found.here:
        raise Refused("not_from_here", transition=found.transition.name, stage=found.heading.stage.key)


def passage(found: Passing, form: PassageForm, back: str) -> str:
    return render_template("shared/passage.html", found=found, form=form, back=back, failed=bool(form.errors))
