"""Asking without an account: what the page promises, what it refuses, who is kept out and what stays of it."""

import re
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.db import Database
from app.models import Enquiry, Message, Person
from app.web.public.enquiries import FOR_A_MAILBOX, FROM_A_PLACE
from tests.conftest import Clock, counted
from tests.make import Make
from tests.web.public.test_labels import plain

WHERE = "/rejoindre/demande"
SOUND = {
    "name": "Solène Kervadec",
    "email": "solene@leguer.example",
    "structure": "Les Ateliers du Léguer",
    "territory": "Trégor",
    "brings": "Trois associations cherchent un lieu commun.",
    "entry": "je-ne-sais-pas",
}
SAID = {**SOUND, "phone": "02 96 00 00 00"}


class Reader:
    """Somebody who opens the form, takes her time, and sends it."""

    def __init__(self, client: FlaskClient, clock: Clock, database: Database) -> None:
        self.client, self.clock, self.database = client, clock, database

    def open(self, path: str = WHERE) -> dict[str, str]:
        """The hidden fields of a fresh form."""
        return hidden(self.client.get(path).text)

    def send(self, *, seconds: float = 20, ticket: dict[str, str] | None = None, **changed: str) -> Any:
        fields = {**(ticket or self.open()), **SOUND, **changed}
        self.clock.forward(seconds=seconds)
        return self.client.post(WHERE, data=fields)

    def written(self) -> tuple[int, int, int]:
        """How many demands, persons and messages there are."""
        with self.database.session(writes=False) as db:
            tables = (Enquiry, Person, Message)
            found = [db.execute(select(func.count()).select_from(table)).scalar_one() for table in tables]
        return found[0], found[1], found[2]


def hidden(page: str) -> dict[str, str]:
    found = re.findall(r'<input id="([a-z_]+)" name="[a-z_]+" type="hidden" value="([^"]*)"', page)
    return {name: unescape(value) for name, value in found}


@pytest.fixture
def reader(client: FlaskClient, clock: Clock, database: Database, make: Make) -> Reader:
    make.greeter()
    make.commit()
    return Reader(client, clock, database)


def test_the_form_says_what_it_is_for_who_reads_and_how_long(reader: Reader) -> None:
    page = plain(reader.client.get(WHERE).text)
    for said in (
        "Ceci ne vous engage pas",
        "ni compte à ouvrir",
        "Pourquoi : vous répondre",
        "Qui lit : les personnes de l’équipe de l’Avise",
        "deux ans après la réponse, un an si la demande est close, un mois si elle est mise de côté",
        "Je préfère être rappelé ou rappelée",
        "Je ne sais pas encore",
        "Fabrique en projet de création",
        "Inès répond au 01 99 00 12 34",
        "sous 10 jours ouvrés",
    ):
        assert said in page, said
    assert "SIRET" not in page
    assert "·" not in page


def test_the_trap_is_out_of_reach_of_people(reader: Reader) -> None:
    page = reader.client.get(WHERE).text
    trap = re.search(r'<div class="away" aria-hidden="true">.*?</div>', page, re.DOTALL)
    assert trap
    assert 'autocomplete="off"' in trap[0]
    assert 'tabindex="-1"' in trap[0]


def test_a_question_is_received_and_the_page_says_what_happens_next(reader: Reader) -> None:
    before = reader.written()
    answer = reader.send()
    assert (answer.status_code, answer.location) == (303, "/rejoindre/demande/merci")
    assert [after - was for after, was in zip(reader.written(), before, strict=True)] == [1, 1, 2]
    page = plain(reader.client.get(answer.location).text)
    assert "Inès vous répond le 17 novembre 2026 au plus tard" in page
    assert "01 99 00 12 34" in page


def test_the_thanks_are_for_who_has_sent_something(reader: Reader) -> None:
    answer = reader.client.get("/rejoindre/demande/merci")
    assert (answer.status_code, answer.location) == (303, WHERE)


def test_without_a_greeter_no_first_name_is_invented(client: FlaskClient, make: Make) -> None:
    make.label_version()
    make.officer()
    make.commit()
    for path in ("/", "/rejoindre", WHERE):
        page = plain(client.get(path).text)
        assert "Inès" not in page
    assert "L’Avise vous répond sous 10 jours ouvrés" in plain(client.get("/").text)


def test_the_home_page_leads_to_the_form_by_the_greeters_first_name(reader: Reader) -> None:
    page = plain(reader.client.get("/").text)
    assert "Posez une question, sans engagement." in page
    assert "Inès vous répond sous 10 jours ouvrés." in page
    assert "Baudry" not in page
    assert f'href="{WHERE}"' in page


def test_a_double_click_is_one_question(reader: Reader) -> None:
    ticket = reader.open()
    first = reader.send(ticket=ticket)
    after = reader.written()
    second = reader.send(ticket=ticket, seconds=0)
    assert (first.status_code, second.status_code, second.location) == (303, 303, first.location)
    assert reader.written() == after


