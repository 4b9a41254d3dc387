"""The checklist of a stage: lines that go on side by side."""

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import db
from app.operations.content import tick_strand, untick_strand
from app.policies import Act, may
from app.queries.my_content import strands_page
from app.web.candidate import pages
from app.web.candidate.forms import StrandForm
from app.web.doors import allow, clock, found_or_404, me

UNPROCESSABLE = 422


@pages.route("/<dossier_id>/liste", methods=["GET", "POST"])
def strands(dossier_id: str) -> ResponseReturnValue:
    found = found_or_404(strands_page(db.session(), me(), dossier_id))
    form = StrandForm()
    if not form.is_submitted():
        return render_template(
            "candidate/strand/list.html",
            found=found,
            may_tick=may(me(), Act.TICK_STRAND, found.heading.scope),
            acting_for=found.heading.structure,
        )
    allow(Act.TICK_STRAND, found.heading.scope)
    if not form.validate():
        abort(UNPROCESSABLE)
    act = tick_strand if form.done.data else untick_strand
    act(db.session(), dossier_id, form.strand.data or "", by=me(), clock=clock())
    db.session().commit()
    flash(_("C’est noté.") if form.done.data else _("La ligne est de nouveau à faire."), "ok")
    return redirect(url_for("candidate.strands", dossier_id=dossier_id), 303)
