"""What the committee expects of a person's structures, poll by poll, and who acts for each."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, aliased

from app.models import Dossier, LabelVersion, Link, Mandate, NetworkStatus, Person, Poll, Seat, Structure
from app.policies import VOTING, Actor
from app.queries.polls import end_of, phase_of
from app.queries.voices import Voice, voice_of, voices_asked

#: A poll that still moves: called, open, or waiting for what follows its close.
MOVING = ("convened", "open", "closed", "decided")
ASKED = ("declare", "read", "choose")
#: A label, held in a register of the network, within a collective or none.
Holding = tuple[str, str | None]


@dataclass(frozen=True)
class Expected:
    """One poll for one structure, and the step it is at: declare, read, choose, done, others (act) or wait."""

    poll_id: str
    candidate: str
    round: int
    opens_at: datetime
    closes_at: datetime
    voice: Voice
    step: str


@dataclass(frozen=True)
class Acting:
    """Who acts for one voice: (name, role), the titulaire first; and the roles of the person who reads."""

    structure_id: str
    structure: str
    people: tuple[tuple[str, str], ...]
    mine: frozenset[str]


@dataclass(frozen=True)
class Waiting:
    """Everything expected of a person's structures, and who acts for each."""

    items: tuple[Expected, ...]
    acting: tuple[Acting, ...]

    @property
    def asked(self) -> tuple[Expected, ...]:
        """What somebody can do now, the nearest deadline first."""
        return tuple(item for item in self.items if item.step in ASKED)

    @property
    def rest(self) -> tuple[Expected, ...]:
        """What is done, what others do, what is being counted."""
        return tuple(item for item in self.items if item.step not in ASKED)

    @property
    def structures(self) -> tuple[str, ...]:
        """The names of the structures from which something is expected."""
        return tuple(dict.fromkeys(item.voice.structure for item in self.asked))


def expected(db: Session, me: Actor, at: datetime) -> Waiting:
    """What is expected of the structures somebody may vote for; five statements, however many there are."""
    mine = me.voices()
    if not mine:
        return Waiting((), ())
    polls = moving_polls(db, list(mine))
    away = kept_away(db, me)
    holding = holdings(db, list(mine))
    by_poll: dict[str, list[Any]] = defaultdict(list)
    asked = voices_asked().where(Poll.id.in_([poll.id for poll, _, _ in polls]), Structure.id.in_(list(mine)))
    for row in db.execute(asked).all():
        by_poll[row.poll_id].append(row)
    items = []
    for poll, candidate, label in polls:
        attached = bool(me.roles_in(candidate.id)) or poll.id in away
        for row in by_poll[poll.id]:
            state = state_of(poll, candidate, row, holding.get((row.structure_id, label)))
            if state is not None:
                voice = voice_of(row, mine[row.structure_id], state)
                items.append(item_of(poll, candidate.name, voice, attached=attached, at=at))
    shown = sorted(
        (item for item in items if item), key=lambda item: (item.closes_at, item.candidate, item.voice.structure)
    )
    return Waiting(tuple(shown), acting(db, me, at))


def moving_polls(db: Session, mine: list[str]) -> list[tuple[Poll, Structure, str]]:
    """The polls that may call one of these structures, with their candidate and the slug of their label.

    An earlier round has nothing more to say.
    """
    later, seat = aliased(Poll), aliased(Seat)
    rows = db.execute(
        select(Poll, Structure, LabelVersion.slug)
        .join(Dossier, Dossier.id == Poll.dossier_id)
        .join(LabelVersion, LabelVersion.id == Dossier.label_version_id)
        .join(Structure, Structure.id == Dossier.structure_id)
        .where(
            Poll.status.in_(MOVING),
            or_(
                Poll.status == "convened",
                select(seat.id).where(seat.poll_id == Poll.id, seat.structure_id.in_(mine)).exists(),
            ),
            ~select(later.id).where(later.dossier_id == Poll.dossier_id, later.round > Poll.round).exists(),
        )
    ).all()
    return [(row[0], row[1], row[2]) for row in rows]


def kept_away(db: Session, me: Actor) -> set[str]:
    """The polls from which this person keeps away by a link of her own."""
    return set(db.execute(select(Link.poll_id).where(Link.personal, Link.declared_by == me.id)).scalars())


def holdings(db: Session, mine: list[str]) -> Mapping[tuple[str, str], Holding]:
    """The labels that these structures hold now: (structure, label) → its register and its collective."""
    rows = db.execute(
        select(Structure.id, NetworkStatus.label, Structure.register, Structure.collective_id)
        .join(NetworkStatus, NetworkStatus.structure_id == Structure.id)
        .where(Structure.id.in_(mine), NetworkStatus.status == "holder", NetworkStatus.until.is_(None))
    ).all()
    return {(row.id, row.label): (row.register, row.collective_id) for row in rows}


def state_of(poll: Poll, candidate: Structure, row: Any, holding: Holding | None) -> str | None:
    """How a structure stands in a poll, as `poll_scope` says it for one; nothing when it has no voice there."""
    if poll.opened_at is not None:
        if row.seat_id is None:
            return None
        out = row.recused_at is not None
    else:
        if holding is None or row.structure_id == candidate.id or holding[0] != candidate.register:
            return None
        out = candidate.collective_id is not None and holding[1] == candidate.collective_id
    if out or row.hard:
        return "recused"
    return "elector" if row.kind else "called"


def item_of(poll: Poll, candidate: str, voice: Voice, *, attached: bool, at: datetime) -> Expected | None:
    """What a poll expects of a voice; nothing of one that takes no part, unless it has already spoken."""
    if voice.state == "recused" or (voice.ended and voice.given is None):
        return None
    return Expected(
        poll_id=poll.id,
        candidate=candidate,
        round=poll.round,
        opens_at=poll.opens_at,
        closes_at=end_of(poll.closes_at, poll.closed_at),
        voice=voice,
        step=step_of(poll, voice, attached=attached, at=at),
    )


def step_of(poll: Poll, voice: Voice, *, attached: bool, at: datetime) -> str:
    now = phase_of(poll, at)
    if now not in ("convened", "open"):
        return "wait"
    if voice.given is not None:
        return "done"
    if attached:
        return "others"
    if voice.state == "called":
        return "declare"
    return "choose" if now == "open" else "read"


def acting(db: Session, me: Actor, at: datetime) -> tuple[Acting, ...]:
    """Who may act for each of a person's voices at a moment."""
    mine = me.voices()
    rows = db.execute(
        select(Mandate.structure_id, Mandate.role, Person.name)
        .join(Person, Person.id == Mandate.person_id)
        .where(
            Mandate.structure_id.in_(list(mine)),
            Mandate.role.in_(VOTING),
            Mandate.since <= at,
            or_(Mandate.until.is_(None), Mandate.until > at),
            Person.active,
        )
        .order_by(Mandate.role.desc(), Person.name)
    ).all()
    people: dict[str | None, list[tuple[str, str]]] = defaultdict(list)
    for row in rows:
        people[row.structure_id].append((row.name, row.role))
    return tuple(Acting(one, name, tuple(people[one]), me.roles_in(one)) for one, name in mine.items())
