"""A person's own page, and what she changes there."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db import Database
from app.models import Mandate, Message, Person, WebSession
from app.operations.structures import end_mandate
from app.web.browsers import family
from tests.conftest import Clock, counted
from tests.make import Make
from tests.web.account.conftest import PASSWORD, WRONG, Insider
from tests.web.account.test_access import cookie, enter

Elsewhere = Callable[[], FlaskClient]
NEW = "cinq autres mots encore"


def test_the_page_says_who_one_is_and_for_whom_one_acts(client: FlaskClient, insider: Insider) -> None:
    page = client.sign_in(insider.person).get("/compte").text
    for said in ("Vous agissez pour Rives-Nord", "Solène Kervadec", insider.email, "titulaire"):
        assert said in page


def test_the_page_of_the_team_names_no_structure(client: FlaskClient, make: Make) -> None:
    officer = make.officer()
    make.commit()
    assert "Vous faites partie de l’équipe de l’Avise" in client.sign_in(officer).get("/compte").text


def test_an_ended_mandate_is_gone_from_the_page(
    client: FlaskClient, session: Session, insider: Insider, clock: Clock
) -> None:
    mandate = session.execute(select(Mandate.id).where(Mandate.person_id == insider.person.id)).scalar_one()
    end_mandate(session, mandate, clock=clock)
    session.commit()
    page = client.sign_in(insider.person).get("/compte").text
    assert "Vous n’avez pas de mandat en cours" in page
    assert "Rives-Nord" not in page


@pytest.mark.parametrize("others", [0, 5])
def test_the_page_asks_a_constant_number_of_statements(
    client: FlaskClient, elsewhere: Elsewhere, database: Database, insider: Insider, others: int
) -> None:
    for _ in range(others):
        enter(elsewhere(), insider.email)
    enter(client, insider.email)
    client.get("/compte")
    with counted(database) as sent:
        client.get("/compte")
    assert len(sent) == 5


def test_nobody_reads_the_page_without_signing_in(client: FlaskClient) -> None:
    assert client.get("/compte").location == "/connexion?next=/compte"
    for path in ("mot-de-passe", "sessions", "sessions/x", "langue"):
        assert client.post(f"/compte/{path}").status_code == 302


def change(client: FlaskClient, current: str, chosen: str) -> int:
    return client.post("/compte/mot-de-passe", data={"current": current, "chosen": chosen}).status_code


def test_a_new_password_asks_for_the_present_one(client: FlaskClient, insider: Insider, elsewhere: Elsewhere) -> None:
    enter(client, insider.email)
    assert change(client, WRONG, NEW) == 422
    assert enter(elsewhere(), insider.email, NEW).status_code == 422
    assert change(client, PASSWORD, NEW) == 303
    assert enter(elsewhere(), insider.email, NEW).status_code == 303
    assert enter(elsewhere(), insider.email, PASSWORD).status_code == 422


def test_a_weak_new_password_is_refused_at_its_field(client: FlaskClient, insider: Insider) -> None:
    enter(client, insider.email)
    answer = client.post("/compte/mot-de-passe", data={"current": PASSWORD, "chosen": "rives-nord 2026"})
    assert answer.status_code == 422
    assert 'href="#chosen"' in answer.text


def test_a_changed_password_ends_the_other_sessions_and_renews_this_one(
    client: FlaskClient, elsewhere: Elsewhere, insider: Insider
) -> None:
    other = elsewhere()
    enter(other, insider.email)
    enter(client, insider.email)
    before = cookie(client)
    assert change(client, PASSWORD, NEW) == 303
    assert cookie(client) != before
    assert "Votre mot de passe est changé." in client.get("/compte").text
    assert other.get("/compte").status_code == 302
    replayed = elsewhere()
    replayed.set_cookie("appellation", before)
    assert replayed.get("/compte").status_code == 302


def test_a_stolen_session_guesses_the_password_no_faster_than_the_door(client: FlaskClient, insider: Insider) -> None:
    enter(client, insider.email)
    assert [change(client, WRONG, NEW) for _ in range(11)] == [422] * 10 + [429]


def test_one_session_is_ended_from_another(client: FlaskClient, elsewhere: Elsewhere, insider: Insider) -> None:
    other = elsewhere()
    enter(other, insider.email)
    enter(client, insider.email)
    page = client.get("/compte").text
    [path] = {part.split('"')[0] for part in page.split('action="') if part.startswith("/compte/sessions/")}
    assert client.post(path).status_code == 303
    assert other.get("/compte").status_code == 302
    assert client.get("/compte").status_code == 200
    assert client.post(path).status_code == 404


def test_nobody_ends_the_session_of_somebody_else(
    client: FlaskClient, elsewhere: Elsewhere, make: Make, database: Database, insider: Insider
) -> None:
    other = make.officer()
    make.commit()
    stranger = elsewhere().sign_in(other)
    with database.session(writes=False) as db:
        theirs = db.execute(select(WebSession.id)).scalar_one()
    enter(client, insider.email)
    hidden = client.post(f"/compte/sessions/{theirs}")
    absent = client.post("/compte/sessions/nothing")
    assert hidden.status_code == absent.status_code == 404
    assert stranger.get("/compte").status_code == 200


def test_the_others_are_ended_at_once(client: FlaskClient, elsewhere: Elsewhere, insider: Insider) -> None:
    others = [elsewhere() for _ in range(3)]
    for browser in (*others, client):
        enter(browser, insider.email)
    assert client.post("/compte/sessions").status_code == 303
    assert [browser.get("/compte").status_code for browser in (*others, client)] == [302, 302, 302, 200]


def test_the_language_chosen_is_that_of_the_mails_too(
    client: FlaskClient, database: Database, insider: Insider
) -> None:
    enter(client, insider.email)
    assert client.post("/compte/langue", data={"code": "en"}).status_code == 303
    assert '<html lang="en"' in client.get("/compte").text
    assert client.post("/compte/langue", data={"code": "xx"}).status_code == 422
    with database.session(writes=False) as db:
        assert db.get_one(Person, insider.person.id).locale == "en"


@pytest.mark.parametrize("path", ["/compte", "/connexion"])
def test_nothing_is_kept_by_a_browser_between_two_persons(client: FlaskClient, insider: Insider, path: str) -> None:
    enter(client, insider.email)
    assert client.get(path).headers["Cache-Control"] == "no-store"


def test_a_changed_password_is_told_to_its_owner(client: FlaskClient, database: Database, insider: Insider) -> None:
    enter(client, insider.email)
    assert change(client, PASSWORD, NEW) == 303
    with database.session(writes=False) as db:
        told = db.execute(select(Message.person_id).where(Message.notice == "password_changed")).scalars().all()
    assert told == [insider.person.id]


def test_a_session_says_from_which_browser_it_is(client: FlaskClient, insider: Insider) -> None:
    form = {"email": insider.email, "password": PASSWORD}
    agent = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
    client.post("/connexion", data=form, headers={"User-Agent": agent})
    page = client.get("/compte").text
    assert "Firefox, Windows" in page
    assert "Gecko" not in page


@pytest.mark.parametrize(
    ("agent", "said"),
    [
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1",
            "Safari, iPhone",
        ),
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Edge, Linux"),
        ("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36", "Chrome, Android"),
        ("<script>alert(1)</script>", ""),
        ("", ""),
    ],
)
def test_a_browser_is_known_by_its_family_alone(agent: str, said: str) -> None:
    assert family(agent) == said


def test_a_session_remembers_when_she_came_in_before(
    client: FlaskClient, elsewhere: Elsewhere, database: Database, insider: Insider, clock: Clock
) -> None:
    first = clock()
    enter(client, insider.email)
    with client.session_transaction() as opened:
        assert "since" not in opened
    clock.forward(days=200)
    later = elsewhere()
    enter(later, insider.email)
    with later.session_transaction() as opened:
        assert opened["since"] == first.isoformat()
    with database.session(writes=False) as db:
        assert db.get_one(Person, insider.person.id).signed_in_at == clock()


def test_a_page_says_how_long_a_session_lasts_and_a_click_makes_it_last(
    client: FlaskClient, insider: Insider, clock: Clock
) -> None:
    """WCAG 2.2, 2.2.1: the warning comes two minutes before, and one click is enough."""
    enter(client, insider.email)
    page = client.get("/compte").text
    assert "se termine après 30 minutes sans clic" in page.replace("\u00a0", " ")
    for said in ('data-idle="1800"', 'data-whole="43200"', 'data-url="/session"', "js/staying.js"):
        assert said in page
    for _ in range(3):
        clock.forward(minutes=28)
        assert client.post("/session").status_code == 204
    assert 'data-whole="38160"' in client.get("/compte").text
    clock.forward(minutes=31)
    assert client.post("/session").status_code == 302


def test_a_stranger_is_told_nothing_of_sessions(client: FlaskClient) -> None:
    page = client.get("/connexion").text
    assert "staying" not in page
    assert client.post("/session").status_code == 302


def test_whoever_acts_for_two_structures_reads_both_at_the_head_of_each_page(
    client: FlaskClient, make: Make, insider: Insider
) -> None:
    client.sign_in(insider.person)
    assert "Vous agissez pour" not in client.get("/reseau").text
    second = make.structure("Rives")
    make.db.add(Mandate(person_id=insider.person.id, structure_id=second.id, role="titulaire", since=make.clock()))
    make.commit()
    assert "Vous agissez pour Rives et Rives-Nord" in client.get("/reseau").text
