"""Signing in and out: one answer for every wrong try, one cookie for one session, no way out of the site."""

from collections.abc import Callable

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.db import Database
from app.demo.fictional import invitations
from app.models import Person, WebSession
from app.operations import people
from app.typography import typo
from tests.conftest import Clock, counted
from tests.make import Make
from tests.web.account.conftest import HASHED, PASSWORD, WRONG, Insider

COOKIE = "appellation"
Elsewhere = Callable[[], FlaskClient]

OUTSIDE = (
    "//evil.example",
    "///evil.example",
    "////evil.example/compte",
    "/\\evil.example",
    "\\/evil.example",
    "\\\\evil.example",
    "https:evil.example",
    "https://evil.example",
    "https:///evil.example",
    "HTTPS://evil.example/compte",
    "javascript:alert(1)",
    "data:text/html,evil",
    "/%09//evil.example",
    "//evil.example@localhost",
    "/%2f/evil.example",
    "/%5cevil.example",
    "/compte/../../evil.example",
    "evil.example",
    "。evil.example",
    "http://localhost/compte",
)


def enter(client: FlaskClient, email: str, password: str = PASSWORD, **more: str) -> TestResponse:
    return client.post("/connexion", data={"email": email, "password": password, **more})


def cookie(client: FlaskClient) -> str:
    found = client.get_cookie(COOKIE)
    assert found
    return found.value


def test_the_right_password_opens_the_account(client: FlaskClient, insider: Insider) -> None:
    answer = enter(client, "  Personne1@Fabrique.EXAMPLE " if insider.email.startswith("personne1@") else insider.email)
    assert answer.status_code == 303
    page = client.get("/compte").text
    assert "Solène Kervadec" in page
    assert "Vous agissez pour Rives-Nord" in page


def test_whoever_has_no_appellation_yet_lands_on_her_dossier(client: FlaskClient, insider: Insider) -> None:
    assert enter(client, insider.email).location == "/dossiers"


def test_whoever_has_the_appellation_lands_on_what_is_expected(client: FlaskClient, make: Make) -> None:
    member = make.holder()
    member.person.password = HASHED
    make.commit()
    assert enter(client, member.person.email).location == "/comite"


def test_the_team_lands_on_its_day(demonstration: Flask, make: Make) -> None:
    """Elsewhere than in the demonstration, on the second step first."""
    officer = make.officer()
    officer.password = HASHED
    make.commit()
    assert enter(demonstration.test_client(), officer.email).location == "/avise"


def test_unknown_and_known_addresses_get_the_same_answer(elsewhere: Elsewhere, insider: Insider) -> None:
    known, unknown = enter(elsewhere(), insider.email, WRONG), enter(elsewhere(), "nul@fabrique.example", WRONG)
    assert known.status_code == unknown.status_code == 422
    assert known.text.replace(insider.email, "X") == unknown.text.replace("nul@fabrique.example", "X")
    assert list(known.headers.keys()) == list(unknown.headers.keys())
    assert "L’adresse ou le mot de passe ne correspond pas." in known.text


