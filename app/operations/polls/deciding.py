"""What every act of a decision begins with: the dossier, its newest poll and their label, under the locks of both."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.actor import Actor
from app.clock import Clock
from app.mail.notices import staff
from app.models import Decision, Dossier, Hold, Instructor, LabelVersion, Poll, Reserve
from app.operations import journal
from app.operations.locks import lock_dossier, lock_poll
from app.operations.way import move
from app.queries.facts import facts_of
from app.queries.labels import label_of
from workflows.label import Label, Transition
from workflows.refused import Refused

#: With a binding vote, the committee's outcome is the decision.
FOLLOWS = {
    "favourable": "granted",
    "favourable_reserves": "granted_reserves",
    "unfavourable": "not_granted",
}
#: How many persons settle what the committee left open.
TWO = 2


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
    """Lock a dossier then its newest poll, which must be one that counts. Raises `Refused("poll_missing")`."""
    dossier = lock_dossier(db, dossier_id)
    newest = select(Poll.id, Poll.status).where(Poll.dossier_id == dossier.id).order_by(Poll.round.desc()).limit(1)
    row = db.execute(newest).one_or_none()
    if row is None or row.status == "cancelled":
        raise Refused("poll_missing")
    poll = lock_poll(db, row.id)
    return UnderDecision(dossier, poll, label_of(db.get_one(LabelVersion, dossier.label_version_id)), clock())


def act_from(found: UnderDecision, act: str, outcome: str | None = None) -> Transition:
    """The label's transition that does this act from here. Raises `Refused("not_from_here")`."""
    for transition in found.label.exits[found.dossier.stage]:
        if transition.act == act and (outcome is None or transition.outcome == outcome):
            return transition
    raise Refused("not_from_here", transition=act, stage=found.dossier.stage)


def able_arbiters(db: Session, dossier: Dossier, at: datetime) -> set[str]:
    """Who may settle what the committee left open: the active arbiters who have not instructed the dossier."""
    return set(staff(db, "arbiter", at)) - instructors(db, dossier)


def instructors(db: Session, dossier: Dossier) -> set[str]:
    """Whoever acted for the team on a dossier, even once."""
    return set(db.execute(select(Instructor.person_id).where(Instructor.dossier_id == dossier.id)).scalars())


def refuse_instructor(db: Session, dossier: Dossier, by: Actor) -> None:
    """An arbiter has not instructed the dossier, not even once."""
    if by.id in instructors(db, dossier):
        raise Refused("arbiter_instructed")


def refuse_derogation(db: Session, dossier: Dossier, derogation: str, at: datetime) -> None:
    """A small team acts without a second person; one that has two able to never does."""
    if derogation.strip() and len(able_arbiters(db, dossier, at)) >= TWO:
        raise Refused("derogation_not_needed")


def pending_hold(db: Session, poll_id: str) -> Hold | None:
    """The irregularity that was raised on a poll and waits for its end."""
    return db.execute(
        select(Hold)
        .where(Hold.poll_id == poll_id, Hold.confirmed_at.is_(None), Hold.lifted_at.is_(None))
        .execution_options(populate_existing=True)
    ).scalar_one_or_none()


def refuse_held(db: Session, poll_id: str) -> None:
    """Nothing follows an outcome that is held for an irregularity."""
    if pending_hold(db, poll_id) is not None:
        raise Refused("poll_held")


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


def erase(db: Session, decision: Decision) -> None:
    """Take away a decision that was never notified, with its reserves; the journal keeps what it said."""
    db.execute(delete(Reserve).where(Reserve.decision_id == decision.id))
    db.delete(decision)
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
    if decision.derogation:
        body["derogation"] = True
    move(db, found.dossier, found.label, facts, name, by=by, at=found.at, body=body, note=decision.reason)
    journal.advance(db, found.poll, "decided", "decided", at=found.at, body={"outcome": decision.outcome})
