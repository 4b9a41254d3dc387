"""The agreement on both sides’ pages: the same three pages, and nothing for anybody else."""

import re
from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.db import Database
from app.models import Agreement, Dossier, Person, Structure
from tests.conftest import Visitor, counted
from tests.make import Make
from tests.web.staff.conftest import text_of

WRITTEN = {
    "recognised": "La détection des besoins.",
    "remaining": "L’étude d’opportunité.",
    "until": "2027-06",
    "steps-0-own": "Tendre l’oreille",
    "steps-0-step": "detection",
    "steps-1-own": "Mettre la table",
    "steps-1-step": "",
    "seen": "0",
}


@dataclass
class Sides:
    """One dossier of the second entry, a browser for each of its sides."""

    make: Make
    app: Flask
    dossier: Dossier
    signing: Person
    officer: Person

    def browser(self, person: Person) -> Visitor:
        found = self.app.test_client()
        assert isinstance(found, Visitor)
        return found.sign_in(person)

    def url(self, person: Person) -> str:
        return f"{'/avise' if person is self.officer else ''}/dossiers/{self.dossier.id}/accord"

    def write(self, person: Person, **changed: str) -> TestResponse:
        self.make.commit()
        return self.browser(person).post(self.url(person) + "/ecrire", data={**WRITTEN, **changed})

    def confirm(self, person: Person, version: int = 1) -> TestResponse:
        self.make.commit()
        return self.browser(person).post(self.url(person), data={"version": version})

    def page(self, person: Person, path: str = "") -> str:
        self.make.commit()
        answer = self.browser(person).get(self.url(person) + path)
        assert answer.status_code == 200, answer.text
        return text_of(answer.text)

    def versions(self) -> list[Agreement]:
        asked = select(Agreement).where(Agreement.dossier_id == self.dossier.id).order_by(Agreement.version)
        found = list(self.make.db.execute(asked.execution_options(populate_existing=True)).scalars())
        self.make.commit()
        return found


@pytest.fixture
def sides(app: Flask, make: Make) -> Sides:
    structure = make.structure("Terres d’Élan")
    signing, officer = make.person("titulaire", structure=structure, name="Bakary Sylla"), make.officer()
    dossier = make.dossier(structure, stage="modalites", entry="a_posteriori", officer=officer, candidate=signing)
    make.commit()
    return Sides(make, app, dossier, signing, officer)


def test_the_team_prepares_and_the_structure_confirms_with_one_button(sides: Sides) -> None:
    assert "Les modalités restent à écrire" in sides.page(sides.signing)
    assert sides.write(sides.officer).status_code == 303
    page = sides.page(sides.signing)
    assert "Une version attend d’être confirmée" in page
    assert "Confirmer veut dire" in page and "Ce n’est pas une demande d’appellation." in page
    assert sides.confirm(sides.signing).status_code == 303
    assert "n’a pas encore confirmé" in sides.page(sides.signing)
    assert sides.confirm(sides.officer).status_code == 303
    for person in (sides.signing, sides.officer):
        page = sides.page(person)
        assert "Les modalités sont convenues" in page
        assert "Bakary Sylla, le 2 novembre 2026 à 10 h, heure de Paris" in page
        assert f"{sides.officer.name}, le 2 novembre 2026 à 10 h, heure de Paris" in page


def test_the_structures_own_steps_stand_beside_those_of_the_craft(sides: Sides) -> None:
    sides.write(sides.signing)
    assert [match["step"] for match in sides.versions()[0].steps] == ["detection", None]
    page = sides.page(sides.officer)
    assert re.search("Tendre l’oreille.{0,40}Détection des besoins et des idées", page)
    assert re.search("Mettre la table.{0,40}propre à la structure", page)
    assert "Sans étape en face" in page and "Étude d’opportunité" in page


def test_lines_are_added_and_removed_and_everything_typed_is_kept(sides: Sides) -> None:
    for person in (sides.signing, sides.officer):
        answer = sides.write(person, add="1")
        assert answer.status_code == 200
        assert answer.text.count('name="steps-') == 6
        assert "Mettre la table" in answer.text and "La détection des besoins." in answer.text
        answer = sides.write(person, remove="steps-0")
        assert answer.status_code == 200
        assert answer.text.count('name="steps-') == 2
        assert "Tendre l’oreille" not in answer.text and "Mettre la table" in answer.text
        assert '<option selected value="2027-06">' in answer.text
    assert sides.versions() == []


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"recognised": " "}, "Écrivez ce qui est reconnu"),
        ({"remaining": ""}, "Écrivez ce qui reste à expérimenter"),
        ({"until": ""}, "Choisissez le mois"),
        ({"until": "2019-01"}, ""),
        ({"recognised": "a" * 6001}, ""),
        ({"steps-0-own": "a" * 121}, ""),
        ({"steps-0-step": "magie"}, ""),
    ],
)
def test_what_is_missing_is_said_at_its_field_and_nothing_is_lost(
    sides: Sides, changed: dict[str, str], sentence: str
) -> None:
    answer = sides.write(sides.signing, **changed)
    page = text_of(answer.text)
    assert answer.status_code == 422
    assert sentence in page
    assert 'aria-invalid="true"' in answer.text
    assert "Mettre la table" in answer.text
    assert sides.versions() == []


