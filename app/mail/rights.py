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

from app.actor import Actor
from app.models import Enquiry, Invitation, Message, SecondFactor, SignInLink
from app.policies import Act, may
from app.queries.scopes import dossier_scope, joint_scope, poll_scope

#: Why a message was cancelled, in words.
REASONS: Mapping[str, Any] = {
    "access_ended": _l("L’accès de cette personne a pris fin."),
    "mandate_ended": _l("Le mandat de cette personne a pris fin."),
    "no_part": _l("Sa structure, ou elle-même, ne prend pas part à cet examen."),
    "enquiry_over": _l("Cette demande a été mise de côté, ou effacée."),
    "invitation_over": _l("L’invitation a déjà servi, ou une autre la remplace."),
    "link_over": _l("Le lien ne sert plus, ou un autre le remplace."),
    "removal_over": _l("Ce retrait n’attend plus de confirmation."),
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


def of_enquiry(db: Session, reader: Actor, message: Message, _at: datetime) -> str:
    """The thanks for a demand go to whoever wrote it, who needs no mandate, unless it was set aside or erased."""
    kept = select(Enquiry.id).where(
        Enquiry.id == message.values["enquiry"], Enquiry.person_id == reader.id, Enquiry.status != "set_aside"
    )
    return "" if db.execute(kept).scalar_one_or_none() else "enquiry_over"


def of_arrival(db: Session, reader: Actor, message: Message, _at: datetime) -> str:
    """The arrival of a demand is told to who may read it, while it is there."""
    if not may(reader, Act.SEE_ENQUIRIES):
        return "mandate_ended"
    return "" if db.get(Enquiry, message.values["enquiry"]) else "enquiry_over"


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


def of_joint(db: Session, reader: Actor, message: Message, _at: datetime) -> str:
    """What happens to a joint file is told to who may read it."""
    return "" if may(reader, Act.SEE_JOINT_FILE, joint_scope(db, message.values["joint"])) else "mandate_ended"


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


def of_sign_in(db: Session, _reader: Actor, message: Message, at: datetime) -> str:
    """A link that has served, or that another one replaces, is not sent."""
    alive = select(SignInLink.id).where(
        SignInLink.id == message.values["sign_in"], SignInLink.used_at.is_(None), SignInLink.expires_at > at
    )
    return "" if db.execute(alive).scalar_one_or_none() else "link_over"


def of_herself(_db: Session, _reader: Actor, _message: Message, _at: datetime) -> str:
    """What happens to her own access is told to a person as long as she has one."""
    return ""


def of_lost_factor(db: Session, reader: Actor, message: Message, _at: datetime) -> str:
    if not may(reader, Act.MANAGE_ACCESS):
        return "mandate_ended"
    asked = select(SecondFactor.person_id).where(
        SecondFactor.person_id == message.values["person"], SecondFactor.removal_by.is_not(None)
    )
    return "" if db.execute(asked).scalar_one_or_none() else "removal_over"


def of_structure(_db: Session, reader: Actor, message: Message, _at: datetime) -> str:
    """What happens to a structure is told to whoever still acts for it."""
    return "" if reader.roles_in(message.values["structure"]) else "mandate_ended"


def of_house(act: Act) -> Right:
    """What happens in the team is told to who may still do this there."""

    def right(_db: Session, reader: Actor, _message: Message, _at: datetime) -> str:
        return "" if may(reader, act) else "mandate_ended"

    return right
