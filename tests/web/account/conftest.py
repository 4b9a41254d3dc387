"""Somebody with a password, and somebody invited."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

import config
from app import create_app
from app.db import Database
from app.keys import Keys
from app.mail.render import letter
from app.models import Invitation, Message, Person, SignInLink, Structure
from app.operations.people import hash_password
from tests.conftest import Clock
from tests.make import Make

PASSWORD = "quatre mots bien choisis"
HASHED = hash_password(PASSWORD)
WRONG = "quatre mots mal choisis"
LINK_COOKIE = "lien"


@dataclass
class Insider:
    """A person who has opened her access, and the structure she acts for."""

    person: Person
    structure: Structure

    @property
    def email(self) -> str:
        return self.person.email


@dataclass
class Guest:
    """A person invited, who has not come yet, with the path of her link."""

    person: Person
    structure: Structure
    invitation: Invitation
    path: str

    @property
    def token(self) -> str:
        return self.path.rsplit("/", 1)[-1]


@pytest.fixture
def insider(make: Make) -> Insider:
    structure = make.structure("Rives-Nord")
    person = make.person("titulaire", structure=structure, name="Solène Kervadec")
    person.password = HASHED
    make.commit()
    return Insider(person, structure)


@pytest.fixture
def guest(app: Flask, make: Make, session: Session, settings: config.Settings) -> Guest:
    structure = make.structure("Terres d’Élan")
    person = make.person("titulaire", structure=structure, name="Bakary Sylla")
    invitation = session.execute(select(Invitation).where(Invitation.person_id == person.id)).scalar_one()
    message = session.execute(select(Message).where(Message.person_id == person.id)).scalar_one()
    with app.app_context():
        keys: Keys = app.extensions["keys"]
        text = letter(session, message, person, settings=settings, keys=keys).text
    make.commit()
    found = re.search(r"http://localhost(/invitations/\S+)", text)
    assert found
    return Guest(person, structure, invitation, found[1])


@pytest.fixture
def elsewhere(app: Flask) -> Callable[[], FlaskClient]:
    """Another browser, as often as one likes."""
    return app.test_client


@pytest.fixture
def another_process(settings: config.Settings, clock: Clock) -> Iterator[Flask]:
    """The same house, started again on the same database."""
    made = create_app(settings, clock)
    made.config["WTF_CSRF_ENABLED"] = False
    yield made
    made.extensions["database"].engine.dispose()


@dataclass
class Mailed:
    """What her mailbox holds: the path of the link and the code."""

    link: SignInLink
    path: str
    code: str

    @property
    def token(self) -> str:
        return self.path.rsplit("/", 1)[-1]

    @property
    def wrong(self) -> str:
        return f"{(int(self.code) + 1) % 1_000_000:06d}"


Ask = Callable[..., Mailed]


def post(client: FlaskClient, email: str, **more: str) -> TestResponse:
    return client.post("/connexion/lien", data={"email": email, **more})


def letters(database: Database) -> list[Message]:
    with database.session(writes=False) as db:
        return list(db.execute(select(Message).where(Message.notice == "sign_in_link")).scalars())


def inside(client: FlaskClient) -> bool:
    return client.get("/compte").status_code == 200


@pytest.fixture
def ask(app: Flask, database: Database, settings: config.Settings) -> Ask:
    """Ask for a link in a browser, and open the letter."""

    def asked(client: FlaskClient, person: Person, **more: str) -> Mailed:
        before = {message.id for message in letters(database)}
        assert post(client, person.email, **more).status_code == 303
        [message] = [message for message in letters(database) if message.id not in before]
        keys: Keys = app.extensions["keys"]
        with app.app_context(), database.session(writes=False) as db:
            text = letter(db, message, db.get_one(Person, person.id), settings=settings, keys=keys).text
            link = db.get_one(SignInLink, message.values["sign_in"])
        found = re.search(r"http://localhost(/connexion/lien/\S+)", text)
        code = re.search(r"^(\d{3}).(\d{3})$", text, re.MULTILINE)
        assert found
        assert code
        return Mailed(link, found[1], code[1] + code[2])

    return asked
