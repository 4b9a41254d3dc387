"""Convening the committee: the poll exists, electors may declare their links and read; nothing is frozen yet."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clock import Clock
from app.mail.notices import Engine, people_of_structures, tell
from app.models import Dossier, LabelVersion, Poll
from app.models.base import new_id
from app.operations import journal
from app.operations.locks import lock_dossier
from app.operations.polls.committee import composition
from app.operations.way import move
from app.policies import VOTING, Actor
from app.queries.facts import facts_of
from app.queries.labels import label_of
from workflows import ledger
from workflows.label import Label
from workflows.refused import Refused
from workflows.requirements import Facts
from workflows.voting import Rule, may_open


def convene_poll(
    db: Session, dossier_id: str, *, opens_at: datetime, closes_at: datetime, by: Actor, clock: Clock
) -> Poll:
    """Convene the committee on a complete dossier, or again after a missed quorum.

    A window ends at least the rule's number of days after convening (`notice_days`, or `second_notice_days` for a
    second notice). Raises `Refused`: `requirements_missing`, `not_from_here`, `window_too_short`, `too_few_seats`,
    `window_ends_before_it_opens`.
    """
    dossier = lock_dossier(db, dossier_id)
    at = clock()
    label = label_of(db.get_one(LabelVersion, dossier.label_version_id))
    facts = facts_of(db, dossier)
    number = next_round(db, dossier, label, facts)
    refuse_window(label.committee, number, at=at, opens_at=opens_at, closes_at=closes_at)
    poll = Poll(
        id=new_id(),
        dossier_id=dossier.id,
        round=number,
        status="convened",
        rule=ledger.canonical(label.committee.model_dump(mode="json")).decode(),
        rule_digest=label.committee.digest(),
        convened_at=at,
        convened_by=str(by.id),
        opens_at=max(opens_at, at),
        closes_at=closes_at,
    )
    if label.stage(dossier.stage).kind != "committee":
        name = next(t.name for t in label.exits[dossier.stage] if t.act == "convene")
        move(db, dossier, label, facts, name, by=by, at=at)
    db.add(poll)
    db.flush()
    roll = composition(db, poll, at)
    may_open(label.committee, seats=len(roll), recused=sum(seat.recused_for is not None for seat in roll))
    _, head = journal.head(db, journal.chain_of(dossier))
    step = journal.append(
        db,
        poll,
        "convened",
        at=at,
        body={
            "dossier": dossier.id,
            "head": head,
            "round": number,
            "rule": poll.rule_digest,
            "opens_at": poll.opens_at.isoformat(),
            "closes_at": closes_at.isoformat(),
        },
        private={"person": by.name},
    )
    called = people_of_structures(db, [str(seat.structure) for seat in roll if not seat.recused_for], at, VOTING)
    tell(db, Engine.POLL_CONVENED, called, event=step.id, at=at, values={"poll": poll.id})
    return poll


def next_round(db: Session, dossier: Dossier, label: Label, facts: Facts) -> int:
    """The number of the poll to convene; one poll at a time, a new round only when the rule grants one."""
    last = db.execute(
        select(Poll.round, Poll.status, Poll.outcome)
        .where(Poll.dossier_id == dossier.id)
        .order_by(Poll.round.desc())
        .limit(1)
    ).one_or_none()
    if label.stage(dossier.stage).kind != "committee":
        if not any(t.act == "convene" for t in label.exits[dossier.stage]):
            raise Refused("not_from_here", transition="convene", stage=facts.stage)
        return last.round + 1 if last else 1
    if last is None or last.outcome != "no_quorum" or last.round >= label.committee.rounds:
        raise Refused("committee_already_convened")
    return int(last.round) + 1


def refuse_window(rule: Rule, number: int, *, at: datetime, opens_at: datetime, closes_at: datetime) -> None:
    """Refuse a window that leaves peers too little time (décret 2006-672 art. 9: five days, unless the label says)."""
    days = rule.notice_days if number == 1 else rule.second_notice_days
    if closes_at <= max(opens_at, at):
        raise Refused("window_ends_before_it_opens")
    if closes_at - at < timedelta(days=days):
        raise Refused("window_too_short", days=days)
