"""The edge: what is refused before any view, and what every answer carries."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.db import Database
from app.models import WebSession
from tests.make import Make

HOSTILE = ["\x00", "\x01", "\x1b[31m", "\x7f", "\ud800"]


@pytest.fixture
def guarded(app: Flask) -> FlaskClient:
    """A visitor who must carry the form's own token."""
    app.config["WTF_CSRF_ENABLED"] = True
    return app.test_client()


def token(page: str) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert found
    return found[1]


@pytest.mark.parametrize("path", ["/", "/connexion", "/reseau", "/nulle-part", "/healthz"])
def test_every_answer_is_dressed(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_an_unknown_page_is_a_page_with_a_reference(client: FlaskClient) -> None:
    answer = client.get("/nulle-part")
    assert answer.status_code == 404
    assert re.search(r"[2-9A-Z]{4}-[2-9A-Z]{4}", answer.text)
    assert '<html lang="fr">' in answer.text


@pytest.mark.parametrize("sign", ["%00", "%01", "%1b", "%7f"])
def test_control_characters_are_refused_in_addresses(client: FlaskClient, sign: str) -> None:
    assert client.get(f"/reseau?q=a{sign}b").status_code == 400
    assert client.get(f"/structures/a{sign}b").status_code in {400, 404}


@pytest.mark.parametrize("sign", HOSTILE[:4])
def test_control_characters_are_refused_in_forms(client: FlaskClient, sign: str) -> None:
    answer = client.post("/connexion", data={"email": f"a{sign}b@fabrique.example", "password": "x"})
    assert answer.status_code == 400


def test_a_form_without_its_token_is_refused(guarded: FlaskClient) -> None:
    assert guarded.post("/connexion", data={"email": "a@b.example", "password": "x"}).status_code == 400


def test_a_form_with_another_visitors_token_is_refused(app: Flask, guarded: FlaskClient) -> None:
    stolen = token(app.test_client().get("/connexion").text)
    guarded.get("/connexion")
    sent = {"email": "a@b.example", "password": "x", "csrf_token": stolen}
    assert guarded.post("/connexion", data=sent).status_code == 400


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}],
)
def test_a_form_sent_by_another_site_is_refused(client: FlaskClient, headers: dict[str, str]) -> None:
    answer = client.post("/connexion", data={"email": "a@b.example", "password": "x"}, headers=headers)
    assert answer.status_code == 403


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "localhost@evil.example"])
def test_another_host_is_refused(client: FlaskClient, host: str) -> None:
    assert client.get("/", base_url=f"http://{host}").status_code == 400


def test_a_body_over_the_limit_is_refused(client: FlaskClient) -> None:
    answer = client.post("/connexion", data={"email": "a" * 70_000, "password": "x"})
    assert answer.status_code == 413


def test_too_many_fields_are_refused(client: FlaskClient) -> None:
    assert client.post("/connexion", data={f"f{n}": "x" for n in range(600)}).status_code == 413


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "OPTIONS"])
@pytest.mark.parametrize("path", ["/", "/connexion", "/deconnexion"])
def test_other_verbs_are_refused(client: FlaskClient, method: str, path: str) -> None:
    assert client.open(path, method=method).status_code == 405


def test_a_verb_in_disguise_changes_nothing(client: FlaskClient) -> None:
    disguised = client.get("/deconnexion", headers={"X-HTTP-Method-Override": "POST"}, query_string={"_method": "POST"})
    assert disguised.status_code == 405


def test_a_cookie_is_for_this_site_alone(guarded: FlaskClient) -> None:
    cookie = guarded.get("/connexion").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/" in cookie
    assert "Domain" not in cookie


def test_a_page_that_keeps_nothing_makes_no_session(client: FlaskClient, database: Database) -> None:
    client.get("/")
    client.get("/reseau")
    with database.session(writes=False) as db:
        assert db.execute(select(func.count()).select_from(WebSession)).scalar() == 0


def test_an_error_of_ours_tells_nothing_of_the_inside(app: Flask, make: Make) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.testing = False

    @app.get("/casse")
    def broken() -> str:
        raise RuntimeError("the secret of the house: SELECT password FROM person")

    answer = app.test_client().get("/casse")
    assert answer.status_code == 500
    assert "SELECT" not in answer.text
    assert "Traceback" not in answer.text
    assert re.search(r"[2-9A-Z]{4}-[2-9A-Z]{4}", answer.text)


def test_health_pages_say_nothing_more(client: FlaskClient) -> None:
    assert client.get("/healthz").text == "ok\n"
    assert client.get("/readyz").text == "ready\n"
