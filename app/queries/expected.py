"""What the committee expects of a person's structures, poll by poll, and who acts for each."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, aliased

from app.actor import VOTING, Actor
from app.models import Collective, Dossier, JointFile, LabelVersion, Mandate, Person, Poll, Seat, Structure
from app.queries.polls import PollHeading, end_of, heading, phase_of
from app.queries.standing import Candidate, standing_asked, state_of
from app.queries.voices import Voice, voice_of

#: A poll that still moves: called, open, or waiting for what follows its close.
MOVING = ("convened", "open", "closed", "decided")
ASKED = ("declare", "read", "choose")


@dataclass(frozen=True)
class Expected:
    """One poll for one structure, and the step it is at: declare, read, choose, done, others (act) or wait.

    `joint` is the reference of the joint file it belongs to, if any, and `collective` whose it is.
    """

    poll_id: str
    candidate: str
    joint: str | None
    collective: str | None
    round: int
    opens_at: datetime
    closes_at: datetime
    voice: Voice
    step: str


@dataclass(frozen=True)
class Asked:
    """What is expected of one structure, the nearest deadline first."""

    structure_id: str
    structure: str
    items: tuple[Expected, ...]

    @property
    def first(self) -> Expected:
        return self.items[0]

    @property
    def undeclared(self) -> tuple[Expected, ...]:
        """The polls whose links neither the structure nor this person has declared."""
        return tuple(item for item in self.items if item.step == "declare" and item.voice.said is None)

    @property
    def files(self) -> tuple[tuple[str | None, tuple[Expected, ...]], ...]:
        """(reference of a joint file or none, its polls): those of one joint file together, where its first one is."""
        rank = {item.joint or item.poll_id: place for place, item in reversed(list(enumerate(self.items)))}
        shown = sorted(self.items, key=lambda item: rank[item.joint or item.poll_id])
        groups = (list(some) for _, some in groupby(shown, key=lambda item: item.joint or item.poll_id))
        return tuple((some[0].joint, tuple(some)) for some in groups)


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
        """What is done, and what others do."""
        return tuple(item for item in self.items if item.step in ("done", "others"))

    @property
    def finished(self) -> tuple[Expected, ...]:
        """What is over, counted or about to be, and not decided yet."""
        return tuple(item for item in self.items if item.step == "wait")

    @property
    def structures(self) -> tuple[Asked, ...]:
        """What is expected of each structure, that of the nearest deadline first."""
        names = dict.fromkeys((item.voice.structure_id, item.voice.structure) for item in self.asked)
        return tuple(
            Asked(one, name, tuple(item for item in self.asked if item.voice.structure_id == one))
            for one, name in names
        )


def expected(db: Session, me: Actor, at: datetime) -> Waiting:
    """What is expected of the structures somebody may vote for; two statements, however many there are."""
    mine = me.voices()
    if not mine:
        return Waiting((), ())
    items = []
    for row in db.execute(moving(me)).all():
        state = state_of(row)
        if state is not None:
            voice = voice_of(row, mine[row.structure_id], state)
            items.append(item_of(row, voice, attached=bool(me.roles_in(row.candidate_id)) or row.away, at=at))
    shown = sorted(
        (item for item in items if item), key=lambda item: (item.closes_at, item.candidate, item.voice.structure)
    )
    return Waiting(tuple(shown), acting(db, me, at))


def moving(me: Actor) -> Any:
    """The polls that may call one of a person's structures; an earlier round has nothing more to say."""
    later = aliased(Poll)
    return (
        standing_asked(me)
        .add_columns(Poll, Candidate.name.label("candidate"))
        .add_columns(JointFile.reference.label("joint"), Collective.name.label("collective"))
        .outerjoin(JointFile, JointFile.id == Dossier.joint_file_id)
        .outerjoin(Collective, Collective.id == JointFile.collective_id)
        .where(
            Poll.status.in_(MOVING),
            or_(Poll.status == "convened", Seat.id.is_not(None)),
            ~select(later.id).where(later.dossier_id == Poll.dossier_id, later.round > Poll.round).exists(),
        )
    )


@dataclass(frozen=True)
class Undeclared:
    """The polls that wait for the first word of a structure about its links, the nearest end first."""

    structure_id: str
    structure: str
    polls: tuple[PollHeading, ...]


def undeclared(db: Session, me: Actor, structure_id: str, at: datetime) -> Undeclared | None:
    """What one of a person's structures may declare at once, in one statement; nothing for a structure not hers."""
    name = me.voices().get(structure_id)
    if name is None:
        return None
    columns = (Poll, Candidate, Dossier.reference, Dossier.previous_id, LabelVersion)
    asked = standing_asked(me).add_columns(*columns)
    rows = db.execute(asked.where(Poll.status.in_(("convened", "open")), Structure.id == structure_id)).all()
    found = (
        heading(row, at)
        for row in rows
        if state_of(row) == "called" and not row.kind and not row.away and not me.roles_in(row.candidate_id)
    )
    polls = sorted((poll for poll in found if poll.alive), key=lambda poll: (poll.closes_at, poll.candidate))
    return Undeclared(structure_id, name, tuple(polls))


def item_of(row: Any, voice: Voice, *, attached: bool, at: datetime) -> Expected | None:
    """What a poll expects of a voice; nothing of one that takes no part, unless it has already spoken."""
    if voice.state == "recused" or (voice.ended and voice.given is None):
        return None
    poll = row.Poll
    return Expected(
        poll_id=poll.id,
        candidate=row.candidate,
        joint=row.joint,
        collective=row.collective,
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
