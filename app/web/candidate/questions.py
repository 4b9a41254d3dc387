"""The questions of peers, and the answers of the structure: typed as a draft, then sent once."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length

from app import db
from app.operations.polls.questions import LONGEST_ANSWER, answer_question, keep_draft
from app.policies import Act, may
from app.queries.headings import Opened, opened
from app.queries.questions import CandidateQuestion, candidate_questions, question_of_candidate
from app.web.candidate import pages
from app.web.doors import allow, clock, found_or_404, me, now
from app.words import refusal
from workflows.refused import Refused

UNPROCESSABLE = 422
MENDED = {"text_missing", "text_too_long"}


class AnswerQuestionForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """What the structure answers to a question of the committee."""

    text = TextAreaField(
        _l("Votre réponse"),
        validators=[
            InputRequired(_l("Écrivez votre réponse.")),
            Length(max=LONGEST_ANSWER, message=_l("Ce texte est trop long : 4 000 signes au plus.")),
        ],
    )


def dossier_or_404(dossier_id: str) -> Opened:
    found = found_or_404(opened(db.session(), me(), dossier_id))
    allow(Act.SEE_QUESTIONS, found.heading.scope)
    return found


@pages.get("/<dossier_id>/questions")
def questions(dossier_id: str) -> str:
    """What the committee asks, and what was answered."""
    found = dossier_or_404(dossier_id)
    asked = candidate_questions(db.session(), me(), dossier_id, now())
    return render_template(
        "candidate/question/list.html",
        heading=found.heading,
        questions=asked,
        may_answer=may(me(), Act.ANSWER_QUESTION, found.heading.scope),
        acting_for=found.heading.structure,
    )


def answering(dossier_id: str, question_id: str) -> tuple[Opened, CandidateQuestion]:
    found = dossier_or_404(dossier_id)
    allow(Act.ANSWER_QUESTION, found.heading.scope)
    return found, found_or_404(question_of_candidate(db.session(), me(), dossier_id, question_id, now()))


@pages.get("/<dossier_id>/questions/<question_id>")
def answer(dossier_id: str, question_id: str) -> ResponseReturnValue:
    """One question with the form of its answer, its draft as it was last typed."""
    found, question = answering(dossier_id, question_id)
    if not question.waits:
        return redirect(url_for("candidate.questions", dossier_id=dossier_id), 303)
    form = AnswerQuestionForm(text=question.draft)
    return page(found, question, form)


def page(found: Opened, question: CandidateQuestion, form: AnswerQuestionForm) -> str:
    return render_template(
        "candidate/question/answer.html",
        heading=found.heading,
        question=question,
        form=form,
        acting_for=found.heading.structure,
        failed=bool(form.errors),
    )


@pages.post("/<dossier_id>/questions/<question_id>")
def send_answer(dossier_id: str, question_id: str) -> ResponseReturnValue:
    """Keep the draft, or send the answer: once, to every member of the committee at the same moment."""
    found, question = answering(dossier_id, question_id)
    form = AnswerQuestionForm()
    if not form.validate():
        return page(found, question, form), UNPROCESSABLE
    session, text = db.session(), form.text.data or ""
    if "keep" in request.form:
        keep_draft(session, question_id, text, by=me(), clock=clock())
        session.commit()
        flash(_("Votre brouillon est gardé. Personne d’autre ne le lit."), "ok")
        return redirect(url_for("candidate.answer", dossier_id=dossier_id, question_id=question_id), 303)
    try:
        answer_question(session, question_id, text, by=me(), clock=clock())
    except Refused as error:
        if error.code not in MENDED:
            raise
        form.text.errors = [refusal(error)]
        return page(found, question, form), UNPROCESSABLE
    session.commit()
    flash(_("Votre réponse est envoyée : tous les membres du comité sans lien la lisent."), "ok")
    return redirect(url_for("candidate.questions", dossier_id=dossier_id), 303)
