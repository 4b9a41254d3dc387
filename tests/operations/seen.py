"""What an act leaves behind: entries, values behind their commitments, rows of the outbox, and refusals."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app.models import Dossier, Entry, LabelVersion, Link, Mandate, Message, Opening, Person, Poll
from app.operations import journal
from app.operations.labels import publish_label
from app.operations.polls.convene import convene_poll
from app.operations.polls.link import declare_link
from app.operations.polls.open import open_poll
from tests.conftest import Clock
from tests.make import FABRIQUE, Make, Member, World
from workflows.refused import Refused

#: One letter for each choice, so that a poll reads like its count: « fffra- », the dash for who says nothing.
LETTERS = {"f": "for", "r": "reserves", "a": "against", "b": "abstention"}


@contextmanager
def refused(code: str, **values: object) -> Iterator[pytest.ExceptionInfo[Refused]]:
    """The block is refused with this code and, where given, these values."""
    with pytest.raises(Refused) as caught:
        yield caught
    assert caught.value.code == code
    assert {name: caught.value.values.get(name) for name in values} == values


def types(make: Make, subject: Dossier | Poll) -> list[str]:
    """The types of a chain's entries, the oldest first."""
    asked = select(Entry.type).where(Entry.chain == journal.chain_of(subject)).order_by(Entry.height)
    return list(make.db.execute(asked).scalars())


def last(make: Make, subject: Dossier | Poll, type: str) -> Entry:
    """The newest entry of a type in a chain."""
    asked = select(Entry).where(Entry.chain == journal.chain_of(subject), Entry.type == type)
    return make.db.execute(asked.order_by(Entry.height.desc()).limit(1)).scalar_one()


def body(make: Make, subject: Dossier | Poll, type: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(last(make, subject, type).body)
    return found


def private(make: Make, subject: Dossier | Poll, type: str) -> dict[str, str | None]:
    """The values behind the commitments of the newest entry of a type."""
    rows = make.db.execute(
        select(Opening.name, Opening.value).where(Opening.entry_id == last(make, subject, type).id)
    ).all()
    return {row.name: row.value for row in rows}


def of_candidate(make: Make, world: World) -> list[str]:
    """Everybody who acts for the structure whose dossier it is."""
    held = select(Mandate.person_id).where(Mandate.structure_id == world.dossier.structure_id)
    return sorted(make.db.execute(held.distinct()).scalars())


def told(make: Make, notice: str, event: str | None = None) -> list[str]:
    """Who is told something, each as many times as there are rows."""
    asked = select(Message.person_id).where(Message.notice == notice)
    if event is not None:
        asked = asked.where(Message.event == event)
    return sorted(make.db.execute(asked).scalars())


def play(make: Make, clock: Clock, ballots: str, *, recused: int = 0, days: int = 11) -> World:
    """A poll with one elector a letter (see LETTERS), counted at its end; `recused` electors have a hard link more."""
    world = make.poll(electors=len(ballots) + recused, opened=False, declared=False)
    taking_part, away = world.members[: len(ballots)], world.members[len(ballots) :]
    for member in taking_part:
        make.no_link(world, member)
    for member in away:
        declare(make, world, member, "coportage")
    opened(make, world)
    vote(make, world, ballots)
    clock.forward(days=days)
    make.close(world)
    return world


def vote(make: Make, world: World, ballots: str) -> None:
    for member, letter in zip(world.members, ballots, strict=False):
        if letter != "-":
            make.cast(world, member, LETTERS[letter])


def opened(make: Make, world: World) -> Poll:
    return open_poll(make.db, world.poll.id, clock=make.clock, by=make.actor(world.officer))


def declare(make: Make, world: World, member: Member, kind: str, *, words: str = "", by: Person | None = None) -> Link:
    person = make.actor(by or member.person)
    return declare_link(make.db, world.poll.id, member.structure.id, kind, words=words, by=person, clock=make.clock)


def convene(make: Make, world: World, *, days: int = 10, opens_in: int = 0) -> Poll:
    """Convene the committee on the world's dossier, again or for the first time; the world has the new poll."""
    at = make.clock()
    world.poll = convene_poll(
        make.db,
        world.dossier.id,
        opens_at=at + timedelta(days=opens_in),
        closes_at=at + timedelta(days=days),
        by=make.actor(world.officer),
        clock=make.clock,
    )
    return world.poll


class Variant(Make):
    """Makes rows under the Fabrique's definition with some of its text replaced."""

    def __init__(self, make: Make, **changed: str) -> None:
        super().__init__(make.db, make.clock, make.keys)
        self.numbers = make.numbers
        self.source = FABRIQUE.read_text()
        for name, value in changed.items():
            head, _, committee = self.source.rpartition("[committee]")
            lines = [f"{name} = {value}" if line.startswith(f"{name} =") else line for line in committee.splitlines()]
            assert lines != committee.splitlines(), name
            self.source = head + "[committee]" + "\n".join(lines) + "\n"

    def label_version(self, path: Path = FABRIQUE) -> LabelVersion:
        return publish_label(self.db, self.source, clock=self.clock)
