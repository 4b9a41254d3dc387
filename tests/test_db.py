"""The transactions of the house, on the database that is asked for."""

import sqlite3
import threading
import time
from pathlib import Path

import pytest
from sqlalchemy import text

from app.db import Database, WriterGate

WRITERS, TURNS = 20, 20


def test_readers_that_go_on_to_write_never_fail_each_other(database: Database) -> None:
    """Twenty threads, twenty read-then-write transactions each: a deferred BEGIN failed 387 of these 400 at once."""
    done: list[int] = []

    def work(number: int) -> None:
        for turn in range(TURNS):
            with database.session(writes=True) as db:
                db.execute(text("SELECT count(*) FROM collective")).scalar()
                values = {"id": f"{number}-{turn}", "name": f"{number} {turn}"}
                db.execute(text("INSERT INTO collective (id, name) VALUES (:id, :name)"), values)
                db.commit()
            done.append(turn)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(done) == WRITERS * TURNS


def test_an_act_holds_its_right_to_write_from_its_first_statement(database: Database, kind: str) -> None:
    """SQLite: nobody else begins to write once an act has read. PostgreSQL: an act writes, a page cannot."""
    with database.session(writes=True) as db:
        db.execute(text("SELECT count(*) FROM collective")).scalar()
        if kind == "postgresql":
            assert db.execute(text("SHOW transaction_read_only")).scalar() == "off"
            return
        other = sqlite3.connect(str(database.engine.url.database), timeout=0)
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("INSERT INTO collective (id, name) VALUES ('a', 'b')")
        other.close()


def test_what_was_not_committed_is_gone(database: Database) -> None:
    with database.session(writes=True) as db:
        db.execute(text("INSERT INTO collective (id, name) VALUES ('a', 'b')"))
    with database.session(writes=False) as db:
        assert db.execute(text("SELECT count(*) FROM collective")).scalar() == 0


def test_a_writer_waits_for_the_gate_and_takes_it_when_it_opens(tmp_path: Path) -> None:
    gate = WriterGate(tmp_path / "house.db")
    other_process = WriterGate(tmp_path / "house.db")
    entered = threading.Event()
    gate.enter()
    waiting = threading.Thread(target=lambda: (other_process.enter(), entered.set()))
    waiting.start()
    time.sleep(0.05)
    assert not entered.is_set()
    gate.leave()
    waiting.join(timeout=5)
    assert entered.is_set()
    other_process.leave()
