"""Somebody with a password, and somebody invited."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

import config
from app import create_app
from app.keys import Keys
from app.mail.render import letter
from app.models import Invitation, Message, Person, Structure
from app.operations.people import hash_password
from tests.conftest import Clock
from tests.make import Make

PASSWORD = "quatre mots bien choisis"
HASHED = hash_password(PASSWORD)
WRONG = "quatre mots mal choisis"


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
