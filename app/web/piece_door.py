"""The one door that pieces are served through, always to be saved and never opened inside a page."""

import structlog
from flask import Response, current_app

from app import db
from app.errors import page
from app.files.checks import KINDS
from app.files.names import attachment
from app.files.store import Store, store_for
from app.policies import Act, may
from app.queries.pieces import StoredPiece, stored_piece, stored_piece_of_poll
from app.queries.scopes import dossier_scope, poll_scope
from app.web.doors import allow, found_or_404, me, missing
from app.words import refusal
from workflows.refused import Refused

log = structlog.get_logger()
SANDBOX = "sandbox; default-src 'none'"
GONE = 410


def store() -> Store:
    """The store of this house."""
    return store_for(current_app.config["SETTINGS"])


def dossier_piece(dossier_id: str, piece_id: str, requirement: str | None = None) -> Response:
    """A piece, for whoever may read the dossier's: its structure, and the team."""
    reading = db.session()
    scope = found_or_404(dossier_scope(reading, dossier_id))
    if not may(me(), Act.SEE_DOSSIER, scope):
        missing()
    allow(Act.READ_PIECE, scope)
    piece = found_or_404(stored_piece(reading, dossier_id, piece_id))
    if requirement is not None and piece.requirement != requirement:
        missing()
    return served(piece)


def poll_piece(poll_id: str, piece_id: str) -> Response:
    """A piece as the committee reads it, for a voice that has declared its links and takes part."""
    reading = db.session()
    scope = found_or_404(poll_scope(reading, poll_id, me()))
    if not may(me(), Act.SEE_POLL, scope):
        missing()
    allow(Act.READ_PIECE, scope)
    return served(found_or_404(stored_piece_of_poll(reading, poll_id, piece_id)))


def served(piece: StoredPiece) -> Response:
    """The bytes, in an answer that no browser runs; 410 when they are not those that were filed."""
    if not store().intact(piece.stored_as, piece.digest):
        log.error("piece_lost", piece=piece.id)
        return page(GONE, refusal(Refused("file_lost")))
    answer = Response(store().read(piece.stored_as), mimetype=KINDS[piece.type].media)
    answer.content_length = piece.size
    answer.headers["Content-Disposition"] = attachment(piece.name)
    answer.headers["Content-Security-Policy"] = SANDBOX
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "no-store"
    return answer
