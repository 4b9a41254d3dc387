"""How many times one may be wrong, and who still comes in meanwhile."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db import Database
from app.models import Throttle
from app.operations.throttle import count_try
from app.web.throttle import FOR_AN_ACCOUNT, FOR_AN_ADDRESS, key
from tests.conftest import Clock
from tests.web.account.conftest import PASSWORD, WRONG, Insider
from tests.web.account.test_access import enter

Elsewhere = Callable[[], FlaskClient]


@pytest.fixture
def worn(app: Flask, session: Session, insider: Insider, clock: Clock) -> Insider:
    """Somebody on whose account all the tries of this quarter of an hour were wrong."""
    wear(app, session, clock, "account", insider.email, FOR_AN_ACCOUNT)
    return insider


def wear(app: Flask, session: Session, clock: Clock, kind: str, value: str, tries: int) -> None:
    with app.app_context():
        name = key(kind, value)
    for _ in range(tries):
        count_try(session, name, at=clock())
    session.commit()


def test_the_eleventh_wrong_try_waits(client: FlaskClient, insider: Insider) -> None:
    for _ in range(FOR_AN_ACCOUNT):
        assert enter(client, insider.email, WRONG).status_code == 422
    answer = enter(client, insider.email, WRONG)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "900")
    assert "Trop d’essais. Attendez un quart d’heure, ou demandez de l’aide à l’Avise." in answer.text


def test_the_wait_is_the_same_for_an_address_nobody_has(client: FlaskClient) -> None:
    for _ in range(FOR_AN_ACCOUNT):
        enter(client, "nul@fabrique.example", WRONG)
    assert enter(client, "NUL@fabrique.example", WRONG).status_code == 429


def test_even_the_right_password_waits_and_never_for_good(client: FlaskClient, worn: Insider, clock: Clock) -> None:
    assert enter(client, worn.email).status_code == 429
    clock.forward(minutes=14)
    assert enter(client, worn.email).status_code == 429
    clock.forward(minutes=1)
    assert enter(client, worn.email).status_code == 303


def test_another_spelling_of_the_address_gives_no_more_tries(client: FlaskClient, worn: Insider) -> None:
    assert enter(client, worn.email.upper()).status_code == 429
    assert enter(client, worn.email.replace("fabrique", "ｆabrique")).status_code == 429


def test_the_right_person_still_comes_in_from_a_device_she_has_used(
    app: Flask, client: FlaskClient, elsewhere: Elsewhere, session: Session, insider: Insider, clock: Clock
) -> None:
    enter(client, insider.email)
    client.post("/deconnexion")
    wear(app, session, clock, "account", insider.email, FOR_AN_ACCOUNT)
    wear(app, session, clock, "address", "127.0.0.1", FOR_AN_ADDRESS)
    assert enter(elsewhere(), insider.email).status_code == 429
    assert enter(client, insider.email).status_code == 303


def test_a_known_device_has_no_more_tries_than_another(client: FlaskClient, insider: Insider) -> None:
    enter(client, insider.email)
    client.post("/deconnexion")
    for _ in range(FOR_AN_ACCOUNT):
        assert enter(client, insider.email, WRONG).status_code == 422
    assert enter(client, insider.email).status_code == 429


@pytest.mark.parametrize("shape", ["", "a.b.c", "1.x.y", "99999999999.x.y", "é.é.é", "." * 300])
def test_a_device_cookie_made_by_hand_is_no_device(client: FlaskClient, worn: Insider, shape: str) -> None:
    client.set_cookie("appareil", shape)
    assert enter(client, worn.email).status_code == 429


def test_the_device_of_somebody_else_is_no_device(
    client: FlaskClient, insider: Insider, app: Flask, session: Session, clock: Clock
) -> None:
    enter(client, insider.email)
    client.post("/deconnexion")
    wear(app, session, clock, "account", "autre@fabrique.example", FOR_AN_ACCOUNT)
    assert enter(client, "autre@fabrique.example", WRONG).status_code == 429


def test_the_fifty_first_wrong_try_from_one_address_waits(
    app: Flask, client: FlaskClient, session: Session, insider: Insider, clock: Clock
) -> None:
    wear(app, session, clock, "address", "127.0.0.1", FOR_AN_ADDRESS - 1)
    assert enter(client, "quelqu.un@fabrique.example", WRONG).status_code == 422
    assert enter(client, insider.email).status_code == 429


def test_an_address_that_a_visitor_writes_is_not_believed(
    app: Flask, client: FlaskClient, session: Session, insider: Insider, clock: Clock
) -> None:
    wear(app, session, clock, "address", "127.0.0.1", FOR_AN_ADDRESS)
    form = {"email": insider.email, "password": PASSWORD}
    answer = client.post("/connexion", data=form, headers={"X-Forwarded-For": "203.0.113.9"})
    assert answer.status_code == 429


def test_right_tries_do_not_wear_out_an_address_that_many_share(
    app: Flask, client: FlaskClient, session: Session, insider: Insider, clock: Clock
) -> None:
    wear(app, session, clock, "address", "127.0.0.1", FOR_AN_ADDRESS - 1)
    for _ in range(3):
        assert enter(app.test_client(), insider.email).status_code == 303


def test_the_count_survives_a_restart_and_is_shared_by_processes(another_process: Flask, worn: Insider) -> None:
    assert enter(another_process.test_client(), worn.email).status_code == 429


def test_a_right_password_forgets_the_wrong_ones(client: FlaskClient, insider: Insider) -> None:
    for _ in range(FOR_AN_ACCOUNT - 1):
        enter(client, insider.email, WRONG)
    assert enter(client, insider.email).status_code == 303
    client.post("/deconnexion")
    client.delete_cookie("appareil")
    assert enter(client, insider.email, WRONG).status_code == 422


def test_no_address_is_stored_in_the_counts(client: FlaskClient, database: Database, insider: Insider) -> None:
    enter(client, insider.email, WRONG)
    with database.session(writes=False) as db:
        names = db.execute(select(Throttle.key)).scalars().all()
    assert len(names) == 2
    assert not any(insider.email in name or "127.0.0.1" in name for name in names)
