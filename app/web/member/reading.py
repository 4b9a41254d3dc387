"""Reading the candidate's file, for a voice that takes part in the examination."""

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import db
from app.operations.readings import mark_place
from app.policies import Act, may
from app.queries.agreements import agreed_in_file
from app.queries.file import file_of, mark_of
from app.queries.polls import Entered
from app.queries.questions import peer_questions
from app.web.doors import allow, clock, found_or_404, me
from app.web.member import pages
from app.web.member.entrance import enter
from app.web.piece_door import poll_piece
from workflows.refused import Refused


def readable(found: Entered) -> Entered:
    """Let in who may read; a request that was withdrawn has nothing left to read."""
    allow(Act.READ_FILE, found.scope)
    if found.poll.phase == "cancelled":
        raise Refused("poll_cancelled")
    return found


@pages.get("/consultations/<poll_id>/lire")
def read(poll_id: str) -> ResponseReturnValue:
    """The file as it was when the committee was called. Who has not declared is led to it first."""
    found = enter(poll_id)
    if not may(me(), Act.READ_FILE, found.scope) and may(me(), Act.DECLARE_LINK, found.scope):
        return redirect(url_for("member.link", poll_id=poll_id), 303)
    found = readable(found)
    pour = request.args.get("pour")
    electors = [voice for voice in found.voices if voice.state == "elector"]
    mine = next((voice for voice in electors if voice.structure_id == pour), electors[0])
    reader, poll = db.session(), found.poll
    return render_template(
        "member/file/read.html",
        poll=poll,
        file=file_of(reader, me(), poll),
        agreement=agreed_in_file(reader, poll.dossier_id, poll.label),
        questions=peer_questions(reader, me(), poll),
        pour=mine.structure_id,
        given=mine.given,
        acting_for=mine.structure if len(electors) == 1 else None,
    )


@pages.post("/consultations/<poll_id>/lire")
def stop_here(poll_id: str) -> ResponseReturnValue:
    """Leave a bookmark, for oneself alone, and come back to what is expected."""
    found = readable(enter(poll_id))
    keys = {criterion.key for criterion in found.poll.label.criteria}
    place = found_or_404(request.form.get("repere") if request.form.get("repere") in keys else None)
    mark_place(db.session(), mark_of(poll_id), place, by=me(), clock=clock())
    db.session().commit()
    flash(_("C’est noté : vous reprendrez votre lecture ici. Vous seul ou seule voyez ce repère."), "ok")
    return redirect(url_for("member.expected"), 303)


@pages.get("/consultations/<poll_id>/pieces/<piece_id>")
def piece(poll_id: str, piece_id: str) -> Response:
    """A piece of the file, by the one door that serves them."""
    allow(Act.SEE_COMMITTEE)
    return poll_piece(poll_id, piece_id)
