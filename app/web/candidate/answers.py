"""Writing an answer, and finding it again as it was."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import db
from app.operations import content
from app.policies import Act, may
from app.queries.my_content import AnswerPage, answer_page
from app.web.candidate import pages
from app.web.candidate.forms import AnswerForm
from app.web.doors import allow, clock, found_or_404, me
from app.words import refusal
from workflows.refused import Refused

UNPROCESSABLE = 422


@pages.route("/<dossier_id>/reponses/<criterion>", methods=["GET", "POST"])
def write_answer(dossier_id: str, criterion: str) -> ResponseReturnValue:
    found = found_or_404(answer_page(db.session(), me(), dossier_id, criterion))
    form = AnswerForm()
    if not form.is_submitted():
        form.text.data, form.seen.data = found.text, found.digest
        return write(found, form)
    allow(Act.WRITE_ANSWERS, found.heading.scope)
    if not form.validate():
        return write(found, form), UNPROCESSABLE
    text, seen = form.text.data or "", form.seen.data or None
    try:
        content.write_answer(db.session(), dossier_id, criterion, text, by=me(), clock=clock(), replaces=seen)
    except Refused as error:
        if error.code != "answer_changed":
            raise
        form.text.errors, form.seen.data = [refusal(error)], found.digest
        return write(found, form, theirs=found.text), UNPROCESSABLE
    db.session().commit()
    flash(_("Votre réponse est enregistrée."), "ok")
    return redirect(url_for("candidate.write_answer", dossier_id=dossier_id, criterion=criterion), 303)


def write(found: AnswerPage, form: AnswerForm, theirs: str = "") -> str:
    keys = [line.criterion.key for line in found.others]
    here = keys.index(found.line.criterion.key) if found.line.criterion.key in keys else None
    return render_template(
        "candidate/answer/write.html",
        found=found,
        form=form,
        theirs=theirs,
        may_write=found.line.asked and may(me(), Act.WRITE_ANSWERS, found.heading.scope),
        previous=found.others[here - 1] if here else None,
        next=found.others[here + 1] if here is not None and here + 1 < len(keys) else None,
        acting_for=found.heading.structure,
        failed=bool(form.errors),
    )
