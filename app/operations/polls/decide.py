"""From the committee's outcome to the appellation: recording, notifying, accepting."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from app.actor import Actor
from app.clock import Clock
from app.mail.notices import tell, voters
from app.models import Appellation, Decision
from app.models.outbox import Engine
from app.operations import journal
from app.operations.appellations import begin_appellation
from app.operations.polls.deciding import (
    FOLLOWS,
    Promise,
    UnderDecision,
    act_from,
    advance_to_decision,
    decision_of,
    lock_both,
    refuse_held,
    write,
)
from app.operations.polls.waiting import refuse_alone
from app.operations.way import move, refuse_without_reason
from app.queries.facts import facts_of
from workflows.deadlines import local_day, next_kind_morning, nobody_to_call
from workflows.refused import Refused
from workflows.requirements import Requirement, missing

#: What a structure should hear from a voice before it reads it.
ADVERSE = frozenset({"not_granted", "deferred"})


@dataclass(frozen=True)
class Sending:
    """How a decision leaves.

    `publish_on` is the day, in Paris, from which the public reads a yes; none means at once. An adverse letter says
    when and by whom the structure was called, or why it was not (`no_call`); and why it leaves at an hour when nobody
    can be called back (`despite`).
    """

    publish_on: date | None = None
    called_on: date | None = None
    called_by: str = ""
    no_call: str = ""
    despite: str = ""

    @property
    def called(self) -> bool:
        return self.called_on is not None and bool(self.called_by.strip())

    def in_words(self) -> dict[str, str]:
        """What the journal keeps of it, in words that may be erased."""
        call = f"{self.called_on}, {self.called_by.strip()}" if self.called else ""
        said = {"call": call, "no_call": "" if call else self.no_call.strip(), "despite": self.despite.strip()}
        return {name: value for name, value in said.items() if value}


def record_decision(
    db: Session,
    dossier_id: str,
    *,
    letter: str,
    promises: tuple[Promise, ...] = (),
    reason: str = "",
    by: Actor,
    clock: Clock,
) -> Decision:
    """Record what the committee decided. Nobody decides otherwise here: to depart from an advisory vote, two arbiters
    take the way of an arbitration. `reason` is for a label whose decision asks for one.

    Raises `Refused`: `poll_missing`, `not_from_here`, `requirements_missing`, `poll_held`, `reason_missing`,
    `arbitration_prepared`, `reserves_missing`, `letter_missing`.
    """
    found = lock_both(db, dossier_id, clock)
    transition = act_from(found, "decide")
    lacking = missing(found.label, transition, facts_of(db, found.dossier))
    outcome = FOLLOWS.get(str(found.poll.outcome))
    if not lacking and outcome is None:
        lacking = (Requirement("committee_left_open", {"outcome": found.poll.outcome}),)
    if lacking:
        raise Refused("requirements_missing", transition=transition.name, missing=lacking)
    refuse_held(db, found.poll.id)
    refuse_without_reason(transition, reason)
    if decision_of(db, found.poll) is not None:
        raise Refused("arbitration_prepared")
    decision = Decision(
        outcome=outcome, arbitrated=False, reason=reason.strip(), recorded_by=str(by.id), settled_at=found.at
    )
    write(db, found, decision, letter=letter, promises=promises)
    advance_to_decision(db, found, decision, transition.name, by=by)
    return decision


def notify_decision(
    db: Session, dossier_id: str, *, by: Actor, clock: Clock, sending: Sending | None = None, alone: str = ""
) -> Decision:
    """Notify: letters, stage and what pages show change in one transaction. It happens once.

    The letter of a joint file leaves with the others, or `alone` says why it does not wait for them. A label without
    commitments to accept begins its appellation here. Raises `Refused`: `poll_missing`, `decision_missing`,
    `poll_held`, `call_missing`, `call_to_come`, `adverse_letter_hour`, `not_from_here`, `joint_waits`,
    `joint_together`.
    """
    found = lock_both(db, dossier_id, clock)
    decision = decision_of(db, found.poll)
    if decision is not None and decision.settled_at is not None:
        refuse_alone(db, found, alone, by=by)
    return notify_settled(db, found, sending or Sending(), by=by)


def notify_settled(db: Session, found: UnderDecision, sending: Sending, *, by: Actor) -> Decision:
    """Notify one decision, its locks held. Raises what `notify_decision` refuses but for a joint file."""
    decision = decision_of(db, found.poll)
    if decision is None or decision.settled_at is None:
        raise Refused("decision_missing")
    refuse_held(db, found.poll.id)
    name = act_from(found, "notify", decision.outcome).name
    adverse = decision.outcome in ADVERSE
    if adverse:
        refuse_unkind(sending, found.at)
    else:
        decision.publish_on = sending.publish_on
    move(db, found.dossier, found.label, facts_of(db, found.dossier), name, by=by, at=found.at)
    if found.label.stage(found.dossier.stage).kind == "granted":
        begin_appellation(db, found.dossier, found.label, by=None, at=found.at, public_on=decision.publish_on)
    decision.notified_at = found.at
    private = {"person": by.name, **(sending.in_words() if adverse else {})}
    body = {"publish_on": decision.publish_on.isoformat()} if decision.publish_on else {}
    tell_result(db, found, body, private)
    return decision


def tell_result(db: Session, found: UnderDecision, body: dict[str, str], private: dict[str, str]) -> None:
    """The poll is notified, and those who took part in the examination are told."""
    entry = journal.advance(db, found.poll, "notified", "notified", at=found.at, body=body, private=private)
    people = voters(db, found.poll.id, found.at)
    tell(db, Engine.RESULT_NOTIFIED, people, event=entry.id, at=found.at, values={"poll": found.poll.id})


def refuse_unkind(sending: Sending, at: datetime) -> None:
    """A no is heard before it is read, and on a day when somebody can be called back."""
    if not sending.called and not sending.no_call.strip():
        raise Refused("call_missing")
    if sending.called_on is not None and sending.called_on > local_day(at):
        raise Refused("call_to_come")
    if nobody_to_call(at) and not sending.despite.strip():
        raise Refused("adverse_letter_hour", suggestion=next_kind_morning(at))


def accept_commitments(
    db: Session, dossier_id: str, *, accepted: frozenset[str], by: Actor, clock: Clock
) -> Appellation:
    """The structure accepts its commitments: the appellation begins, in this month.

    Raises `Refused`: `poll_missing`, `not_from_here`, `requirements_missing` unless every commitment of the label is
    accepted.
    """
    found = lock_both(db, dossier_id, clock)
    name = act_from(found, "accept").name
    every = frozenset(commitment.key for commitment in found.label.commitments)
    facts = facts_of(db, found.dossier, commitments_accepted=every <= accepted)
    body: dict[str, object] = {"accepted": sorted(every & accepted)}
    move(db, found.dossier, found.label, facts, name, by=by, at=found.at, body=body)
    decision = decision_of(db, found.poll)
    public_on = decision.publish_on if decision else None
    return begin_appellation(db, found.dossier, found.label, by=by.id, at=found.at, public_on=public_on)
