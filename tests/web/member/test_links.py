"""Declaring links: before reading, for the structure that the form names, and with all their effects."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.models import Link
from tests.conftest import Clock
from tests.make import Make, World
from tests.web.member.forms import at, bare, hidden, link, mandate, plain, visitor


@pytest.fixture
def world(make: Make) -> World:
    made = make.poll(electors=4, declared=False)
    make.commit()
    return made


def declared(make: Make) -> list[tuple[str, str]]:
    """(structure, kind) of each declaration, the first one first."""
    rows = make.db.execute(select(Link.structure_id, Link.kind).order_by(Link.declared_at, Link.version)).all()
    make.commit()
    return [(row.structure_id, row.kind) for row in rows]


def test_the_page_explains_hard_and_soft_links_before_asking(client: FlaskClient, world: World) -> None:
    page = plain(visitor(client, world.members[0].person).get(at(world, "/lien")))
    explained, asked = page.split("<form", 1)
    assert "Un lien fort : votre structure ne prend pas part à l’examen" in explained
    assert "Un lien léger : l’Avise en est informée" in explained
    for name in ("Aucun lien", "Projet co-porté", "Territoire commun", "Personne liée aux deux structures"):
        assert name in asked


def test_no_link_opens_the_file(client: FlaskClient, make: Make, world: World) -> None:
    member = world.members[0]
    browser = visitor(client, member.person)
    form = browser.get(at(world, "/lien"))
    answer = browser.post(at(world, "/lien"), data={**hidden(form), "kind": "none"})
    assert (answer.status_code, answer.location) == (303, at(world, f"/lire?pour={member.structure.id}"))
    assert browser.get(answer.location).status_code == 200
    assert declared(make) == [(member.structure.id, "none")]


def test_a_soft_link_is_told_and_keeps_the_voice(client: FlaskClient, make: Make, world: World) -> None:
    member = world.members[0]
    browser = visitor(client, member.person)
    form = browser.get(at(world, "/lien"))
    sent = {**hidden(form), "kind": "territoire_commun", "words": "Deux communes voisines."}
    assert browser.post(at(world, "/lien"), data=sent).status_code == 303
    assert "un lien qui ne l’écarte pas" in plain(browser.get("/comite"))
    assert browser.get(at(world, "/avis")).status_code == 200


def test_a_hard_link_closes_everything_at_once(client: FlaskClient, make: Make, world: World) -> None:
    member = world.members[0]
    browser = visitor(client, member.person)
    form = browser.get(at(world, "/lien"))
    answer = browser.post(at(world, "/lien"), data={**hidden(form), "kind": "coportage"})
    assert (answer.status_code, answer.location) == (303, "/comite")
    page = plain(browser.get("/comite"))
    assert f"{member.structure.name} ne prend pas part à l’examen" in page
    for address in ("", "/lien", "/lire", "/avis", "/resultat"):
        assert browser.get(at(world, address)).status_code == 404, address


def test_a_personal_link_keeps_its_author_away_and_leaves_the_voice_to_others(
    client: FlaskClient, make: Make, world: World
) -> None:
    member = world.members[0]
    other = make.person("suppleance", structure=member.structure)
    make.commit()
    browser = visitor(client, member.person)
    form = browser.get(at(world, "/lien"))
    assert browser.post(at(world, "/lien"), data={**hidden(form), "kind": "personne"}).location == "/comite"
    assert browser.get(at(world, "/lire")).status_code == 403
    assert "une autre personne" in plain(browser.get(at(world)))
    assert visitor(client, other).get(at(world, "/lien")).status_code == 200


def test_each_structure_declares_for_itself(client: FlaskClient, make: Make, world: World) -> None:
    first, second = world.members[0], world.members[1]
    mandate(make, first.person, second.structure.id)
    make.commit()
    browser = visitor(client, first.person)
    form = browser.get(at(world, f"/lien?pour={second.structure.id}"))
    assert f"Déclarer pour {second.structure.name}" in plain(form)
    browser.post(at(world, "/lien"), data={**hidden(form), "kind": "none"})
    assert declared(make) == [(second.structure.id, "none")]
    assert f"Déclarer pour {first.structure.name}" in plain(browser.get(at(world, "/lien")))


def test_an_answer_is_needed_and_what_was_typed_stays(client: FlaskClient, make: Make, world: World) -> None:
    browser = visitor(client, world.members[0].person)
    form = browser.get(at(world, "/lien"))
    for kind in ("", "inventé"):
        answer = browser.post(at(world, "/lien"), data={**hidden(form), "kind": kind, "words": "Un texte à garder."})
        assert answer.status_code == 422
        assert "Un texte à garder." in answer.text
    assert declared(make) == []


def test_a_link_discovered_after_an_opinion_voids_it_and_the_receipt_stays(
    client: FlaskClient, make: Make, world: World
) -> None:
    member = world.members[0]
    make.no_link(world, member)
    kept = make.cast(world, member)
    make.commit()
    browser = visitor(client, member.person)
    form = browser.get(at(world, f"/lien?pour={member.structure.id}"))
    assert "Votre structure a déjà donné son avis" in plain(form)
    browser.post(at(world, "/lien"), data={**hidden(form), "kind": "coportage"})
    receipt = browser.get(at(world, f"/accuse/{member.structure.id}"))
    assert receipt.status_code == 200
    assert kept.code in receipt.text
    assert "cet avis n’est pas compté" in plain(receipt)
    assert at(world, f"/accuse/{member.structure.id}") in browser.get("/comite/passees").text


@pytest.mark.parametrize("address", ["", "/lien", "/lire", "/avis", "/avis/confirmer", "/resultat", "/pieces/x"])
def test_a_structure_that_takes_no_part_finds_the_page_of_what_does_not_exist(
    client: FlaskClient, make: Make, world: World, address: str
) -> None:
    member = world.members[0]
    link(make, world, member, "coportage")
    make.commit()
    browser = visitor(client, member.person)
    refused, missing = browser.get(at(world, address)), browser.get(f"/comite/consultations/inconnue{address}")
    assert refused.status_code == missing.status_code == 404
    assert bare(refused.text).replace(world.poll.id, "inconnue") == bare(missing.text)


def test_a_recused_structure_of_somebody_who_acts_for_another_is_out_of_reach(
    client: FlaskClient, make: Make, world: World
) -> None:
    out, still = world.members[0], world.members[1]
    mandate(make, out.person, still.structure.id)
    link(make, world, out, "coportage")
    make.no_link(world, still)
    make.commit()
    browser = visitor(client, out.person)
    page = plain(browser.get(at(world)))
    assert f">{out.structure.name}<" not in page
    assert f">{still.structure.name}<" in page
    for page in ("/lien", "/avis"):
        assert browser.get(at(world, f"{page}?pour={out.structure.id}")).status_code == 404
    form = hidden(browser.get(at(world, "/avis")))
    for page in ("/lien", "/avis/confirmer", "/avis"):
        sent = {**form, "structure": out.structure.id, "choice": "for", "kind": "none"}
        assert browser.post(at(world, page), data=sent).status_code == 404


def test_after_the_close_nothing_is_declared(client: FlaskClient, make: Make, world: World, clock: Clock) -> None:
    member = world.members[0]
    browser = visitor(client, member.person)
    form = browser.get(at(world, "/lien"))
    clock.forward(days=10)
    browser.sign_in(member.person)
    answer = browser.post(at(world, "/lien"), data={**hidden(form), "kind": "none"})
    assert answer.status_code == 409
    assert "12 novembre 2026 à 10 h" in plain(answer)
    assert browser.get(at(world, "/lien")).location == at(world)
    assert declared(make) == []
