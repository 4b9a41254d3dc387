"""Filing a piece, and having it back."""

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from app import db
from app.files.checks import check_file
from app.files.names import display_name
from app.operations import content
from app.policies import Act, may
from app.queries.joint_parts import shared_by
from app.queries.pieces import PieceOfDossier, is_referenced, piece_of_dossier
from app.web.candidate import pages
from app.web.candidate.forms import PieceForm
from app.web.doors import allow, clock, found_or_404, me
from app.web.piece_door import dossier_piece, store
from app.words import refusal
from workflows.refused import Refused

UNPROCESSABLE, NO_CONTENT = 422, 204


@pages.route("/<dossier_id>/pieces/<key>", methods=["GET", "POST"])
def file_piece(dossier_id: str, key: str) -> ResponseReturnValue:
    """The versions of a piece, and the form that files the next; the file is checked before anything is locked."""
    with db.short_transaction(writes=False) as reading:
        found = found_or_404(piece_of_dossier(reading, me(), dossier_id, key))
        joint_id = shared_by(reading, dossier_id, "piece", key) if found.open else None
    form = PieceForm()
    if joint_id and not form.is_submitted():
        return redirect(url_for("candidate.file_joint", joint_id=joint_id, key=key), 303)
    if not form.is_submitted():
        return piece(found, form)
    allow(Act.FILE_PIECE, found.heading.scope)
    if not found.open:
        raise Refused("not_at_this_stage")
    if not form.validate():
        return piece(found, form), UNPROCESSABLE
    try:
        name, version, silent = keep(found, form.file.data)
    except Refused as error:
        if not error.code.startswith("file_"):
            raise
        form.file.errors = [refusal(error)]
        return piece(found, form), UNPROCESSABLE
    flash(_("« %(name)s » est joint à votre dossier, version %(version)s.", name=name, version=version), "ok")
    if silent:
        flash(
            _(
                "Ce PDF est une image : un membre du comité ne pourra pas le lire. Si vous avez le document d’origine, "
                "joignez-le plutôt."
            ),
            "warn",
        )
    return filed(url_for("candidate.file_piece", dossier_id=dossier_id, key=key))


def filed(page: str) -> ResponseReturnValue:
    """On to the page of the piece; a script that sent the file is told where, or it would read the page itself."""
    if "Upload-Script" not in request.headers:
        return redirect(page, 303)
    answer = Response(status=NO_CONTENT)
    answer.headers["Upload-Next"] = page
    return answer


def keep(found: PieceOfDossier, sent: FileStorage) -> tuple[str, int, bool]:
    """Check a file, store it, write it into the dossier: its name, its version, whether it is images alone.

    A refusal leaves nothing behind.
    """
    name = display_name(sent.filename)
    checked = check_file(name, sent.stream, accepts=found.asked.accepts, max_bytes=found.asked.max_bytes)
    with store().keeping(sent.stream, is_filed) as key:
        filed = content.Filed(name, checked.type, checked.size, checked.digest, key)
        made = content.file_piece(db.session(), found.heading.id, found.asked.key, filed, by=me(), clock=clock())
        db.session().commit()
    if made.stored_as != key:
        store().remove(key)
    return made.name, made.version, checked.silent


def is_filed(key: str) -> bool:
    """Whether a piece names these bytes, read once the act's own transaction has ended."""
    with db.short_transaction(writes=False) as reading:
        return is_referenced(reading, key)


def piece(found: PieceOfDossier, form: PieceForm) -> str:
    return render_template(
        "candidate/piece/file.html",
        found=found,
        form=form,
        may_file=found.open and may(me(), Act.FILE_PIECE, found.heading.scope),
        acting_for=found.heading.structure,
        failed=bool(form.errors),
    )


@pages.get("/<dossier_id>/pieces/<key>/<piece_id>")
def download(dossier_id: str, key: str, piece_id: str) -> Response:
    return dossier_piece(dossier_id, piece_id, key)
