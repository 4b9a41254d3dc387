"""Holding an outcome: what would follow is read first, a second person confirms, and electors are told."""

import pytest

from tests.conftest import Clock, counted
from tests.make import Make, World
from tests.web.staff.conftest import Team, text_of
from tests.web.staff.test_decisions import LETTER, closed

WHY = "La voix de Rives n’a pas été appelée."


def path(world: World, end: str = "") -> str:
    return f"/avise/consultations/{world.poll.id}/suspension{end}"


@pytest.fixture
def world(make: Make, clock: Clock) -> World:
    return closed(make, clock, "for", "for", "against")


def test_one_person_holds_another_confirms_and_the_committee_is_convened_again(team: Team, world: World) -> None:
    first, second, officer = team.arbiter(), team.arbiter(), team.of(world)
    officer.post(f"/avise/dossiers/{world.dossier.id}/decision", letter=LETTER)
    page = first.get(path(world))
    assert "la décision contraire n’est jamais prise à sa place" in page
    assert "La décision enregistrée, « appellation accordée », est retirée." in page
    first.post(path(world), reason=WHY)
    assert "Confirmer : écarter ce résultat" not in first.get(path(world))
    first.post(path(world, "/confirmer"), 409)
    assert "confirmer ou lever une suspension" in second.get("/avise")
    first.get(f"/avise/dossiers/{world.dossier.id}/notification", 409)
    assert WHY in second.get(path(world))
    second.post(path(world, "/confirmer"))
    assert "Le résultat sur Les Ateliers" in second.get(f"/avise/consultations/{world.poll.id}")
    assert "inviter de nouveau le comité" in officer.get("/avise")
    convening = officer.get(f"/avise/dossiers/{world.dossier.id}/comite")
    assert "le comité recommence, avec le quorum d’une première invitation" in convening
    assert "base 3, il en faudra 2." in convening
    assert "invitation nº 1" in convening
    officer.post(
        f"/avise/dossiers/{world.dossier.id}/comite", opens_at="2026-11-16T09:00", closes_at="2026-11-25T12:00"
    )
    assert first.poll(world.poll.id).status == "cancelled"
    first.get(path(world))


def test_electors_read_that_nobody_is_at_fault_and_no_result(team: Team, make: Make, world: World) -> None:
    team.arbiter().post(path(world), reason=WHY)
    team.arbiter().post(path(world, "/confirmer"))
    elector = team.app.test_client()
    elector.sign_in(world.members[0].person)  # type: ignore[attr-defined]  # the tests' own client
    page = text_of(elector.get(f"/comite/consultations/{world.poll.id}").text)
    assert "Un point de forme oblige à reprendre cette consultation" in page
    assert "demande a été retirée" not in page
    assert WHY not in page
    assert elector.get(f"/comite/consultations/{world.poll.id}/resultat").status_code == 404
    candidate = team.app.test_client()
    candidate.sign_in(world.candidate)  # type: ignore[attr-defined]
    mine = text_of(candidate.get(f"/dossiers/{world.dossier.id}").text)
    assert "irrégularité" not in mine
    assert WHY not in mine


def test_a_hold_is_lifted_with_a_word(team: Team, world: World) -> None:
    desk = team.arbiter()
    desk.post(path(world), reason=WHY)
    assert "Écrivez pourquoi" in desk.post(path(world, "/lever"), 422, note=" ")
    desk.post(path(world, "/lever"), note="Elle avait été appelée.")
    assert "Suspension levée le" in desk.get(path(world))
    team.of(world).post(f"/avise/dossiers/{world.dossier.id}/decision", letter=LETTER)


def test_a_small_team_holds_alone_only_where_it_is_small(team: Team, make: Make, world: World) -> None:
    desk = team.arbiter()
    assert "Votre équipe est trop petite" in desk.get(path(world))
    second = make.arbiter()
    make.commit()
    assert "Votre équipe est trop petite" not in desk.get(path(world))
    page = desk.post(path(world), 422, reason=WHY, derogation="Plus simple.")
    assert "Deux personnes de l’Avise peuvent décider" in page
    second.active = False
    make.commit()
    desk.post(path(world), reason=WHY, derogation="Une seule personne décide.")
    assert desk.poll(world.poll.id).status == "cancelled"
    assert "Une seule personne, parce que : Une seule personne décide." in desk.get(path(world))


def test_a_hold_refuses_what_its_fields_cannot_hold(team: Team, world: World) -> None:
    desk = team.arbiter()
    for fields in ({"reason": ""}, {"reason": "x" * 5001}, {"reason": WHY, "derogation": "x" * 5001}):
        desk.post(path(world), 422, **fields)
    desk.post(path(world), reason=WHY)
    desk.post(path(world, "/lever"), 422, note="x" * 5001)
    assert desk.poll(world.poll.id).status == "closed"


def test_only_an_arbiter_who_has_not_instructed_holds(team: Team, make: Make, world: World) -> None:
    team.of(world).get(path(world), 403)
    for end in ("", "/confirmer", "/lever"):
        team.of(world).post(path(world, end), 403, reason=WHY, note=WHY)
    team.administrator().get(path(world), 403)
    team.sits(world.members[0].person).get(path(world), 403)
    team.arbiter().get("/avise/consultations/nothing/suspension", 404)
    open_one = make.poll_of(world.members)
    team.arbiter().get(path(open_one), 409)


def test_the_page_of_a_hold_costs_the_same_whatever_there_is(team: Team, world: World) -> None:
    desk = team.arbiter()
    database = team.app.extensions["database"]
    with counted(database) as statements:
        desk.get(path(world))
    assert len(statements) <= 8
