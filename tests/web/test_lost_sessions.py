"""A form that arrives after its session: kept for the same person, who signs in, reads it again and sends it."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from app.models import Answer, Dossier, KeptForm, Person
from app.operations.people import hash_password
from tests.conftest import Clock, Visitor
from tests.make import Make
from tests.web.test_edge import token

PASSWORD = "quatre mots bien choisis"
HASHED = hash_password(PASSWORD)
HERE = {"Origin": "http://localhost"}
TEXT = "Deux communes, <b>trois</b> ans.\r\n\r\nEt un groupe d’habitantes."


@dataclass
class Writer:
    """Somebody at her answer, with the form she was given while her session lasted."""

    app: Flask
    make: Make
    person: Person
    dossier: Dossier
    browser: Visitor
    token: str

    @property
    def path(self) -> str:
        return f"/dossiers/{self.dossier.id}/reponses/partenaires"

    def post(self, path: str = "", headers: dict[str, str] | None = None, **fields: Any) -> TestResponse:
        data = {"text": TEXT, "csrf_token": self.token, **fields}
        return self.browser.post(path or self.path, data=data, headers=HERE if headers is None else headers)

    def sign_in(self, back: str, person: Person | None = None) -> TestResponse:
        page = self.browser.get(back).text
        data = {"email": (person or self.person).email, "password": PASSWORD, "csrf_token": token(page)}
        data["next"] = str(re.search(r'name="next"[^>]*value="([^"]*)"', page)[1])  # type: ignore[index]
        return self.browser.post("/connexion", data=data, headers=HERE)

    def count(self, model: type) -> int:
        found = self.make.db.execute(select(func.count()).select_from(model)).scalar_one()
        self.make.commit()
        return int(found)


@pytest.fixture
def writer(app: Flask, make: Make) -> Writer:
    app.config["WTF_CSRF_ENABLED"] = True
    structure = make.structure()
    person = make.person("titulaire", structure=structure)
    person.password = HASHED
    dossier = make.dossier(structure, stage="experimentation")
    make.commit()
    browser = app.test_client()
    assert isinstance(browser, Visitor)
    made = Writer(app, make, person, dossier, browser.sign_in(person), "")
    made.token = token(browser.get(made.path).text)
    return made


@pytest.mark.parametrize("gone", [{"minutes": 31}, {"hours": 13}, {"days": 2}])
def test_what_was_sent_after_the_end_of_a_session_is_given_back_and_sent(
    writer: Writer, clock: Clock, gone: dict[str, int]
) -> None:
    clock.forward(**gone)
    answer = writer.post()
    assert answer.status_code == 303
    assert writer.count(Answer) == 0
    assert answer.location.startswith("/connexion?next=/compte/reprise/")
    page = writer.browser.get(answer.location)
    assert "Votre saisie est gardée" in page.text
    inside = writer.sign_in(answer.location)
    assert inside.location.startswith("/compte/reprise/")
    shown = writer.browser.get(inside.location).text
    assert "Votre réponse" in shown
    assert "Deux communes, &lt;b&gt;trois&lt;/b&gt; ans." in shown and "<b>trois" not in shown
    assert writer.token not in shown
    fields = {"text": TEXT, "csrf_token": token(shown)}
    again = writer.browser.post(inside.location, data=fields, headers=HERE)
    assert (again.status_code, again.location) == (307, writer.path)
    assert writer.count(KeptForm) == 0
    assert writer.browser.post(again.location, data=fields, headers=HERE).status_code == 303
    assert writer.count(Answer) == 1
    assert writer.browser.get(inside.location).status_code == 404


def test_the_fields_come_back_one_by_one_in_the_page_that_sends_them(writer: Writer, clock: Clock) -> None:
    clock.forward(minutes=31)
    page = writer.browser.get(writer.sign_in(writer.post(seen="a" * 64).location).location).text
    fields = re.findall(r'<textarea name="(\w+)"[^>]*>\n(.*?)</textarea>', page, re.DOTALL)
    assert [name for name, _value in fields] == ["text", "seen"]
    assert fields[0][1].replace("&lt;", "<").replace("&gt;", ">") == TEXT


def test_nobody_else_sees_what_was_kept(writer: Writer, clock: Clock) -> None:
    other = writer.make.person("titulaire", structure=writer.make.structure())
    other.password = HASHED
    writer.make.commit()
    clock.forward(minutes=31)
    back = writer.post().location
    assert writer.browser.get(back.split("next=")[1]).status_code == 302
    page = writer.sign_in(back, other).location
    assert writer.browser.get(page).status_code == 404
    secret = token(writer.browser.get("/compte").text)
    for path in (page, f"{page}/jeter"):
        assert writer.browser.post(path, data={"csrf_token": secret}, headers=HERE).status_code == 404
    assert writer.count(KeptForm) == 1


def test_what_was_kept_is_thrown_away_on_demand(writer: Writer, clock: Clock) -> None:
    clock.forward(minutes=31)
    page = writer.sign_in(writer.post().location).location
    secret = token(writer.browser.get(page).text)
    answer = writer.browser.post(f"{page}/jeter", data={"csrf_token": secret}, headers=HERE)
    assert (answer.status_code, answer.location) == (303, writer.path)
    assert (writer.count(KeptForm), writer.count(Answer)) == (0, 0)


def test_what_was_kept_is_gone_after_a_quarter_of_an_hour(writer: Writer, clock: Clock) -> None:
    clock.forward(minutes=31)
    page = writer.sign_in(writer.post().location).location
    clock.forward(minutes=15)
    assert writer.browser.get(page).status_code == 404


@pytest.mark.parametrize(
    "headers",
    [{}, {"Origin": "null"}, {"Origin": "https://evil.example"}, {**HERE, "Sec-Fetch-Site": "cross-site"}],
)
def test_a_form_that_does_not_say_it_comes_from_here_is_not_kept(
    writer: Writer, clock: Clock, headers: dict[str, str]
) -> None:
    clock.forward(minutes=31)
    assert writer.post(headers=headers).status_code in {400, 403}
    assert writer.count(KeptForm) == 0


def test_a_living_session_keeps_nothing(writer: Writer) -> None:
    assert writer.post(csrf_token="wrong").status_code == 400
    assert writer.count(KeptForm) == 0


def test_a_session_that_was_closed_on_purpose_keeps_nothing(writer: Writer) -> None:
    cookie = writer.browser.get_cookie("appellation")
    assert cookie is not None
    writer.browser.post("/deconnexion", data={"csrf_token": writer.token}, headers=HERE)
    writer.browser.set_cookie("appellation", cookie.value)
    assert writer.post().status_code == 400
    assert writer.count(KeptForm) == 0


@pytest.mark.parametrize(
    "path",
    [
        "/connexion",
        "/compte/mot-de-passe",
        "/comite/consultations/x/avis",
        "/comite/consultations/x/avis/confirmer",
        "/dossiers/x/reponses/partenaires/brouillon",
        "/nulle-part",
        "//evil.example/dossiers",
    ],
)
def test_ballots_passwords_and_what_is_no_form_of_ours_are_never_kept(writer: Writer, clock: Clock, path: str) -> None:
    clock.forward(minutes=31)
    assert writer.post(path).status_code in {302, 303, 400, 404, 405, 422}
    assert writer.count(KeptForm) == 0


@pytest.mark.parametrize("field", ["password", "new_password", "code", "choice", "ballot"])
def test_a_form_with_a_secret_in_it_is_not_kept_at_all(writer: Writer, clock: Clock, field: str) -> None:
    clock.forward(minutes=31)
    assert writer.post(**{field: "quatre mots"}).status_code == 400
    assert writer.count(KeptForm) == 0


def test_a_form_with_a_file_is_not_kept(writer: Writer, clock: Clock) -> None:
    clock.forward(minutes=31)
    path = writer.path.replace("reponses/partenaires", "pieces/presentation")
    with Path(__file__).open("rb") as file:
        assert writer.post(path, file=file).status_code == 400
    assert writer.count(KeptForm) == 0


def test_the_address_kept_is_built_anew(writer: Writer, clock: Clock) -> None:
    clock.forward(minutes=31)
    writer.post(writer.path + "?x=%0d%0aLocation:%20//evil.example")
    (path,) = writer.make.db.execute(select(KeptForm.path)).scalars()
    writer.make.commit()
    assert path.startswith(writer.path) and "\r" not in path and "//" not in path.replace("%", "")[1:].split("?")[0]


def test_sending_again_needs_a_token_of_today(writer: Writer, clock: Clock) -> None:
    clock.forward(minutes=31)
    page = writer.sign_in(writer.post().location).location
    assert writer.browser.post(page, data={"csrf_token": writer.token}, headers=HERE).status_code == 400
    assert writer.count(KeptForm) == 1


def test_a_page_of_the_team_keeps_its_text_too(app: Flask, make: Make, clock: Clock) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    officer = make.officer()
    officer.password = HASHED
    dossier = make.dossier(officer=officer, stage="mise_en_place")
    make.commit()
    browser = app.test_client()
    assert isinstance(browser, Visitor)
    path = f"/avise/dossiers/{dossier.id}/passages/entrer_experimentation"
    secret = token(browser.sign_in(officer).get(path).text)
    writer = Writer(app, make, officer, dossier, browser, secret)
    clock.forward(minutes=31)
    answer = writer.post(path)
    page = browser.sign_in(officer).get(answer.location.split("next=")[1]).text
    assert "Deux communes" in page
