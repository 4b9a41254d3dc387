"""The second factor: who must have one, the step after the password, recovery codes, and losing it."""

import re
import threading
from collections.abc import Callable

import pytest
from cryptography.exceptions import InvalidTag
from flask import Flask
from flask.testing import FlaskClient
from pyotp import TOTP
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.db import Database
from app.keys import Keys
from app.models import Invitation, Message, Person, SecondFactor, WebSession
from app.operations.people import change_password
from app.operations.second_factor import STEP, add_second_factor, check_second_factor, drafted_secret, hashed, plain
from tests.conftest import Clock
from tests.make import Make
from tests.web.account.conftest import HASHED, PASSWORD, Ask, Insider, inside
from tests.web.account.test_access import cookie, enter

Elsewhere = Callable[[], FlaskClient]
DOOR = "/connexion/code-de-connexion"
OWN = "/compte/code-de-connexion"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def code(clock: Clock, secret: str = SECRET, steps: int = 0) -> str:
    """What the application of codes shows, some steps from now."""
    return TOTP(secret).generate_otp(int(clock().timestamp()) // STEP + steps)


@pytest.fixture
def officer(make: Make) -> Person:
    person = make.officer()
    person.password = HASHED
    make.commit()
    return person


@pytest.fixture
def codes(app: Flask, make: Make, officer: Person, clock: Clock) -> tuple[str, ...]:
    """The recovery codes of an officer who has her second factor since an hour."""
    keys: Keys = app.extensions["keys"]
    given = add_second_factor(make.db, officer.id, SECRET, code(clock), keys=keys, clock=clock)
    make.commit()
    clock.forward(hours=1)
    return given


def shown(page: str) -> str:
    """The secret on the page of an enrolment."""
    found = re.search(r"((?:[A-Z2-7]{4}\s){7}[A-Z2-7]{4})", page)
    assert found
    return "".join(found[1].split())


def listed(page: str) -> list[str]:
    return re.findall(r"<li>((?:[A-Z2-9]{4}\s?){6})</li>", page)


def told(database: Database) -> list[str]:
    with database.session(writes=False) as db:
        asked = select(Message.values).where(Message.notice == "second_factor_changed").order_by(Message.written_at)
        return [values["what"] for values in db.execute(asked).scalars()]


def step(client: FlaskClient, typed: str) -> TestResponse:
    return client.post(DOOR, data={"code": typed})


# ── Enrolling, because one must ──────────────────────────────────────────────────────────────────────────────────────


def test_the_team_adds_a_second_factor_before_anything_else(
    client: FlaskClient, database: Database, officer: Person, clock: Clock
) -> None:
    assert enter(client, officer.email, next="/avise/dossiers").location == OWN
    for path in ("/avise", "/compte", "/avise/dossiers"):
        assert client.get(path).status_code == 302
    assert client.post("/compte/langue", data={"code": "en"}).status_code == 302
    page = client.get(OWN)
    assert page.headers["Cache-Control"] == "no-store"
    secret = shown(page.text)
    assert len(secret) == 32
    assert client.post(OWN, data={"code": code(clock, secret, 5)}).status_code == 422
    assert shown(client.get(OWN).text) == secret
    before = cookie(client)
    answer = client.post(OWN, data={"code": code(clock, secret)})
    assert answer.status_code == 200
    assert len(listed(answer.text)) == 10
    assert 'href="/avise/dossiers"' in answer.text
    assert cookie(client) != before
    assert client.get("/avise").status_code == 200
    assert told(database) == ["added"]


def test_an_invitation_into_the_team_leads_there_too(client: FlaskClient, app: Flask, make: Make) -> None:
    person = make.person("administrator")
    invited = make.db.execute(select(Invitation).where(Invitation.person_id == person.id)).scalar_one()
    make.commit()
    expires = int(invited.expires_at.timestamp())
    token = app.extensions["keys"].token("invitation", invited.id, expires, invited.nonce)
    answer = client.post(f"/invitations/{invited.id}/{expires}/{token}", data={"password": PASSWORD})
    assert answer.location == OWN
    assert client.get("/avise/equipe").status_code == 302


def test_in_the_demonstration_the_team_may_do_without(demonstration: Flask, officer: Person) -> None:
    client = demonstration.test_client()
    assert enter(client, officer.email).location == "/avise"
    assert client.get("/avise").status_code == 200


def test_a_structure_is_never_made_to(client: FlaskClient, insider: Insider) -> None:
    assert enter(client, insider.email).location == "/dossiers"
    assert "Ajouter un code de connexion" in client.get("/compte").text


def test_the_picture_holds_the_secret_and_is_kept_nowhere(client: FlaskClient, officer: Person) -> None:
    assert client.get(f"{OWN}/image").status_code == 302
    enter(client, officer.email)
    assert client.get(f"{OWN}/image").status_code == 404
    client.get(OWN)
    picture = client.get(f"{OWN}/image")
    assert picture.content_type.startswith("image/svg+xml")
    assert picture.headers["Cache-Control"] == "no-store"
    assert "style=" not in picture.text
    assert "<script" not in picture.text


def test_nothing_is_stored_before_it_is_confirmed_and_the_secret_is_ciphered_after(
    client: FlaskClient, app: Flask, database: Database, officer: Person, clock: Clock
) -> None:
    enter(client, officer.email)
    secret = shown(client.get(OWN).text)
    with database.session(writes=False) as db:
        assert db.execute(select(SecondFactor)).all() == []
        assert secret not in repr(db.execute(select(WebSession.data)).all())
    page = client.post(OWN, data={"code": code(clock, secret)}).text
    with database.session(writes=False) as db:
        kept = db.execute(select(SecondFactor)).scalar_one()
    assert secret not in kept.secret
    assert app.extensions["keys"].unseal("second factor", officer.id, kept.secret) == secret
    assert kept.recovery == [hashed(plain(one)) for one in listed(page)]
    assert not any(plain(one) in str(kept.recovery) for one in listed(page))


def test_a_secret_is_each_persons_own(app: Flask) -> None:
    keys: Keys = app.extensions["keys"]
    drafts = {drafted_secret(keys, person, nonce) for person in ("a", "b") for nonce in ("1", "2")}
    assert len(drafts) == 4


# ── The second step ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_password_alone_opens_nothing(
    client: FlaskClient, officer: Person, codes: tuple[str, ...], clock: Clock
) -> None:
    assert enter(client, officer.email, next="/avise/dossiers").location == DOOR
    for path in ("/avise", "/compte", OWN, "/avise/dossiers"):
        assert client.get(path).status_code == 302
    assert step(client, code(clock, steps=9)).status_code == 422
    before = cookie(client)
    answer = step(client, f"{code(clock)[:3]} {code(clock)[3:]}")
    assert (answer.status_code, answer.location) == (303, "/avise/dossiers")
    assert cookie(client) != before
    assert inside(client)


