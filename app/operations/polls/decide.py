"""From the committee's outcome to the appellation: recording, arbitrating, notifying, accepting."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.clock import Clock
from app.mail.notices import staff, tell, voters
from app.models import Appellation, Decision, Dossier, Instructor, LabelVersion, Poll, Reserve
from app.models.outbox import Engine
from app.operations import journal
from app.operations.appellations import begin_appellation
from app.operations.locks import lock_dossier, lock_poll
from app.operations.way import move, refuse_without_reason
from app.policies import Actor
from app.queries.facts import facts_of
from app.queries.labels import label_of
from workflows.label import Label, Transition
from workflows.refused import Refused
from workflows.requirements import Requirement, missing

#: With a binding vote, the committee's outcome is the decision.
FOLLOWS = {
    "favourable": "granted",
    "favourable_reserves": "granted_reserves",
    "unfavourable": "not_granted",
}


@dataclass(frozen=True)
class Promise:
    """A reserve to record: what is promised, by whom, before which day."""

    promise: str
    owner: str
    due_on: date


@dataclass(frozen=True)
class UnderDecision:
    """The dossier, its newest poll and their label, read under the locks of both."""

    dossier: Dossier
    poll: Poll
    label: Label
    at: datetime


def lock_both(db: Session, dossier_id: str, clock: Clock) -> UnderDecision:
    """Lock a dossier then its newest poll. Raises `Refused("poll_missing")`."""
    dossier = lock_dossier(db, dossier_id)
    poll_id = db.execute(
        select(Poll.id)
        .where(Poll.dossier_id == dossier.id, Poll.status != "cancelled")
        .order_by(Poll.round.desc())
        .limit(1)
    ).scalar_one_or_none()
    if poll_id is None:
        raise Refused("poll_missing")
    poll = lock_poll(db, poll_id)
    return UnderDecision(dossier, poll, label_of(db.get_one(LabelVersion, dossier.label_version_id)), clock())


def act_from(found: UnderDecision, act: str, outcome: str | None = None) -> Transition:
    """The label's transition that does this act from here. Raises `Refused("not_from_here")`."""
    for transition in found.label.exits[found.dossier.stage]:
        if transition.act == act and (outcome is None or transition.outcome == outcome):
            return transition
    raise Refused("not_from_here", transition=act, stage=found.dossier.stage)


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

    Raises `Refused`: `poll_missing`, `not_from_here`, `requirements_missing`, `reason_missing`, `arbitration_prepared`,
    `reserves_missing`, `letter_missing`.
    """
    found = lock_both(db, dossier_id, clock)
    transition = act_from(found, "decide")
    lacking = missing(found.label, transition, facts_of(db, found.dossier))
    outcome = FOLLOWS.get(str(found.poll.outcome))
    if not lacking and outcome is None:
        lacking = (Requirement("committee_left_open", {"outcome": found.poll.outcome}),)
    if lacking:
        raise Refused("requirements_missing", transition=transition.name, missing=lacking)
    refuse_without_reason(transition, reason)
    if decision_of(db, found.poll) is not None:
        raise Refused("arbitration_prepared")
    decision = Decision(
        outcome=outcome, arbitrated=False, reason=reason.strip(), recorded_by=str(by.id), settled_at=found.at
    )
    write(db, found, decision, letter=letter, promises=promises)
    advance_to_decision(db, found, decision, transition.name, by=by)
    return decision


def prepare_arbitration(
    db: Session,
    dossier_id: str,
    *,
    outcome: str,
    reason: str,
    letter: str,
    promises: tuple[Promise, ...] = (),
    by: Actor,
    clock: Clock,
) -> Decision:
    """A first arbiter proposes how to settle what the committee left open; a second one confirms. Electors read why.

    With an advisory vote the committee may have answered otherwise: departing from it takes the same two persons and
    the same written reason. Raises `Refused`: `poll_missing`, `not_from_here`, `requirements_missing`,
    `arbiter_instructed`, `unknown_outcome`, `reason_missing`, `arbitration_prepared`, `reserves_missing`,
    `letter_missing`.
    """
    found = lock_both(db, dossier_id, clock)
    arbitration_from(db, found)
    refuse_instructor(db, found.dossier, by)
    if outcome not in found.label.outcomes:
        raise Refused("unknown_outcome")
    if not reason.strip():
        raise Refused("reason_missing")
    if decision_of(db, found.poll) is not None:
        raise Refused("arbitration_prepared")
    decision = Decision(outcome=outcome, arbitrated=True, reason=reason.strip(), recorded_by=str(by.id))
    write(db, found, decision, letter=letter, promises=promises)
    body = {"outcome": outcome, "opinion": found.poll.outcome, "poll": found.poll.id}
    private = {"person": by.name, "reason": decision.reason}
    entry = journal.append(db, found.dossier, "arbitration_prepared", at=found.at, body=body, private=private)
    others = set(staff(db, "arbiter", found.at)) - instructors(db, found.dossier) - {str(by.id)}
    values = {"dossier": found.dossier.id, "structure": found.dossier.structure_id}
    tell(db, Engine.ARBITRATION_TO_CONFIRM, others, event=entry.id, at=found.at, values=values)
    return decision


def confirm_arbitration(db: Session, dossier_id: str, *, by: Actor, clock: Clock) -> Decision:
    """A second arbiter, who is not the first and has not instructed, confirms: the decision holds.

    Raises `Refused`: `poll_missing`, `not_from_here`, `requirements_missing`, `arbiter_instructed`,
    `arbitration_missing`, `same_arbiter`.
    """
    found = lock_both(db, dossier_id, clock)
    transition = arbitration_from(db, found)
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
    db.execute(delete(Reserve).where(Reserve.decision_id == decision.id))
    db.delete(decision)
    db.flush()
    journal.append(db, found.dossier, "arbitration_withdrawn", at=found.at, private={"person": by.name})


def instructors(db: Session, dossier: Dossier) -> set[str]:
    """Whoever acted for the team on a dossier, even once."""
    return set(db.execute(select(Instructor.person_id).where(Instructor.dossier_id == dossier.id)).scalars())


def refuse_instructor(db: Session, dossier: Dossier, by: Actor) -> None:
    """An arbiter has not instructed the dossier, not even once."""
    if by.id in instructors(db, dossier):
        raise Refused("arbiter_instructed")


def decision_of(db: Session, poll: Poll) -> Decision | None:
    asked = select(Decision).where(Decision.poll_id == poll.id).execution_options(populate_existing=True)
    return db.execute(asked).scalar_one_or_none()


def write(db: Session, found: UnderDecision, decision: Decision, *, letter: str, promises: tuple[Promise, ...]) -> None:
    """Keep the decision with its letter and its reserves."""
    if not letter.strip():
        raise Refused("letter_missing")
    if decision.outcome == "granted_reserves" and not promises:
        raise Refused("reserves_missing")
    decision.poll_id = found.poll.id
    decision.dossier_id = found.dossier.id
    decision.letter = letter.strip()
    decision.recorded_at = found.at
    db.add(decision)
    db.flush()
    kept = promises if decision.outcome == "granted_reserves" else ()
    db.add_all(
        Reserve(decision_id=decision.id, promise=one.promise, owner=one.owner, due_on=one.due_on) for one in kept
    )
    db.flush()


def advance_to_decision(db: Session, found: UnderDecision, decision: Decision, name: str, *, by: Actor) -> None:
    """The poll is decided and its dossier goes on to be notified, together."""
    facts = facts_of(db, found.dossier)
    body: dict[str, object] = {
        "outcome": decision.outcome,
        "opinion": found.poll.outcome,
        "arbitrated": decision.arbitrated,
        "head": found.poll.head,
    }
    move(db, found.dossier, found.label, facts, name, by=by, at=found.at, body=body, note=decision.reason)
    journal.advance(db, found.poll, "decided", "decided", at=found.at, body={"outcome": decision.outcome})


def notify_decision(db: Session, dossier_id: str, *, by: Actor, clock: Clock) -> Decision:
    """Notify: letters, stage and what pages show change in one transaction. It happens once.

    A label without commitments to accept begins its appellation here. Raises `Refused`: `poll_missing`,
    `decision_missing`, `not_from_here`.
    """
    found = lock_both(db, dossier_id, clock)
    decision = decision_of(db, found.poll)
    if decision is None or decision.settled_at is None:
        raise Refused("decision_missing")
    name = act_from(found, "notify", decision.outcome).name
    move(db, found.dossier, found.label, facts_of(db, found.dossier), name, by=by, at=found.at)
    if found.label.stage(found.dossier.stage).kind == "granted":
        begin_appellation(db, found.dossier, found.label, by=None, at=found.at)
    decision.notified_at = found.at
    entry = journal.advance(db, found.poll, "notified", "notified", at=found.at, private={"person": by.name})
    people = voters(db, found.poll.id, found.at)
    tell(db, Engine.RESULT_NOTIFIED, people, event=entry.id, at=found.at, values={"poll": found.poll.id})
    return decision


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
    return begin_appellation(db, found.dossier, found.label, by=by.id, at=found.at)
