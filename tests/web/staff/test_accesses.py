"""The accesses of others: their sessions ended at once, their lost codes taken away by two."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.db import Database
from app.models import Invitation, Message, Person, SecondFactor, WebSession
from app.operations.second_factor import add_second_factor, check_second_factor
from tests.conftest import Clock, Visitor, counted
from tests.make import Make
from tests.web.account.conftest import HASHED, PASSWORD
from tests.web.account.test_access import enter
from tests.web.account.test_second_factor import SECRET, code


@pytest.fixture
def elsewhere(app: Flask) -> FlaskClient:
    """Another browser."""
    return app.test_client()


@pytest.fixture
def team(make: Make, clock: Clock) -> tuple[Person, Person, Person]:
    """Two administrators, and an officer who has lost her second factor."""
    one, other, officer = make.person("administrator"), make.person("administrator"), make.officer()
    add_second_factor(make.db, officer.id, SECRET, code(clock), keys=make.keys, clock=clock)
    make.commit()
    clock.forward(hours=1)
    return one, other, officer


def told(database: Database, notice: str) -> list[str]:
    with database.session(writes=False) as db:
        return list(db.execute(select(Message.person_id).where(Message.notice == notice)).scalars())


def factors(database: Database) -> int:
    with database.session(writes=False) as db:
        return len(db.execute(select(SecondFactor)).all())


def test_the_page_says_how_she_comes_in_and_no_secret(
    client: Visitor, database: Database, team: tuple[Person, Person, Person]
) -> None:
    one, _, officer = team
    client.sign_in(one)
    with counted(database) as sent:
        page = client.get(f"/avise/personnes/{officer.id}")
    assert page.status_code == 200
    assert len(sent) <= 6
    for said in (officer.name, officer.email, "Demander le retrait de son code", "Aucune session ouverte"):
        assert said in page.text
    assert SECRET not in page.text


def test_the_team_page_leads_there_for_those_who_administer(
    client: Visitor, make: Make, team: tuple[Person, Person, Person]
) -> None:
    one, _, officer = team
    assert f"/avise/personnes/{officer.id}" in client.sign_in(one).get("/avise/equipe").text
    assert "/avise/personnes/" not in client.sign_in(officer).get("/avise/equipe").text


def test_only_those_who_administer_come_here(client: Visitor, make: Make, team: tuple[Person, Person, Person]) -> None:
    _, _, officer = team
    member = make.person("titulaire", structure=make.structure())
    make.commit()
    for person in (officer, member):
        client.sign_in(person)
        assert client.get(f"/avise/personnes/{officer.id}").status_code == 403
        for path in ("sessions", "code-perdu", "code-perdu/confirmer"):
            assert client.post(f"/avise/personnes/{officer.id}/{path}").status_code == 403
    client.sign_in(team[0])
    assert client.get("/avise/personnes/nobody").status_code == 404
    assert client.post("/avise/personnes/nobody/sessions").status_code == 404


def test_all_the_sessions_of_somebody_end_at_once(
    client: Visitor, elsewhere: Visitor, database: Database, team: tuple[Person, Person, Person]
) -> None:
    one, _, officer = team
    elsewhere.sign_in(officer)
    with database.session(writes=False) as db:
        held = db.execute(select(WebSession.person_id)).scalars().all()
    assert held == [officer.id]
    client.sign_in(one)
    assert "Une session ouverte" in client.get(f"/avise/personnes/{officer.id}").text
    assert client.post(f"/avise/personnes/{officer.id}/sessions").status_code == 303
    assert elsewhere.get("/compte").status_code == 302
    assert client.get("/compte").status_code == 200


def test_two_administrators_take_a_lost_code_away_and_everybody_is_told(
    client: Visitor, database: Database, team: tuple[Person, Person, Person]
) -> None:
    one, other, officer = team
    path = f"/avise/personnes/{officer.id}/code-perdu"
    client.sign_in(one)
    assert client.post(f"{path}/confirmer").status_code == 409
    assert client.post(path).status_code == 303
    assert told(database, "second_factor_lost") == [other.id]
    assert client.post(path).status_code == client.post(f"{path}/confirmer").status_code == 409
    assert "Confirmer le retrait" not in client.get(f"/avise/personnes/{officer.id}").text
    assert factors(database) == 1
    client.sign_in(other)
    assert "Confirmer le retrait de son code" in client.get(f"/avise/personnes/{officer.id}").text
    assert client.post(f"{path}/confirmer").status_code == 303
    assert factors(database) == 0
    assert told(database, "second_factor_changed") == [officer.id] * 3  # added, asked, removed
    assert client.post(path).status_code == 404


def test_nobody_takes_her_own_code_away_this_way(
    client: Visitor, make: Make, clock: Clock, database: Database, team: tuple[Person, Person, Person]
) -> None:
    one, other, _ = team
    add_second_factor(make.db, one.id, SECRET, code(clock), keys=make.keys, clock=clock)
    make.commit()
    path = f"/avise/personnes/{one.id}/code-perdu"
    assert client.sign_in(one).post(path).status_code == 409
    assert client.sign_in(other).post(path).status_code == 303
    assert client.sign_in(one).post(f"{path}/confirmer").status_code == 409
    assert factors(database) == 2


def test_whoever_signs_in_with_her_code_has_not_lost_it(
    client: Visitor, make: Make, clock: Clock, team: tuple[Person, Person, Person]
) -> None:
    one, other, officer = team
    path = f"/avise/personnes/{officer.id}/code-perdu"
    client.sign_in(one).post(path)
    assert check_second_factor(make.db, officer.id, code(clock), keys=make.keys, clock=clock)
    make.commit()
    assert client.sign_in(other).post(f"{path}/confirmer").status_code == 409


def test_a_forgotten_password_of_the_team_is_chosen_anew_by_an_invitation_and_the_code_is_still_asked(
    client: Visitor, elsewhere: Visitor, make: Make, database: Database, team: tuple[Person, Person, Person]
) -> None:
    one, _, officer = team
    make.db.get_one(Person, officer.id).password = HASHED
    make.commit()
    elsewhere.sign_in(officer)
    assert client.sign_in(one).post(f"/avise/personnes/{officer.id}/mot-de-passe-perdu").status_code == 303
    assert elsewhere.get("/compte").status_code == 302
    assert enter(elsewhere, officer.email).status_code == 422
    with database.session(writes=False) as db:
        asked = select(Invitation).where(Invitation.person_id == officer.id, Invitation.used_at.is_(None))
        invited = db.execute(asked.order_by(Invitation.expires_at.desc())).scalars().first()
    assert invited
    expires = int(invited.expires_at.timestamp())
    token = make.keys.token("invitation", invited.id, expires, invited.nonce)
    path = f"/invitations/{invited.id}/{expires}/{token}"
    assert elsewhere.post(path, data={"password": PASSWORD}).location == "/connexion/code-de-connexion"


def test_only_the_team_and_never_oneself_is_invited_anew(
    client: Visitor, make: Make, team: tuple[Person, Person, Person]
) -> None:
    one, _, _ = team
    member = make.person("titulaire", structure=make.structure())
    make.commit()
    client.sign_in(one)
    assert client.post(f"/avise/personnes/{member.id}/mot-de-passe-perdu").status_code == 404
    assert client.post(f"/avise/personnes/{one.id}/mot-de-passe-perdu").status_code == 409
