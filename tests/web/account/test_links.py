"""A link by mail: ten minutes, once, in the browser that asked; a code elsewhere; and nothing said of who is known."""

import re
import threading
from collections.abc import Callable
from hashlib import sha256

import pytest
import structlog
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import MetaData, select
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from app.db import Database
from app.keys import Keys
from app.models import Mandate, Message, Person, SignInLink
from app.operations.people import change_password, end_sessions
from app.operations.sign_in import MOST_TRIES, ask_link, enter_by_code, enter_by_link
from tests.conftest import Clock, counted
from tests.make import Make
from tests.web.account.conftest import HASHED, LINK_COOKIE, PASSWORD, WRONG, Ask, Guest, Insider, inside, letters, post
from tests.web.account.test_access import OUTSIDE, cookie, enter
from workflows.refused import Refused

Elsewhere = Callable[[], FlaskClient]
UNKNOWN = "nul@fabrique.example"
NEW = "cinq autres mots encore"


def links(database: Database) -> list[SignInLink]:
    with database.session(writes=False) as db:
        return list(db.execute(select(SignInLink)).scalars())


# ── Asking ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_sign_in_page_offers_a_link_with_the_address_that_was_typed(client: FlaskClient) -> None:
    page = client.get("/connexion").text
    assert "Recevoir un lien par courriel" in page
    assert 'formaction="/connexion/lien" formnovalidate' in page


def test_known_and_unknown_addresses_get_the_same_page(elsewhere: Elsewhere, insider: Insider) -> None:
    one, other = elsewhere(), elsewhere()
    known, unknown = post(one, insider.email), post(other, UNKNOWN)
    assert (known.status_code, known.location) == (unknown.status_code, unknown.location) == (303, "/connexion/code")
    assert list(known.headers.keys()) == list(unknown.headers.keys())
    mask = re.compile(r'name="csrf_token"[^>]*|data-token="[^"]*"')
    pages = [mask.sub("", browser.get("/connexion/code").text) for browser in (one, other)]
    assert pages[0] == pages[1]
    assert "Si cette adresse ouvre un accès ici, un message vient d’y partir" in pages[0]
    codes = [browser.post("/connexion/code", data={"code": "000000"}) for browser in (one, other)]
    assert codes[0].status_code == codes[1].status_code == 422
    assert mask.sub("", codes[0].text) == mask.sub("", codes[1].text)


def test_known_and_unknown_addresses_cost_the_same_statements_and_one_commit(
    elsewhere: Elsewhere, database: Database, insider: Insider
) -> None:
    one, other = elsewhere(), elsewhere()

    def work(act: Callable[[], object]) -> list[str]:
        with counted(database) as sent:
            act()
        return [statement.split("(")[0] for statement in sent]

    assert work(lambda: post(one, insider.email)) == work(lambda: post(other, UNKNOWN))
    wrong = {"code": "000000"}
    known = work(lambda: one.post("/connexion/code", data=wrong))
    assert known == work(lambda: other.post("/connexion/code", data=wrong))
    assert len(known) <= 8


def test_asking_hashes_no_password(client: FlaskClient, insider: Insider, monkeypatch: pytest.MonkeyPatch) -> None:
    def hashed(*_words: object) -> None:
        raise AssertionError("a hash was computed")

    monkeypatch.setattr("argon2.PasswordHasher.hash", hashed)
    monkeypatch.setattr("argon2.PasswordHasher.verify", hashed)
    assert post(client, insider.email).status_code == post(client, UNKNOWN).status_code == 303


def test_only_whoever_has_opened_her_access_is_written_to(
    client: FlaskClient, database: Database, make: Make, insider: Insider, guest: Guest
) -> None:
    officer, gone, asker = (
        make.officer(),
        make.person("titulaire", structure=make.structure()),
        make.person("suppleance", structure=make.structure()),
    )
    officer.password = gone.password = HASHED
    gone.active = False
    make.db.execute(select(Mandate).where(Mandate.person_id == asker.id)).scalar_one().until = make.clock()
    make.commit()
    for person in (officer, gone, guest.person, asker):
        assert post(client, person.email).status_code == 303
    assert post(client, UNKNOWN).status_code == post(client, "pas une adresse").status_code == 303
    assert letters(database) == []
    assert links(database) == []
    post(client, f"  {insider.email.upper()} ")
    assert [message.person_id for message in letters(database)] == [insider.person.id]


