"""Links declared once for several: every consultation that waits for a structure's word, on one page."""

from collections.abc import Iterable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, TextAreaField
from wtforms.validators import AnyOf, Length, Optional

from app import db
from app.operations.polls.link import Declaration, declare_links
from app.policies import Act
from app.queries.expected import Undeclared, undeclared
from app.queries.polls import PollHeading
from app.web.doors import allow, clock, found_or_404, me, now
from app.web.member import pages
from app.web.member.forms import LONGEST_WORDS
from app.words import say

UNPROCESSABLE = 422
NONE = "none"


def form_of(polls: Iterable[PollHeading]) -> Any:
    """A declaration for each poll, under its identifier: a kind of its own label or none, and a few words."""
    fields: dict[str, Any] = {}
    kinds: dict[str, list[tuple[str, str]]] = {}
    for poll in polls:
        kinds[poll.id] = [(NONE, _("Aucun lien")), *((link.key, say(link.name)) for link in poll.label.links)]
        known = AnyOf([key for key, _name in kinds[poll.id]], message=_l("Choisissez l’une de ces réponses."))
        fields[f"kind-{poll.id}"] = RadioField(poll.candidate, validate_choice=False, validators=[Optional(), known])
        fields[f"words-{poll.id}"] = TextAreaField(
            _l("En quelques mots"),
            validators=[Length(max=LONGEST_WORDS, message=_l("Ce texte est trop long : 1 000 signes au plus."))],
        )
    form = type("SheetForm", (FlaskForm,), fields)()
    for poll_id, choices in kinds.items():
        form[f"kind-{poll_id}"].choices = choices
    return form


def asked_of(structure_id: str) -> Undeclared:
    """What waits for the word of one of a person's structures; the page of what does not exist for another's."""
    allow(Act.SEE_COMMITTEE)
    return found_or_404(undeclared(db.session(), me(), structure_id, now()))


def page(found: Undeclared, form: Any, problem: str = "") -> str:
    return render_template(
        "member/link/sheet.html",
        found=found,
        form=form,
        problem=problem,
        acting_for=found.structure,
        failed=bool(form.errors or problem),
    )


@pages.get("/liens/<structure_id>")
def sheet(structure_id: str) -> str:
    """Every consultation that waits for the word of one structure."""
    found = asked_of(structure_id)
    return page(found, form_of(found.polls))


@pages.post("/liens/<structure_id>")
def declare_sheet(structure_id: str) -> ResponseReturnValue:
    """Declare « no link with any of these », or file by file; what was left blank is asked again later."""
    found = asked_of(structure_id)
    form = form_of(found.polls)
    shown = [poll for poll in found.polls if poll.id in request.form.getlist("shown")]
    if "none" in request.form:
        said = {poll.id: Declaration(NONE) for poll in shown}
    else:
        if not form.validate():
            return page(found, form), UNPROCESSABLE
        said = {
            poll.id: Declaration(form[f"kind-{poll.id}"].data, form[f"words-{poll.id}"].data or "")
            for poll in shown
            if form[f"kind-{poll.id}"].data
        }
    if not said:
        return page(found, form, _("Choisissez une réponse pour un dossier au moins.")), UNPROCESSABLE
    declare_links(db.session(), structure_id, said, by=me(), clock=clock())
    db.session().commit()
    flash(_("C’est noté. Les dossiers sans lien fort sont ouverts à votre lecture."), "ok")
    return redirect(url_for("member.expected"), 303)
