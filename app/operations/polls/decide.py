"""From the committee's outcome to the appellation: recording, arbitrating, notifying, accepting."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.clock import Clock
from app.mail.notices import Engine, staff, tell, voters
from app.models import Appellation, Decision, Dossier, Instructor, LabelVersion, Poll, Reserve
from app.operations import journal
from app.operations.locks import lock_dossier, lock_poll
from app.operations.way import move
from app.policies import Actor
from app.queries.facts import facts_of
from app.queries.labels import label_of
from workflows.label import Label
from workflows.refused import Refused
from workflows.requirements import missing

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


def act_from(found: UnderDecision, act: str, outcome: str | None = None) -> str:
    """The name of the label's transition that does this act from here. Raises `Refused("not_from_here")`."""
    for transition in found.label.exits[found.dossier.stage]:
        if transition.act == act and (outcome is None or transition.outcome == outcome):
            return transition.name
    raise Refused("not_from_here", transition=act, stage=found.dossier.stage)


def record_decision(
    db: Session, dossier_id: str, *, letter: str, promises: tuple[Promise, ...] = (), by: Actor, clock: Clock
) -> Decision:
    """Record what the committee decided. Nobody decides otherwise: the outcome of a binding vote is the decision.

    Raises `Refused`: `requirements_missing`, `reserves_missing`, `letter_missing`, `not_from_here`.
    """
    found = lock_both(db, dossier_id, clock)
    name = act_from(found, "decide")
    outcome = FOLLOWS.get(str(found.poll.outcome))
    facts = facts_of(db, found.dossier)
    transition = found.label.transition(name, found.dossier.stage)
    if lacking := missing(found.label, transition, facts):
        raise Refused("requirements_missing", transition=name, missing=lacking)
    decision = Decision(outcome=outcome, arbitrated=False, recorded_by=str(by.id), settled_at=found.at)
    return settle(db, found, decision, name, letter=letter, promises=promises, by=by)


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
    """A first arbiter proposes how to settle what the committee left open; a second one confirms.

    Raises `Refused`: `reason_missing`, `arbiter_instructed`, `unknown_outcome`, `requirements_missing`,
    `arbitration_prepared`, `reserves_missing`, `letter_missing`.
    """
    found = lock_both(db, dossier_id, clock)
    name = act_from(found, "arbitrate")
    refuse_instructor(db, found.dossier, by)
    if outcome not in found.label.outcomes:
        raise Refused("unknown_outcome")
    if not reason.strip():
        raise Refused("reason_missing")
    transition = found.label.transition(name, found.dossier.stage)
    if lacking := missing(found.label, transition, facts_of(db, found.dossier)):
        raise Refused("requirements_missing", transition=name, missing=lacking)
    if decision_of(db, found.poll) is not None:
        raise Refused("arbitration_prepared")
    decision = Decision(outcome=outcome, arbitrated=True, reason=reason.strip(), recorded_by=str(by.id))
    write(db, found, decision, letter=letter, promises=promises)
    entry = journal.append(
        db,
        found.dossier,
        "arbitration_prepared",
        at=found.at,
        body={"outcome": outcome, "poll": found.poll.id},
        private={"person": by.name, "reason": decision.reason},
    )
    others = set(staff(db, "arbiter", found.at)) - {str(by.id)}
    tell(
        db,
        Engine.ARBITRATION_TO_CONFIRM,
        others,
        event=entry.id,
        at=found.at,
        values={"dossier": found.dossier.id, "structure": found.dossier.structure_id},
    )
    return decision


def confirm_arbitration(db: Session, dossier_id: str, *, by: Actor, clock: Clock) -> Decision:
    """A second arbiter, who is not the first and has not instructed, confirms: the decision holds.

    Raises `Refused`: `arbitration_missing`, `same_arbiter`, `arbiter_instructed`.
    """
    found = lock_both(db, dossier_id, clock)
    name = act_from(found, "arbitrate")
    refuse_instructor(db, found.dossier, by)
    decision = decision_of(db, found.poll)
    if decision is None:
        raise Refused("arbitration_missing")
    if decision.recorded_by == by.id:
        raise Refused("same_arbiter")
    decision.second_id = str(by.id)
    decision.settled_at = found.at
    advance_to_decision(db, found, decision, name, by=by)
    return decision


