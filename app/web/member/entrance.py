"""What every page of a poll does first: who sees it, for which of her structures."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from app import db
from app.policies import Act, PollScope, may
from app.queries.polls import PollHeading, heading
from app.queries.scopes import poll_scope
from app.queries.voices import Voice, my_voices
from app.web import hours
from app.web.doors import allow, found_or_404, me, missing, now
from app.web.member import pages


@pages.context_processor
def moments() -> dict[str, Callable[[datetime], Any]]:
    """Moments for the templates, in Paris time and in the reader's."""
    return {
        "moment_in": lambda at: hours.moment_in(at, me().zone),
        "hours_in": lambda at: hours.margin(at, me().zone),
    }


def scope_or_404(poll_id: str, act: Act = Act.SEE_POLL) -> PollScope:
    """The scope of a poll for who may do at least this with it; for the others there is no such poll."""
    allow(Act.SEE_COMMITTEE)
    scope = found_or_404(poll_scope(db.session(), poll_id, me()))
    if not (may(me(), Act.SEE_POLL, scope) or may(me(), act, scope)):
        missing()
    return scope


def heading_of(poll_id: str) -> PollHeading:
    return found_or_404(heading(db.session(), poll_id, now()))


def voices_of(poll_id: str, scope: PollScope) -> tuple[Voice, ...]:
    """The voices this person may act for, those that take no part left out."""
    return tuple(voice for voice in my_voices(db.session(), me(), poll_id, scope) if voice.state != "recused")


def voice_or_404(voices: tuple[Voice, ...], structure_id: str | None) -> Voice:
    """The voice that a form or an address names, never another: who asks for somebody else's finds nothing."""
    return found_or_404(next((voice for voice in voices if voice.structure_id == structure_id), None))
