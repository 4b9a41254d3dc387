"""Links declared once for several consultations, then a person's own word beside her structure's."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.db import Database
from app.models import Link
from tests.conftest import Visitor, counted
from tests.make import Make, Member, World
from tests.web.member.forms import at, candidate_of, hidden, mandate, plain, visitor

LONG = "é" * 1001


@pytest.fixture
def members(make: Make) -> list[Member]:
    return [make.holder("Rives-Nord"), make.holder("Rives"), make.holder()]


@pytest.fixture
def worlds(make: Make, members: list[Member]) -> list[World]:
    made = [make.poll_of(members, declared=False, opened=rank > 0) for rank in range(3)]
    make.commit()
    return made


def said(make: Make) -> dict[str, tuple[str, str]]:
    """What was declared of each poll: (kind, words)."""
    rows = make.db.execute(select(Link.poll_id, Link.kind, Link.words)).all()
    make.commit()
    return {row.poll_id: (row.kind, row.words) for row in rows}


def send(browser: Visitor, member: Member, worlds: list[World], **data: str) -> int:
    shown = [world.poll.id for world in worlds]
    return browser.post(f"/comite/liens/{member.structure.id}", data={"shown": shown, **data}).status_code


def test_one_act_declares_no_link_with_any_of_them(
    client: FlaskClient, make: Make, members: list[Member], worlds: list[World]
) -> None:
    browser = visitor(client, members[0].person)
    expected = plain(browser.get("/comite"))
    assert "Environ 20 minutes chacun." in expected
    assert f'href="/comite/liens/{members[0].structure.id}"' in expected
    assert "Commencer : avez-vous un lien ?" in expected
    page = plain(browser.get(f"/comite/liens/{members[0].structure.id}"))
    assert "Rives-Nord et ces 3 structures :" in page
    assert all(candidate_of(make, world).name in page for world in worlds)
    make.commit()
    assert send(browser, members[0], worlds, none="1") == 303
    assert said(make) == {world.poll.id: ("none", "") for world in worlds}
    assert browser.get(at(worlds[1], "/lire")).status_code == 200


def test_each_file_may_have_an_answer_of_its_own_and_one_left_blank_is_asked_again(
    client: FlaskClient, make: Make, members: list[Member], worlds: list[World]
) -> None:
    browser = visitor(client, members[0].person)
    hard, soft, blank = (world.poll.id for world in worlds)
    sent = {
        f"kind-{hard}": "coportage",
        f"words-{hard}": "Un projet commun.",
        f"kind-{soft}": "territoire_commun",
    }
    assert send(browser, members[0], worlds, **sent) == 303
    assert said(make) == {hard: ("coportage", "Un projet commun."), soft: ("territoire_commun", "")}
    page = plain(browser.get("/comite"))
    assert hard not in page
    assert f"/consultations/{blank}/lien" in page


def test_what_was_not_on_the_page_is_not_declared(
    client: FlaskClient, make: Make, members: list[Member], worlds: list[World]
) -> None:
    browser = visitor(client, members[0].person)
    assert send(browser, members[0], worlds[:2], none="1") == 303
    assert set(said(make)) == {world.poll.id for world in worlds[:2]}


@pytest.mark.parametrize(
    "sent",
    [{}, {"kind": "inventé"}, {"kind": "none", "words": LONG}, {"kind": "<script>alert(1)</script>"}],
    ids=["nothing", "unknown", "long", "markup"],
)
def test_a_bad_answer_is_mended_on_the_page_and_writes_nothing(
    client: FlaskClient, make: Make, members: list[Member], worlds: list[World], sent: dict[str, str]
) -> None:
    browser = visitor(client, members[0].person)
    first = worlds[0].poll.id
    data = {f"{name}-{first}": value for name, value in sent.items()}
    assert send(browser, members[0], worlds, **data) == 422
    assert said(make) == {}


def test_the_sheet_of_another_structure_does_not_exist(
    client: FlaskClient, make: Make, members: list[Member], worlds: list[World]
) -> None:
    browser = visitor(client, members[0].person)
    other = members[1]
    assert browser.get(f"/comite/liens/{other.structure.id}").status_code == 404
    assert send(browser, other, worlds, none="1") == 404
    assert said(make) == {}


def test_a_person_of_two_structures_declares_for_each(
    client: FlaskClient, make: Make, members: list[Member], worlds: list[World]
) -> None:
    mandate(make, members[0].person, members[1].structure.id)
    make.commit()
    browser = visitor(client, members[0].person)
    page = plain(browser.get("/comite"))
    assert "Commencer pour Rives : avez-vous un lien ?" in page
    assert "Commencer pour Rives-Nord : avez-vous un lien ?" in page
    assert send(browser, members[1], worlds, none="1") == 303
    rows = set(make.db.execute(select(Link.structure_id)).scalars())
    assert rows == {members[1].structure.id}


def test_the_sheet_costs_the_same_with_one_file_and_with_six(
    client: FlaskClient, make: Make, members: list[Member], worlds: list[World], database: Database
) -> None:
    costs = []
    for _ in range(2):
        browser = visitor(client, members[0].person)
        with counted(database) as sent:
            assert browser.get(f"/comite/liens/{members[0].structure.id}").status_code == 200
        costs.append(len(sent))
        for _more in range(3):
            make.poll_of(members, declared=False)
        make.commit()
    assert costs[0] == costs[1] <= 4


def test_a_colleague_is_told_what_was_declared_and_asked_for_her_own_word(
    client: FlaskClient, make: Make, members: list[Member], worlds: list[World]
) -> None:
    world, member = worlds[1], members[0]
    member.person.name = "Rodrigue Maroudin"
    colleague = make.person("suppleance", structure=member.structure, name="Gaëlle Sophie")
    make.no_link(world, member)
    make.commit()
    browser = visitor(client, colleague)
    page = plain(browser.get("/comite"))
    assert (
        "Rodrigue Maroudin a déclaré pour votre structure le 2 novembre : aucun lien. Et vous, personnellement ?"
        in page
    )
    assert browser.get(at(world, "/lire")).location == at(world, "/lien")
    form = browser.get(at(world, "/lien"))
    asked = plain(form)
    assert "Et vous, personnellement" in asked
    assert "Projet co-porté" not in asked
    assert "Personne liée aux deux structures" in asked
    answer = browser.post(at(world, "/lien"), data={**hidden(form), "kind": "none"})
    assert (answer.status_code, answer.location) == (303, at(world, f"/lire?pour={member.structure.id}"))
    assert browser.get(answer.location).status_code == 200
    after = plain(browser.get("/comite"))
    assert "Rodrigue Maroudin n’a pas encore donné l’avis de votre structure." in after
    assert "un message l’en avertira" in after


def test_a_colleague_may_still_say_that_the_structure_has_a_link(
    client: FlaskClient, make: Make, members: list[Member], worlds: list[World]
) -> None:
    world, member = worlds[1], members[0]
    colleague = make.person("suppleance", structure=member.structure)
    make.no_link(world, member)
    make.commit()
    browser = visitor(client, colleague)
    form = browser.get(at(world, f"/lien?pour={member.structure.id}&structure=1"))
    assert "Projet co-porté" in plain(form)
    assert browser.post(at(world, "/lien"), data={**hidden(form), "kind": "coportage"}).status_code == 303
    assert browser.get(at(world)).status_code == 404
