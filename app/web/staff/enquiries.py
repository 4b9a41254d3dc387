"""First contacts: those that wait, and one of them, to be answered, opened as a dossier, closed or set aside."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from app import db
from app.operations.enquiries import MOVES, note_enquiry, settle_enquiry
from app.policies import Act, may
from app.queries.enquiries import STATUSES, WAITING, EnquiryPage, enquiry_list, enquiry_page
from app.queries.keyset import Where
from app.web.doors import allow, clock, found_or_404, me, now
from app.web.staff import pages
from app.web.staff.enquiry_forms import EnquiryNoteForm
from app.web.staff.words import ENQUIRIES
from app.words import refusal
from workflows.refused import Refused

UNPROCESSABLE = 422
NOTE = "note"
DONE = {
    NOTE: _l("La note est gardée."),
    "answered": _l("La demande est répondue."),
    "closed": _l("La demande est close."),
    "set_aside": _l("La demande est mise de côté ; elle peut être reprise pendant un mois."),
    "waiting": _l("La demande attend de nouveau une réponse."),
}


@pages.get("/demandes")
def enquiries() -> str:
    allow(Act.SEE_ENQUIRIES)
    asked = request.args.get("etat", "")
    status = asked if asked in STATUSES else WAITING
    where = Where(request.args.get("apres", ""), request.args.get("avant", ""))
    return render_template(
        "staff/enquiry/list.html",
        found=enquiry_list(db.session(), now(), status=status, where=where),
        status=status,
        statuses=ENQUIRIES,
        at=now(),
    )


@pages.route("/demandes/<enquiry_id>", methods=["GET", "POST"])
def enquiry(enquiry_id: str) -> ResponseReturnValue:
    """Read a first contact; note what was said, and what becomes of it."""
    allow(Act.SEE_ENQUIRIES)
    found = found_or_404(enquiry_page(db.session(), enquiry_id, now()))
    form = EnquiryNoteForm(note=found.note)
    if not form.is_submitted():
        return shown(found, form)
    allow(Act.ANSWER_ENQUIRY)
    if form.do.data not in DONE:
        abort(UNPROCESSABLE)
    if not form.validate():
        return shown(found, form), UNPROCESSABLE
    try:
        settle(enquiry_id, str(form.do.data), form.note.data or "")
    except Refused as error:
        if error.code != "word_missing":
            raise
        form.note.errors = [refusal(error)]
        db.end_transaction()
        return shown(found, form), UNPROCESSABLE
    db.session().commit()
    flash(str(DONE[form.do.data]), "ok")
    return redirect(url_for("staff.enquiry", enquiry_id=enquiry_id), 303)


def settle(enquiry_id: str, do: str, note: str) -> None:
    if do == NOTE:
        note_enquiry(db.session(), enquiry_id, note)
    else:
        settle_enquiry(db.session(), enquiry_id, do, note=note, by=me(), clock=clock())


def shown(found: EnquiryPage, form: EnquiryNoteForm) -> str:
    return render_template(
        "staff/enquiry/show.html",
        found=found,
        form=form,
        statuses=ENQUIRIES,
        moves=[to for to, sources in MOVES.items() if found.status in sources],
        at=now(),
        failed=bool(form.errors),
        may_answer=may(me(), Act.ANSWER_ENQUIRY),
        may_open=found.can_open and may(me(), Act.OPEN_DOSSIER),
    )
