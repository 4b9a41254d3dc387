"""Whether a message is still for its reader, asked again at the moment it leaves.

Between an act and its letter a mandate may end, a link be declared, an access be closed: what she may no longer see,
she is no longer told.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Invitation, Message
from app.policies import Act, Actor, may
from app.queries.scopes import dossier_scope, poll_scope

#: Why a message was cancelled, in words.
REASONS: Mapping[str, Any] = {
    "access_ended": _l("L’accès de cette personne a pris fin."),
    "mandate_ended": _l("Le mandat de cette personne a pris fin."),
    "no_part": _l("Sa structure, ou elle-même, ne prend pas part à cet examen."),
    "invitation_over": _l("L’invitation a déjà servi, ou une autre la remplace."),
}

Right = Callable[[Session, Actor, Message, datetime], str]


def of_label(db: Session, reader: Actor, message: Message, _at: datetime) -> str:
    """What a label declares is told to who sees the dossier."""
    return "" if may(reader, Act.SEE_DOSSIER, dossier_scope(db, message.values["dossier"])) else "mandate_ended"


def of_invitation(db: Session, _reader: Actor, message: Message, at: datetime) -> str:
    alive = select(Invitation.id).where(
        Invitation.id == message.values["invitation"], Invitation.used_at.is_(None), Invitation.expires_at > at
    )
    return "" if db.execute(alive).scalar_one_or_none() else "invitation_over"


def of_poll(seen: Act) -> Right:
    """A poll is told to those who may see what the letter leads to: no recused voice, nobody without a voice."""

    def right(db: Session, reader: Actor, message: Message, _at: datetime) -> str:
        scope = poll_scope(db, message.values["poll"], reader)
        if may(reader, seen, scope):
            return ""
        return "no_part" if scope and scope.voices else "mandate_ended"

    return right


def of_team(act: Act) -> Right:
    """A task of the team is told to who may do it on this dossier."""

    def right(db: Session, reader: Actor, message: Message, _at: datetime) -> str:
        return "" if may(reader, act, dossier_scope(db, message.values["dossier"])) else "mandate_ended"

    return right


def of_seat(_db: Session, reader: Actor, message: Message, _at: datetime) -> str:
    """A receipt, or the news of its own recusal, is told to whoever still acts for the voice."""
    return "" if message.values["seat"] in reader.voices() else "mandate_ended"


def of_call(db: Session, reader: Actor, message: Message, at: datetime) -> str:
    """A call is told to whoever acts for a voice that still takes part, unless she is attached herself."""
    if why := of_seat(db, reader, message, at):
        return why
    scope = poll_scope(db, message.values["poll"], reader)
    taken = scope and scope.voices.get(message.values["seat"]) != "recused" and not scope.kept_away
    return "" if taken else "no_part"
