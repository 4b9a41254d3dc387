"""What every page of a poll does first: who sees it, for which of her structures."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from app import db
from app.policies import Act, may
from app.queries.polls import Entered, entered
from app.queries.voices import Voice
from app.web import hours
from app.web.doors import allow, found_or_404, me, missing, now
from app.web.member import pages


@pages.context_processor
def moments() -> dict[str, Callable[[datetime], Any]]:
    """Moments for the templates, in Paris time and in the reader's."""
    return {
        "moment_in": lambda at: hours.moment_in(at, me().zone),
        "deadline_in": lambda at: hours.deadline(at, me().zone),
        "hours_in": lambda at: hours.margin(at, me().zone),
    }


def enter(poll_id: str, act: Act = Act.SEE_POLL) -> Entered:
    """A poll for who may do at least this with it; for the others there is no such poll."""
    allow(Act.SEE_COMMITTEE)
    found = found_or_404(entered(db.session(), me(), poll_id, now()))
    if not (may(me(), Act.SEE_POLL, found.scope) or may(me(), act, found.scope)):
        missing()
    return found


def voice_or_404(voices: tuple[Voice, ...], structure_id: str | None) -> Voice:
    """The voice that a form or an address names, never another: who asks for somebody else's finds nothing."""
    return found_or_404(next((voice for voice in voices if voice.structure_id == structure_id), None))
