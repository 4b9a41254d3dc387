"""Ending an appellation: what follows is read first, then it is confirmed."""

from hashlib import sha256

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import db
from app.operations.appellations import end_appellation
from app.policies import Act
from app.queries.endings import Ending, ending
from app.web.doors import allow, clock, found_or_404, me
from app.web.staff import pages
from app.web.staff.decision_forms import EndForm
from app.words import refusal
from workflows.refused import Refused

UNPROCESSABLE = 422


@pages.route("/structures/<structure_id>/fin", methods=["GET", "POST"])
def end(structure_id: str) -> ResponseReturnValue:
    """The first time a form is sent it shows what would follow; sent again unchanged, it happens."""
    allow(Act.SEE_DESK)
    found = found_or_404(ending(db.session(), structure_id))
    allow(Act.END_APPELLATION)
    form = EndForm()
    if not form.is_submitted():
        return shown(found, form)
    if not form.validate():
        return shown(found, form, failed=True), UNPROCESSABLE
    if not (form.reason.data or "").strip():
        form.reason.errors = [refusal(Refused("reason_missing"))]
        return shown(found, form, failed=True), UNPROCESSABLE
    if form.seen.data != written(form):
        form.seen.data = written(form)
        return shown(found, form, to_confirm=True)
    end_appellation(
        db.session(),
        structure_id,
        found.label,
        reason=form.reason.data or "",
        ending=str(form.ending.data),
        stays=form.stays.data == "member",
        by=me(),
        clock=clock(),
    )
    db.session().commit()
    flash(_("L’appellation a pris fin ; la structure en est avertie."), "ok")
    return redirect(url_for("staff.structure", structure_id=structure_id), 303)


def written(form: EndForm) -> str:
    """What a form says, so that what is confirmed is what was shown."""
    said = [str(form.ending.data), str(form.stays.data), (form.reason.data or "").strip()]
    return sha256("\n".join(said).encode()).hexdigest()


def shown(found: Ending, form: EndForm, *, to_confirm: bool = False, failed: bool = False) -> str:
    if not to_confirm:
        form.seen.data = ""
    return render_template("staff/appellation/end.html", found=found, form=form, to_confirm=to_confirm, failed=failed)
