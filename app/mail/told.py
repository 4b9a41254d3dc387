"""The engine's own notices, one line each: what the words read, where they lead, who may still be told."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from app.keys import Keys
from app.mail import rights
from app.mail.links import Link, agreement_link, invitation_link, page, sign_in_code, sign_in_link
from app.models import Message
from app.models.outbox import Engine
from app.policies import Act
from app.queries import letters
from app.queries.enquiries import enquiry_told
from workflows import ledger

Read = Callable[[Session, Message], dict[str, Any]]
Code = Callable[[Session, Message, Keys], str]


@dataclass(frozen=True)
class Told:
    """A notice of the engine. Its words are in `templates/mail/`, under its own name; `team`: for those who send
    the others; `code`: what its words carry beside the link, made when they are written and stored nowhere."""

    read: Read
    link: Link
    right: rights.Right
    team: bool = False
    code: Code | None = None


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


def of_officer(db: Session, message: Message) -> dict[str, Any]:
    return {**of_dossier(db, message), "officer": letters.officer_told(db, message.values["officer"])}


def of_departure(db: Session, message: Message) -> dict[str, Any]:
    structure = letters.structure_named(db, message.values["structure"])
    return {"structure": structure, "left": letters.departure_told(db, message.values["mandate"])}


def of_enquiry(db: Session, message: Message) -> dict[str, Any]:
    return {"enquiry": enquiry_told(db, message.values["enquiry"])}


def of_sitting(_db: Session, message: Message) -> dict[str, Any]:
    """The days of a committee before and after; none after when it is cancelled."""
    days = ("held", "complete", "new_held", "new_complete")
    return {name: message.values.get(name, "") for name in days}


def of_nothing(_db: Session, _message: Message) -> dict[str, Any]:
    return {}


def of_change(_db: Session, message: Message) -> dict[str, Any]:
    return {"what": message.values["what"]}


def of_lost_factor(db: Session, message: Message) -> dict[str, Any]:
    return {
        "person": letters.person_named(db, message.values["person"]),
        "by": letters.person_named(db, message.values["by"]),
    }


def of_ending(db: Session, message: Message) -> dict[str, Any]:
    values = message.values
    return {
        "structure": letters.structure_named(db, values["structure"]),
        "ending": values["ending"],
        "stays": values["stays"],
    }


def of_team_change(db: Session, message: Message) -> dict[str, Any]:
    return {"person": letters.person_named(db, message.values["person"]), "role": message.values["role"]}


def of_joint(db: Session, message: Message) -> dict[str, Any]:
    return {"joint": letters.joint_told(db, message.values["joint"])}


POLL = page("member.poll", poll_id="poll")
EXPECTED = page("member.expected")
QUESTIONS = page("member.questions", poll_id="poll")
PARTICIPATION = rights.of_team(Act.SEE_PARTICIPATION)
CONFIRM = rights.of_team(Act.CONFIRM_ARBITRATION)
HOLD = rights.of_team(Act.HOLD_OUTCOME)
SEE_POLL = rights.of_poll(Act.SEE_POLL)

TOLD: Mapping[Engine, Told] = {
    Engine.INVITATION: Told(of_invitation, invitation_link, rights.of_invitation),
    Engine.ENQUIRY_RECEIVED: Told(of_enquiry, page("public.join"), rights.of_enquiry),
    Engine.ENQUIRY_ARRIVED: Told(of_enquiry, page("staff.enquiry", enquiry_id="enquiry"), rights.of_arrival, team=True),
    Engine.SITTING_CHANGED: Told(of_sitting, page("candidate.dossier", dossier_id="dossier"), rights.of_label),
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
    Engine.QUESTION_ASKED: Told(
        of_dossier, page("candidate.questions", dossier_id="dossier"), rights.of_team(Act.ANSWER_QUESTION)
    ),
    Engine.QUESTION_ANSWERED: Told(of_poll, QUESTIONS, rights.of_poll(Act.SEE_QUESTIONS)),
    Engine.QUESTION_SET_ASIDE: Told(of_poll, QUESTIONS, rights.of_call),
    Engine.AGREEMENT_TO_CONFIRM: Told(of_dossier, agreement_link, rights.of_label),
    Engine.AGREEMENT_MADE: Told(of_dossier, agreement_link, rights.of_label),
    Engine.OFFICER_CHANGED: Told(of_officer, page("candidate.dossier", dossier_id="dossier"), rights.of_label),
    Engine.ARBITRATION_TO_CONFIRM: Told(of_dossier, page("staff.arbitrate", dossier_id="dossier"), CONFIRM, team=True),
    Engine.HOLD_TO_CONFIRM: Told(of_dossier, page("staff.hold", poll_id="poll"), HOLD, team=True),
    Engine.POLL_HELD: Told(of_poll, EXPECTED, SEE_POLL),
    Engine.APPELLATION_ENDED: Told(of_ending, page("candidate.dossiers"), rights.of_structure),
    Engine.TEAM_CHANGED: Told(of_team_change, page("staff.team"), rights.of_house(Act.SEE_DESK), team=True),
    Engine.RESULT_NOTIFIED: Told(of_poll, page("member.result", poll_id="poll"), rights.of_poll(Act.SEE_RESULT)),
    Engine.COLLEAGUE_LEFT: Told(
        of_departure, page("account.colleagues", structure_id="structure"), rights.of_structure
    ),
    Engine.PERSON_LEFT: Told(
        of_departure, page("staff.structure", structure_id="structure"), rights.of_house(Act.SEE_STRUCTURES), team=True
    ),
    Engine.TIME_ASKED: Told(
        of_dossier, page("staff.dossier", dossier_id="dossier"), rights.of_team(Act.SEE_DOSSIER), team=True
    ),
    Engine.JOINT_JOINED: Told(of_joint, page("candidate.joint_file", joint_id="joint"), rights.of_joint),
    Engine.JOINT_NOTIFIED: Told(of_joint, page("candidate.joint_file", joint_id="joint"), rights.of_joint),
    Engine.SIGN_IN_LINK: Told(of_nothing, sign_in_link, rights.of_sign_in, code=sign_in_code),
    Engine.PASSWORD_CHANGED: Told(of_nothing, page("account.sign_in"), rights.of_herself),
    Engine.INVITATION_REUSED: Told(of_nothing, page("account.account"), rights.of_herself),
    Engine.SECOND_FACTOR_CHANGED: Told(of_change, page("account.account"), rights.of_herself),
    Engine.SECOND_FACTOR_LOST: Told(
        of_lost_factor, page("staff.access", person_id="person"), rights.of_lost_factor, team=True
    ),
}