@pytest.mark.parametrize(("steps", "status"), [(-2, 422), (-1, 303), (0, 303), (1, 303), (2, 422)])
def test_a_code_is_taken_one_step_around_now(
    client: FlaskClient, officer: Person, codes: tuple[str, ...], clock: Clock, steps: int, status: int
) -> None:
    enter(client, officer.email)
    assert step(client, code(clock, steps=steps)).status_code == status


def test_a_code_serves_once_and_none_before_it(
    client: FlaskClient, elsewhere: Elsewhere, officer: Person, codes: tuple[str, ...], clock: Clock
) -> None:
    enter(client, officer.email)
    seen = code(clock)
    assert step(client, seen).status_code == 303
    thief = elsewhere()
    enter(thief, officer.email)
    assert step(thief, seen).status_code == step(thief, code(clock, steps=-1)).status_code == 422
    assert not inside(thief)
    assert step(thief, code(clock, steps=1)).status_code == 303


def test_the_code_typed_to_enrol_does_not_serve_again(
    app: Flask, client: FlaskClient, make: Make, officer: Person, clock: Clock
) -> None:
    add_second_factor(make.db, officer.id, SECRET, code(clock), keys=app.extensions["keys"], clock=clock)
    make.commit()
    enter(client, officer.email)
    assert step(client, code(clock)).status_code == 422


def test_fifty_uses_of_one_code_at_once_let_one_in(
    app: Flask, database: Database, officer: Person, codes: tuple[str, ...], clock: Clock
) -> None:
    keys, typed = app.extensions["keys"], code(clock)
    start, said = threading.Barrier(50), list[bool]()

    def use() -> None:
        start.wait()
        with database.session(writes=True) as db:
            said.append(check_second_factor(db, officer.id, typed, keys=keys, clock=clock))
            db.commit()

    threads = [threading.Thread(target=use) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert said.count(True) == 1


@pytest.mark.parametrize(
    "hostile", ["", " ", "12345", "１２３４５６", "٣٣٣٣٣٣", "a" * 61, "-12345", "'; --", "é" * 24, "2" * 24]
)
def test_a_hostile_code_is_a_wrong_one(
    client: FlaskClient, officer: Person, codes: tuple[str, ...], hostile: str
) -> None:
    enter(client, officer.email)
    assert step(client, hostile).status_code == 422
    assert not inside(client)


def test_the_eleventh_wrong_code_waits_even_right(
    client: FlaskClient, officer: Person, codes: tuple[str, ...], clock: Clock
) -> None:
    enter(client, officer.email)
    for _ in range(10):
        assert step(client, code(clock, steps=9)).status_code == 422
    answer = step(client, code(clock))
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "900")
    assert not inside(client)


def test_the_threshold_lasts_five_minutes(
    client: FlaskClient, officer: Person, codes: tuple[str, ...], clock: Clock
) -> None:
    enter(client, officer.email)
    clock.forward(minutes=5)
    answer = step(client, code(clock))
    assert answer.location == "/connexion?trop_tard=1"
    assert "Les cinq minutes de la seconde étape sont passées" in client.get(answer.location).text
    assert not inside(client)


def test_whoever_never_gave_a_password_has_no_second_step(client: FlaskClient) -> None:
    assert client.get(DOOR).status_code == client.post(DOOR, data={"code": "123456"}).status_code == 303
    assert client.get(OWN).status_code == client.post(OWN, data={"code": "123456"}).status_code == 302


