"""An outcome held for an irregularity: two arbiters set it aside and the committee is invited again, or it is lifted.

Holding never leads to the opposite decision: only to a new round, with the quorum of a first invitation.
"""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.actor import Actor
from app.clock import Clock
from app.mail.notices import tell, voters
from app.models import Hold, Poll
from app.models.outbox import Engine
from app.operations import journal
from app.operations.locks import lock_dossier_then_poll
from app.operations.polls.deciding import (
    UnderDecision,
    able_arbiters,
    decision_of,
    erase,
    pending_hold,
    refuse_derogation,
    refuse_instructor,
)
from app.queries.labels import label_for
from workflows.refused import Refused

#: An outcome may be held from the close to the notification.
HELD_IN = frozenset({"closed", "decided"})


@dataclass(frozen=True)
class Second:
    """Who makes a hold stand: a second arbiter, or the first alone with the reason of a small team."""

    by: Actor
    derogation: str = ""


def raise_hold(db: Session, poll_id: str, *, reason: str, derogation: str = "", by: Actor, clock: Clock) -> Hold:
    """An arbiter who has not instructed says what was irregular; nothing follows the outcome until this ends.

    `derogation` says why it stands at once without a second person, in a team too small for two. Raises `Refused`:
    `gone`, `arbiter_instructed`, `reason_missing`, `derogation_not_needed`, `hold_too_late` unless the newest poll of
    the dossier is closed and not notified, `hold_pending`.
    """
    found = lock_held(db, poll_id, by, clock)
    if not reason.strip():
        raise Refused("reason_missing")
    refuse_derogation(db, found.dossier, derogation, found.at)
    if found.poll.status not in HELD_IN or is_superseded(db, found.poll):
        raise Refused("hold_too_late")
    if pending_hold(db, found.poll.id) is not None:
        raise Refused("hold_pending")
    hold = Hold(
        poll_id=found.poll.id,
        reason=reason.strip(),
        raised_by=str(by.id),
        raised_at=found.at,
        derogation=derogation.strip(),
    )
    db.add(hold)
    db.flush()
    private = {"person": by.name, "reason": hold.reason}
    entry = journal.append(db, found.dossier, "hold_raised", at=found.at, body={"poll": found.poll.id}, private=private)
    if hold.derogation:
        set_aside(db, found, hold, Second(by, hold.derogation))
        return hold
    others = able_arbiters(db, found.dossier, found.at) - {str(by.id)}
    values = {"poll": found.poll.id, "dossier": found.dossier.id, "structure": found.dossier.structure_id}
    tell(db, Engine.HOLD_TO_CONFIRM, others, event=entry.id, at=found.at, values=values)
    return hold


def confirm_hold(db: Session, poll_id: str, *, by: Actor, clock: Clock) -> Hold:
    """A second arbiter, who is not the first and has not instructed, confirms: the outcome is set aside.

    Raises `Refused`: `gone`, `arbiter_instructed`, `hold_missing`, `same_arbiter`.
    """
    found = lock_held(db, poll_id, by, clock)
    hold = held(db, found.poll)
    if hold.raised_by == by.id:
        raise Refused("same_arbiter")
    hold.second_id = str(by.id)
    set_aside(db, found, hold, Second(by))
    return hold


def lift_hold(db: Session, poll_id: str, *, note: str, by: Actor, clock: Clock) -> Hold:
    """Lift a hold with a word: the outcome stands, and what follows it may follow.

    Raises `Refused`: `gone`, `arbiter_instructed`, `hold_missing`, `reason_missing`.
    """
    found = lock_held(db, poll_id, by, clock)
    hold = held(db, found.poll)
    if not note.strip():
        raise Refused("reason_missing")
    hold.lifted_at = found.at
    private = {"person": by.name, "note": note.strip()}
    journal.append(db, found.dossier, "hold_lifted", at=found.at, body={"poll": found.poll.id}, private=private)
    return hold


def lock_held(db: Session, poll_id: str, by: Actor, clock: Clock) -> UnderDecision:
    """The poll and its dossier under their locks, for an arbiter who has not instructed."""
    dossier, poll = lock_dossier_then_poll(db, poll_id)
    at = clock()
    refuse_instructor(db, dossier, by)
    return UnderDecision(dossier, poll, label_for(db, dossier), at)


def held(db: Session, poll: Poll) -> Hold:
    hold = pending_hold(db, poll.id)
    if hold is None:
        raise Refused("hold_missing")
    return hold


def is_superseded(db: Session, poll: Poll) -> bool:
    """Whether a later round has begun: what came of this one is behind."""
    newest = db.execute(select(func.max(Poll.round)).where(Poll.dossier_id == poll.dossier_id)).scalar_one()
    return bool(newest > poll.round)


def set_aside(db: Session, found: UnderDecision, hold: Hold, second: Second) -> None:
    """The outcome counts no more: a decision that was recorded goes with it, and the dossier waits for a new round.

    The ballots, the count and its signature stay where they are, for whoever verifies.
    """
    hold.confirmed_at = found.at
    decision = decision_of(db, found.poll)
    body: dict[str, object] = {"poll": found.poll.id, "opinion": found.poll.outcome}
    if decision is not None:
        body["decision"] = decision.outcome
        erase(db, decision)
    private = {"person": second.by.name}
    if second.derogation:
        body["derogation"] = True
        private["derogation"] = second.derogation
    if found.label.stage(found.dossier.stage).kind == "decision":
        back = committee_stage(found)
        journal.advance(db, found.dossier, back, "hold_confirmed", at=found.at, body=body, private=private)
    else:
        journal.append(db, found.dossier, "hold_confirmed", at=found.at, body=body, private=private)
    entry = journal.advance(db, found.poll, "cancelled", "hold_confirmed", at=found.at)
    people = voters(db, found.poll.id, found.at)
    tell(db, Engine.POLL_HELD, people, event=entry.id, at=found.at, values={"poll": found.poll.id})


def committee_stage(found: UnderDecision) -> str:
    """The stage of the committee from which a decision brought the dossier to where it stands."""
    return next(
        stage.key
        for stage in found.label.stages
        if stage.kind == "committee"
        and any(
            move.act in {"decide", "arbitrate"} and move.target == found.dossier.stage
            for move in found.label.exits[stage.key]
        )
    )
