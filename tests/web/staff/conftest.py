"""The desk of the team, and the people who sit at it."""

import re
from dataclasses import dataclass
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Select, select

from app.models import Access, Dossier, Person, Poll
from tests.make import Make, World


def text_of(page: str) -> str:
    """A page as it is read: without tags, its spaces ordinary ones."""
    body = re.sub(r"<(script|style).*?</\1>", " ", page, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


@dataclass
class Desk:
    """A browser at the desk of one person."""

    make: Make
    browser: FlaskClient

    def get(self, path: str, status: int = 200) -> str:
        """A page as it is read."""
        return text_of(self.raw(path, status))

    def raw(self, path: str, status: int = 200) -> str:
        answer = self.browser.get(path)
        assert answer.status_code == status, text_of(answer.text)
        return answer.text

    def post(self, path: str, status: int = 303, **fields: str) -> str:
        answer = self.browser.post(path, data=fields)
        assert answer.status_code == status, text_of(answer.text)
        return text_of(answer.text) if status != 303 else answer.headers["Location"]

    def dossier(self, dossier_id: str) -> Dossier:
        found: Dossier = self.one(select(Dossier).where(Dossier.id == dossier_id))
        return found

    def poll(self, poll_id: str) -> Poll:
        found: Poll = self.one(select(Poll).where(Poll.id == poll_id))
        return found

    def readings(self, what: str) -> int:
        return len(self.all(select(Access.id).where(Access.what == what)))

    def one(self, asked: Select[Any]) -> Any:
        (found,) = self.all(asked)
        return found

    def all(self, asked: Select[Any]) -> list[Any]:
        """What the database holds now, read beside the test's own session."""
        database = self.browser.application.extensions["database"]
        with database.session(writes=False) as reading:
            return list(reading.execute(asked).scalars())


class Team:
    """The people of the team, each with a browser of her own."""

    def __init__(self, app: Flask, make: Make) -> None:
        self.app = app
        self.make = make

    def sits(self, person: Person) -> Desk:
        self.make.commit()
        browser = self.app.test_client()
        browser.sign_in(person)  # type: ignore[attr-defined]  # the tests' own client
        return Desk(self.make, browser)

    def officer(self) -> Desk:
        return self.sits(self.make.officer())

    def arbiter(self) -> Desk:
        return self.sits(self.make.arbiter())

    def administrator(self) -> Desk:
        return self.sits(self.make.person("administrator"))

    def of(self, world: World) -> Desk:
        """The officer who follows this world's dossier."""
        return self.sits(world.officer)


@pytest.fixture
def team(app: Flask, make: Make) -> Team:
    return Team(app, make)