def test_a_password_changed_meanwhile_closes_the_threshold(
    client: FlaskClient, make: Make, officer: Person, codes: tuple[str, ...], clock: Clock
) -> None:
    enter(client, officer.email)
    change_password(make.db, officer.id, "another hash", but_session=None, clock=clock)
    make.commit()
    assert step(client, code(clock)).status_code == 303
    assert not inside(client)


def test_an_access_ended_meanwhile_closes_it_too(
    client: FlaskClient, make: Make, officer: Person, codes: tuple[str, ...], clock: Clock
) -> None:
    enter(client, officer.email)
    make.db.get_one(Person, officer.id).active = False
    make.commit()
    step(client, code(clock))
    assert not inside(client)


def test_a_mailed_link_does_not_pass_over_the_second_step(
    app: Flask,
    client: FlaskClient,
    make: Make,
    insider: Insider,
    ask: Ask,
    clock: Clock,
) -> None:
    add_second_factor(make.db, insider.person.id, SECRET, code(clock), keys=app.extensions["keys"], clock=clock)
    make.commit()
    clock.forward(hours=1)
    assert client.post(ask(client, insider.person).path).location == DOOR
    assert not inside(client)
    assert step(client, code(clock)).status_code == 303
    assert "Mot de passe actuel" not in client.get("/compte").text


# ── Recovery codes ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_each_recovery_code_serves_once(
    client: FlaskClient, elsewhere: Elsewhere, database: Database, officer: Person, codes: tuple[str, ...]
) -> None:
    enter(client, officer.email)
    typed = "-".join(codes[0][start : start + 4] for start in range(0, 24, 4)).lower()
    assert step(client, typed).status_code == 303
    assert "Il vous reste 9 codes de secours." in client.get("/compte").text.replace("\u00a0", " ")
    other = elsewhere()
    enter(other, officer.email)
    assert step(other, codes[0]).status_code == 422
    assert step(other, codes[9]).status_code == 303
    assert told(database) == ["added", "recovered", "recovered"]


def test_new_codes_replace_the_others_and_ask_for_a_fresh_proof(
    client: FlaskClient, database: Database, officer: Person, codes: tuple[str, ...], clock: Clock
) -> None:
    enter(client, officer.email)
    step(client, code(clock))
    clock.forward(minutes=10)
    assert client.post(f"{OWN}/codes").location == "/compte/preuve?next=/compte"
    assert client.post("/compte/preuve", data={"password": "non"}).status_code == 422
    assert client.post("/compte/preuve", data={"password": PASSWORD, "next": "//evil.example"}).location == "/compte"
    fresh = listed(client.post(f"{OWN}/codes").text)
    assert len(fresh) == 10
    client.post("/deconnexion")
    enter(client, officer.email)
    assert step(client, codes[1]).status_code == 422
    assert step(client, fresh[1]).status_code == 303
    assert told(database) == ["added", "codes", "recovered"]


# ── By choice ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_anybody_may_add_one_and_give_it_up(
    client: FlaskClient, elsewhere: Elsewhere, database: Database, insider: Insider, clock: Clock
) -> None:
    other = elsewhere()
    enter(other, insider.email)
    enter(client, insider.email)
    secret = shown(client.get(OWN).text)
    before = cookie(client)
    assert client.post(OWN, data={"code": code(clock, secret)}).status_code == 200
    assert cookie(client) != before
    assert client.get(OWN).location == "/compte"
    assert enter(elsewhere(), insider.email).location == DOOR
    assert client.post(f"{OWN}/fin").status_code == 303
    assert inside(client)
    assert not inside(other)
    assert enter(elsewhere(), insider.email).location == "/dossiers"
    assert told(database) == ["added", "removed"]


def test_adding_one_asks_for_a_fresh_proof(client: FlaskClient, insider: Insider, clock: Clock) -> None:
    enter(client, insider.email)
    clock.forward(minutes=10)
    assert client.get(OWN).location == f"/compte/preuve?next={OWN}"
    assert client.post("/compte/preuve", data={"password": PASSWORD, "next": OWN}).location == OWN
    assert client.get(OWN).status_code == 200


def test_the_team_does_not_give_it_up(
    client: FlaskClient, officer: Person, codes: tuple[str, ...], clock: Clock
) -> None:
    enter(client, officer.email)
    step(client, code(clock))
    assert "Ne plus demander de code" not in client.get("/compte").text
    assert client.post(f"{OWN}/fin").status_code == 409


def test_a_sealed_secret_opens_for_its_own_person_alone(app: Flask, session: Session) -> None:
    keys: Keys = app.extensions["keys"]
    sealed = keys.seal("second factor", "one", SECRET)
    assert keys.unseal("second factor", "one", sealed) == SECRET
    assert keys.seal("second factor", "one", SECRET) != sealed
    for purpose, subject in (("second factor", "two"), ("token", "one")):
        with pytest.raises(InvalidTag):
            keys.unseal(purpose, subject, sealed)
