"""Asking the candidate before the vote, and reading what it answered to everybody."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import db
from app.operations.polls.questions import LAST_HOURS, ask_question
from app.policies import Act, may
from app.queries.polls import Entered
from app.queries.questions import peer_questions
from app.queries.voices import Voice
from app.web.doors import allow, clock, me, now
from app.web.member import pages
from app.web.member.entrance import enter, voice_or_404
from app.web.member.forms import QuestionForm
from app.words import refusal
from workflows.refused import Refused

UNPROCESSABLE = 422
#: What the person who types can mend.
MENDED = {"text_missing", "text_too_long"}


@pages.get("/consultations/<poll_id>/questions")
def questions(poll_id: str) -> ResponseReturnValue:
    """Every question and its answer, and the form while one may still ask."""
    found = enter(poll_id)
    if not may(me(), Act.SEE_QUESTIONS, found.scope) and may(me(), Act.DECLARE_LINK, found.scope):
        return redirect(url_for("member.link", poll_id=poll_id), 303)
    allow(Act.SEE_QUESTIONS, found.scope)
    asking = [voice for voice in found.voices if voice.state == "elector"]
    asked = request.args.get("pour")
    voice = voice_or_404(tuple(asking), asked) if asked else asking[0]
    form = QuestionForm()
    form.structure.data = voice.structure_id
    return page(found, voice, form)


def page(found: Entered, voice: Voice, form: QuestionForm) -> str:
    until = found.poll.closes_at - LAST_HOURS
    return render_template(
        "member/question/list.html",
        poll=found.poll,
        voice=voice,
        form=form,
        questions=peer_questions(db.session(), me(), found.poll),
        until=until,
        may_ask=found.poll.alive and now() <= until,
        acting_for=voice.structure,
        failed=bool(form.errors),
    )


@pages.post("/consultations/<poll_id>/questions")
def ask(poll_id: str) -> ResponseReturnValue:
    """Send a question, in the name of the committee."""
    found = enter(poll_id)
    allow(Act.ASK_QUESTION, found.scope)
    form = QuestionForm()
    voice = voice_or_404(found.voices, form.structure.data)
    if not form.validate():
        return page(found, voice, form), UNPROCESSABLE
    try:
        ask_question(db.session(), poll_id, voice.structure_id, form.text.data or "", by=me(), clock=clock())
    except Refused as error:
        if error.code not in MENDED:
            raise
        form.text.errors = [refusal(error)]
        return page(found, voice, form), UNPROCESSABLE
    db.session().commit()
    flash(_("Votre question est posée, au nom du comité. Un message vous préviendra de la réponse."), "ok")
    return redirect(url_for("member.questions", poll_id=poll_id, pour=voice.structure_id), 303)