def test_a_stale_page_shows_both_and_loses_nothing(sides: Sides) -> None:
    sides.write(sides.officer)
    answer = sides.write(sides.signing, recognised="Treize ans de détection.")
    page = text_of(answer.text)
    assert answer.status_code == 422
    assert "Treize ans de détection." in page and "La détection des besoins." in page
    assert "Ce qui a été écrit entre-temps" in page
    assert len(sides.versions()) == 1
    assert 'name="seen" type="hidden" value="1"' in answer.text
    assert sides.write(sides.signing, recognised="Treize ans de détection.", seen="1").status_code == 303
    assert len(sides.versions()) == 2


def test_a_new_version_stands_beside_the_one_that_is_agreed(sides: Sides) -> None:
    sides.write(sides.officer)
    sides.confirm(sides.officer)
    sides.confirm(sides.signing)
    sides.write(sides.signing, until="2027-09", seen="1")
    page = sides.page(sides.officer)
    assert page.index("Ce qui est proposé") < page.index("Ce qui est convenu")
    assert "septembre 2027. (changé)" in page
    assert "juin 2027." in page


def test_a_word_for_an_older_version_is_refused(sides: Sides) -> None:
    sides.write(sides.officer)
    sides.write(sides.officer, until="2027-09", seen="1")
    assert sides.confirm(sides.signing, version=1).status_code == 409
    assert [version.structure_at for version in sides.versions()] == [None, None]
    answer = sides.browser(sides.signing).post(sides.url(sides.signing), data={"version": "un"})
    assert answer.status_code == 422


@pytest.mark.parametrize(("role", "confirms"), [("contribution", 403), ("suppleance", 403), ("signature", 303)])
def test_who_contributes_writes_and_only_who_signs_confirms(sides: Sides, role: str, confirms: int) -> None:
    structure = sides.make.db.get_one(Structure, sides.dossier.structure_id)
    colleague = sides.make.person(role, structure=structure)
    assert sides.write(colleague).status_code == 303
    page = sides.page(colleague)
    assert ("seule la personne qui signe pour elle peut le faire" in page) is (confirms == 403)
    assert sides.confirm(colleague).status_code == confirms


def test_nobody_else_sees_it(sides: Sides) -> None:
    sides.write(sides.officer)
    member = sides.make.holder().person
    sides.make.commit()
    browser = sides.browser(member)
    for path in (sides.url(sides.signing), sides.url(sides.signing) + "/ecrire"):
        assert browser.get(path).status_code == 404
    assert browser.post(sides.url(sides.signing), data={"version": 1}).status_code == 404
    assert browser.get(sides.url(sides.officer)).status_code == 403


def test_an_arbiter_reads_and_neither_writes_nor_confirms(sides: Sides) -> None:
    sides.write(sides.officer)
    arbiter = sides.make.arbiter()
    sides.make.commit()
    browser = sides.browser(arbiter)
    url = sides.url(sides.officer)
    assert browser.get(url).status_code == 200
    assert browser.get(url + "/ecrire").status_code == 403
    assert browser.post(url, data={"version": 1}).status_code == 403


def test_a_dossier_of_the_first_entry_has_no_such_page(sides: Sides, make: Make) -> None:
    other = make.dossier(stage="experimentation", officer=sides.officer)
    make.commit()
    assert sides.browser(sides.officer).get(f"/avise/dossiers/{other.id}/accord").status_code == 404


def test_the_desk_leads_to_what_is_missing(sides: Sides) -> None:
    answer = sides.browser(sides.officer).get(f"/avise/dossiers/{sides.dossier.id}")
    assert f'<a href="{sides.url(sides.officer)}">Les modalités, écrites et confirmées' in answer.text
    passing = f"/avise/dossiers/{sides.dossier.id}/passages/convenir_modalites"
    assert "Il manque encore" in text_of(sides.browser(sides.officer).get(passing).text)
    assert sides.browser(sides.officer).post(passing, data={"note": ""}).status_code == 409
    sides.write(sides.officer)
    sides.confirm(sides.officer)
    sides.confirm(sides.signing)
    assert sides.browser(sides.officer).post(passing, data={"note": ""}).status_code == 303


def test_a_page_asks_the_same_statements_however_many_versions_there_are(sides: Sides, database: Database) -> None:
    sides.write(sides.officer)
    for person in (sides.signing, sides.officer):
        counts = set()
        for month in ("07", "08", "09"):
            sides.make.agreement(sides.dossier, until=f"2027-{month}", by=person)
            sides.make.commit()
            browser = sides.browser(person)
            with counted(database) as sent:
                browser.get(sides.url(person))
            counts.add(len(sent))
        assert len(counts) == 1 and max(counts) <= 8


def test_the_structures_page_asks_for_its_word_then_says_what_is_agreed(sides: Sides) -> None:
    def page() -> str:
        return text_of(sides.browser(sides.signing).get(f"/dossiers/{sides.dossier.id}").text)

    assert "Préparer les modalités" in page()
    sides.write(sides.officer)
    assert "Votre mot est attendu sur les modalités" in page()
    sides.confirm(sides.signing)
    assert "Elles seront convenues quand les deux côtés les auront confirmées." in page()
    sides.confirm(sides.officer)
    assert "La structure et l’Avise ont confirmé la même version." in page()
