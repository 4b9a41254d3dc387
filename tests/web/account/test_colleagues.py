"""« Ma structure » from a browser: who sees whom, who invites in what, who leaves and what is said of it."""

import re
from dataclasses import dataclass

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.db import Database
from app.models import Mandate, Person, Structure
from tests.conftest import Visitor, counted
from tests.make import Make
from tests.web.candidate.conftest import text_of


@dataclass
class Ours:
    """A structure, who represents it, and who helps to write."""

    make: Make
    structure: Structure
    camille: Person
    mehdi: Person

    @property
    def url(self) -> str:
        return f"/compte/structures/{self.structure.id}"

    def mandate(self, person: Person) -> str:
        found = self.make.db.execute(select(Mandate.id).where(Mandate.person_id == person.id)).scalars().one()
        self.make.commit()
        return found

    def roles(self, email: str) -> list[str]:
        asked = select(Mandate.role).join(Person, Person.id == Mandate.person_id)
        asked = asked.where(Person.email == email, Mandate.until.is_(None)).order_by(Mandate.role)
        found = list(self.make.db.execute(asked).scalars())
        self.make.commit()
        return found


@pytest.fixture
def ours(make: Make) -> Ours:
    structure = make.structure("Passerelles 26")
    camille = make.person("titulaire", structure=structure, name="Camille Orsini")
    mehdi = make.person("contribution", structure=structure, name="Mehdi Arnaud")
    make.dossier(structure, stage="experimentation", candidate=camille)
    make.commit()
    return Ours(make, structure, camille, mehdi)


def invitation(role: str = "contribution", **changed: str) -> dict[str, str]:
    return {"name": "Yann Vial", "email": "yann@fabrique.example", "function": "directeur", "role": role, **changed}


def test_each_colleague_is_shown_with_what_she_does_in_words(client: Visitor, ours: Ours) -> None:
    page = text_of(client.sign_in(ours.mehdi).get(ours.url).text)
    assert "2 personnes agissent pour Passerelles 26" in page
    assert "représente la structure, depuis le 2 novembre 2026" in page
    assert "prépare, depuis le" in page
    assert "invitée, pas encore venue" in page


@pytest.mark.parametrize("path", ["", "/depart"])
def test_another_structure_looks_like_one_that_does_not_exist(
    client: Visitor, ours: Ours, make: Make, path: str
) -> None:
    stranger = make.person(structure=make.structure())
    officer = make.officer()
    make.commit()
    for person in (stranger, officer):
        here = client.sign_in(person).get(ours.url + path)
        nowhere = client.sign_in(person).get("/compte/structures/nowhere" + path)
        assert (here.status_code, nowhere.status_code) == (404, 404)
        assert "Passerelles" not in here.text


def test_a_stranger_is_asked_who_she_is(client: FlaskClient, ours: Ours) -> None:
    assert client.get(ours.url).status_code == 302


@pytest.mark.parametrize("role", ["titulaire", "suppleance", "contribution", "signature"])
def test_who_binds_the_structure_invites_in_any_role(client: Visitor, ours: Ours, role: str) -> None:
    answer = client.sign_in(ours.camille).post(ours.url + "/personnes", data=invitation(role))
    assert (answer.status_code, answer.location) == (303, ours.url)
    assert ours.roles("yann@fabrique.example") == [role]


@pytest.mark.parametrize("role", ["titulaire", "suppleance", "signature", "officer", "", "\x00"])
def test_who_helps_to_write_invites_to_write_and_no_more(client: Visitor, ours: Ours, role: str) -> None:
    answer = client.sign_in(ours.mehdi).post(ours.url + "/personnes", data=invitation(role))
    assert answer.status_code in {400, 422}
    assert ours.roles("yann@fabrique.example") == []
    assert client.post(ours.url + "/personnes", data=invitation()).status_code == 303


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"name": "a" * 121},
        {"email": "yann"},
        {"email": "a" * 250 + "@fabrique.example"},
        {"function": "a" * 121},
        {"role": "officer"},
        {"email": "mehdi"},
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(client: Visitor, ours: Ours, wrong: dict[str, str]) -> None:
    answer = client.sign_in(ours.camille).post(ours.url + "/personnes", data=invitation(**wrong))
    assert answer.status_code == 422
    assert "à reprendre" in answer.text
    assert 'value="directeur"' in answer.text or "function" in wrong
    assert ours.roles("yann@fabrique.example") == []


def test_nobody_is_given_the_same_role_twice(client: Visitor, ours: Ours) -> None:
    answer = client.sign_in(ours.camille).post(ours.url + "/personnes", data=invitation(email=ours.mehdi.email))
    assert answer.status_code == 422
    assert "a déjà ce rôle" in text_of(answer.text)


