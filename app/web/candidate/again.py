"""Coming back: the thread of a dossier, a closed one taken up again, what was given before, more time, a later call."""

import io
from datetime import date

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import db
from app.files.checks import check_file
from app.operations import again, content
from app.policies import Act
from app.queries.asides import Asides, asides
from app.queries.earlier import earlier_page, earlier_piece
from app.queries.headings import Opened
from app.queries.pieces import StoredPiece
from app.queries.thread import thread as read_thread
from app.web.candidate import pages
from app.web.candidate.again_forms import CallBackForm, PressedForm, ReopenForm, TimeForm
from app.web.candidate.dossiers import last_here
from app.web.candidate.pieces import is_filed
from app.web.doors import allow, clock, found_or_404, me
from app.web.piece_door import store
from app.words import partial_date, refusal
from workflows.refused import Refused

UNPROCESSABLE = 422
WHOLE = "tout"


@pages.get("/<dossier_id>/fil")
def thread(dossier_id: str) -> str:
    """« Reprendre le fil »: ten sentences, since this person was last here or since the beginning."""
    since = None if request.args.get("depuis") == WHOLE else last_here()
    found = found_or_404(read_thread(db.session(), me(), dossier_id, since))
    allow(Act.SEE_DOSSIER, found.heading.scope)
    return render_template("candidate/dossier/thread.html", found=found, acting_for=found.heading.structure)


def found_asides(dossier_id: str) -> Asides:
    return found_or_404(asides(db.session(), me(), dossier_id))


@pages.route("/<dossier_id>/reprise", methods=["GET", "POST"])
def reopen(dossier_id: str) -> ResponseReturnValue:
    """Take a closed dossier up again as a new one, by the entry that fits now."""
    found = found_asides(dossier_id)
    allow(Act.REOPEN_DOSSIER, found.heading.scope)
    if not found.closed:
        raise Refused("not_closed")
    form = ReopenForm(entry=found.entry).offer(found.entries)
    if not form.is_submitted():
        return asking("candidate/dossier/reopen.html", found, form)
    if not form.validate():
        return asking("candidate/dossier/reopen.html", found, form), UNPROCESSABLE
    made = again.reopen_dossier(db.session(), dossier_id, entry=str(form.entry.data), by=me(), clock=clock())
    db.session().commit()
    flash(
        _("Votre démarche reprend : dossier %(reference)s. Rien de l’ancien n’est perdu.", reference=made.reference),
        "ok",
    )
    return redirect(url_for("candidate.dossier", dossier_id=made.id), 303)


@pages.get("/<dossier_id>/avant")
def before(dossier_id: str) -> str:
    """What the structure gave in its dossiers before, and what is asked otherwise since."""
    found = found_or_404(earlier_page(db.session(), me(), dossier_id))
    return render_template(
        "candidate/dossier/before.html", found=found, form=PressedForm(), acting_for=found.heading.structure
    )


@pages.post("/<dossier_id>/avant/<piece_id>")
def take_back_piece(dossier_id: str, piece_id: str) -> ResponseReturnValue:
    """File a piece of a dossier before in this one: its bytes are read, checked and kept once more."""
    with db.short_transaction(writes=False) as reading:
        found, piece = found_or_404(earlier_piece(reading, me(), dossier_id, piece_id))
    allow(Act.FILE_PIECE, found.heading.scope)
    if not PressedForm().validate_on_submit():
        abort(UNPROCESSABLE)
    try:
        keep_again(found, piece)
    except Refused as error:
        if not error.code.startswith("file_"):
            raise
        flash(refusal(error), "bad")
        return redirect(url_for("candidate.file_piece", dossier_id=dossier_id, key=piece.requirement), 303)
    flash(_("« %(name)s » est joint à ce dossier.", name=piece.name), "ok")
    return redirect(url_for("candidate.before", dossier_id=dossier_id), 303)


def keep_again(found: Opened, piece: StoredPiece) -> None:
    """Check the bytes as they are in the store, by what is asked today, and file them under a key of their own."""
    if not store().intact(piece.stored_as, piece.digest):
        raise Refused("file_lost")
    asked = found.label.piece(piece.requirement)
    stream = io.BytesIO(b"".join(store().read(piece.stored_as)))
    checked = check_file(piece.name, stream, accepts=asked.accepts, max_bytes=asked.max_bytes)
    with store().keeping(stream, is_filed) as key:
        filed = content.Filed(piece.name, checked.type, checked.size, checked.digest, key)
        made = content.file_piece(db.session(), found.heading.id, asked.key, filed, by=me(), clock=clock())
        db.session().commit()
    if made.stored_as != key:
        store().remove(key)


@pages.route("/<dossier_id>/delai", methods=["GET", "POST"])
def ask_time(dossier_id: str) -> ResponseReturnValue:
    """« Demander un délai », with a reason; the team answers by hand."""
    found = found_asides(dossier_id)
    allow(Act.ASK_TIME, found.heading.scope)
    form = TimeForm()
    if not form.is_submitted():
        if not found.time:
            raise Refused("delay_not_yours")
        return asking("candidate/dossier/ask_time.html", found, form)
    if not form.validate():
        return asking("candidate/dossier/ask_time.html", found, form), UNPROCESSABLE
    try:
        again.ask_time(db.session(), dossier_id, form.reason.data or "", by=me(), clock=clock())
    except Refused as error:
        if error.code != "words_missing":
            raise
        form.reason.errors = [refusal(error)]
        return asking("candidate/dossier/ask_time.html", found, form), UNPROCESSABLE
    db.session().commit()
    flash(_("Votre demande de délai est partie : l’Avise vous répond."), "ok")
    return redirect(url_for("candidate.dossier", dossier_id=dossier_id), 303)


@pages.route("/<dossier_id>/rappel", methods=["GET", "POST"])
def ask_call_back(dossier_id: str) -> ResponseReturnValue:
    """« Me rappeler après le … », for a dossier that is paused."""
    found = found_asides(dossier_id)
    allow(Act.ASK_CALL_BACK, found.heading.scope)
    if not found.paused:
        raise Refused("not_at_this_stage")
    form = CallBackForm()
    if not form.is_submitted():
        return asking("candidate/dossier/ask_call_back.html", found, form)
    if not form.validate():
        return asking("candidate/dossier/ask_call_back.html", found, form), UNPROCESSABLE
    after: date = form.after.data or date.min
    words = (form.words.data or "").strip() or _("Rappelez-nous après le %(day)s.", day=partial_date(after.isoformat()))
    try:
        again.ask_call_back(db.session(), dossier_id, words, after=after, by=me(), clock=clock())
    except Refused as error:
        if error.code != "day_past":
            raise
        form.after.errors = [refusal(error)]
        return asking("candidate/dossier/ask_call_back.html", found, form), UNPROCESSABLE
    db.session().commit()
    flash(_("C’est noté : l’Avise ne vous appelle pas avant ce jour-là."), "ok")
    return redirect(url_for("candidate.dossier", dossier_id=dossier_id), 303)


def asking(template: str, found: Asides, form: ReopenForm | TimeForm | CallBackForm) -> str:
    return render_template(
        template, found=found, form=form, acting_for=found.heading.structure, failed=bool(form.errors)
    )
