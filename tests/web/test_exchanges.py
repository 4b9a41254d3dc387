"""What was said, on the pages of both sides: shared or internal, corrected beside, a dossier that changes hands."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.routing import Rule

from app.db import Database
from app.models import Dossier, Exchange, Person
from app.queries.exchanges import LATEST
from tests.conftest import Clock, Visitor, counted
from tests.make import Make
from tests.web.staff.conftest import text_of

NOTED = {"kind": "call", "words": "Le montant est de 42 000 euros.", "reader": "inside", "next_on": ""}
INTERNAL = "un-mot-interne-que-personne-ne-lit"


@dataclass
class Sides:
    """One dossier, a browser for its officer and one for its structure."""

    make: Make
    app: Flask
    dossier: Dossier
    candidate: Person
    officer: Person

    def browser(self, person: Person) -> Visitor:
        self.make.commit()
        found = self.app.test_client()
        assert isinstance(found, Visitor)
        return found.sign_in(person)

    def get(self, person: Person, path: str = "", status: int = 200) -> str:
        desk = "/avise" if person is self.officer else ""
        answer = self.browser(person).get(f"{desk}/dossiers/{self.dossier.id}{path}")
        assert answer.status_code == status, answer.text
        return text_of(answer.text)

    def post(self, person: Person, path: str, status: int = 303, **fields: str) -> str:
        desk = "/avise" if person is self.officer else ""
        answer = self.browser(person).post(f"{desk}/dossiers/{self.dossier.id}{path}", data=fields)
        assert answer.status_code == status, answer.text
        return text_of(answer.text)

    def kept(self) -> list[Exchange]:
        asked = select(Exchange).where(Exchange.dossier_id == self.dossier.id).order_by(Exchange.at, Exchange.id)
        found = list(self.make.db.execute(asked).scalars())
        self.make.commit()
        return found


@pytest.fixture
def sides(app: Flask, make: Make) -> Sides:
    structure = make.structure("Passerelles 26")
    candidate, officer = make.person("titulaire", structure=structure), make.officer()
    dossier = make.dossier(structure, officer=officer, candidate=candidate)
    make.commit()
    return Sides(make, app, dossier, candidate, officer)


def test_a_call_is_noted_from_the_page_of_the_dossier(sides: Sides) -> None:
    assert "Noter un échange" in sides.get(sides.officer)
    sides.post(sides.officer, "/echanges", **NOTED)
    page = sides.get(sides.officer)
    assert f"Appel du 2 novembre 2026, par {sides.officer.name}" in page
    assert "42 000 euros" in page and "interne à l’Avise" in page
    for path in ("", "/echanges"):
        assert "42 000 euros" not in sides.get(sides.candidate, path)


def test_what_is_shared_is_on_the_structures_page_with_who_noted_it(sides: Sides) -> None:
    sides.post(sides.officer, "/echanges", **{**NOTED, "reader": "shared", "next_on": "2026-11-05"})
    for path in ("", "/echanges"):
        page = sides.get(sides.candidate, path)
        assert f"Appel du 2 novembre 2026, par {sides.officer.name}" in page
        assert "42 000 euros" in page
        assert "5 novembre" not in page, "the day to see it again is the desk’s own"
    assert "À revoir le 5 novembre 2026." in sides.get(sides.officer, "/echanges")


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"words": "  "}, "Écrivez ce qui a été dit"),
        ({"words": "a" * 2001}, ""),
        ({"next_on": "2026-11-01"}, "Ce jour est passé"),
        ({"next_on": "demain"}, ""),
        ({"kind": "pigeon"}, ""),
        ({"reader": "tout le monde"}, ""),
    ],
)
def test_what_stops_a_note_is_said_at_its_field_and_its_words_are_kept(
    sides: Sides, changed: dict[str, str], sentence: str
) -> None:
    page = sides.post(sides.officer, "/echanges", 422, **{**NOTED, **changed})
    assert sentence in page and "à reprendre" in page
    assert changed.get("words", NOTED["words"]).strip() in page
    assert sides.kept() == []


def test_the_structure_says_what_it_understood_otherwise(sides: Sides) -> None:
    sides.post(sides.officer, "/echanges", **{**NOTED, "reader": "shared"})
    assert "Écrivez ce qui a été dit" in sides.post(sides.candidate, "/echanges", 422, words="")
    sides.post(sides.candidate, "/echanges", words="C’était 45 000 euros.")
    for person in (sides.candidate, sides.officer):
        page = sides.get(person, "/echanges")
        assert "42 000 euros" in page and "45 000 euros" in page
    assert [one.shared for one in sides.kept()] == [True, True]


def test_nobody_else_reads_or_writes_here(sides: Sides) -> None:
    member = sides.make.holder().person
    sides.get(member, "/echanges", 404)
    sides.post(member, "/echanges", 404, words="Bonjour.")
    arbiter = sides.browser(sides.make.arbiter())
    url = f"/avise/dossiers/{sides.dossier.id}/echanges"
    assert arbiter.get(url).status_code == 200
    assert "Noter un échange" not in arbiter.get(url).text
    assert arbiter.post(url, data=NOTED).status_code == 403
    officer = sides.browser(sides.officer)
    assert officer.post(f"/dossiers/{sides.dossier.id}/echanges", data={"words": "Bonjour."}).status_code == 403
    assert sides.kept() == []


def paths(app: Flask, values: dict[str, str]) -> Iterator[str]:
    """Every page of the site whose address these values fill."""

    def fits(rule: Rule) -> bool:
        return "GET" in (rule.methods or ()) and rule.arguments <= values.keys()

    for rule in filter(fits, app.url_map.iter_rules()):
        yield app.url_map.bind("").build(rule.endpoint, {name: values[name] for name in rule.arguments})


def test_an_internal_note_is_on_no_page_of_the_structure_nor_of_a_peer(app: Flask, make: Make) -> None:
    world = make.poll(electors=3)
    make.exchange(world.dossier, INTERNAL, by=world.officer)
    make.exchange(world.dossier, "Partagé.", by=world.officer, shared=True)
    member = world.members[0]
    values = {
        "dossier_id": world.dossier.id,
        "poll_id": world.poll.id,
        "structure_id": member.structure.id,
        "criterion": "utilite_structure",
        "key": "deliberation",
    }
    make.commit()
    found = {"candidate": 0, "member": 0, "officer": 0}
    for name, person in (("candidate", world.candidate), ("member", member.person), ("officer", world.officer)):
        browser = app.test_client()
        assert isinstance(browser, Visitor)
        browser.sign_in(person)
        for path in paths(app, values):
            found[name] += INTERNAL in browser.get(path).text
    assert (found["candidate"], found["member"]) == (0, 0)
    assert found["officer"] >= 2, "the walk reaches the pages where it is read"


def test_a_dossier_changes_hands(sides: Sides) -> None:
    thomas = sides.make.officer()
    assert thomas.name in sides.get(sides.officer, "/confier")
    assert "Choisissez une personne" in sides.post(
        sides.officer, "/confier", 422, to="", state="Tout va bien.", promised="", delicate="", next_act=""
    )
    sides.post(
        sides.officer,
        "/confier",
        to=thomas.id,
        state="Le budget est bouclé.",
        promised="",
        delicate="Le président hésite.",
        next_act="L’appeler.",
        next_on="2026-11-06",
    )
    page = sides.get(sides.officer)
    assert f"suivi par {thomas.name}" in page
    assert "Où en est le dossier : Le budget est bouclé." in page and "Le point délicat : Le président hésite." in page
    assert "Ce qui a été promis" not in page
    assert "Le président hésite." not in sides.get(sides.candidate, "/echanges")


def test_only_an_officer_entrusts_a_dossier(sides: Sides) -> None:
    url = f"/avise/dossiers/{sides.dossier.id}/confier"
    for person in (sides.make.arbiter(), sides.candidate, sides.make.holder().person):
        assert sides.browser(person).get(url).status_code == 403
        assert sides.browser(person).post(url, data={"to": sides.officer.id}).status_code == 403


def test_a_page_asks_the_same_statements_however_much_was_said(sides: Sides, database: Database, clock: Clock) -> None:
    for person, path in ((sides.officer, ""), (sides.officer, "/echanges"), (sides.candidate, "/echanges")):
        counts = set()
        for _ in range(3):
            for _one in range(LATEST):
                sides.make.exchange(sides.dossier, "Un mot de plus.", shared=True)
                clock.forward(minutes=1)
            browser = sides.browser(person)
            desk = "/avise" if person is sides.officer else ""
            address = f"{desk}/dossiers/{sides.dossier.id}{path}"
            browser.get(address)
            with counted(database) as sent:
                browser.get(address)
            counts.add(len(sent))
        assert len(counts) == 1 and max(counts) <= 8
