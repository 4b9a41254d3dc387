"""The opinion of a structure: choosing it, seeing it again, recording it."""

import secrets

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import db
from app.operations.polls.cast import Opinion, cast_ballot
from app.policies import Act, may
from app.queries.polls import Entered, PollHeading
from app.queries.voices import Voice
from app.web.doors import allow, clock, keys, me
from app.web.member import pages
from app.web.member.entrance import enter, voice_or_404
from app.web.member.forms import OpinionForm
from app.words import refusal
from app.words_names import capital
from app.words_rule import rule_sentences
from app.words_vote import choice_meaning, choice_name
from workflows.refused import Refused
from workflows.voting import Choice

#: What a page shows beside what was sent, rather than a bare refusal.
ENDED = {"poll_over", "poll_closed"}
COMPARED = {"version_outdated", "same_key_other_content", *ENDED}


def form_of(poll: PollHeading) -> OpinionForm:
    """The ballot, with the choices that the poll's own rule has."""
    form = OpinionForm()
    form.choice.choices = [(choice.value, capital(choice_name(choice.value))) for choice in poll.rule.choices]
    return form


def allowed(poll_id: str) -> Entered:
    found = enter(poll_id)
    allow(Act.CAST_BALLOT, found.scope)
    return found


@pages.get("/consultations/<poll_id>/avis")
def choose(poll_id: str) -> ResponseReturnValue:
    """The ballot of one structure; who acts for several says first which."""
    found = enter(poll_id)
    if not may(me(), Act.CAST_BALLOT, found.scope) and may(me(), Act.DECLARE_LINK, found.scope):
        return redirect(url_for("member.link", poll_id=poll_id), 303)
    allow(Act.CAST_BALLOT, found.scope)
    poll, voices = found.poll, found.voices
    able, asked = [voice for voice in voices if voice.state == "elector"], request.args.get("pour")
    if poll.phase != "open" or not able:
        return redirect(url_for("member.poll", poll_id=poll_id), 303)
    if asked is None and len(able) > 1:
        return render_template("member/ballot/which.html", poll=poll, voices=able)
    if asked is not None and voice_or_404(voices, asked) not in able:
        return redirect(url_for("member.link", poll_id=poll_id, pour=asked), 303)
    voice = able[0] if asked is None else voice_or_404(voices, asked)
    form = form_of(poll)
    begin(form, voice)
    return ballot_page(poll, voice, form)


def begin(form: OpinionForm, voice: Voice) -> None:
    """A form's first values: the structure, the version it will replace, a key of its own, what was said before."""
    form.structure.data = voice.structure_id
    form.replaces.data = str(voice.given.version if voice.given else 0)
    form.once.data = secrets.token_urlsafe(24)
    if voice.given:
        form.choice.data = voice.given.choice
        form.reasons.data, form.to_pass_on.data = voice.given.reasons, voice.given.to_pass_on


def ballot_page(poll: PollHeading, voice: Voice, form: OpinionForm) -> str:
    meanings = {choice.value: choice_meaning(poll.rule, choice.value) for choice in poll.rule.choices}
    return render_template(
        "member/ballot/choose.html",
        poll=poll,
        voice=voice,
        form=form,
        meanings=meanings,
        asked=[choice_name(choice.value) for choice in poll.rule.choices if poll.rule.needs_reason(choice)],
        rule=rule_sentences(poll.rule),
        failed=bool(form.errors),
        acting_for=voice.structure,
    )


def valid(poll: PollHeading, form: OpinionForm) -> bool:
    """Whether the form is whole: a choice of the rule, and reasons for the committee where the choice asks for them."""
    if not form.validate():
        return False
    if poll.rule.needs_reason(Choice(form.choice.data)) and not (form.reasons.data or "").strip():
        form.reasons.errors = [refusal(Refused("reasons_missing"))]
        return False
    return True


def opinion_of(form: OpinionForm) -> Opinion:
    return Opinion(
        choice=Choice(form.choice.data),
        reasons=as_typed(form.reasons.data),
        replaces=int(form.replaces.data or 0),
        once=form.once.data or "",
        to_pass_on=as_typed(form.to_pass_on.data),
    )


def as_typed(text: str | None) -> str:
    return (text or "").replace("\r\n", "\n").strip()


@pages.get("/consultations/<poll_id>/avis/confirmer")
def confirm_again(poll_id: str) -> ResponseReturnValue:
    """A page read by its address alone has nothing to confirm: back to the choice."""
    allowed(poll_id)
    return redirect(url_for("member.choose", poll_id=poll_id), 303)


@pages.post("/consultations/<poll_id>/avis/confirmer")
def confirm(poll_id: str) -> ResponseReturnValue:
    """Show the choice again, with who will read what; nothing is recorded yet."""
    found = allowed(poll_id)
    poll, form = found.poll, form_of(found.poll)
    voice = voice_or_404(found.voices, form.structure.data)
    if not valid(poll, form):
        return ballot_page(poll, voice, form), 422
    if "back" in request.form:
        return ballot_page(poll, voice, form)
    opinion = opinion_of(form)
    if poll.phase == "convened":
        raise Refused("poll_not_open", opens_at=poll.opens_at)
    if poll.phase != "open":
        return compare(poll, voice, opinion, ended=True)
    return render_template(
        "member/ballot/confirm.html",
        poll=poll,
        voice=voice,
        form=form,
        opinion=opinion,
        choice=capital(choice_name(opinion.choice.value)),
        acting_for=voice.structure,
    )


@pages.post("/consultations/<poll_id>/avis")
def cast(poll_id: str) -> ResponseReturnValue:
    """Record the opinion of the structure that the form names."""
    found = allowed(poll_id)
    poll, form = found.poll, form_of(found.poll)
    voice = voice_or_404(found.voices, form.structure.data)
    if not valid(poll, form):
        return ballot_page(poll, voice, form), 422
    opinion, session = opinion_of(form), db.session()
    try:
        cast_ballot(session, poll_id, voice.structure_id, opinion, by=me(), clock=clock(), keys=keys())
    except Refused as error:
        if error.code not in COMPARED:
            raise
        # Read again under the lock that the refusal leaves held: somebody else has just spoken.
        voice = voice_or_404(enter(poll_id).voices, voice.structure_id)
        return compare(poll, voice, opinion, ended=error.code in ENDED)
    session.commit()
    return redirect(url_for("member.receipt", poll_id=poll_id, structure_id=voice.structure_id), 303)


def compare(poll: PollHeading, voice: Voice, sent: Opinion, *, ended: bool) -> ResponseReturnValue:
    """What was sent beside what is recorded: nothing was written, nothing is lost."""
    form = form_of(poll)
    form.replaces.data = str(voice.given.version if voice.given else 0)
    form.once.data = secrets.token_urlsafe(24)
    page = render_template(
        "member/ballot/compare.html",
        poll=poll,
        voice=voice,
        form=form,
        sent=sent,
        sent_name=capital(choice_name(sent.choice.value)),
        recorded_name=capital(choice_name(voice.given.choice)) if voice.given else "",
        ended=ended,
        acting_for=voice.structure,
    )
    return page, 409
