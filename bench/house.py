"""A house of its own for a measurement: a database, the application on it, and what makes its rows."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import psycopg
from flask import Flask

import config
from app import create_app
from app.clock import utc_now
from app.db import Database
from app.keys import Keys
from tests.database import PostgreSQL, Server
from tests.faults.ground import COOKIE, session_of
from tests.make import Make


@dataclass(frozen=True)
class House:
    """The application as the demonstration runs it, its forms guarded, and its database."""

    app: Flask
    folder: Path
    database: Database
    keys: Keys
    numbers: "count[int]" = field(default_factory=lambda: count(1))

    @contextmanager
    def making(self) -> Iterator[Make]:
        """A writing session; commits what was made."""
        with self.database.session(writes=True) as db:
            make = Make(db, utc_now, self.keys)
            make.numbers = self.numbers
            yield make
            db.commit()

    def signed_in(self, person_id: str) -> str:
        """A `Cookie` header that opens the site as a person."""
        with self.database.session(writes=True) as db:
            token = session_of(db, person_id)
            db.commit()
        return f"{COOKIE}={token}"


@contextmanager
def house(server: Server) -> Iterator[House]:
    """A house on a fresh database of a server."""
    with server.fresh() as url, tempfile.TemporaryDirectory(prefix="appellation-bench-") as folder:
        data = Path(folder)
        app = create_app(config.read({"DEMO": "1", "DATA_DIR": folder, "DATABASE_URL": url, "PORT": "80"}))
        database: Database = app.extensions["database"]
        yield House(app, data, database, app.extensions["keys"])
        database.engine.dispose()


def make_durable(server: Server) -> None:
    """Have PostgreSQL wait for the disk at each commit again: the tests' own server does not."""
    assert isinstance(server, PostgreSQL)
    with psycopg.connect(server.admin, autocommit=True) as admin:
        admin.execute("ALTER SYSTEM SET fsync = on")
        admin.execute("SELECT pg_reload_conf()")
