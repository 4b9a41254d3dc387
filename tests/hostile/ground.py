"""Where forms are tried: a world, a person, the page that carries a form, and what fills it well."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from sqlalchemy import event
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app import db
from app.models import Person
from tests.conftest import Visitor
from tests.hostile.page import Form, Page
from tests.make import Make

#: Tables that grow with any visit: they say nothing of the business.
OWN = ("web_session", "throttle", "access", "kept_form", "draft")
WRITES = ("INSERT INTO", "UPDATE", "DELETE FROM")


@dataclass
class Ground:
    """A form where somebody may use it."""

    person: Person | None
    page: str
    #: The address that the form is sent to, when it is not the page's own.
    action: str = ""
    #: What fills it well, beside what the page already holds.
    filled: dict[str, Any] = field(default_factory=dict)
    #: A password that cannot be right: the form is refused whatever else it holds.
    always_refused: bool = False


Builder = Callable[[Make], Ground]


class Kept:
    """Sessions that never commit, and what they would have kept."""

    def __init__(self) -> None:
        self.written: list[str] = []
        self.kept: list[str] = []

    def session(self) -> type[Session]:
        notes = self

        class Rehearsal(Session):
            def commit(self) -> None:
                notes.kept += notes.written
                self.rollback()

            def rollback(self) -> None:
                notes.written = []
                super().rollback()

        return Rehearsal

    def note(self, _connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        verb = next((verb for verb in WRITES if statement.startswith(verb)), None)
        if verb is not None:
            table = statement.removeprefix(verb).split()[0].strip('"')
            self.written += [] if table in OWN else [table]


class Hands:
    """Fills the form as its person would, and sends it; nothing outlives a try."""

    def __init__(self, app: Flask, ground: Ground) -> None:
        self.app, self.ground = app, ground
        self.client = app.test_client()
        if ground.person is not None and isinstance(self.client, Visitor):
            self.client.sign_in(ground.person)
        self.notes = Kept()
        answer = self.client.get(ground.page)
        assert answer.status_code == 200, (ground.page, answer.status_code)
        self.form = self.found(answer)

    @property
    def action(self) -> str:
        return self.ground.action or self.ground.page

    def found(self, answer: TestResponse) -> Form:
        """The form of that address on a page."""
        forms = [form for form in Page(answer.text).forms if form.method == "post"]
        found = [form for form in forms if (form.action or self.ground.page).split("#")[0] == self.action]
        assert found, [form.action for form in forms]
        return found[0]

    def well(self) -> dict[str, Any]:
        """A form filled as it should be."""
        return {**self.form.values(), **self.ground.filled}

    def send(self, values: dict[str, Any]) -> TestResponse:
        """Send the form; what would have been kept is in `notes.kept`."""
        self.notes.kept, self.notes.written = [], []
        engine = self.app.extensions["database"].engine
        event.listen(engine, "before_cursor_execute", self.notes.note)
        try:
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(db, "Session", self.notes.session())
                body = urlencode(values, doseq=True, encoding="utf-8", errors="surrogatepass")
                return self.client.post(self.action, data=body, content_type="application/x-www-form-urlencoded")
        finally:
            event.remove(engine, "before_cursor_execute", self.notes.note)
