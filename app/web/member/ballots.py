"""The opinion of a structure: choosing it, seeing it again, recording it, and its receipt."""

import secrets

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import db
from app.operations.polls.cast import Opinion, cast_ballot
from app.policies import Act, PollScope, may
from app.queries.polls import PollHeading
from app.queries.voices import Voice, my_voices
from app.web import hours
from app.web.doors import allow, clock, found_or_404, keys, me
from app.web.member import pages
from app.web.member.entrance import heading_of, scope_or_404, voice_or_404, voices_of
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


def allowed(poll_id: str) -> PollScope:
    scope = scope_or_404(poll_id)
    allow(Act.CAST_BALLOT, scope)
    return scope


def voting(voices: tuple[Voice, ...]) -> tuple[Voice, ...]:
    """The voices that may give an opinion: declared, and holding the appellation still."""
    return tuple(voice for voice in voices if voice.state == "elector" and not voice.ended)


@pages.get("/consultations/<poll_id>/avis")
def choose(poll_id: str) -> ResponseReturnValue:
    """The ballot of one structure; who acts for several says first which."""
    scope = scope_or_404(poll_id)
    if not may(me(), Act.CAST_BALLOT, scope) and may(me(), Act.DECLARE_LINK, scope):
        return redirect(url_for("member.link", poll_id=poll_id), 303)
    allow(Act.CAST_BALLOT, scope)
    poll, voices = heading_of(poll_id), voices_of(poll_id, scope)
    able, asked = voting(voices), request.args.get("pour")
    if poll.phase != "open" or not able:
        return redirect(url_for("member.poll", poll_id=poll_id), 303)
    if asked is None and len(able) > 1:
        return render_template("member/ballot/which.html", poll=poll, voices=able)
    if asked is not None and voice_or_404(voices, asked) not in able:
        return redirect(url_for("member.link", poll_id=poll_id, pour=asked), 303)
    voice = able[0] if asked is None else voice_or_404(able, asked)
    form = form_of(poll)
    begin(form, voice)
    return ballot_page(poll, voice, form)


def begin(form: OpinionForm, voice: Voice) -> None:
    """A form's first values: the structure, the version it will replace, a key of its own, what was said before."""
    form.structure.data = voice.structure_id
    form.replaces.data = str(voice.given.version if voice.given else 0)
    form.once.data = secrets.token_urlsafe(24)
    if voice.given:
        form.choice.data, form.reasons.data = voice.given.choice, voice.given.reasons


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
    """Whether the form is whole: a choice of the rule, and reasons where the choice asks for them."""
    if not form.validate():
        return False
    if poll.rule.needs_reason(Choice(form.choice.data)) and not (form.reasons.data or "").strip():
        form.reasons.errors = [refusal(Refused("reasons_missing"))]
        return False
    return True


def opinion_of(form: OpinionForm) -> Opinion:
    return Opinion(
        choice=Choice(form.choice.data),
        reasons=(form.reasons.data or "").replace("\r\n", "\n").strip(),
        replaces=int(form.replaces.data or 0),
        once=form.once.data or "",
    )


@pages.get("/consultations/<poll_id>/avis/confirmer")
def confirm_again(poll_id: str) -> ResponseReturnValue:
    """A page read by its address alone has nothing to confirm: back to the choice."""
    allow(Act.CAST_BALLOT, scope_or_404(poll_id))
    return redirect(url_for("member.choose", poll_id=poll_id), 303)


@pages.post("/consultations/<poll_id>/avis/confirmer")
def confirm(poll_id: str) -> ResponseReturnValue:
    """Show the choice again, with who will read what; nothing is recorded yet."""
    scope = allowed(poll_id)
    poll = heading_of(poll_id)
    form = form_of(poll)
    voice = voice_or_404(voices_of(poll_id, scope), form.structure.data)
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
    scope = allowed(poll_id)
    poll = heading_of(poll_id)
    form = form_of(poll)
    voice = voice_or_404(voices_of(poll_id, scope), form.structure.data)
    if not valid(poll, form):
        return ballot_page(poll, voice, form), 422
    opinion, session = opinion_of(form), db.session()
    try:
        cast_ballot(session, poll_id, voice.structure_id, opinion, by=me(), clock=clock(), keys=keys())
    except Refused as error:
        if error.code not in COMPARED:
            raise
        # Read again under the lock that the refusal leaves held: somebody else has just spoken.
        voice = voice_or_404(voices_of(poll_id, scope), voice.structure_id)
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


@pages.get("/consultations/<poll_id>/accuse/<structure_id>")
def receipt(poll_id: str, structure_id: str) -> str:
    """What a structure keeps of its opinion, always: even after the close, even when it no longer takes part."""
    scope = scope_or_404(poll_id, Act.SEE_RECEIPT)
    voice = voice_or_404(my_voices(db.session(), me(), poll_id, scope), structure_id)
    found_or_404(voice.given)
    allow(Act.SEE_RECEIPT, scope)
    poll = heading_of(poll_id)
    return render_template(
        "member/ballot/receipt.html",
        poll=poll,
        voice=voice,
        choice=capital(choice_name(voice.given.choice)) if voice.given else "",
        recused=voice.state == "recused",
        place=hours.place(me().zone) if voice.given and hours.there(voice.given.at, me().zone) else "",
        acting_for=voice.structure,
    )
