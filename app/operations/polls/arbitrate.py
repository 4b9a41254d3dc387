"""Arbitrating what a committee left open: one arbiter proposes, a second one confirms, neither has instructed."""

from sqlalchemy.orm import Session

from app.actor import Actor
from app.clock import Clock
from app.mail.notices import tell
from app.models import Decision
from app.models.outbox import Engine
from app.operations import journal
from app.operations.polls.deciding import (
    Promise,
    UnderDecision,
    able_arbiters,
    advance_to_decision,
    decision_of,
    erase,
    lock_both,
    refuse_derogation,
    refuse_held,
    refuse_instructor,
    write,
)
from app.queries.facts import facts_of
from workflows.label import Transition
from workflows.refused import Refused
from workflows.requirements import missing


def arbitration_from(db: Session, found: UnderDecision) -> Transition:
    """The transition by which two arbiters settle what the committee left open.

    An advisory vote leaves everything open to them: its label's own decision serves as well. A binding one never
    does. Raises `Refused`: `not_from_here`, `requirements_missing`.
    """
    acts = {"arbitrate"} if found.label.effect == "binding" else {"arbitrate", "decide"}
    facts = facts_of(db, found.dossier)
    known = [transition for transition in found.label.exits[found.dossier.stage] if transition.act in acts]
    lacking = [missing(found.label, transition, facts) for transition in known]
    for transition, lacks in zip(known, lacking, strict=True):
        if not lacks:
            return transition
    if not known:
        raise Refused("not_from_here", transition="arbitrate", stage=found.dossier.stage)
    raise Refused("requirements_missing", transition=known[0].name, missing=lacking[0])


def prepare_arbitration(
    db: Session,
    dossier_id: str,
    *,
    outcome: str,
    reason: str,
    letter: str,
    promises: tuple[Promise, ...] = (),
    derogation: str = "",
    by: Actor,
    clock: Clock,
) -> Decision:
    """A first arbiter proposes how to settle what the committee left open; a second one confirms. Electors read why.

    With an advisory vote the committee may have answered otherwise: departing from it takes the same two persons and
    the same written reason. `derogation` says why it holds without a second one, in a team too small for two. Raises
    `Refused`: `poll_missing`, `not_from_here`, `requirements_missing`, `poll_held`, `arbiter_instructed`,
    `unknown_outcome`, `reason_missing`, `derogation_not_needed`, `arbitration_prepared`, `reserves_missing`,
    `letter_missing`.
    """
    found = lock_both(db, dossier_id, clock)
    transition = arbitration_from(db, found)
    refuse_held(db, found.poll.id)
    refuse_instructor(db, found.dossier, by)
    if outcome not in found.label.outcomes or not reason.strip():
        raise Refused("reason_missing" if outcome in found.label.outcomes else "unknown_outcome")
    refuse_derogation(db, found.dossier, derogation, found.at)
    if decision_of(db, found.poll) is not None:
        raise Refused("arbitration_prepared")
    words = {"reason": reason.strip(), "derogation": derogation.strip()}
    decision = Decision(outcome=outcome, arbitrated=True, recorded_by=str(by.id), **words)
    write(db, found, decision, letter=letter, promises=promises)
    event = journal_proposal(db, found, decision, by=by)
    if decision.derogation:
        decision.settled_at = found.at
        advance_to_decision(db, found, decision, transition.name, by=by)
    else:
        tell_others(db, found, event, by=by)
    return decision


def tell_others(db: Session, found: UnderDecision, event: str, *, by: Actor) -> None:
    """Tell whoever could confirm a proposal that one waits."""
    others = able_arbiters(db, found.dossier, found.at) - {str(by.id)}
    values = {"dossier": found.dossier.id, "structure": found.dossier.structure_id}
    tell(db, Engine.ARBITRATION_TO_CONFIRM, others, event=event, at=found.at, values=values)


def journal_proposal(db: Session, found: UnderDecision, decision: Decision, *, by: Actor) -> str:
    """The entry of a proposal, with its reasons in words: that of a small team is one of them."""
    body: dict[str, object] = {
        "outcome": decision.outcome,
        "opinion": found.poll.outcome,
        "poll": found.poll.id,
    }
    private = {"person": by.name, "reason": decision.reason}
    if decision.derogation:
        body["derogation"] = True
        private["derogation"] = decision.derogation
    return journal.append(db, found.dossier, "arbitration_prepared", at=found.at, body=body, private=private).id


def confirm_arbitration(db: Session, dossier_id: str, *, by: Actor, clock: Clock) -> Decision:
    """A second arbiter, who is not the first and has not instructed, confirms: the decision holds.

    Raises `Refused`: `poll_missing`, `not_from_here`, `requirements_missing`, `poll_held`, `arbiter_instructed`,
    `arbitration_missing`, `same_arbiter`.
    """
    found = lock_both(db, dossier_id, clock)
    transition = arbitration_from(db, found)
    refuse_held(db, found.poll.id)
    refuse_instructor(db, found.dossier, by)
    decision = decision_of(db, found.poll)
    if decision is None:
        raise Refused("arbitration_missing")
    if decision.recorded_by == by.id:
        raise Refused("same_arbiter")
    decision.second_id = str(by.id)
    decision.settled_at = found.at
    advance_to_decision(db, found, decision, transition.name, by=by)
    return decision


def withdraw_arbitration(db: Session, dossier_id: str, *, by: Actor, clock: Clock) -> None:
    """Take a proposal back before it is confirmed, so that another may be written; the journal keeps both.

    Raises `Refused`: `poll_missing`, `arbiter_instructed`, `arbitration_missing`.
    """
    found = lock_both(db, dossier_id, clock)
    refuse_instructor(db, found.dossier, by)
    decision = decision_of(db, found.poll)
    if decision is None or decision.settled_at is not None:
        raise Refused("arbitration_missing")
    erase(db, decision)
    journal.append(db, found.dossier, "arbitration_withdrawn", at=found.at, private={"person": by.name})
