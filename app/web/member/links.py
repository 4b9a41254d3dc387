"""Declaring a link with the candidate: before reading, and at any moment until the close."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import db
from app.operations.polls.link import declare_link
from app.policies import Act
from app.queries.polls import Entered, PollHeading
from app.queries.voices import Voice
from app.web.doors import allow, clock, found_or_404, me
from app.web.member import pages
from app.web.member.entrance import enter, voice_or_404
from app.web.member.forms import LinkForm
from app.words import say
from app.words_contracted import of

NONE = "none"


def form_of(poll: PollHeading, *, own: bool) -> LinkForm:
    """The declaration, with the kinds of the poll's own label, or with those of a person alone."""
    form = LinkForm()
    kinds = [link for link in poll.label.links if not own or link.scope == "person"]
    form.kind.choices = [(NONE, _("Aucun lien")), *((link.key, say(link.name)) for link in kinds)]
    return form


def page(found: Entered, voice: Voice, form: LinkForm, *, own: bool) -> str:
    return render_template(
        "member/link/declare.html",
        poll=found.poll,
        voices=found.voices,
        voice=voice,
        form=form,
        own=own,
        acting_for=voice.structure,
    )


def allowed(poll_id: str) -> Entered:
    found = enter(poll_id)
    allow(Act.DECLARE_LINK, found.scope)
    return found


@pages.get("/consultations/<poll_id>/lien")
def link(poll_id: str) -> ResponseReturnValue:
    """The form for one structure: the one the address names, or the first that waits for a word.

    When a colleague has already spoken for the structure, only the person's own word is asked; `structure=1` asks for
    the whole form.
    """
    found = allowed(poll_id)
    poll, voices = found.poll, found.voices
    if not poll.alive:
        return redirect(url_for("member.poll", poll_id=poll_id), 303)
    asked = request.args.get("pour")
    silent = (voice for voice in voices if voice.state == "called")
    voice = voice_or_404(voices, asked) if asked else found_or_404(next(silent, next(iter(voices), None)))
    own = voice.said is not None and not voice.own_word and "structure" not in request.args
    form = form_of(poll, own=own)
    form.structure.data, form.own.data = voice.structure_id, "1" if own else "0"
    if voice.said is not None and not own:
        form.kind.data, form.words.data = voice.said.kind, voice.said.words
    return page(found, voice, form, own=own)


@pages.post("/consultations/<poll_id>/lien")
def declare(poll_id: str) -> ResponseReturnValue:
    """Record the declaration of the structure that the form names, or of its person alone."""
    found = allowed(poll_id)
    own = request.form.get("own") == "1"
    form = form_of(found.poll, own=own)
    voice = voice_or_404(found.voices, form.structure.data)
    if not form.validate():
        return page(found, voice, form, own=own), 422
    session = db.session()
    said = declare_link(
        session,
        poll_id,
        voice.structure_id,
        form.kind.data,
        words=form.words.data or "",
        by=me(),
        clock=clock(),
        own=own,
    )
    hard, away = said.hard, said.personal and said.kind != NONE
    session.commit()
    if hard:
        flash(_("C’est noté : %(structure)s ne prend pas part à l’examen.", structure=voice.structure), "ok")
    elif away:
        flash(
            _("C’est noté : une autre personne donne l’avis %(of_structure)s.", of_structure=of(voice.structure)), "ok"
        )
    if hard or away:
        return redirect(url_for("member.expected"), 303)
    return redirect(url_for("member.read", poll_id=poll_id, pour=voice.structure_id), 303)