def withdraw_arbitration(db: Session, dossier_id: str, *, by: Actor, clock: Clock) -> None:
    """Take a proposal back before it is confirmed, so that another may be written; the journal keeps both."""
    found = lock_both(db, dossier_id, clock)
    decision = decision_of(db, found.poll)
    if decision is None or decision.settled_at is not None:
        raise Refused("arbitration_missing")
    db.delete(decision)
    journal.append(db, found.dossier, "arbitration_withdrawn", at=found.at, private={"person": by.name})


def refuse_instructor(db: Session, dossier: Dossier, by: Actor) -> None:
    """An arbiter has not instructed the dossier, not even once."""
    if db.get(Instructor, (dossier.id, str(by.id))) is not None:
        raise Refused("arbiter_instructed")


def decision_of(db: Session, poll: Poll) -> Decision | None:
    return db.execute(select(Decision).where(Decision.poll_id == poll.id)).scalar_one_or_none()


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


def settle(
    db: Session,
    found: UnderDecision,
    decision: Decision,
    name: str,
    *,
    letter: str,
    promises: tuple[Promise, ...],
    by: Actor,
) -> Decision:
    write(db, found, decision, letter=letter, promises=promises)
    advance_to_decision(db, found, decision, name, by=by)
    return decision


def advance_to_decision(db: Session, found: UnderDecision, decision: Decision, name: str, *, by: Actor) -> None:
    """The poll is decided and its dossier goes on to be notified, together."""
    facts = facts_of(db, found.dossier)
    body = {"outcome": decision.outcome, "arbitrated": decision.arbitrated, "head": found.poll.head}
    move(db, found.dossier, found.label, facts, name, by=by, at=found.at, body=body, note=decision.reason)
    journal.advance(db, found.poll, "decided", "decided", at=found.at, body={"outcome": decision.outcome})


def notify_decision(db: Session, dossier_id: str, *, by: Actor, clock: Clock) -> Decision:
    """Notify: letters, stage and what pages show change in one transaction. It happens once.

    Raises `Refused`: `decision_missing`, `not_from_here`.
    """
    found = lock_both(db, dossier_id, clock)
    decision = decision_of(db, found.poll)
    if decision is None or decision.settled_at is None:
        raise Refused("decision_missing")
    name = act_from(found, "notify", decision.outcome)
    move(db, found.dossier, found.label, facts_of(db, found.dossier), name, by=by, at=found.at)
    decision.notified_at = found.at
    entry = journal.advance(db, found.poll, "notified", "notified", at=found.at, private={"person": by.name})
    people = voters(db, found.poll.id, found.at)
    tell(db, Engine.RESULT_NOTIFIED, people, event=entry.id, at=found.at, values={"poll": found.poll.id})
    return decision


def accept_commitments(
    db: Session, dossier_id: str, *, accepted: frozenset[str], by: Actor, clock: Clock
) -> Appellation:
    """The structure accepts its commitments: the appellation begins, in this month.

    Raises `Refused`: `requirements_missing` unless every commitment of the label is accepted, `not_from_here`.
    """
    found = lock_both(db, dossier_id, clock)
    name = act_from(found, "accept")
    every = {commitment.key for commitment in found.label.commitments} <= accepted
    facts = facts_of(db, found.dossier, commitments_accepted=every)
    move(db, found.dossier, found.label, facts, name, by=by, at=found.at, body={"accepted": sorted(accepted)})
    appellation = Appellation(
        number=next_number(db, found.label, found.at),
        structure_id=found.dossier.structure_id,
        label=found.label.slug,
        dossier_id=found.dossier.id,
        since=found.at.strftime("%Y-%m"),
        status="active",
        begun_at=found.at,
        accepted_by=by.id,
    )
    db.add(appellation)
    db.flush()
    return appellation


def next_number(db: Session, label: Label, at: datetime) -> str:
    """The next number of the year, such as FI-2026-0031."""
    prefix = f"{label.numbering}-{at.year}-"
    last = db.execute(select(func.max(Appellation.number)).where(Appellation.number.startswith(prefix))).scalar()
    return f"{prefix}{int(last.removeprefix(prefix)) + 1 if last else 1:04d}"
