"""Exactly one effective ballot, and every acknowledged one counted: real threads, real connections, both databases.

Each race widens its own window with a short sleep between reading and writing, so that a missing lock, a deferred
transaction or a missing constraint loses at once (`make mutants`).
"""

import threading
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.actor import Actor
from app.db import Database
from app.keys import Keys
from app.models import Ballot, Poll
from app.operations.polls import cast, close
from app.operations.polls.cast import Opinion, Receipt, cast_ballot
from app.operations.polls.close import close_poll
from app.queries.integrity import verify_journal
from tests.conftest import Clock
from tests.make import Make, Member, World
from workflows.refused import Refused
from workflows.voting import Choice

ROUNDS = 100
CASTS = 40


@pytest.fixture(autouse=True)
def wide_window(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sleep where a race would fit: after the checks of a cast, after the count of a close."""
    checked, counted = cast.refuse, close.seats_and_ballots

    def slow_refuse(*args: object) -> None:
        checked(*args)  # type: ignore[arg-type]
        time.sleep(0.002)

    def slow_count(*args: object) -> object:
        found = counted(*args)  # type: ignore[arg-type]
        time.sleep(0.005)
        return found

    monkeypatch.setattr(cast, "refuse", slow_refuse)
    monkeypatch.setattr(close, "seats_and_ballots", slow_count)


def at_once(acts: list[Callable[[], object]]) -> None:
    """Run acts in as many threads, let go together."""
    barrier = threading.Barrier(len(acts))

    def run(act: Callable[[], object]) -> None:
        barrier.wait()
        act()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


class Voter:
    """One person before one form: what she sends, and what she was answered."""

    def __init__(self, database: Database, world: World, member: Member, by: Actor, clock: Clock, keys: Keys) -> None:
        self.database, self.world, self.member, self.by = database, world, member, by
        self.clock, self.keys = clock, keys
        self.receipts: list[Receipt] = []
        self.refusals: list[str] = []

    def send(self, choice: str, once: str, replaces: int = 0) -> None:
        opinion = Opinion(Choice(choice), "Une raison.", replaces, once)
        try:
            with self.database.session(writes=True) as db:
                receipt = cast_ballot(
                    db,
                    self.world.poll.id,
                    self.member.structure.id,
                    opinion,
                    by=self.by,
                    clock=self.clock,
                    keys=self.keys,
                )
                db.commit()
            self.receipts.append(receipt)
        except Refused as refused:
            self.refusals.append(refused.code)


def voter(make: Make, database: Database, world: World, member: Member, person: object = None) -> Voter:
    by = make.actor(person or member.person)  # type: ignore[arg-type]
    return Voter(database, world, member, by, make.clock, make.keys)  # type: ignore[arg-type]


def ballots(database: Database, world: World) -> int:
    with database.session(writes=False) as db:
        return db.execute(select(func.count()).select_from(Ballot).where(Ballot.poll_id == world.poll.id)).scalar_one()


def test_fifty_casts_by_two_representatives_leave_one_effective_ballot(make: Make, database: Database) -> None:
    world = make.poll(electors=3)
    member = world.members[0]
    other = make.person("suppleance", structure=member.structure)
    make.own_word(world, other, member.structure)
    people = [voter(make, database, world, member, person) for person in (member.person, other)]
    make.commit()
    at_once([lambda n=n: people[n % 2].send("for", f"tab {n}") for n in range(50)])  # type: ignore[misc]
    receipts = [receipt for person in people for receipt in person.receipts]
    assert len(receipts) == 1
    assert ballots(database, world) == 1
    assert {code for person in people for code in person.refusals} == {"version_outdated"}


def test_fifty_identical_clicks_give_one_ballot_and_fifty_times_its_receipt(make: Make, database: Database) -> None:
    world = make.poll(electors=3)
    person = voter(make, database, world, world.members[0])
    make.commit()
    at_once([lambda: person.send("for", "one click")] * 50)
    assert (len(person.receipts), person.refusals) == (50, [])
    assert len({(receipt.hash, receipt.signature) for receipt in person.receipts}) == 1
    assert ballots(database, world) == 1


def test_every_acknowledged_ballot_is_counted_when_the_close_comes_among_the_casts(
    make: Make, database: Database, clock: Clock
) -> None:
    """Forty casts against the close, a hundred rounds, in batches of electors that already voted once."""
    members = [make.holder() for _ in range(CASTS // 8)]
    for number in range(ROUNDS):
        clock.at += timedelta(days=1)
        one_round(make, database, clock, make.poll_of(members, days=10), early=number % 8)
    with database.session(writes=False) as db:
        assert verify_journal(db, make.keys).faults == []


def one_round(make: Make, database: Database, clock: Clock, world: World, early: int) -> None:
    """Casts and replacements of each elector race with a close that the clock makes possible half-way."""
    voters = [voter(make, database, world, member) for member in world.members]
    make.commit()
    closes_at = world.poll.closes_at
    clock.at = closes_at - timedelta(milliseconds=1)

    def insist(person: Voter) -> None:
        for attempt in range(8):
            person.send("against" if attempt % 2 else "for", f"try {attempt}", replaces=len(person.receipts))

    def end() -> None:
        time.sleep(0.002 * early)
        clock.at = closes_at
        with database.session(writes=True) as db:
            close_poll(db, world.poll.id, clock=clock, keys=make.keys)
            db.commit()

    at_once([*(lambda person=person: insist(person) for person in voters), end])  # type: ignore[misc]
    with database.session(writes=False) as db:
        poll = db.get_one(Poll, world.poll.id)
        counted = (poll.pour or 0) + (poll.against or 0)
        assert counted == sum(bool(person.receipts) for person in voters)
        assert poll.against == sum(len(person.receipts) % 2 == 0 and bool(person.receipts) for person in voters)
        assert all(receipt.cast_at < closes_at for person in voters for receipt in person.receipts)


def test_a_deadline_crossed_while_waiting_for_the_lock_refuses_the_ballot(
    make: Make, database: Database, clock: Clock
) -> None:
    world = make.poll(electors=3)
    late = voter(make, database, world, world.members[0])
    make.commit()
    with database.session(writes=True) as holding:
        holding.execute(select(Poll).where(Poll.id == world.poll.id).with_for_update(key_share=True)).one()
        waiting = threading.Thread(target=late.send, args=("for", "late"))
        waiting.start()
        time.sleep(0.05)
        clock.at = world.poll.closes_at
        holding.commit()
    waiting.join()
    assert (late.receipts, late.refusals) == ([], ["poll_over"])
