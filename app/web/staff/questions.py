"""The questions of peers, as the team reads them; an improper one is set aside, with a reason."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, TextAreaField
from wtforms.validators import InputRequired, Length

from app import db
from app.operations.polls.questions import set_question_aside
from app.policies import Act, may
from app.queries.questions import QuestionsDesk, questions_desk
from app.queries.scopes import dossier_scope
from app.web.doors import allow, clock, found_or_404, me, now
from app.web.staff import pages
from app.words import refusal
from workflows.refused import Refused

UNPROCESSABLE = 422
LONGEST_REASON = 1_000  # characters


class AsideForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """Why a question is set aside; its author reads it."""

    question = HiddenField(validators=[InputRequired(), Length(max=64)])
    reason = TextAreaField(
        _l("Raison"),
        validators=[
            InputRequired(_l("Écrivez la raison : la structure qui a posé la question la lira.")),
            Length(max=LONGEST_REASON, message=_l("Ce texte est trop long : 1 000 signes au plus.")),
        ],
    )


def asked(poll_id: str, act: Act) -> QuestionsDesk:
    allow(Act.SEE_DESK)
    found = found_or_404(questions_desk(db.session(), poll_id, now()))
    allow(act, dossier_scope(db.session(), found.dossier_id))
    return found


def page(poll_id: str, found: QuestionsDesk, form: AsideForm) -> str:
    scope = dossier_scope(db.session(), found.dossier_id)
    return render_template(
        "staff/question/list.html",
        poll_id=poll_id,
        found=found,
        form=form,
        may_set_aside=may(me(), Act.SET_QUESTION_ASIDE, scope) and found.open,
        failed=bool(form.errors),
    )


@pages.get("/consultations/<poll_id>/questions")
def questions(poll_id: str) -> str:
    return page(poll_id, asked(poll_id, Act.SEE_QUESTIONS), AsideForm())


@pages.post("/consultations/<poll_id>/questions")
def set_aside(poll_id: str) -> ResponseReturnValue:
    """Set one aside: the candidate and the committee no longer read it, its author reads why."""
    found = asked(poll_id, Act.SET_QUESTION_ASIDE)
    form = AsideForm()
    if form.question.data not in {question.id for question in found.questions}:
        found_or_404(None)
    if not form.validate():
        return page(poll_id, found, form), UNPROCESSABLE
    try:
        set_question_aside(db.session(), form.question.data or "", form.reason.data or "", by=me(), clock=clock())
    except Refused as error:
        if error.code != "reason_missing":
            raise
        form.reason.errors = [refusal(error)]
        return page(poll_id, found, form), UNPROCESSABLE
    db.session().commit()
    flash(_("La question est écartée ; la structure qui l’avait posée en lit la raison."), "ok")
    return redirect(url_for("staff.questions", poll_id=poll_id), 303)
