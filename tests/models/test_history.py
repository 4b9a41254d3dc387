"""What the database itself refuses, whoever asks: the invariants are not only in code."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import inspect, text
from sqlalchemy.exc import DatabaseError, IntegrityError
from sqlalchemy.orm import Session

from app.db import Database
from app.models import Base, Entry, LabelVersion, Poll
from app.models.base import new_id
from tests.make import Make

TRIGGERS = {
    "sqlite": {
        "ballot_refuses_delete",
        "ballot_refuses_update",
        "entry_refuses_delete",
        "entry_refuses_update",
        "label_version_refuses_delete",
        "label_version_refuses_update",
        "poll_keeps_its_rule",
        "seat_refuses_delete",
    },
}
TRIGGERS["postgresql"] = TRIGGERS["sqlite"] | {
    "ballot_refuses_truncate",
    "entry_refuses_truncate",
    "label_version_refuses_truncate",
}
LISTED = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
}


def test_the_guards_of_history_are_there_after_the_migrations(session: Session, kind: str) -> None:
    assert set(session.execute(text(LISTED[kind])).scalars()) == TRIGGERS[kind]


def test_the_migrations_make_the_tables_that_the_models_say(session: Session) -> None:
    found = inspect(session.connection())
    for table in Base.metadata.sorted_tables:
        columns = {column["name"]: column["nullable"] for column in found.get_columns(table.name)}
        assert columns == {column.name: bool(column.nullable) for column in table.columns}, table.name
        unique = {tuple(one["column_names"]) for one in found.get_unique_constraints(table.name)}
        said = {
            tuple(column.name for column in one.columns)
            for one in table.constraints
            if one.__class__.__name__ == "UniqueConstraint"
        }
        assert unique == said, table.name


def test_migrations_are_numbered_and_named_by_what_they_do() -> None:
    names = sorted(path.name for path in Path("migrations/versions").glob("*.py"))
    assert all(re.fullmatch(r"\d{4}_[a-z]+(_[a-z]+)+\.py", name) for name in names)
    assert [name[:4] for name in names] == [f"{number:04d}" for number in range(1, len(names) + 1)]


@pytest.mark.parametrize("table", ["ballot", "entry", "label_version"])
@pytest.mark.parametrize("act", ["UPDATE {} SET id = 'other'", "DELETE FROM {}"])
def test_history_refuses_to_be_changed(make: Make, session: Session, table: str, act: str) -> None:
    world = make.poll(electors=3)
    make.cast(world, world.members[0])
    make.commit()
    with pytest.raises(DatabaseError, match="never changed"):
        session.execute(text(act.format(table)))


def test_history_refuses_to_be_replaced_or_emptied(make: Make, session: Session, kind: str) -> None:
    """On SQLite a replacement deletes first, and walks past the trigger unless triggers are recursive."""
    world = make.poll(electors=3)
    make.cast(world, world.members[0])
    make.commit()
    again = "INSERT OR REPLACE INTO ballot SELECT * FROM ballot"
    with pytest.raises(DatabaseError, match="never changed"):
        session.execute(text(again if kind == "sqlite" else "TRUNCATE ballot"))


@pytest.mark.parametrize("column", ["rule = '{}'", "rule_digest = 'x'", "round = 9"])
def test_an_open_poll_keeps_its_rule(make: Make, session: Session, column: str) -> None:
    make.poll(electors=3)
    make.commit()
    with pytest.raises(DatabaseError, match="keeps its rule"):
        session.execute(text(f"UPDATE poll SET {column}"))


def test_a_seat_is_only_ever_subtracted(make: Make, session: Session) -> None:
    make.poll(electors=3)
    make.commit()
    with pytest.raises(DatabaseError, match="never"):
        session.execute(text("DELETE FROM seat"))


def second_ballot(**changed: str) -> str:
    """Copy the only ballot, with some columns changed."""
    columns = "id poll_id seat_id version choice person_id cast_at once once_digest entry_id entry_hash signature"
    values = [changed.get(column, column) for column in columns.split()]
    return f"INSERT INTO ballot ({', '.join(columns.split())}) SELECT {', '.join(values)} FROM ballot"


@pytest.mark.parametrize(
    "changed",
    [
        {"id": "'b'", "once": "'other'"},  # the same version of a seat twice
        {"id": "'b'", "version": "2"},  # the same form twice
        {"id": "'b'", "version": "0", "once": "'other'"},
        {"id": "'b'", "version": "2", "once": "'other'", "choice": "'maybe'"},
        {"id": "'b'", "version": "2", "once": "'other'", "seat_id": "'nowhere'"},
    ],
    ids=["version", "once", "version under one", "unknown choice", "unknown seat"],
)
def test_a_second_ballot_never_slips_in(make: Make, session: Session, changed: dict[str, str]) -> None:
    world = make.poll(electors=3)
    make.cast(world, world.members[0])
    make.commit()
    with pytest.raises(IntegrityError):
        session.execute(text(second_ballot(**changed)))
        session.commit()


def twin(poll: Poll, **changed: object) -> Poll:
    """A poll like another, with some columns changed."""
    kept = {c.key: getattr(poll, c.key) for c in Poll.__table__.columns if c.key != "id"}
    return Poll(id=new_id(), **{**kept, **changed})


REFUSED: dict[str, Callable[[Poll], dict[str, object]]] = {
    "a second poll of one round": lambda _poll: {},
    "a window that ends before it begins": lambda poll: {"round": 2, "closes_at": poll.opens_at - timedelta(days=1)},
    "an unknown status": lambda _poll: {"round": 2, "status": "paused"},
    "a count before the close": lambda _poll: {"round": 2, "outcome": "favourable"},
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_poll_that_cannot_be_is_refused(make: Make, session: Session, case: str) -> None:
    world = make.poll(electors=3)
    make.commit()
    session.add(twin(world.poll, **REFUSED[case](world.poll)))
    with pytest.raises(IntegrityError):
        session.flush()


def test_two_entries_never_share_a_height(make: Make, session: Session) -> None:
    world = make.poll(electors=3)
    make.commit()
    first = session.query(Entry).filter(Entry.chain == f"poll:{world.poll.id}", Entry.height == 1).one()
    kept = {c.key: getattr(first, c.key) for c in Entry.__table__.columns}
    session.add(Entry(**{**kept, "id": new_id(), "hash": "f" * 64}))
    with pytest.raises(IntegrityError):
        session.flush()


def test_the_same_content_is_the_same_version(make: Make, session: Session) -> None:
    first, again = make.label_version(), make.label_version()
    assert first.id == again.id
    session.add(
        LabelVersion(slug=first.slug, number=2, digest=first.digest, source="", published_at=first.published_at)
    )
    with pytest.raises(IntegrityError):
        session.flush()


def test_sqlite_is_durable_and_checks_what_it_is_told(database: Database, kind: str) -> None:
    with database.engine.connect() as connection:
        if kind == "postgresql":
            assert connection.exec_driver_sql("SHOW synchronous_commit").scalar() == "on"
            assert connection.exec_driver_sql("SHOW transaction_isolation").scalar() == "read committed"
            return
        asked = ("synchronous", "foreign_keys", "recursive_triggers", "journal_mode")
        assert [connection.exec_driver_sql(f"PRAGMA {one}").scalar() for one in asked] == [2, 1, 1, "wal"]


def test_a_reading_transaction_cannot_write(database: Database) -> None:
    with database.session(writes=False) as db, pytest.raises(DatabaseError):
        db.execute(text("INSERT INTO collective (id, name) VALUES ('a', 'b')"))
