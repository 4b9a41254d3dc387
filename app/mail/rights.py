"""Whether a message is still for its reader, asked again at the moment it leaves.

Between an act and its letter a mandate may end, a link be declared, an access be closed: what she may no longer see,
she is no longer told.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Invitation, Message
from app.models.outbox import Engine
from app.policies import Act, Actor, may
from app.queries.actors import actor
from app.queries.scopes import dossier_scope, poll_scope

#: Why a message was cancelled, in words.
REASONS: Mapping[str, Any] = {
    "access_ended": _l("L’accès de cette personne a pris fin."),
    "mandate_ended": _l("Le mandat de cette personne a pris fin."),
    "no_part": _l("Sa structure, ou elle-même, ne prend pas part à cet examen."),
    "invitation_over": _l("L’invitation a déjà servi, ou une autre la remplace."),
}

ABOUT_A_POLL = frozenset(
    {Engine.POLL_CONVENED, Engine.POLL_OPENED, Engine.POLL_EXTENDED, Engine.POLL_CANCELLED, Engine.RESULT_NOTIFIED}
)
TO_THE_TEAM = {Engine.POLL_CLOSED: Act.SEE_PARTICIPATION, Engine.ARBITRATION_TO_CONFIRM: Act.CONFIRM_ARBITRATION}


def refused(db: Session, message: Message, at: datetime) -> str:
    """Why a message must not leave any more, as a key of `REASONS`; empty when it may."""
    reader = actor(db, message.person_id, at)
    if reader is None:
        return "access_ended"
    notice, values = message.notice, message.values
    if notice == Engine.INVITATION:
        return refused_invitation(db, values["invitation"], at)
    if notice in ABOUT_A_POLL:
        seen = Act.SEE_RESULT if notice == Engine.RESULT_NOTIFIED else Act.SEE_POLL
        return refused_poll(db, reader, values["poll"], seen)
    if notice in TO_THE_TEAM:
        scope = dossier_scope(db, values["dossier"])
        return "" if may(reader, TO_THE_TEAM[Engine(notice)], scope) else "mandate_ended"
    if "seat" in values:
        return refused_seat(db, reader, message)
    return "" if may(reader, Act.SEE_DOSSIER, dossier_scope(db, values["dossier"])) else "mandate_ended"


def refused_invitation(db: Session, invitation_id: str, at: datetime) -> str:
    alive = select(Invitation.id).where(
        Invitation.id == invitation_id, Invitation.used_at.is_(None), Invitation.expires_at > at
    )
    return "" if db.execute(alive).scalar_one_or_none() else "invitation_over"


def refused_poll(db: Session, reader: Actor, poll_id: str, seen: Act) -> str:
    """A poll is told to those who may see what the letter leads to: no recused voice, nobody without a voice."""
    scope = poll_scope(db, poll_id, reader)
    if may(reader, seen, scope):
        return ""
    return "no_part" if scope and scope.voices else "mandate_ended"


def refused_seat(db: Session, reader: Actor, message: Message) -> str:
    """A receipt, or the news of its own recusal, is told to whoever still acts for the voice; a call, if it has one."""
    voice = message.values["seat"]
    if voice not in reader.voices():
        return "mandate_ended"
    if message.notice != Engine.OTHERS_CALLED:
        return ""
    scope = poll_scope(db, message.values["poll"], reader)
    return "" if scope and scope.voices.get(voice) != "recused" and not scope.kept_away else "no_part"
