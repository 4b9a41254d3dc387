"""Reading the candidate's file, for a voice that takes part in the examination."""

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import db
from app.policies import Act, may
from app.queries.file import file_of
from app.web.doors import allow, me
from app.web.member import pages
from app.web.member.entrance import heading_of, scope_or_404
from app.web.piece_door import poll_piece
from workflows.refused import Refused


@pages.get("/consultations/<poll_id>/lire")
def read(poll_id: str) -> ResponseReturnValue:
    """The file as it was when the committee was called. Who has not declared is led to it first."""
    scope = scope_or_404(poll_id)
    if not may(me(), Act.READ_FILE, scope) and may(me(), Act.DECLARE_LINK, scope):
        return redirect(url_for("member.link", poll_id=poll_id), 303)
    allow(Act.READ_FILE, scope)
    poll = heading_of(poll_id)
    if poll.phase == "cancelled":
        raise Refused("poll_cancelled")
    pour = request.args.get("pour")
    voices = me().voices()
    electors = [structure for structure, state in scope.voices.items() if state == "elector"]
    mine = pour if pour in electors else electors[0]
    return render_template(
        "member/file/read.html",
        poll=poll,
        file=file_of(db.session(), poll),
        pour=mine,
        acting_for=voices[mine] if len(electors) == 1 else None,
    )


@pages.get("/consultations/<poll_id>/pieces/<piece_id>")
def piece(poll_id: str, piece_id: str) -> Response:
    """A piece of the file, by the one door that serves them."""
    allow(Act.SEE_COMMITTEE)
    return poll_piece(poll_id, piece_id)