def test_somebody_who_joins_the_team_comes_by_no_link_any_more(
    client: FlaskClient, make: Make, insider: Insider, ask: Ask
) -> None:
    mailed = ask(client, insider.person)
    make.db.execute(select(Mandate).where(Mandate.person_id == insider.person.id)).scalar_one().until = make.clock()
    make.db.add(Mandate(person_id=insider.person.id, role="officer", since=make.clock()))
    make.commit()
    assert client.post(mailed.path).status_code == 410
    assert client.post("/connexion/code", data={"code": mailed.code}).status_code == 422
    assert not inside(client)


@pytest.mark.parametrize(
    "hostile",
    ["", " ", "a" * 255, "@", "a@b", "x\ry@fabrique.example", "<b>@x.example", "' OR 1=1 --@x.example", "a@b.c,d@e.f"],
)
def test_a_hostile_address_writes_nothing_and_breaks_nothing(
    client: FlaskClient, database: Database, hostile: str
) -> None:
    assert post(client, hostile).status_code in {303, 422}
    assert letters(database) == []


def test_each_asking_leaves_one_line_of_log_without_the_address(client: FlaskClient, insider: Insider) -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(20))
    with capture_logs() as lines:
        post(client, insider.email)
        post(client, UNKNOWN)
        client.post("/connexion/code", data={"code": "000000"})
    asked = [line for line in lines if line["event"] == "sign_in_link_asked"]
    assert [line["sent"] for line in asked] == [True, False]
    assert [line["event"] for line in lines if line["event"] == "sign_in_code_refused"] == ["sign_in_code_refused"]
    assert insider.email not in str(lines)
    assert UNKNOWN not in str(lines)


def test_a_sixth_asking_for_one_address_waits_whether_or_not_it_is_known(
    elsewhere: Elsewhere, insider: Insider
) -> None:
    for email in (insider.email, UNKNOWN):
        assert [post(elsewhere(), email).status_code for _ in range(6)] == [303] * 5 + [429]
    assert enter(elsewhere(), insider.email).status_code == 303  # the password's own count is another one


def test_fifty_askings_from_one_place_wait(client: FlaskClient) -> None:
    said = [post(client, f"nul{number}@fabrique.example").status_code for number in range(51)]
    assert said == [303] * 50 + [429]


# ── The link ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_reading_the_link_changes_nothing_and_its_button_lets_in_once(
    client: FlaskClient, database: Database, insider: Insider, ask: Ask
) -> None:
    mailed = ask(client, insider.person)
    for _ in range(3):
        page = client.get(mailed.path)
        assert page.status_code == client.head(mailed.path).status_code == 200
    assert "Solène Kervadec, vous pouvez entrer" in page.text
    assert [link.used_at for link in links(database)] == [None]
    assert not inside(client)
    before = cookie(client)
    answer = client.post(mailed.path)
    assert (answer.status_code, answer.location) == (303, "/dossiers")
    assert inside(client)
    assert cookie(client) != before
    assert client.get_cookie(LINK_COOKIE) is None
    assert client.get(mailed.path).status_code == client.post(mailed.path).status_code == 410


def test_the_link_leads_back_to_the_page_that_was_asked(client: FlaskClient, insider: Insider, ask: Ask) -> None:
    mailed = ask(client, insider.person, next="/compte")
    assert client.post(mailed.path).location == "/compte"


@pytest.mark.parametrize("outside", OUTSIDE)
def test_no_next_leaves_the_site(client: FlaskClient, insider: Insider, ask: Ask, outside: str) -> None:
    mailed = ask(client, insider.person, next=outside)
    assert client.post(mailed.path).location == "/dossiers"


def test_after_ten_minutes_nothing_opens(client: FlaskClient, insider: Insider, ask: Ask, clock: Clock) -> None:
    mailed = ask(client, insider.person)
    clock.forward(minutes=9, seconds=59)
    assert client.get(mailed.path).status_code == 200
    clock.forward(seconds=1)
    assert client.get(mailed.path).status_code == client.post(mailed.path).status_code == 410
    assert client.post("/connexion/code", data={"code": mailed.code}).status_code == 422
    assert not inside(client)


