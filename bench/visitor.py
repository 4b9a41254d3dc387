"""A browser without a network: the same forms, sent through the application's own door."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from sqlalchemy import event

from app.db import Database
from tests.faults.forms import Answer, Browser

CONTROL = ("BEGIN", "PRAGMA", "SAVEPOINT", "RELEASE")


class Visitor(Browser):
    """Reads and sends in process, its forms guarded as they are for everybody."""

    def __init__(self, app: Flask, cookie: str) -> None:
        super().__init__(80, cookie)
        self.app = app
        self.base = app.config["SETTINGS"].base_url

    def _ask(self, method: str, path: str, body: str | None) -> Answer:
        client = self.app.test_client(use_cookies=False)
        answer = client.open(
            path,
            base_url=self.base,
            method=method,
            data=body,
            headers={"Cookie": self.cookie},
            content_type="application/x-www-form-urlencoded" if body is not None else None,
        )
        return Answer(answer.status_code, answer.get_data(as_text=True), answer.headers.get("Location", ""))

    def time_to(self, path: str) -> float:
        """How long a page took, in seconds."""
        begun = time.perf_counter()
        self.get(path)
        return time.perf_counter() - begun


@dataclass
class Work:
    """What a request asked of the database."""

    statements: list[str] = field(default_factory=list)
    checkouts: int = 0


@contextmanager
def counted(database: Database) -> Iterator[Work]:
    """The statements and the connection checkouts of a block, transaction control left out."""
    done = Work()

    def statement(_c: Any, _cursor: Any, said: str, *_rest: Any) -> None:
        if not said.startswith(CONTROL):
            done.statements.append(said)

    def checkout(*_: Any) -> None:
        done.checkouts += 1

    event.listen(database.engine, "before_cursor_execute", statement)
    event.listen(database.engine, "checkout", checkout)
    try:
        yield done
    finally:
        event.remove(database.engine, "before_cursor_execute", statement)
        event.remove(database.engine, "checkout", checkout)