def test_a_role_is_ended_by_who_binds_the_structure_alone(client: Visitor, ours: Ours) -> None:
    mandate = ours.mandate(ours.camille)
    assert client.sign_in(ours.mehdi).post(f"{ours.url}/mandats/{mandate}/fin").status_code == 403
    assert client.sign_in(ours.camille).post(f"{ours.url}/mandats/{mandate}/fin").status_code == 409
    mandate = ours.mandate(ours.mehdi)
    assert client.post(f"{ours.url}/mandats/{mandate}/fin").status_code == 303
    assert ours.roles(ours.mehdi.email) == []
    assert client.sign_in(ours.camille).post(f"{ours.url}/mandats/nowhere/fin").status_code == 404


def test_an_invitation_is_sent_again_to_who_has_not_come(client: Visitor, ours: Ours, make: Make) -> None:
    again = f"{ours.url}/personnes/{ours.mehdi.id}/invitation"
    assert client.sign_in(ours.mehdi).post(again).status_code == 303
    stranger = make.person(structure=make.structure())
    make.commit()
    assert client.post(f"{ours.url}/personnes/{stranger.id}/invitation").status_code == 404


def test_leaving_says_what_remains_and_hands_over(client: Visitor, ours: Ours) -> None:
    page = text_of(client.sign_in(ours.camille).get(ours.url + "/depart").text)
    assert "À partir d’aujourd’hui, 2 novembre 2026" in page
    assert "Pièce à joindre : Bilan de l’expérimentation." in page
    form = {"successor": ours.mehdi.id, "note": "Le conseil vote le 3 mars."}
    answer = client.post(ours.url + "/depart", data=form)
    assert (answer.status_code, answer.location) == (303, "/compte")
    assert ours.roles(ours.mehdi.email) == ["contribution", "titulaire"]
    assert ours.roles(ours.camille.email) == []
    page = text_of(client.get("/compte").text)
    assert "Vous n’agissez plus pour Passerelles 26 depuis aujourd’hui" in page
    assert client.get(ours.url).status_code == 404


def test_who_was_signed_in_elsewhere_comes_in_no_more(client: Visitor, ours: Ours) -> None:
    elsewhere = client.application.test_client()
    assert isinstance(elsewhere, Visitor)
    elsewhere.sign_in(ours.camille).get("/compte")
    client.sign_in(ours.camille).post(ours.url + "/depart", data={"successor": "nobody", "note": ""})
    assert elsewhere.get("/compte").status_code == 302


def test_who_leaves_may_invite_who_takes_over(client: Visitor, ours: Ours) -> None:
    form = {"successor": "invite", "name": "Yann Vial", "email": "yann@fabrique.example", "note": ""}
    assert client.sign_in(ours.camille).post(ours.url + "/depart", data=form).status_code == 303
    assert ours.roles("yann@fabrique.example") == ["titulaire"]


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"successor": "somebody"},
        {"successor": "invite"},
        {"successor": "invite", "name": "Yann"},
        {"successor": "invite", "name": "Yann", "email": "yann"},
        {"successor": "nobody", "note": "a" * 2001},
    ],
)
def test_a_departure_that_is_not_said_well_changes_nothing(client: Visitor, ours: Ours, form: dict[str, str]) -> None:
    answer = client.sign_in(ours.camille).post(ours.url + "/depart", data=form)
    assert answer.status_code == 422
    assert ours.roles(ours.camille.email) == ["titulaire"]


def test_nobody_hands_over_to_a_stranger_or_to_herself(client: Visitor, ours: Ours, make: Make) -> None:
    stranger = make.person(structure=make.structure())
    make.commit()
    for person in (stranger, ours.camille):
        assert client.sign_in(ours.camille).post(ours.url + "/depart", data={"successor": person.id}).status_code == 422
    assert ours.roles(ours.camille.email) == ["titulaire"]


def test_a_structure_with_one_person_is_told_so(client: Visitor, make: Make) -> None:
    structure = make.structure("Semailles")
    alone = make.person("suppleance", structure=structure)
    make.commit()
    page = text_of(client.sign_in(alone).get(f"/compte/structures/{structure.id}").text)
    assert "Une deuxième personne de votre structure, pour que rien ne s’arrête si l’une s’absente." in page
    assert "Une personne qui peut engager votre structure." in page


def test_a_person_of_two_structures_finds_each_under_its_name(client: Visitor, ours: Ours, make: Make) -> None:
    other = make.structure("Rives")
    make.db.add(Mandate(person_id=ours.mehdi.id, structure_id=other.id, role="contribution", since=make.clock()))
    make.commit()
    account = client.sign_in(ours.mehdi).get("/compte").text
    for structure in (ours.structure, other):
        assert f'href="/compte/structures/{structure.id}"' in account
        page = client.get(f"/compte/structures/{structure.id}").text
        assert re.search(rf", pour\s*<strong>{structure.name}</strong>", page.replace("\u00a0", " "))


def test_the_pages_send_as_many_statements_whatever_the_number_of_persons(
    client: Visitor, ours: Ours, make: Make, database: Database
) -> None:
    client.sign_in(ours.camille).get(ours.url)
    counts = []
    for more in (0, 5):
        for _ in range(more):
            make.colleague(ours.structure, "contribution")
        make.commit()
        with counted(database) as sent:
            assert client.get(ours.url).status_code == 200
        counts.append(len(sent))
    assert counts == [6, 6]