def test_asking_again_kills_the_link_before(client: FlaskClient, insider: Insider, ask: Ask) -> None:
    first, second = ask(client, insider.person), ask(client, insider.person)
    assert client.post(first.path).status_code == 410
    assert client.post("/connexion/code", data={"code": first.code}).status_code == 422
    assert client.post(second.path).status_code == 303


def mangled(path: str) -> dict[str, str]:
    """The vectors of a token that was tampered with."""
    start, token = path.rsplit("/", 1)
    front, expires = start.rsplit("/", 1)
    return {
        "truncated": path[:-1],
        "bit flip": f"{start}/{token[:-1]}{'0' if token[-1] != '0' else '1'}",
        "upper case": f"{start}/{token.upper()}",
        "line break": f"{path}%0a",
        "nul": f"{path}%00",
        "later": f"{front}/{int(expires) + 600}/{token}",
        "earlier": f"{front}/{int(expires) - 1}/{token}",
        "endless": f"{front}/{'9' * 400}/{token}",
        "empty": f"{start}/",
        "accents": f"{start}/é{token[1:]}",
    }


@pytest.mark.parametrize("vector", sorted(mangled("/a/1/b")))
def test_a_tampered_link_looks_like_nothing(client: FlaskClient, insider: Insider, ask: Ask, vector: str) -> None:
    path = mangled(ask(client, insider.person).path)[vector]
    assert client.get(path).status_code in {400, 404}
    assert client.post(path).status_code in {400, 404}
    assert not inside(client)


def test_a_token_of_another_purpose_or_account_opens_nothing(
    app: Flask, client: FlaskClient, insider: Insider, guest: Guest, ask: Ask, make: Make
) -> None:
    other = make.person("titulaire", structure=insider.structure)
    other.password = HASHED
    make.commit()
    mine, hers = ask(client, insider.person), ask(client, other)
    keys: Keys = app.extensions["keys"]
    expires = int(mine.link.expires_at.timestamp())
    start = mine.path.rsplit("/", 1)[0]
    device = keys.token("device", mine.link.id, expires, mine.link.nonce)
    invited = keys.token("invitation", mine.link.id, expires, mine.link.nonce)
    for token in (hers.token, device, invited, guest.token):
        assert client.post(f"{start}/{token}").status_code == 404
    assert client.post(f"/invitations/{mine.link.id}/{expires}/{mine.token}", data={"password": NEW}).status_code == 404
    assert not inside(client)


def test_a_link_is_dead_after_a_deactivation(client: FlaskClient, make: Make, insider: Insider, ask: Ask) -> None:
    mailed = ask(client, insider.person)
    make.db.get_one(Person, insider.person.id).active = False
    make.commit()
    assert client.get(mailed.path).status_code == client.post(mailed.path).status_code == 404
    assert client.post("/connexion/code", data={"code": mailed.code}).status_code == 422
    assert not inside(client)


def test_a_link_is_dead_after_a_change_of_password(
    client: FlaskClient, session: Session, insider: Insider, ask: Ask, clock: Clock
) -> None:
    mailed = ask(client, insider.person)
    change_password(session, insider.person.id, HASHED, but_session=None, clock=clock)
    session.commit()
    assert client.post(mailed.path).status_code == 410
    assert client.post("/connexion/code", data={"code": mailed.code}).status_code == 422


def test_an_expired_invitation_is_not_opened_by_a_link(
    client: FlaskClient, database: Database, guest: Guest, clock: Clock
) -> None:
    clock.forward(days=8)
    assert post(client, guest.person.email).status_code == 303
    assert letters(database) == []
    assert client.get(guest.path).status_code == 410


def test_nothing_usable_is_stored(client: FlaskClient, database: Database, insider: Insider, ask: Ask) -> None:
    mailed = ask(client, insider.person)
    held = client.get_cookie(LINK_COOKIE)
    assert held
    tables = MetaData()
    with database.session(writes=False) as db:
        tables.reflect(db.connection())
        stored = " ".join(repr(db.execute(table.select()).all()) for table in tables.tables.values())
    assert sha256(held.value.encode()).hexdigest() in stored
    assert [secret for secret in (mailed.token, held.value, f"'{mailed.code}'") if secret in stored] == []