def test_a_robot_is_thanked_like_anybody_and_nothing_is_kept_of_it(reader: Reader) -> None:
    before = reader.written()
    answer = reader.send(website="https://casino.example", email="robot", seconds=0)
    assert (answer.status_code, answer.location) == (303, "/rejoindre/demande/merci")
    assert "Inès vous répond le" in plain(reader.client.get(answer.location).text)
    assert reader.written() == before


@pytest.mark.parametrize(
    ("seconds", "said"), [(2, "parti très vite"), (24 * 3600 + 1, "restée ouverte trop longtemps")]
)
def test_a_form_sent_too_soon_or_too_late_is_shown_again_as_it_was_written(
    reader: Reader, seconds: int, said: str
) -> None:
    before = reader.written()
    answer = reader.send(seconds=seconds)
    assert answer.status_code == 422
    page = plain(answer.text)
    assert said in page
    kept(page)
    assert reader.written() == before
    again = reader.send(ticket=hidden(answer.text))
    assert again.status_code == 303
    assert reader.written()[0] == 1


def kept(page: str) -> None:
    for value in ("Solène Kervadec", "solene@leguer.example", "Les Ateliers du Léguer", "Trois associations cherchent"):
        assert value in page, value


@pytest.mark.parametrize("shape", ["", "1.a.b", "x" * 200, "١٢٣." + "a" * 22 + "." + "0" * 64])
def test_a_ticket_written_by_hand_is_asked_again(reader: Reader, shape: str) -> None:
    ticket = {**reader.open(), "ticket": shape}
    before = reader.written()
    answer = reader.send(ticket=ticket)
    assert answer.status_code == 422
    assert reader.written() == before


def test_a_ticket_whose_time_was_changed_is_asked_again(reader: Reader) -> None:
    opened, once, proof = reader.open()["ticket"].split(".")
    forged = {"ticket": f"{int(opened) - 60}.{once}.{proof}"}
    assert reader.send(ticket=forged, seconds=0).status_code == 422


HOSTILE = [
    ("name", " "),
    ("name", "\u200b\u200d"),
    ("name", "Solène\r\nBcc: tous@evil.example"),
    ("name", "x" * 121),
    ("name", "https://evil.example"),
    ("email", "solene"),
    ("email", "a@b.example, c@d.example"),
    ("email", "a@b.example\nBcc: c@d.example"),
    ("email", f"{'a' * 300}@b.example"),
    ("email", "solene@[127.0.0.1]"),
    ("phone", "zéro six"),
    ("phone", "٠٦٠٠٠٠٠٠٠٠"),
    ("phone", "0" * 41),
    ("structure", ""),
    ("structure", "x" * 201),
    ("structure", "Rives\nNord"),
    ("territory", ""),
    ("territory", "x" * 201),
    ("territory", "Trégor\u2028Léon"),
    ("brings", "   "),
    ("brings", "x" * 5001),
    ("brings", "https://a.example " * 4),
    ("entry", "porte-de-service"),
    ("entry", "NaN"),
]


@pytest.mark.parametrize(("field", "value"), HOSTILE)
def test_a_value_that_cannot_be_received_is_said_at_its_field_and_the_rest_is_kept(
    reader: Reader, field: str, value: str
) -> None:
    before = reader.written()
    answer = reader.send(**{**SAID, field: value})
    assert answer.status_code == 422
    page = plain(answer.text)
    assert f'id="{field}-error"' in page
    assert page.count('class="err"') == 1
    for name, said in SAID.items():
        if name not in (field, "entry"):
            assert said in page, name
    assert reader.written() == before


def test_a_number_is_asked_of_who_wants_to_be_called(reader: Reader) -> None:
    answer = reader.send(call_back="y")
    assert answer.status_code == 422
    assert 'id="phone-error"' in answer.text
    assert reader.send(call_back="y", phone="+33 2 96 00 00 00").status_code == 303


def test_a_structure_that_does_not_exist_yet_needs_no_name(reader: Reader) -> None:
    assert reader.send(structure="", unborn="y").status_code == 303


@pytest.mark.parametrize("sign", ["\x00", "\x07", "\x1b"])
@pytest.mark.parametrize("field", list(SAID))
def test_control_signs_are_refused_in_each_field(reader: Reader, field: str, sign: str) -> None:
    before = reader.written()
    fields = {**reader.open(), **SAID, field: f"a{sign}b"}
    assert reader.client.post(WHERE, data=fields).status_code == 400
    assert reader.written() == before


