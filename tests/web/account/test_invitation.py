"""An invitation: read by anybody who has its link, scanners included; accepted once."""

import threading
from collections.abc import Callable
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import MetaData, select
from sqlalchemy.orm import Session

from app.db import Database
from app.models import Invitation, Message, Person, WebSession
from app.operations.people import accept_invitation, password_matches, send_invitation
from tests.conftest import Clock
from tests.make import Make
from tests.web.account.conftest import PASSWORD, Guest, Insider
from tests.web.account.test_access import cookie, enter
from workflows.refused import Refused

Elsewhere = Callable[[], FlaskClient]
CHOSEN = {"password": PASSWORD}


def used_at(database: Database, guest: Guest) -> datetime | None:
    with database.session(writes=False) as db:
        return db.execute(select(Invitation.used_at).where(Invitation.id == guest.invitation.id)).scalar_one()


def test_the_page_says_who_is_invited_and_for_which_structure(client: FlaskClient, guest: Guest) -> None:
    page = client.get(guest.path).text
    assert "Bakary Sylla, ouvrez votre accès" in page
    assert "agir pour Terres d’Élan" in page
    assert guest.person.email in page


def test_reading_consumes_nothing(client: FlaskClient, database: Database, guest: Guest) -> None:
    for _ in range(3):
        assert client.get(guest.path).status_code == 200
        assert client.head(guest.path).status_code == 200
    assert used_at(database, guest) is None
    assert client.post(guest.path, data=CHOSEN).status_code == 303


@pytest.mark.parametrize("method", ["OPTIONS", "PUT", "PATCH", "DELETE", "TRACE"])
def test_no_other_verb_does_anything(client: FlaskClient, database: Database, guest: Guest, method: str) -> None:
    assert client.open(guest.path, method=method, data=CHOSEN).status_code == 405
    assert used_at(database, guest) is None


def test_accepting_opens_the_access_with_another_session(client: FlaskClient, database: Database, guest: Guest) -> None:
    with client.session_transaction() as opened:
        opened["language"] = "fr"
    before = cookie(client)
    answer = client.post(guest.path, data=CHOSEN)
    assert (answer.status_code, answer.location) == (303, "/dossiers")
    assert cookie(client) != before
    assert "Terres d’Élan" in client.get("/compte").text
    with database.session(writes=False) as db:
        assert password_matches(db.get_one(Person, guest.person.id).password, PASSWORD)


def test_a_second_acceptance_changes_nothing(client: FlaskClient, elsewhere: Elsewhere, guest: Guest) -> None:
    client.post(guest.path, data=CHOSEN)
    thief = elsewhere()
    answer = thief.post(guest.path, data={"password": "un tout autre mot de passe"})
    assert answer.status_code == 410
    assert "Cette invitation a déjà servi" in answer.text
    assert thief.get(guest.path).status_code == 410
    assert thief.get("/compte").status_code == 302
    assert enter(thief, guest.person.email).status_code == 303


def test_an_expired_invitation_says_so_and_lets_nobody_in(
    client: FlaskClient, database: Database, guest: Guest, clock: Clock
) -> None:
    clock.forward(days=7)
    for answer in (client.get(guest.path), client.post(guest.path, data=CHOSEN)):
        assert answer.status_code == 410
        assert "Cette invitation n’est plus valable" in answer.text
    assert used_at(database, guest) is None
    assert enter(client, guest.person.email).status_code == 422


def test_a_newer_invitation_replaces_the_one_before(
    client: FlaskClient, session: Session, guest: Guest, clock: Clock
) -> None:
    clock.forward(days=1)
    send_invitation(session, guest.person, at=clock())
    session.commit()
    assert "Cette invitation n’est plus valable" in client.get(guest.path).text


def test_a_weak_password_is_refused_and_the_invitation_kept(
    client: FlaskClient, database: Database, guest: Guest
) -> None:
    for weak, sentence in (
        ("court", "douze signes"),
        ("x" * 129, "cent vingt-huit signes"),
        ("bakary sylla 2026", "se devine trop facilement"),
        ("terres d’élan pour tous", "se devine trop facilement"),
        ("la fabrique de demain", "se devine trop facilement"),
    ):
        answer = client.post(guest.path, data={"password": weak})
        assert answer.status_code == 422
        assert sentence in answer.text.replace("\u00a0", " ")
        assert weak not in answer.text
    assert used_at(database, guest) is None


def test_a_password_may_hold_spaces_accents_and_signs_of_any_script(
    client: FlaskClient, elsewhere: Elsewhere, guest: Guest
) -> None:
    client.post(guest.path, data={"password": "  été à Ouessant 🐚 海  "})
    composed_otherwise = "  e\u0301te\u0301 a\u0300 Ouessant 🐚 海  "
    assert enter(elsewhere(), guest.person.email, composed_otherwise).status_code == 303