def test_the_cookie_of_the_link_is_short_and_out_of_reach_of_scripts(client: FlaskClient, insider: Insider) -> None:
    [said] = [line for line in post(client, insider.email).headers.getlist("Set-Cookie") if line.startswith("lien=")]
    assert "HttpOnly" in said
    assert "SameSite=Lax" in said
    assert "Max-Age=600" in said


def test_a_session_of_somebody_else_is_closed_and_the_page_says_so(
    client: FlaskClient, make: Make, insider: Insider, ask: Ask
) -> None:
    other = make.person("titulaire", structure=insider.structure, name="Bakary Sylla")
    other.password = HASHED
    make.commit()
    enter(client, other.email)
    kept = cookie(client)
    mailed = ask(client, insider.person)
    assert "L’accès de Bakary Sylla, ouvert dans ce navigateur, se fermera." in client.get(mailed.path).text
    client.post(mailed.path)
    assert "Solène Kervadec" in client.get("/compte").text
    client.set_cookie("appellation", kept)
    assert not inside(client)


# ── The code ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("typed", ["{}", "{} ", "{:.3} {tail}", "{:.3}\u00a0{tail}"])
def test_the_code_opens_where_it_was_asked(client: FlaskClient, insider: Insider, ask: Ask, typed: str) -> None:
    mailed = ask(client, insider.person)
    shown = typed.format(mailed.code, tail=mailed.code[3:])
    assert client.post("/connexion/code", data={"code": shown}).status_code == 303
    assert inside(client)
    assert client.post(mailed.path).status_code == 410


def test_in_another_browser_the_link_asks_for_the_code(
    client: FlaskClient, elsewhere: Elsewhere, insider: Insider, ask: Ask
) -> None:
    mailed = ask(client, insider.person)
    other = elsewhere()
    page = other.get(mailed.path)
    assert page.status_code == 200
    assert "Ce lien a été demandé dans un autre navigateur" in page.text
    assert insider.person.name not in page.text
    assert other.post(mailed.path).status_code == 422
    assert other.post(mailed.path, data={"code": mailed.wrong}).status_code == 422
    assert not inside(other)
    assert other.post(mailed.path, data={"code": mailed.code}).status_code == 303
    assert inside(other)
    assert client.post(mailed.path).status_code == 410


def test_the_cookie_of_another_asking_is_another_browser(
    client: FlaskClient, elsewhere: Elsewhere, insider: Insider, ask: Ask
) -> None:
    mailed, thief = ask(client, insider.person), elsewhere()
    post(thief, UNKNOWN)
    assert thief.post(mailed.path).status_code == 422
    assert thief.post("/connexion/code", data={"code": mailed.code}).status_code == 422
    assert not inside(thief)


def test_whoever_did_not_ask_has_no_page_for_a_code(client: FlaskClient) -> None:
    assert client.get("/connexion/code").location == "/connexion/lien"
    client.set_cookie(LINK_COOKIE, "x" * 101)
    assert client.post("/connexion/code", data={"code": "123456"}).location == "/connexion/lien"


def test_five_wrong_codes_kill_the_link(client: FlaskClient, insider: Insider, ask: Ask) -> None:
    mailed = ask(client, insider.person)
    for _ in range(MOST_TRIES):
        assert client.post("/connexion/code", data={"code": mailed.wrong}).status_code == 422
    answer = client.post("/connexion/code", data={"code": mailed.code})
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "900")
    assert client.post(mailed.path).status_code == 410
    assert not inside(client)


def test_tries_of_two_browsers_count_on_one_link(
    client: FlaskClient, elsewhere: Elsewhere, insider: Insider, ask: Ask
) -> None:
    mailed, other = ask(client, insider.person), elsewhere()
    for browser, path in ((client, "/connexion/code"), (other, mailed.path), (client, "/connexion/code")):
        browser.post(path, data={"code": mailed.wrong})
    for _ in range(2):
        other.post(mailed.path, data={"code": mailed.wrong})
    assert client.post("/connexion/code", data={"code": mailed.code}).status_code == 422
    assert not inside(client)