def test_unknown_and_known_addresses_cost_one_hash_each(
    client: FlaskClient, insider: Insider, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Counting(PasswordHasher):
        verified = 0

        def verify(self, hash: str | bytes, password: str | bytes) -> bool:
            self.verified += 1
            return super().verify(hash, password)

    hasher = Counting(time_cost=2, memory_cost=19 * 1024, parallelism=1)
    monkeypatch.setattr(people, "HASHER", hasher)
    for number, email in enumerate((insider.email, "nul@fabrique.example", "pas une adresse"), 1):
        enter(client, email, WRONG)
        assert hasher.verified == number


def test_unknown_and_known_addresses_cost_the_same_statements(
    client: FlaskClient, database: Database, insider: Insider
) -> None:
    with counted(database) as known:
        enter(client, insider.email, WRONG)
    with counted(database) as unknown:
        enter(client, "nul@fabrique.example", WRONG)
    assert len(known) == len(unknown) <= 8


def test_what_was_typed_is_kept_but_the_password(client: FlaskClient, insider: Insider) -> None:
    page = enter(client, insider.email, WRONG, next="/compte").text
    assert insider.email in page
    assert WRONG not in page
    assert 'value="/compte"' in page


def test_somebody_whose_access_has_ended_is_unknown(client: FlaskClient, make: Make, insider: Insider) -> None:
    insider.person.active = False
    make.commit()
    assert enter(client, insider.email).status_code == 422


def test_somebody_invited_without_a_password_yet_is_unknown(client: FlaskClient, make: Make) -> None:
    person = make.person("titulaire", structure=make.structure())
    make.commit()
    assert enter(client, person.email, "").status_code == 422
    assert enter(client, person.email, WRONG).status_code == 422


def test_the_session_has_another_identifier_after_signing_in(
    client: FlaskClient, session: Session, insider: Insider
) -> None:
    with client.session_transaction() as opened:
        opened["language"] = "fr"
    before = cookie(client)
    enter(client, insider.email)
    after = cookie(client)
    assert before != after
    session.expire_all()
    rows = session.execute(select(WebSession.person_id)).scalars().all()
    assert rows == [insider.person.id]


def test_a_cookie_planted_before_signing_in_opens_nothing(
    client: FlaskClient, elsewhere: Elsewhere, insider: Insider
) -> None:
    client.set_cookie(COOKIE, "planted-by-somebody-else")
    enter(client, insider.email)
    other = elsewhere()
    other.set_cookie(COOKIE, "planted-by-somebody-else")
    assert other.get("/compte").status_code == 302
    assert client.get("/compte").status_code == 200


def test_an_old_cookie_is_dead_after_signing_out(client: FlaskClient, elsewhere: Elsewhere, insider: Insider) -> None:
    enter(client, insider.email)
    kept = cookie(client)
    answer = client.post("/deconnexion")
    assert (answer.status_code, answer.headers["Clear-Site-Data"]) == (303, '"cache", "storage"')
    assert client.get_cookie(COOKIE) is None
    thief = elsewhere()
    thief.set_cookie(COOKIE, kept)
    assert thief.get("/compte").location == "/connexion?next=/compte"
    assert "Votre session est terminée." in client.get(answer.location).text


def test_nobody_is_signed_out_by_reading_a_page(client: FlaskClient, insider: Insider) -> None:
    enter(client, insider.email)
    assert client.get("/deconnexion").status_code == 405
    assert client.get("/compte").status_code == 200


def test_a_session_left_aside_or_too_old_ends(client: FlaskClient, insider: Insider, clock: Clock) -> None:
    enter(client, insider.email)
    clock.forward(minutes=31)
    assert client.get("/compte").status_code == 302
    enter(client, insider.email)
    for _ in range(25):
        clock.forward(minutes=29)
        client.get("/compte")
    assert client.get("/compte").status_code == 302


def test_a_person_has_ten_sessions_at_most(elsewhere: Elsewhere, session: Session, insider: Insider) -> None:
    first = elsewhere()
    for browser in (first, *(elsewhere() for _ in range(10))):
        enter(browser, insider.email)
    assert len(session.execute(select(WebSession.id)).all()) == 10


@pytest.mark.parametrize("asked", OUTSIDE)
def test_no_next_leaves_the_site(client: FlaskClient, insider: Insider, asked: str) -> None:
    """ASVS 5.0, 3.7.2."""
    assert enter(client, insider.email, next=asked).location == "/dossiers"


@pytest.mark.parametrize("asked", ["/compte", "/comite", "/reseau?statut=holder"])
def test_a_page_of_the_site_is_come_back_to(client: FlaskClient, insider: Insider, asked: str) -> None:
    shown = client.get("/connexion", query_string={"next": asked}).text
    assert f'value="{asked}"' in shown
    assert enter(client, insider.email, next=asked).location == asked


def test_an_address_is_written_anew(client: FlaskClient, insider: Insider) -> None:
    assert enter(client, insider.email, next="/%63ompte").location == "/compte"


def test_an_asked_page_leads_to_the_door_and_back(client: FlaskClient, insider: Insider) -> None:
    door = client.get("/compte")
    assert door.location == "/connexion?next=/compte"
    enter(client, insider.email, next="/compte")
    assert client.get(door.location).location == "/compte"


def test_the_demonstration_lists_its_people_and_lets_them_in(demonstration: Flask, make: Make) -> None:
    officer = make.officer()
    person = make.person("suppleance", structure=make.structure("Les Ateliers du Léguer"), name="Maud Trévise")
    make.holder("Rives-Nord")
    make.commit()
    client = demonstration.test_client()
    page = client.get("/connexion").text.replace("\u00a0", " ")
    assert page.index(officer.name) < page.index("Rives-Nord") < page.index("Les Ateliers du Léguer")
    for said in ("L’équipe de l’Avise (1)", "qui donnent leur avis (1)", "Les Ateliers du Léguer (suppléance)"):
        assert said in page
    answer = client.post("/demo/entrer", data={"person": person.id, "next": "/compte"})
    assert (answer.status_code, answer.location) == (303, "/compte")
    assert "Maud Trévise" in client.get("/compte").text


def test_the_demonstration_begins_with_a_few_invitations_and_folds_the_rest(demonstration: Flask, make: Make) -> None:
    inviting = invitations()
    assert 6 <= len(inviting) <= 10
    structure = make.structure()
    for email in inviting:
        make.person("titulaire", structure=structure).email = email
    make.commit()
    page = demonstration.test_client().get("/connexion").text
    on_top, rest = page.split("<details>", 1)
    for text in inviting.values():
        assert on_top.count(typo(text.fr, "fr")) == 1
        assert typo(text.fr, "fr") not in rest
    assert "<details open" not in page


def test_a_password_is_hashed_again_when_its_cost_has_gone_up(
    client: FlaskClient, database: Database, make: Make, insider: Insider
) -> None:
    make.db.get_one(Person, insider.person.id).password = PasswordHasher(1, 8 * 1024, 1).hash(PASSWORD)
    make.commit()
    assert enter(client, insider.email, WRONG).status_code == 422
    assert enter(client, insider.email).status_code == 303
    with database.session(writes=False) as db:
        stored = db.get_one(Person, insider.person.id).password
    assert stored is not None
    assert not people.needs_rehash(stored)
    assert enter(client, insider.email).status_code == 303


def test_a_hash_at_todays_cost_stays(client: FlaskClient, database: Database, insider: Insider) -> None:
    enter(client, insider.email)
    with database.session(writes=False) as db:
        assert db.get_one(Person, insider.person.id).password == HASHED


def test_nobody_enters_as_a_person_who_exists(demonstration: Flask, make: Make) -> None:
    person = make.person("titulaire", structure=make.structure())
    person.fictional = False
    make.commit()
    client = demonstration.test_client()
    assert client.post("/demo/entrer", data={"person": person.id}).status_code == 404
    assert client.post("/demo/entrer", data={"person": "nobody"}).status_code == 404
    assert person.name not in client.get("/connexion").text


def test_outside_the_demonstration_nobody_is_listed_and_nothing_enters(client: FlaskClient, make: Make) -> None:
    person = make.person("titulaire", structure=make.structure(), name="Maud Trévise")
    make.commit()
    assert "Maud Trévise" not in client.get("/connexion").text
    assert client.post("/demo/entrer", data={"person": person.id}).status_code == 404
    assert client.get("/demo/courriels").status_code == 404
