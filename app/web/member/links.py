"""Declaring a link with the candidate: before reading, and at any moment until the close."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import db
from app.operations.polls.link import declare_link
from app.policies import Act, PollScope
from app.queries.polls import PollHeading
from app.queries.voices import Voice
from app.web.doors import allow, clock, found_or_404, me
from app.web.member import pages
from app.web.member.entrance import heading_of, scope_or_404, voice_or_404, voices_of
from app.web.member.forms import LinkForm
from app.words import say

NONE = "none"


def form_of(poll: PollHeading) -> LinkForm:
    """The declaration, with the kinds of the poll's own label."""
    form = LinkForm()
    form.kind.choices = [(NONE, _("Aucun lien")), *((link.key, say(link.name)) for link in poll.label.links)]
    return form


def page(poll: PollHeading, voices: tuple[Voice, ...], voice: Voice, form: LinkForm) -> str:
    return render_template("member/link/declare.html", poll=poll, voices=voices, voice=voice, form=form)


def allowed(poll_id: str) -> PollScope:
    scope = scope_or_404(poll_id)
    allow(Act.DECLARE_LINK, scope)
    return scope


@pages.get("/consultations/<poll_id>/lien")
def link(poll_id: str) -> ResponseReturnValue:
    """The form for one structure: the one the address names, or the first that has said nothing yet."""
    scope = allowed(poll_id)
    poll, voices = heading_of(poll_id), voices_of(poll_id, scope)
    if not poll.alive:
        return redirect(url_for("member.poll", poll_id=poll_id), 303)
    asked = request.args.get("pour")
    silent = (voice for voice in voices if voice.said is None)
    voice = voice_or_404(voices, asked) if asked else found_or_404(next(silent, next(iter(voices), None)))
    form = form_of(poll)
    form.structure.data = voice.structure_id
    if voice.said is not None:
        form.kind.data, form.words.data = voice.said.kind, voice.said.words
    return page(poll, voices, voice, form)


@pages.post("/consultations/<poll_id>/lien")
def declare(poll_id: str) -> ResponseReturnValue:
    """Record the declaration of the structure that the form names."""
    scope = allowed(poll_id)
    poll, voices = heading_of(poll_id), voices_of(poll_id, scope)
    form = form_of(poll)
    voice = voice_or_404(voices, form.structure.data)
    if not form.validate():
        return page(poll, voices, voice, form), 422
    session = db.session()
    said = declare_link(
        session, poll_id, voice.structure_id, form.kind.data, words=form.words.data or "", by=me(), clock=clock()
    )
    hard, personal = said.hard, said.personal
    session.commit()
    if hard:
        flash(_("C’est noté : %(structure)s ne prend pas part à l’examen.", structure=voice.structure), "ok")
    elif personal:
        flash(_("C’est noté : une autre personne donne l’avis de %(structure)s.", structure=voice.structure), "ok")
    if hard or personal:
        return redirect(url_for("member.expected"), 303)
    return redirect(url_for("member.read", poll_id=poll_id, pour=voice.structure_id), 303)