@pytest.mark.parametrize(
    "hostile",
    [
        "",
        " ",
        "12345",
        "1234567",
        "abcdef",
        "１２３４５６",
        "٣٣٣٣٣٣",
        "-12345",
        "1e5",
        "0x1234",
        "é" * 6,
        "1" * 61,
        "'; --",
    ],
)
def test_a_hostile_code_is_a_wrong_one(client: FlaskClient, insider: Insider, ask: Ask, hostile: str) -> None:
    ask(client, insider.person)
    assert client.post("/connexion/code", data={"code": hostile}).status_code == 422
    assert not inside(client)


# ── At once ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("way", ["link", "code"])
def test_fifty_uses_at_once_let_one_in(
    app: Flask, client: FlaskClient, database: Database, insider: Insider, ask: Ask, clock: Clock, way: str
) -> None:
    mailed, keys = ask(client, insider.person), app.extensions["keys"]
    start, said, lock = threading.Barrier(50), list[str](), threading.Lock()

    def use() -> str | None:
        with database.session(writes=True) as db:
            if way == "link":
                found: str | None = enter_by_link(db, mailed.link.id, clock=clock)
            else:
                found = enter_by_code(db, mailed.link.id, mailed.code, keys=keys, clock=clock)
            db.commit()
            return found

    def one() -> None:
        start.wait()
        try:
            answer = use() or "refused"
        except Refused:
            answer = "refused"
        with lock:
            said.append(answer)

    threads = [threading.Thread(target=one) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(said) == sorted([insider.person.id] + ["refused"] * 49)


def test_two_askings_at_once_leave_one_live_link_at_most_per_browser(
    session: Session, insider: Insider, clock: Clock
) -> None:
    for browser in ("a" * 64, "b" * 64):
        assert ask_link(session, insider.email, browser, clock=clock)
    live = session.execute(select(SignInLink.browser).where(SignInLink.expires_at > clock())).scalars().all()
    assert live == ["b" * 64]


# ── A forgotten password ─────────────────────────────────────────────────────────────────────────────────────────────


def test_whoever_came_by_a_link_chooses_a_new_password_without_the_old_one(
    client: FlaskClient, elsewhere: Elsewhere, database: Database, insider: Insider, ask: Ask
) -> None:
    other = elsewhere()
    enter(other, insider.email)
    client.post(ask(client, insider.person).path)
    page = client.get("/compte").text
    assert "Mot de passe actuel" not in page
    assert client.post("/compte/mot-de-passe", data={"chosen": "court"}).status_code == 422
    assert client.post("/compte/mot-de-passe", data={"chosen": NEW}).status_code == 303
    assert enter(elsewhere(), insider.email, NEW).status_code == 303
    assert enter(elsewhere(), insider.email, PASSWORD).status_code == 422
    assert not inside(other)
    assert inside(client)
    with database.session(writes=False) as db:
        told = db.execute(select(Message.person_id).where(Message.notice == "password_changed")).scalars().all()
    assert told == [insider.person.id]
    assert "Mot de passe actuel" in client.get("/compte").text
    assert client.post("/compte/mot-de-passe", data={"chosen": NEW + " !"}).status_code == 422


def test_ten_minutes_later_the_old_password_is_asked_again(
    client: FlaskClient, insider: Insider, ask: Ask, clock: Clock
) -> None:
    client.post(ask(client, insider.person).path)
    clock.forward(minutes=10)
    assert "Mot de passe actuel" in client.get("/compte").text
    assert client.post("/compte/mot-de-passe", data={"chosen": NEW}).status_code == 422
    answer = client.post("/compte/mot-de-passe", data={"chosen": NEW, "current": WRONG})
    assert "Ce n’est pas votre mot de passe actuel." in answer.text


def test_whoever_came_by_a_password_is_always_asked_for_it(client: FlaskClient, insider: Insider) -> None:
    enter(client, insider.email)
    assert client.post("/compte/mot-de-passe", data={"chosen": NEW}).status_code == 422


def test_sessions_ended_elsewhere_are_dead(client: FlaskClient, session: Session, insider: Insider, ask: Ask) -> None:
    client.post(ask(client, insider.person).path)
    end_sessions(session, insider.person.id)
    session.commit()
    assert not inside(client)
