"""Everybody who votes in a campaign: polls open for real, one session for each elector, straight in the database."""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from random import Random

from sqlalchemy.orm import Session

from app.clock import utc_now
from app.keys import Keys
from app.models import WebSession
from app.web.sessions import PERSON, hashed
from tests.make import Make

COOKIE = "appellation"
UNHEARD = 25  # one ballot in so many
CHOICES = ("for", "for", "reserves", "against", "abstention")


@dataclass(frozen=True)
class Ballot:
    """An opinion that a structure means to give on a poll. `unheard`: its author loses the first answer on purpose."""

    poll_id: str
    structure_id: str
    choice: str
    reasons: str
    unheard: bool = False


@dataclass(frozen=True)
class Elector:
    """A person, her cookie, and what she will answer to each poll."""

    person_id: str
    cookie: str
    ballots: tuple[Ballot, ...]


def prepare(db: Session, keys: Keys, *, polls: int, electors: int, seed: int) -> list[Elector]:
    """Open `polls` polls that share their `electors`, every link declared; commits after each poll."""
    make, random = Make(db, utc_now, keys), Random(seed)
    members = [make.holder() for _ in range(electors)]
    cookies = [f"{COOKIE}={session_of(db, member.person.id)}" for member in members]
    opened = []
    for _ in range(polls):
        world = make.poll_of(members, declared=False)
        for member in members:
            make.no_link(world, member)
        opened.append(world.poll.id)
        db.commit()
    return [
        Elector(
            member.person.id,
            cookie,
            tuple(opinion(random, poll, member.structure.id) for poll in random.sample(opened, len(opened))),
        )
        for member, cookie in zip(members, cookies, strict=True)
    ]


def opinion(random: Random, poll_id: str, structure_id: str) -> Ballot:
    unheard = random.randrange(UNHEARD) == 0
    return Ballot(poll_id, structure_id, random.choice(CHOICES), f"Motif {random.randrange(10**6)}.", unheard)


def session_of(db: Session, person_id: str) -> str:
    """A session as signing in would leave it; returns the secret of its cookie."""
    token, at = secrets.token_urlsafe(32), utc_now()
    db.add(
        WebSession(
            id=hashed(token),
            person_id=person_id,
            data={PERSON: person_id, "_fresh": True},
            created_at=at,
            seen_at=at,
            expires_at=at + timedelta(hours=12),
        )
    )
    return token
