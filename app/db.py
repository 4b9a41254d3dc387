"""The database: one engine, one connection a request, one transaction an act.

Safe methods read in a read-only transaction. Everything else begins to write at its first statement: `BEGIN IMMEDIATE`
on SQLite, because a deferred transaction that upgrades itself fails at once under load; READ COMMITTED with row locks
on PostgreSQL. Only views, the command line and the worker commit.
"""

import fcntl
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask, current_app, g, request
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

SAFE_METHODS = {"GET", "HEAD", "OPTIONS", "TRACE"}
WAIT_FOR_WRITER = 10.0  # seconds


class WriterBusy(OperationalError):
    """Another writer held the SQLite file for too long."""


class WriterGate:
    """One SQLite writer at a time, in this process and in the others.

    SQLite's own busy timeout polls with growing sleeps and left a writer waiting for two seconds under eight others; a
    lock in front of `BEGIN IMMEDIATE` keeps that wait short.
    """

    def __init__(self, database: Path) -> None:
        self.path = database.with_name(database.name + ".writer")
        self.thread_lock = threading.Lock()
        self.file: int | None = None

    def enter(self) -> None:
        limit = time.monotonic() + WAIT_FOR_WRITER
        if not self.thread_lock.acquire(timeout=WAIT_FOR_WRITER):
            raise WriterBusy("BEGIN IMMEDIATE", None, TimeoutError("another writer holds the database"))
        handle = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            while not self._try(handle):
                if time.monotonic() > limit:
                    raise WriterBusy("BEGIN IMMEDIATE", None, TimeoutError("another writer holds the database"))
                time.sleep(0.001)
        except BaseException:
            os.close(handle)
            self.thread_lock.release()
            raise
        self.file = handle

    @staticmethod
    def _try(handle: int) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def leave(self) -> None:
        if self.file is not None:
            handle, self.file = self.file, None
            os.close(handle)
            self.thread_lock.release()


class Database:
    """The engine and the two ways to use it outside a request."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.sqlite = make_url(url).get_backend_name() == "sqlite"
        self.engine = self._sqlite_engine() if self.sqlite else self._postgresql_engine()

    def _sqlite_engine(self) -> Engine:
        path = Path(str(make_url(self.url).database))
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        engine = create_engine(self.url, connect_args={"check_same_thread": False, "timeout": 5.0})
        gate = WriterGate(path)

        @event.listens_for(engine, "connect")
        def configure(connection: Any, _record: Any) -> None:
            connection.isolation_level = None
            for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "recursive_triggers=ON"):
                connection.execute(f"PRAGMA {pragma}")

        @event.listens_for(engine, "begin")
        def begin(connection: Connection) -> None:
            leave_gate(connection.info)
            writes = connection.get_execution_options().get("writes", False)
            if writes:
                gate.enter()
                connection.info["gate"] = gate
            connection.exec_driver_sql(f"PRAGMA query_only={'OFF' if writes else 'ON'}")
            connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

        @event.listens_for(engine, "checkin")
        def checkin(_connection: Any, record: Any) -> None:
            leave_gate(record.info)

        return engine

    def _postgresql_engine(self) -> Engine:
        return create_engine(self.url, pool_pre_ping=True, pool_size=8, max_overflow=8)

    @contextmanager
    def session(self, *, writes: bool) -> Iterator[Session]:
        """A session of its own: for the command line, the worker and the second short transactions.

        Rolls back what its user did not commit.
        """
        with self.engine.connect() as connection:
            prepare(connection, writes=writes)
            with Session(bind=connection, expire_on_commit=False) as session:
                yield session


@event.listens_for(Session, "after_commit")
@event.listens_for(Session, "after_rollback")
def leave_writer_gate(session: Session) -> None:
    """Let the next SQLite writer in as soon as this one has ended."""
    bind = session.bind
    if isinstance(bind, Connection) and not bind.closed and not bind.invalidated:
        leave_gate(bind.info)


def leave_gate(info: Any) -> None:
    if gate := info.pop("gate", None):
        gate.leave()


def prepare(connection: Connection, *, writes: bool) -> None:
    """Say, before its transaction begins, whether a connection will write."""
    options: dict[str, Any] = {"writes": writes}
    if connection.dialect.name == "postgresql":
        options["postgresql_readonly"] = not writes
    connection.execution_options(**options)


def database() -> Database:
    found: Database = current_app.extensions["database"]
    return found


def connection() -> Connection:
    """The connection of this request: checked out once, at its first use."""
    if "connection" not in g:
        g.connection = database().engine.connect()
    held: Connection = g.connection
    return held


def session() -> Session:
    """The transaction of this request: reads for safe methods, writes for the others."""
    if "session_of_request" not in g:
        prepare(connection(), writes=request.method not in SAFE_METHODS)
        g.session_of_request = Session(bind=connection(), expire_on_commit=False)
    held: Session = g.session_of_request
    return held


@contextmanager
def short_transaction(*, writes: bool) -> Iterator[Session]:
    """A transaction beside the request's own, on the same connection, before it begins or after it has ended.

    It serves who is asking (sessions), how often (throttling) and who has read what (access).
    """
    end_transaction()
    prepare(connection(), writes=writes)
    with Session(bind=connection(), expire_on_commit=False) as own:
        yield own
        if writes:
            own.commit()


def end_transaction() -> None:
    """End the request's transaction: what its view did not commit is rolled back."""
    if (held := g.pop("session_of_request", None)) is not None:
        held.close()


def init_app(app: Flask) -> None:
    app.extensions["database"] = Database(app.config["SETTINGS"].database_url)

    @app.teardown_appcontext
    def give_back(_error: BaseException | None) -> None:
        end_transaction()
        if (held := g.pop("connection", None)) is not None:
            held.close()


def forget_connection() -> None:
    """Give back a connection that failed, so that an error page can still be told."""
    g.pop("session_of_request", None)
    if (held := g.pop("connection", None)) is not None:
        held.invalidate()
        held.close()
