"""The worker: what time brings, once, whoever else is at work."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db import Database
from app.models import DemoMail, Draft, KeptForm, Mandate, Message, Poll, Seat, Throttle, WebSession
from app.operations.drafts import keep_draft
from app.operations.kept_forms import keep_form
from app.operations.polls.committee import composition
from app.operations.polls.link import declare_link
from app.operations.throttle import count_try
from app.worker import Worker, worker
from tests.conftest import Clock
from tests.make import FABRIQUE, Make, World
from workflows.label import load

LINKS = load(FABRIQUE.read_text()).links
ROOT = Path(__file__).parent.parent


@pytest.fixture
def mine(app: Flask) -> Iterator[Worker]:
    with app.app_context():
        yield worker(app)


def poll_of(database: Database, world: World) -> Poll:
    with database.session(writes=False) as db:
        return db.get_one(Poll, world.poll.id)


def test_a_poll_that_is_over_is_closed_and_counted(make: Make, mine: Worker, database: Database, clock: Clock) -> None:
    world = make.poll(electors=3)
    for member in world.members:
        make.cast(world, member)
    make.commit()
    mine.round()
    assert poll_of(database, world).status == "open"
    clock.forward(days=10)
    mine.round()
    closed = poll_of(database, world)
    assert (closed.status, closed.outcome, closed.pour) == ("closed", "favourable", 3)


def test_every_voice_having_taken_part_closes_nothing_before_the_end(
    make: Make, mine: Worker, database: Database, clock: Clock
) -> None:
    world = make.poll(electors=3)
    for member in world.members:
        make.cast(world, member)
    make.commit()
    clock.forward(days=9)
    mine.round()
    assert poll_of(database, world).status == "open"


def test_a_late_worker_closes_all_the_same(make: Make, mine: Worker, database: Database, clock: Clock) -> None:
    worlds = [make.poll(electors=3) for _ in range(2)]
    make.commit()
    clock.forward(days=30)
    mine.round()
    assert [poll_of(database, world).outcome for world in worlds] == ["no_quorum", "no_quorum"]


def test_closing_again_tells_nobody_twice(make: Make, mine: Worker, database: Database, clock: Clock) -> None:
    world = make.poll(electors=3)
    make.commit()
    clock.forward(days=11)
    for _ in range(3):
        mine.round()
    with database.session(writes=False) as db:
        told = db.execute(select(Message.id).where(Message.notice == "poll_closed")).all()
    assert len(told) == 1
    assert poll_of(database, world).status == "closed"


@pytest.fixture
def convened(make: Make, clock: Clock) -> World:
    """A poll whose window opens in two days."""
    world = make.poll(electors=3, opened=False)
    world.poll.opens_at = clock() + timedelta(days=2)
    make.commit()
    return world


def test_a_poll_opens_when_its_hour_has_come(convened: World, mine: Worker, database: Database, clock: Clock) -> None:
    clock.forward(hours=47)
    mine.round()
    assert poll_of(database, convened).status == "convened"
    clock.forward(hours=1)
    mine.round()
    opened = poll_of(database, convened)
    assert (opened.status, opened.opened_at) == ("open", clock())
    with database.session(writes=False) as db:
        assert len(db.execute(select(Seat.id)).all()) == 3


def test_a_poll_with_too_few_voices_stays_and_stops_nothing_else(
    make: Make, session: Session, mine: Worker, database: Database
) -> None:
    few, enough = make.poll(electors=3, opened=False), make.poll(electors=3, opened=False)
    hard = next(link.key for link in LINKS if link.hard and link.scope == "structure")
    for seat in composition(session, few.poll, few.poll.opens_at):
        member = session.execute(select(Mandate.person_id).where(Mandate.structure_id == seat.structure)).scalar_one()
        by = make.actor(member)
        declare_link(session, few.poll.id, str(seat.structure), hard, words="", by=by, clock=make.clock)
    make.commit()
    for _ in range(2):
        mine.round()
        assert poll_of(database, few).status == "convened"
        assert poll_of(database, enough).status == "open"
        assert mine.said == {(few.poll.id, "too_few_seats")}


def test_mail_is_sent_once_by_two_rounds_and_by_two_workers(
    app: Flask, make: Make, mine: Worker, database: Database
) -> None:
    structure = make.structure()
    for _ in range(10):
        make.person("titulaire", structure=structure)
    make.commit()
    start = threading.Barrier(2)

    def work() -> None:
        start.wait()
        with app.app_context():
            worker(app).round()

    both = [threading.Thread(target=work) for _ in range(2)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    mine.round()
    with database.session(writes=False) as db:
        assert len(db.execute(select(DemoMail.id)).all()) == 10
        assert set(db.execute(select(Message.status, Message.tries)).all()) == {("sent", 1)}


def test_two_workers_close_a_poll_once(app: Flask, make: Make, database: Database, clock: Clock) -> None:
    world = make.poll(electors=3)
    make.commit()
    clock.forward(days=11)
    start = threading.Barrier(2)

    def work() -> None:
        start.wait()
        with app.app_context():
            worker(app).close_polls()

    both = [threading.Thread(target=work) for _ in range(2)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    with database.session(writes=False) as db:
        assert len(db.execute(select(Message.id).where(Message.notice == "poll_closed")).all()) == 1
    assert poll_of(database, world).status == "closed"


DAYS = 3 * 24 * 60  # minutes


def test_what_has_expired_is_cleared_and_nothing_else(
    make: Make, session: Session, mine: Worker, database: Database, clock: Clock
) -> None:
    def web_session(name: str, *, seen: int, ends: int) -> WebSession:
        at = clock()
        return WebSession(
            id=name,
            data={},
            created_at=at,
            seen_at=at - timedelta(minutes=seen),
            expires_at=at + timedelta(minutes=ends),
        )

    session.add_all(
        [
            web_session("alive", seen=29, ends=1),
            web_session("idle", seen=31, ends=60),
            web_session("over", seen=1, ends=0),
            web_session("idle for three days", seen=DAYS + 31, ends=60),
            web_session("over for three days", seen=1, ends=-DAYS),
        ]
    )
    person = make.person("officer")
    keep_draft(session, person.id, "answer:x:y", "Deux", seen="", at=clock() - timedelta(days=92))
    keep_form(session, person.id, "/dossiers/x", [("text", "Deux")], at=clock() - timedelta(minutes=15))
    count_try(session, "old", at=clock() - timedelta(minutes=15))
    count_try(session, "new", at=clock() - timedelta(minutes=14))
    session.commit()
    mine.round()
    with database.session(writes=False) as db:
        assert set(db.execute(select(WebSession.id)).scalars()) == {"alive", "idle", "over"}
        assert not [*db.execute(select(Draft.text)), *db.execute(select(KeptForm.path))]
        assert db.execute(select(Throttle.key)).scalars().all() == ["new"]


def test_an_idle_round_writes_nothing(mine: Worker, database: Database, clock: Clock) -> None:
    mine.round()
    clock.forward(minutes=1)
    with database.session(writes=True):
        mine.round()


def test_a_worker_asked_to_stop_sends_no_further_message(make: Make, mine: Worker, database: Database) -> None:
    make.person("titulaire", structure=make.structure())
    make.commit()
    mine.stopping.set()
    mine.deliver()
    mine.run()
    with database.session(writes=False) as db:
        assert db.execute(select(DemoMail.id)).all() == []


def test_the_command_ends_by_itself_when_asked_to_stop(tmp_path: Path) -> None:
    env = {**os.environ, "DEMO": "1", "DATA_DIR": str(tmp_path), "DATABASE_URL": ""}
    flask = [sys.executable, "-m", "flask", "--app", "wsgi"]
    subprocess.run([*flask, "db", "upgrade"], cwd=ROOT, env=env, check=True, capture_output=True)
    subprocess.run([*flask, "worker", "--once"], cwd=ROOT, env=env, check=True, capture_output=True)
    running = subprocess.Popen([*flask, "worker"], cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True)
    with running:
        assert running.stdout
        assert running.stdout.readline() == "The worker has begun.\n"
        running.send_signal(signal.SIGTERM)
        assert running.stdout.readline() == "The worker has stopped.\n"
        assert running.wait(timeout=10) == 0