@pytest.mark.parametrize(
    "value",
    ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{7*7}}", "%(x)s {0.__class__}", "' OR 1=1"],
)
@pytest.mark.parametrize("field", ["name", "structure", "territory", "brings"])
def test_what_looks_like_code_is_words_on_the_page_and_in_the_database(reader: Reader, field: str, value: str) -> None:
    refused = reader.send(**{**SAID, field: value, "email": "solene"})
    assert refused.status_code == 422
    assert "<script>alert" not in refused.text
    assert "<img src" not in refused.text
    assert "49" not in re.findall(r'value="([^"]*)"', refused.text)
    assert reader.send(**{field: value}).status_code == 303
    with reader.database.session(writes=False) as db:
        assert getattr(db.execute(select(Enquiry)).scalar_one(), field) == value


def test_fields_nobody_asked_for_change_nothing(reader: Reader) -> None:
    assert reader.send(status="opened", dossier_id="x", person_id="y", label="z", note="n", id="q").status_code == 303
    with reader.database.session(writes=False) as db:
        found = db.execute(select(Enquiry)).scalar_one()
    assert (found.status, found.dossier_id, found.note, found.label) == ("waiting", None, "", "fabrique-a-initiatives")


def test_one_place_sends_a_few_questions_and_then_waits(reader: Reader, clock: Clock) -> None:
    for number in range(FROM_A_PLACE):
        assert reader.send(email=f"personne{number}@leguer.example").status_code == 303
    after = reader.written()
    late = reader.send(email="encore@leguer.example")
    assert (late.status_code, late.headers["Retry-After"]) == (429, "900")
    assert "Solène Kervadec" in late.text
    assert reader.written() == after
    clock.forward(minutes=15)
    assert reader.send(ticket=hidden(late.text), seconds=0).status_code == 303


def test_one_mailbox_is_not_flooded_from_many_places(app: Flask, reader: Reader, clock: Clock) -> None:
    for number in range(FOR_A_MAILBOX + 1):
        reader.client = app.test_client()
        ticket = reader.open()
        clock.forward(seconds=20)
        place = {"REMOTE_ADDR": f"192.0.2.{number}"}
        answer = reader.client.post(WHERE, data={**ticket, **SOUND}, environ_overrides=place)
        assert answer.status_code == (429 if number == FOR_A_MAILBOX else 303)


def test_a_session_that_ended_gives_the_text_back(app: Flask, reader: Reader) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    ticket = reader.open()
    assert "csrf_token" in ticket
    before = reader.written()
    late = reader.send(ticket=ticket, seconds=31 * 60)
    assert late.status_code == 400
    kept(plain(late.text))
    assert reader.written() == before
    assert reader.send(ticket=hidden(late.text)).status_code == 303


def test_who_asked_cannot_sign_in(reader: Reader) -> None:
    reader.send()
    for password in ("", "n’importe quoi de long"):
        answer = reader.client.post("/connexion", data={"email": SOUND["email"], "password": password})
        assert answer.status_code == 422


def test_who_asked_in_a_demonstration_is_nobody_to_be(demonstration: Flask, reader: Reader, database: Database) -> None:
    browser = demonstration.test_client()
    ticket = hidden(browser.get(WHERE).text)
    reader.clock.forward(seconds=20)
    assert browser.post(WHERE, data={**ticket, **SOUND}).status_code == 303
    with database.session(writes=False) as db:
        person = db.execute(select(Person).where(Person.email == SOUND["email"])).scalar_one()
    assert person.fictional
    assert browser.post("/demo/entrer", data={"person": person.id}).status_code == 404


def test_an_entry_chosen_on_the_way_in_is_already_ticked(reader: Reader) -> None:
    page = reader.client.get(f"{WHERE}?entree=a_posteriori").text
    assert re.search(r'<input checked[^>]*value="a_posteriori"', page)
    page = reader.client.get(f"{WHERE}?entree=%22%3E").text
    assert re.search(r'<input checked[^>]*value="je-ne-sais-pas"', page)


def test_the_form_does_not_exist_before_a_label_does(client: FlaskClient) -> None:
    assert client.get(WHERE).status_code == 404


def test_the_pages_of_a_question_read_the_database_little(reader: Reader) -> None:
    with counted(reader.database) as form:
        reader.client.get(WHERE)
    reader.send()
    with counted(reader.database) as thanks:
        reader.client.get("/rejoindre/demande/merci")
    assert len(form) <= 3
    assert len(thanks) <= 4


def test_joining_shows_the_dates_ahead_or_says_that_none_is_set(client: FlaskClient, make: Make) -> None:
    make.label_version()
    make.commit()
    assert "Les prochaines dates ne sont pas encore fixées" in plain(client.get("/rejoindre").text)
    make.sitting(days=60)
    make.commit()
    page = plain(client.get("/rejoindre").text)
    assert "1er janvier 2027" in page
    assert "Dossier complet le 18 décembre 2026 au plus tard" in page


def test_joining_explains_both_entries_and_leads_to_the_form(reader: Reader) -> None:
    page = plain(reader.client.get("/rejoindre").text)
    assert "vous gardez votre nom, votre méthode ; on regarde ensemble ce qui correspond" in page
    for key in ("creation", "a_posteriori"):
        assert f'href="{WHERE}?entree={key}"' in page