def wrong_links(guest: Guest) -> dict[str, str]:
    start, expires, token = guest.path.rsplit("/", 2)
    return {
        "truncated": guest.path[:-1],
        "one bit": f"{start}/{expires}/{'0' if token[0] != '0' else '1'}{token[1:]}",
        "upper case": f"{start}/{expires}/{token.upper()}",
        "later": f"{start}/{int(expires) + 60}/{token}",
        "line feed": f"{guest.path}%0a",
        "not ascii": f"{start}/{expires}/é",
        "another id": guest.path.replace(guest.invitation.id, guest.invitation.id[::-1]),
        "no token": f"{start}/{expires}/",
        "negative": f"{start}/-1/{token}",
    }


@pytest.mark.parametrize("name", wrong_links(Guest(Person(), None, Invitation(id="ab"), "/i/ab/1/c0")))  # type: ignore[arg-type]  # names alone
def test_a_wrong_link_is_a_page_that_does_not_exist(client: FlaskClient, guest: Guest, name: str) -> None:
    link = wrong_links(guest)[name]
    assert client.get(link).status_code in {400, 404}
    assert client.post(link, data=CHOSEN).status_code in {400, 404}


def test_the_token_of_another_purpose_or_person_opens_nothing(app: Flask, client: FlaskClient, guest: Guest) -> None:
    start, expires, _ = guest.path.rsplit("/", 2)
    keys = app.extensions["keys"]
    for purpose, subject in (("device", guest.invitation.id), ("invitation", guest.person.id)):
        other = keys.token(purpose, subject, int(expires), guest.invitation.nonce)
        assert client.get(f"{start}/{expires}/{other}").status_code == 404


def test_whoever_lost_her_access_meanwhile_is_not_let_in(client: FlaskClient, make: Make, guest: Guest) -> None:
    guest.person.active = False
    make.commit()
    assert client.post(guest.path, data=CHOSEN).status_code == 404


def test_opened_with_somebody_elses_session_it_asks_to_change_first(
    client: FlaskClient, database: Database, insider: Insider, guest: Guest
) -> None:
    enter(client, insider.email)
    for answer in (client.get(guest.path), client.post(guest.path, data=CHOSEN)):
        assert answer.status_code == 403
        assert "Changer de compte" in answer.text
    assert used_at(database, guest) is None
    assert "Rives-Nord" in client.get("/compte").text
    changed = client.post(f"{guest.path}/changer")
    assert (changed.status_code, changed.location) == (303, guest.path)
    assert client.get("/compte").status_code == 302
    assert client.post(guest.path, data=CHOSEN).status_code == 303


def test_accepting_ends_nobody_elses_session(
    client: FlaskClient, elsewhere: Elsewhere, insider: Insider, guest: Guest
) -> None:
    enter(client, insider.email)
    elsewhere().post(guest.path, data=CHOSEN)
    assert client.get("/compte").status_code == 200


def test_fifty_acceptances_at_once_let_one_in(database: Database, guest: Guest, clock: Clock) -> None:
    start, said, lock = threading.Barrier(50), list[str](), threading.Lock()

    def accept(number: int) -> None:
        start.wait()
        try:
            with database.session(writes=True) as db:
                accept_invitation(db, guest.invitation.id, f"hash {number}", clock=clock)
                db.commit()
            answer = f"hash {number}"
        except Refused as refusal:
            answer = refusal.code
        with lock:
            said.append(answer)

    threads = [threading.Thread(target=accept, args=(number,)) for number in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert said.count("invitation_used") == 49
    with database.session(writes=False) as db:
        assert db.get_one(Person, guest.person.id).password in said


def test_nothing_usable_is_stored_in_any_table(
    client: FlaskClient, database: Database, guest: Guest, insider: Insider
) -> None:
    """The mailbox of the demonstration is not one of them: it holds what a mailbox holds."""
    enter(client, insider.email)
    held = [client.get_cookie("appellation"), client.get_cookie("appareil")]
    secrets = {guest.token, *(found.value.rsplit(".", 1)[-1] for found in held if found)}
    assert len(secrets) == 3
    tables = MetaData()
    with database.session(writes=False) as db:
        tables.reflect(db.connection())
        stored = {
            name: repr(db.execute(table.select()).all()) for name, table in tables.tables.items() if name != "demo_mail"
        }
    assert guest.invitation.nonce in stored["invitation"]
    assert insider.email in stored["person"]
    assert [(name, secret) for name, rows in stored.items() for secret in secrets if secret in rows] == []


def test_an_accepted_invitation_leaves_one_session(client: FlaskClient, session: Session, guest: Guest) -> None:
    client.post(guest.path, data=CHOSEN)
    assert session.execute(select(WebSession.person_id)).scalars().all() == [guest.person.id]


def test_the_owner_is_told_of_a_second_use_once_a_day(
    client: FlaskClient, elsewhere: Callable[[], FlaskClient], database: Database, guest: Guest, clock: Clock
) -> None:
    def told() -> int:
        with database.session(writes=False) as db:
            asked = select(Message.person_id).where(Message.notice == "invitation_reused")
            return db.execute(asked).scalars().all().count(guest.person.id)

    client.post(guest.path, data=CHOSEN)
    thief = elsewhere()
    assert thief.get(guest.path).status_code == 410
    assert told() == 0
    for _ in range(3):
        assert thief.post(guest.path, data=CHOSEN).status_code == 410
    assert told() == 1
    clock.forward(days=1)
    thief.post(guest.path, data=CHOSEN)
    assert told() == 2
