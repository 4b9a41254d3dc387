"""Every test runs on SQLite and on PostgreSQL (`--database`): real rows, a migrated database, a clock of its own."""

import contextlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import event
from sqlalchemy.orm import ORMExecuteState, Session

import config
from app import create_app, db
from app.keys import create_signing_key
from tests.database import Server, server
from tests.make import Make


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.addoption("--write-access", action="store_true", help="write tests/access.toml as observed, to be reviewed")


class Clock:
    """A clock that a test sets and moves."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def forward(self, **kwargs: float) -> datetime:
        self.at += timedelta(**kwargs)
        return self.at


@pytest.fixture(scope="session")
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.config.getoption("--database"))


@pytest.fixture(scope="session")
def database_server(kind: str) -> Iterator[Server]:
    started = server(kind)
    yield started
    started.stop()


@pytest.fixture
def database_url(database_server: Server) -> Iterator[str]:
    with database_server.fresh() as url:
        yield url


@pytest.fixture
def clock() -> Clock:
    """A Monday morning in Paris, in November 2026."""
    return Clock(datetime(2026, 11, 2, 9, 0, tzinfo=UTC))


@pytest.fixture(scope="session")
def signing_key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("keys") / "signing.key"
    create_signing_key(path)
    return path


@pytest.fixture
def settings(database_url: str, tmp_path: Path, signing_key: Path) -> config.Settings:
    return config.Settings(
        base_url="http://localhost",
        data_dir=tmp_path,
        database_url=database_url,
        secret_key="a secret for the tests alone, of more than 32 characters",
        signing_key_file=signing_key,
        testing=True,
        mail_sender="reseau@fabrique.example",
    )


@pytest.fixture(scope="session")
def compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """Each template is compiled once for all the applications that the tests make."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture
def app(settings: config.Settings, clock: Clock, compiled_templates: FileSystemBytecodeCache) -> Iterator[Flask]:
    """The application, its CSRF check off: the tests of the edge turn it on again."""
    made = create_app(settings, clock)
    made.jinja_env.bytecode_cache = compiled_templates
    made.config["WTF_CSRF_ENABLED"] = False
    made.test_client_class = Visitor
    guard_forgotten_commits(made)
    yield made
    made.extensions["database"].engine.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def database(app: Flask) -> db.Database:
    found: db.Database = app.extensions["database"]
    return found


@pytest.fixture
def session(database: db.Database) -> Iterator[Session]:
    """A writing session of the test's own. On SQLite it must commit before a request writes."""
    with database.session(writes=True) as opened:
        yield opened


@pytest.fixture
def make(app: Flask, session: Session, clock: Clock) -> Make:
    return Make(session, clock, app.extensions["keys"])


class Visitor(FlaskClient):
    """A browser that can be signed in without its forms; each request ends in a redirect or a page."""

    def sign_in(self, person: Any) -> "Visitor":
        with self.session_transaction() as opened:
            opened["_user_id"] = person if isinstance(person, str) else person.id
            opened["_fresh"] = True
        return self


class ForgottenCommit(AssertionError):
    """A view changed the database and returned without committing: the work would be lost."""


def guard_forgotten_commits(app: Flask) -> None:
    """Fail any request that answers well and forgot to commit."""

    @app.after_request
    def check(response: Any) -> Any:
        held = g.get("session_of_request")
        if held is not None and response.status_code < 400 and (held.new or held.dirty or held.info.get("unsaved")):
            raise ForgottenCommit("this request wrote and did not commit")
        return response


@event.listens_for(Session, "after_flush")
def flushed(session: Session, _context: Any) -> None:
    session.info["unsaved"] = True


@event.listens_for(Session, "do_orm_execute")
def executed(state: ORMExecuteState) -> None:
    if state.is_update or state.is_delete or state.is_insert:
        state.session.info["unsaved"] = True


@event.listens_for(Session, "after_commit")
@event.listens_for(Session, "after_rollback")
def saved(session: Session) -> None:
    session.info.pop("unsaved", None)


@contextlib.contextmanager
def counted(database: db.Database) -> Iterator[list[str]]:
    """The statements that a block sends to the database, transaction control left out."""
    sent: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA", "SAVEPOINT", "RELEASE")):
            sent.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(database.engine, "before_cursor_execute", note)
