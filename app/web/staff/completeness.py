"""Completeness, apart from merit: each piece and each answer is there, or is asked for with a sentence."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import db
from app.operations.completeness import ask_to_complete
from app.policies import Act, make
from app.queries.completeness import Completeness
from app.queries.completeness import completeness as found_complete
from app.web.doors import allow, clock, found_or_404, me
from app.web.staff import pages
from app.web.staff.decision_forms import AskForm
from app.words import refusal
from workflows.refused import Refused

UNPROCESSABLE = 422
MENDED = {"asked_missing", "asked_unknown", "asked_without_words", "text_too_long"}


@pages.route("/dossiers/<dossier_id>/completude", methods=["GET", "POST"])
def completeness(dossier_id: str) -> ResponseReturnValue:
    """Tick what a file lacks, and write a sentence for each; its structure may then change these and nothing else."""
    allow(Act.SEE_DESK)
    found = found_or_404(found_complete(db.session(), dossier_id))
    role = next((t for t in found.head.label.transitions if t.act == "ask"), None)
    if (transition := found.transition or role) is not None:
        allow(make(found.head.label, transition), found.head.scope)
    if found.transition is None:
        raise Refused("not_from_here")
    form = AskForm(things=[{"thing": thing.key} for thing in found.things])
    if not form.is_submitted():
        return shown(found, form)
    if not form.validate() or not form.complain():
        return shown(found, form, failed=True), UNPROCESSABLE
    try:
        ask_to_complete(db.session(), dossier_id, asked=form.asked(), note=form.note.data or "", by=me(), clock=clock())
    except Refused as error:
        if error.code not in MENDED:
            raise
        form.note.errors = [refusal(error)]
        db.end_transaction()
        return shown(found, form, failed=True), UNPROCESSABLE
    db.session().commit()
    flash(_("La demande est partie ; la structure ne peut modifier que ce que vous avez coché."), "ok")
    return redirect(url_for("staff.dossier", dossier_id=dossier_id), 303)


def shown(found: Completeness, form: AskForm, *, failed: bool = False) -> str:
    typed = {one.thing.data: one for one in form.lines()}
    complete = next((t for t in found.head.label.exits[found.head.stage.key] if t.tone == "main"), None)
    return render_template(
        "staff/dossier/completeness.html",
        found=found,
        form=form,
        lines=[(thing, typed[thing.key]) for thing in found.things if thing.key in typed],
        complete=complete,
        missing=[thing for thing in found.things if thing.needed and thing.there is None],
        failed=failed,
    )
