"""Convening the committee: the poll exists, electors may declare their links and read; nothing is frozen yet."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.actor import VOTING, Actor
from app.clock import Clock
from app.mail.notices import people_of_structures, tell
from app.models import Dossier, Link, Poll
from app.models.base import new_id
from app.models.outbox import Engine
from app.operations import journal
from app.operations.locks import lock_dossier
from app.operations.polls.committee import composition
from app.operations.polls.deciding import refuse_held
from app.operations.way import move, remember_instructor
from app.queries.facts import facts_of, notice
from app.queries.labels import label_for
from workflows import committee, ledger
from workflows.label import Label
from workflows.refused import Refused
from workflows.voting import Rule, may_open

#: A secret ballot must never be written beside its seat, which is how ballots are written here.
MODES = frozenset({"named_sealed", "open"})


def convene_poll(
    db: Session, dossier_id: str, *, opens_at: datetime, closes_at: datetime, by: Actor, clock: Clock
) -> Poll:
    """Convene the committee on a complete dossier, or again after a round that settled nothing.

    A window ends at least the rule's number of days after convening (`notice_days`, or `second_notice_days` for a
    second notice). Raises `Refused`: `gone`, `requirements_missing`, `not_from_here`, `committee_already_convened`,
    `poll_held`, `mode_not_run`, `window_too_short`, `too_few_seats`, `window_ends_before_it_opens`.
    """
    dossier = lock_dossier(db, dossier_id)
    at = clock()
    label = label_for(db, dossier)
    last = last_round(db, dossier)
    coming = round_to_come(dossier, label, last)
    if last is not None:
        refuse_held(db, last.poll_id)
    refuse_window(label.committee, again=coming.second, at=at, opens_at=opens_at, closes_at=closes_at)
    if not coming.within:
        name = next(t.name for t in label.exits[dossier.stage] if t.act == "convene")
        move(db, dossier, label, facts_of(db, dossier), name, by=by, at=at)
    remember_instructor(db, dossier, by)
    poll = called_poll(dossier, label.committee, last, by=by, at=at)
    poll.opens_at, poll.closes_at = max(opens_at, at), closes_at
    db.add(poll)
    db.flush()
    event = begin_chain(db, dossier, poll, by=by, at=at)
    if coming.within and last:
        carry_links(db, last.poll_id, poll, at=at)
    roll = composition(db, poll, at)
    may_open(label.committee, seats=len(roll), recused=sum(seat.recused_for is not None for seat in roll))
    call(db, poll, roll, event=event, at=at)
    return poll


def called_poll(dossier: Dossier, rule: Rule, last: "Round | None", *, by: Actor, at: datetime) -> Poll:
    """The next poll of a dossier, under the rule of its label; its window is still to be said."""
    return Poll(
        id=new_id(),
        dossier_id=dossier.id,
        round=last.number + 1 if last else 1,
        status="convened",
        rule=ledger.canonical(rule.model_dump(mode="json")).decode(),
        rule_digest=rule.digest(),
        convened_at=at,
        convened_by=str(by.id),
    )


class Round(NamedTuple):
    """The last poll of a dossier: its number in the dossier's life, its notice in its own request."""

    poll_id: str
    number: int
    notice: int
    status: str
    outcome: str | None


def last_round(db: Session, dossier: Dossier) -> Round | None:
    row = db.execute(
        select(Poll.id, Poll.round, notice(), Poll.status, Poll.outcome)
        .where(Poll.dossier_id == dossier.id)
        .order_by(Poll.round.desc())
        .limit(1)
    ).one_or_none()
    return Round(*row) if row else None


class ToCome(NamedTuple):
    """The round to convene: `within` the committee's stage, and so after another round; `second`: a second notice,
    which asks for no quorum."""

    within: bool
    second: bool


def round_to_come(dossier: Dossier, label: Label, last: Round | None) -> ToCome:
    """One poll at a time, and a new round where the rule grants one or where the outcome was set aside: then the
    committee begins again, with the quorum and the days of a first notice."""
    rule = label.committee
    if rule.mode not in MODES:
        raise Refused("mode_not_run")
    if label.stage(dossier.stage).kind != "committee":
        if not any(t.act == "convene" for t in label.exits[dossier.stage]):
            raise Refused("not_from_here", transition="convene", stage=dossier.stage)
        return ToCome(within=False, second=False)
    if last is not None and last.status == "cancelled":
        return ToCome(within=True, second=False)
    renewed = {"no_quorum", "tie"} if rule.tie == "new_round" else {"no_quorum"}
    if last is None or last.status != "closed" or last.outcome not in renewed or last.notice >= rule.rounds:
        raise Refused("committee_already_convened")
    return ToCome(within=True, second=True)


def refuse_window(rule: Rule, *, again: bool, at: datetime, opens_at: datetime, closes_at: datetime) -> None:
    """Refuse a window that leaves peers too little time (décret 2006-672 art. 9: five days, unless the label says)."""
    days = rule.second_notice_days if again else rule.notice_days
    if closes_at <= max(opens_at, at):
        raise Refused("window_ends_before_it_opens")
    if closes_at - at < timedelta(days=days):
        raise Refused("window_too_short", days=days)


def begin_chain(db: Session, dossier: Dossier, poll: Poll, *, by: Actor, at: datetime) -> str:
    """The first entry of a poll's chain, which names the head of its dossier's."""
    _, head = journal.head(db, journal.chain_of(dossier))
    body = {
        "to": poll.status,
        "dossier": dossier.id,
        "head": head,
        "round": poll.round,
        "rule": poll.rule_digest,
        "opens_at": poll.opens_at.isoformat(),
        "closes_at": poll.closes_at.isoformat(),
    }
    return journal.append(db, poll, "convened", at=at, body=body, private={"person": by.name}).id


def carry_links(db: Session, from_poll: str, poll: Poll, *, at: datetime) -> None:
    """What keeps a voice or a person away from a dossier holds for its next round too; the rest is asked again."""
    kept = db.execute(
        select(Link)
        .where(Link.poll_id == from_poll, or_(Link.hard, Link.personal), Link.kind != "none")
        .order_by(Link.structure_id, Link.version)
    ).scalars()
    versions: dict[str, int] = {}
    for link in kept.all():
        versions[link.structure_id] = versions.get(link.structure_id, 0) + 1
        columns = ("structure_id", "kind", "hard", "personal", "words", "declared_at", "declared_by")
        again = {column: getattr(link, column) for column in columns}
        db.add(Link(poll_id=poll.id, version=versions[link.structure_id], **again))
        body = {"hard": link.hard, "personal": link.personal, "from": from_poll}
        private = {"seat": link.structure_id, "kind": link.kind, "words": link.words}
        journal.append(db, poll, "link_carried", at=at, body=body, private=private)
    db.flush()


def call(db: Session, poll: Poll, roll: Sequence[committee.Seat], *, event: str, at: datetime) -> None:
    """Tell the persons who may act for each voice that takes part."""
    called = people_of_structures(db, [str(seat.structure) for seat in roll if not seat.recused_for], at, VOTING)
    tell(db, Engine.POLL_CONVENED, called, event=event, at=at, values={"poll": poll.id})
