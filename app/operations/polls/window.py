"""Lengthening a window before its end, and cancelling a poll whose request is withdrawn."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.actor import VOTING, Actor
from app.clock import Clock
from app.mail.notices import people_of_structures, tell, voters
from app.models import Dossier, LabelVersion, Poll
from app.models.outbox import Engine
from app.operations import journal
from app.operations.locks import lock_dossier, lock_dossier_then_poll, lock_poll
from app.operations.polls.committee import composition
from app.operations.polls.frozen import poll_facts
from app.operations.way import move, refuse_without_reason, remember_instructor
from app.queries.facts import facts_of
from app.queries.labels import label_of
from workflows.refused import Refused
from workflows.voting import may_extend

ALIVE = ("convened", "open")


def extend_poll(db: Session, poll_id: str, *, closes_at: datetime, reason: str, by: Actor, clock: Clock) -> Poll:
    """Lengthen the window, with a reason that everyone called is told. It is never shortened.

    Raises `Refused`: `gone`, `reason_missing`, `poll_over`, `poll_closed`, `poll_cancelled`, `window_only_lengthens`.
    """
    dossier, poll = lock_dossier_then_poll(db, poll_id)
    at = clock()
    if not reason.strip():
        raise Refused("reason_missing")
    may_extend(at, poll_facts(poll), closes_at)
    before, poll.closes_at = poll.closes_at, closes_at
    entry = journal.append(
        db,
        poll,
        "poll_extended",
        at=at,
        body={"from": before.isoformat(), "to": closes_at.isoformat()},
        private={"person": by.name, "reason": reason.strip()},
    )
    remember_instructor(db, dossier, by)
    values = {"poll": poll.id, "reason": reason.strip()}
    tell(db, Engine.POLL_EXTENDED, called(db, poll, at), event=entry.id, at=at, values=values)
    return poll


def called(db: Session, poll: Poll, at: datetime) -> list[str]:
    """The persons who may act for a voice: of the frozen roll, or of the one there would be."""
    if poll.status != "convened":
        return voters(db, poll.id, at)
    roll = composition(db, poll, at)
    return people_of_structures(db, [str(seat.structure) for seat in roll if not seat.recused_for], at, VOTING)


def withdraw_request(db: Session, dossier_id: str, *, by: Actor, clock: Clock, note: str = "") -> Dossier:
    """Take a request back: the dossier returns where its label says, and a poll under way is cancelled.

    Ballots already cast stay sealed; electors are told once. Raises `Refused`: `gone`, `not_from_here`,
    `reason_missing`, `poll_closed` once the committee has answered.
    """
    dossier = lock_dossier(db, dossier_id)
    alive = db.execute(
        select(Poll.id).where(Poll.dossier_id == dossier.id, Poll.status.in_(ALIVE))
    ).scalar_one_or_none()
    poll = lock_poll(db, alive) if alive else None
    at = clock()
    label = label_of(db.get_one(LabelVersion, dossier.label_version_id))
    facts = facts_of(db, dossier)
    asked = next((t for t in label.exits[dossier.stage] if t.act == "withdraw"), None)
    if asked is None:
        raise Refused("not_from_here", transition="withdraw", stage=dossier.stage)
    refuse_without_reason(asked, note)
    if facts.poll is not None and label.stage(dossier.stage).kind == "committee" and poll is None:
        raise Refused("poll_closed")
    if poll is not None:
        people = called(db, poll, at)
        entry = journal.advance(db, poll, "cancelled", "poll_cancelled", at=at, private={"person": by.name})
        tell(db, Engine.POLL_CANCELLED, people, event=entry.id, at=at, values={"poll": poll.id})
    move(db, dossier, label, facts, asked.name, by=by, at=at, note=note)
    return dossier
