"""The engine's own notices, one line each: what the words read, where they lead, who may still be told."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from app.mail import rights
from app.mail.links import Link, invitation_link, page
from app.models import Message
from app.models.outbox import Engine
from app.policies import Act
from app.queries import letters
from workflows import ledger

Read = Callable[[Session, Message], dict[str, Any]]


@dataclass(frozen=True)
class Told:
    """A notice of the engine. Its words are in `templates/mail/`, under its own name; `team`: for those who send
    the others."""

    read: Read
    link: Link
    right: rights.Right
    team: bool = False


def of_invitation(db: Session, message: Message) -> dict[str, Any]:
    structure = message.values.get("structure")
    return {
        "structure": letters.structure_named(db, structure) if structure else "",
        "ends": letters.invitation_sent(db, message.values["invitation"]).expires_at,
    }


def of_poll(db: Session, message: Message) -> dict[str, Any]:
    return {"poll": letters.poll_told(db, message.values["poll"])}


def of_seat(db: Session, message: Message) -> dict[str, Any]:
    return {**of_poll(db, message), "structure": letters.structure_named(db, message.values["seat"])}


def of_ballot(db: Session, message: Message) -> dict[str, Any]:
    return {**of_seat(db, message), "code": ledger.receipt_code(letters.hash_of(db, message.event))}


def of_dossier(db: Session, message: Message) -> dict[str, Any]:
    return {"structure": letters.dossier_told(db, message.values["dossier"]).structure}


POLL = page("member.poll", poll_id="poll")
EXPECTED = page("member.expected")
PARTICIPATION = rights.of_team(Act.SEE_PARTICIPATION)
CONFIRM = rights.of_team(Act.CONFIRM_ARBITRATION)
SEE_POLL = rights.of_poll(Act.SEE_POLL)

TOLD: Mapping[Engine, Told] = {
    Engine.INVITATION: Told(of_invitation, invitation_link, rights.of_invitation),
    Engine.POLL_CONVENED: Told(of_poll, POLL, SEE_POLL),
    Engine.POLL_OPENED: Told(of_poll, POLL, SEE_POLL),
    Engine.POLL_EXTENDED: Told(of_poll, POLL, SEE_POLL),
    Engine.POLL_CANCELLED: Told(of_poll, EXPECTED, SEE_POLL),
    Engine.POLL_CLOSED: Told(of_poll, page("staff.poll", poll_id="poll"), PARTICIPATION, team=True),
    Engine.BALLOT_RECORDED: Told(
        of_ballot, page("member.receipt", poll_id="poll", structure_id="seat"), rights.of_seat
    ),
    Engine.SEAT_RECUSED: Told(of_seat, EXPECTED, rights.of_seat),
    Engine.OTHERS_CALLED: Told(of_seat, POLL, rights.of_call),
    Engine.ARBITRATION_TO_CONFIRM: Told(of_dossier, page("staff.arbitrate", dossier_id="dossier"), CONFIRM, team=True),
    Engine.RESULT_NOTIFIED: Told(of_poll, page("member.result", poll_id="poll"), rights.of_poll(Act.SEE_RESULT)),
}
