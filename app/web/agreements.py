"""The agreement of a second entry, as both sides read it, write it and confirm it: the same three pages for each."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import FieldList, Form, FormField, HiddenField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import InputRequired, Length

from app import db
from app.operations.agreements import confirm_agreement, write_agreement
from app.policies import Act
from app.queries.agreements import AgreementPage, Version, agreement_page
from app.web.doors import allow, clock, found_or_404, me, now
from app.words import PARIS, partial_date, refusal, say
from workflows.agreement import LONGEST_STEP, LONGEST_WORDS, MOST_STEPS, Terms, months, terms
from workflows.refused import Refused

UNPROCESSABLE = 422
LINES = 4  # lines of steps to begin with
#: Which field mends what the rules refuse.
FIELDS = {
    "recognised_missing": "recognised",
    "remaining_missing": "remaining",
    "month_missing": "until",
    "month_past": "until",
    "month_too_far": "until",
    "text_too_long": "recognised",
    "agreement_changed": "recognised",
}


class StepForm(Form):
    """A step of the structure’s own, and the step of the craft beside it."""

    own = StringField(_l("Étape de la structure"), validators=[Length(max=LONGEST_STEP)])
    step = SelectField(_l("Étape du processus métier"))


class AgreementForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """A version to write; `seen` is the number of the one that its author was shown."""

    recognised = TextAreaField(_l("Ce qui est reconnu"), validators=[Length(max=LONGEST_WORDS)])
    remaining = TextAreaField(_l("Ce qui reste à expérimenter"), validators=[Length(max=LONGEST_WORDS)])
    until = SelectField(_l("Jusqu’à quel mois"))
    steps = FieldList(
        FormField(StepForm, label=_l("Une étape")),
        label=_l("Les étapes de la structure et celles du processus métier"),
        max_entries=MOST_STEPS,
    )
    seen = HiddenField(validators=[Length(max=6)])

    def shown(self) -> int:
        """The number of the version that was shown; 0 for none."""
        seen = str(self.seen.data or "")
        return int(seen) if seen.isascii() and seen.isdigit() else 0


class WordForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """One side’s word, for one version."""

    version = IntegerField(validators=[InputRequired()])


def show_page(dossier_id: str, audience: str) -> str:
    found = found_or_404(agreement_page(db.session(), me(), dossier_id))
    allow(Act.SEE_DOSSIER, found.heading.scope)
    return render_template("shared/agreement/show.html", found=found, **around(found, audience))


def write_page(dossier_id: str, audience: str) -> ResponseReturnValue:
    """Write the next version. Adding or removing a line of steps keeps everything that was typed."""
    found = found_or_404(agreement_page(db.session(), me(), dossier_id))
    allow(Act.WRITE_AGREEMENT, found.heading.scope)
    if not found.open:
        raise Refused("not_at_this_stage")
    today = now().astimezone(ZoneInfo(PARIS)).date()
    form = AgreementForm(data=begun(found))
    choose(form, found, today)
    if not form.is_submitted():
        return written(found, form, audience)
    if relined(form, found):
        return written(found, form, audience)
    if not form.validate():
        return written(found, form, audience), UNPROCESSABLE
    try:
        asked = asked_terms(form, found, today)
        write_agreement(db.session(), dossier_id, asked, replaces=form.shown(), by=me(), clock=clock())
    except Refused as error:
        if error.code not in FIELDS:
            raise
        return refused(found, form, error, audience), UNPROCESSABLE
    db.session().commit()
    flash(
        _("C’est écrit. L’autre partie est prévenue ; rien n’est convenu avant que vous ayez confirmé tous deux."), "ok"
    )
    return redirect(url_for(f"{audience}.agreement", dossier_id=dossier_id), 303)


def refused(found: AgreementPage, form: AgreementForm, error: Refused, audience: str) -> str:
    """The form again, with what stopped it; a version written since stands beside what was typed."""
    form[FIELDS[error.code]].errors = [refusal(error)]
    theirs = found.newest if error.code == "agreement_changed" else None
    if theirs is not None:
        form.seen.data = str(theirs.number)
    db.end_transaction()
    return written(found, form, audience, theirs)


def confirm_act(dossier_id: str, audience: str) -> ResponseReturnValue:
    """Give one side’s word to the version that was read."""
    found = found_or_404(agreement_page(db.session(), me(), dossier_id))
    allow(Act.CONFIRM_AGREEMENT, found.heading.scope)
    form = WordForm()
    if not form.validate_on_submit():
        return render_template("shared/agreement/show.html", found=found, **around(found, audience)), UNPROCESSABLE
    version = int(form.version.data or 0)
    given = confirm_agreement(db.session(), dossier_id, version, by=me(), clock=clock())
    both = given.structure_at is not None and given.team_at is not None
    db.session().commit()
    flash(
        _("C’est convenu : vous avez confirmé tous deux.") if both else _("Votre confirmation est enregistrée."), "ok"
    )
    return redirect(url_for(f"{audience}.agreement", dossier_id=dossier_id), 303)


def begun(found: AgreementPage) -> dict[str, object]:
    """What the form begins with: the newest version, or a few empty lines."""
    last = found.newest
    if last is None:
        return {"seen": "0", "steps": [{} for _line in range(LINES)]}
    return {
        "recognised": last.terms.recognised,
        "remaining": last.terms.remaining,
        "until": last.terms.until,
        "seen": str(last.number),
        "steps": [{"own": match.own, "step": match.step or ""} for match in last.terms.steps] or [{}],
    }


def choose(form: AgreementForm, found: AgreementPage, today: date) -> None:
    """The months ahead, and the steps of the craft, among which to choose."""
    last = found.newest.terms.until if found.newest else ""
    ahead = months(today)
    offered = ahead if not last or last in ahead else (last, *ahead)
    named = [SelectChoice(month, partial_date(month)) for month in offered]
    form.until.choices = [SelectChoice("", _("choisissez un mois")), *named]
    for entry in form.steps:
        own_steps(entry, found)


def own_steps(entry: Any, found: AgreementPage) -> None:
    alone = SelectChoice("", _("propre à la structure"))
    entry.form.step.choices = [alone, *(SelectChoice(step.key, say(step.name)) for step in found.steps)]


def relined(form: AgreementForm, found: AgreementPage) -> bool:
    """Whether a button asked for one line more or less, which is done here and keeps the rest."""
    removed = request.form.get("remove", "")
    if removed:
        form.steps.entries = [entry for entry in form.steps.entries if entry.name != removed]
        return True
    if "add" not in request.form:
        return False
    if len(form.steps.entries) < MOST_STEPS:
        own_steps(form.steps.append_entry({}), found)
    return True


def asked_terms(form: AgreementForm, found: AgreementPage, today: date) -> Terms:
    return terms(
        found.steps,
        recognised=form.recognised.data or "",
        remaining=form.remaining.data or "",
        until=form.until.data or "",
        steps=[(entry.form.own.data or "", entry.form.step.data or "") for entry in form.steps],
        today=today,
    )


def written(found: AgreementPage, form: AgreementForm, audience: str, theirs: Version | None = None) -> str:
    most = len(form.steps.entries) >= MOST_STEPS
    return render_template(
        "shared/agreement/write.html", found=found, form=form, theirs=theirs, most=most, **around(found, audience)
    )


def around(found: AgreementPage, audience: str) -> dict[str, object]:
    """What depends on who reads: her side, and where the pages of her side are."""
    desk = audience == "staff"
    return {
        "audience": audience,
        "desk": desk,
        "back": url_for(f"{audience}.dossier", dossier_id=found.heading.id),
        "acting_for": None if desk else found.heading.structure,
    }
