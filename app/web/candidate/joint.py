"""The joint file of a collective: what its structures write together, and leaving it alone."""

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import db
from app.files.checks import check_file
from app.files.names import display_name
from app.operations import joint as acts
from app.operations.content import Filed
from app.operations.joint_parts import file_joint_piece, write_joint_answer
from app.policies import Act, may
from app.queries.joint import CommonPiece, CommonText, MyJointFile, my_joint_file, stored_common_piece
from app.queries.leaving import Leaving, leaving
from app.queries.my_content import text_digest
from app.web.candidate import pages
from app.web.candidate.answer_forms import AnswerForm, RowsAnswer, form_for, sent, show
from app.web.candidate.forms import LeaveForm, PieceForm
from app.web.copies import kept_for
from app.web.doors import allow, clock, found_or_404, me
from app.web.piece_door import served
from app.words import refusal
from workflows.answers import given
from workflows.refused import Refused

UNPROCESSABLE = 422
#: What is refused for the moment, and not for what was typed: it has a page of its own.
NOT_HERE = frozenset({"gone", "unknown_criterion", "not_at_this_stage", "not_asked", "joint_changed"})


@pages.get("/communs/<joint_id>")
def joint_file(joint_id: str) -> str:
    """What is common, who is in it, and the way to one's own dossiers: of the others', only the names."""
    found = found_or_404(my_joint_file(db.session(), me(), joint_id))
    return render_template("candidate/joint/show.html", found=found)


@pages.route("/communs/<joint_id>/reponses/<criterion>", methods=["GET", "POST"])
def write_joint(joint_id: str, criterion: str) -> ResponseReturnValue:
    """Write a common text, for all those who may still change it."""
    found = found_or_404(my_joint_file(db.session(), me(), joint_id))
    line = found_or_404(next((one for one in found.texts if one.criterion.key == criterion), None))
    form = form_for(line.label, line.criterion)
    if not form.is_submitted():
        show(form, given(line.criterion, line.text))
        form.seen.data = text_digest(line.text)
        return text_page(found, line, form)
    allow(Act.WRITE_JOINT_PART, found.heading.scope)
    if not form.validate():
        return text_page(found, line, form), UNPROCESSABLE
    if isinstance(form, RowsAnswer) and form.row.data:
        form.text.change(form.row.data)
        return text_page(found, line, form)
    try:
        seen = form.seen.data or None
        write_joint_answer(db.session(), joint_id, criterion, sent(form), by=me(), clock=clock(), replaces=seen)
    except Refused as error:
        if error.code in NOT_HERE:
            raise
        form.text.errors, form.seen.data = [refusal(error)], text_digest(line.text)
        return text_page(found, line, form, theirs=error.code == "answer_changed"), UNPROCESSABLE
    db.session().commit()
    flash(_("Le texte commun est enregistré pour toutes."), "ok")
    return redirect(url_for("candidate.write_joint", joint_id=joint_id, criterion=criterion), 303)


def text_page(found: MyJointFile, line: CommonText, form: AnswerForm, *, theirs: bool = False) -> str:
    may_write = line.asked and may(me(), Act.WRITE_JOINT_PART, found.heading.scope)
    return render_template(
        "candidate/joint/write.html",
        found=found,
        line=line,
        form=form,
        theirs=theirs,
        may_write=may_write,
        failed=bool(form.errors),
    )


@pages.route("/communs/<joint_id>/pieces/<key>", methods=["GET", "POST"])
def file_joint(joint_id: str, key: str) -> ResponseReturnValue:
    """File a common piece, its bytes kept once for each dossier; the file is checked before anything is locked."""
    with db.short_transaction(writes=False) as reading:
        found = found_or_404(my_joint_file(reading, me(), joint_id))
    line = found_or_404(next((one for one in found.pieces if one.piece.key == key), None))
    form = PieceForm()
    if not form.is_submitted():
        return piece_page(found, line, form)
    allow(Act.WRITE_JOINT_PART, found.heading.scope)
    if not line.asked:
        raise Refused("not_at_this_stage")
    if not form.validate():
        return piece_page(found, line, form), UNPROCESSABLE
    name = display_name(form.file.data.filename)
    try:
        stream = form.file.data.stream
        checked = check_file(name, stream, accepts=line.piece.accepts, max_bytes=line.piece.max_bytes)
    except Refused as error:
        form.file.errors = [refusal(error)]
        return piece_page(found, line, form), UNPROCESSABLE
    with kept_for(found.dossiers, stream) as keys:
        filed = {one: Filed(name, checked.type, checked.size, checked.digest, stored) for one, stored in keys.items()}
        file_joint_piece(db.session(), joint_id, key, filed, by=me(), clock=clock())
        db.session().commit()
    flash(_("« %(name)s » est joint pour toutes.", name=name), "ok")
    return redirect(url_for("candidate.file_joint", joint_id=joint_id, key=key), 303)


def piece_page(found: MyJointFile, line: CommonPiece, form: PieceForm) -> str:
    may_file = line.asked and may(me(), Act.WRITE_JOINT_PART, found.heading.scope)
    return render_template(
        "candidate/joint/file.html", found=found, line=line, form=form, may_file=may_file, failed=bool(form.errors)
    )


@pages.get("/communs/<joint_id>/pieces/<key>/<piece_id>")
def download_joint(joint_id: str, key: str, piece_id: str) -> Response:
    """The version last filed of a common piece; no other piece of anybody's dossier."""
    return served(found_or_404(stored_common_piece(db.session(), me(), joint_id, key, piece_id)))


@pages.route("/<dossier_id>/quitter-le-commun", methods=["GET", "POST"])
def leave_joint(dossier_id: str) -> ResponseReturnValue:
    """Go on alone, saying why."""
    found = found_or_404(leaving(db.session(), me(), dossier_id))
    allow(Act.LEAVE_JOINT_FILE, found.heading.scope)
    form = LeaveForm()
    if not form.is_submitted():
        return leave_page(found, form)
    if not form.validate():
        return leave_page(found, form), UNPROCESSABLE
    try:
        acts.leave_joint_file(db.session(), dossier_id, words=form.note.data or "", by=me(), clock=clock())
    except Refused as error:
        if error.code != "reason_missing":
            raise
        form.note.errors = [refusal(error)]
        return leave_page(found, form), UNPROCESSABLE
    db.session().commit()
    flash(_("Votre dossier va seul désormais ; ce qui était écrit ensemble y reste."), "ok")
    return redirect(url_for("candidate.dossier", dossier_id=dossier_id), 303)


def leave_page(found: Leaving, form: LeaveForm) -> str:
    return render_template("candidate/joint/leave.html", found=found, form=form, failed=bool(form.errors))
