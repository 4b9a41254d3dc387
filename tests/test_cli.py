"""What whoever runs the house types about people: the first administrator, and the last resort."""

import re

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.db import Database
from app.models import Mandate, Message, Person, SecondFactor
from app.operations.second_factor import add_second_factor
from tests.conftest import Clock
from tests.make import Make
from tests.web.account.test_second_factor import SECRET, code


def test_a_new_house_has_nobody_and_its_first_administrator_gets_a_link_that_serves_once(
    app: Flask, client: FlaskClient, database: Database
) -> None:
    with database.session(writes=False) as db:
        assert db.execute(select(Person)).all() == []
    command = ["people", "first-administrator", "Mathilde@Fabrique.example", "Mathilde Ruben"]
    said = app.test_cli_runner().invoke(args=command)
    assert said.exit_code == 0
    found = re.search(r"http://localhost(/invitations/\S+)", said.output)
    assert found
    with database.session(writes=False) as db:
        assert db.execute(select(Mandate.role)).scalars().all() == ["administrator"]
        assert db.execute(select(Person.email)).scalars().all() == ["mathilde@fabrique.example"]
    chosen = {"password": "quatre mots bien choisis"}
    assert client.get(found[1]).status_code == 200
    assert client.post(found[1], data=chosen).location == "/compte/code-de-connexion"
    assert client.post(found[1], data=chosen).status_code == 410
    again = app.test_cli_runner().invoke(args=[*command[:2], "autre@fabrique.example", "Une autre"])
    assert again.exit_code == 1
    assert "http" not in again.output


def test_an_address_that_is_none_makes_nobody(app: Flask, database: Database) -> None:
    said = app.test_cli_runner().invoke(args=["people", "first-administrator", "pas une adresse", "Personne"])
    assert (said.exit_code, said.output.strip()) == (1, "Error: Refused: email_malformed.")
    with database.session(writes=False) as db:
        assert db.execute(select(Person)).all() == []


def test_a_lost_code_is_taken_away_by_whoever_runs_the_house(
    app: Flask, make: Make, database: Database, clock: Clock
) -> None:
    officer = make.officer()
    add_second_factor(make.db, officer.id, SECRET, code(clock), keys=make.keys, clock=clock)
    make.commit()
    command = ["people", "remove-second-factor", officer.email]
    assert app.test_cli_runner().invoke(args=command).exit_code == 0
    with database.session(writes=False) as db:
        assert db.execute(select(SecondFactor)).all() == []
        told = db.execute(select(Message.person_id).where(Message.notice == "second_factor_changed"))
        assert told.scalars().all() == [officer.id] * 2
    assert app.test_cli_runner().invoke(args=command).output.strip() == "Error: Refused: gone."
