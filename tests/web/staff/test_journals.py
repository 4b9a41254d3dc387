"""The history of a dossier in words, and the messages: what is told, what is checked, what is left out."""

import sqlalchemy as sa

from app.models import Entry, Message, Opening
from tests.conftest import Clock, counted
from tests.make import Make
from tests.web.staff.conftest import Team


def test_the_history_is_told_in_words_and_checked(team: Team, make: Make) -> None:
    dossier = make.dossier(stage="complet")
    page = team.officer().get(f"/avise/dossiers/{dossier.id}/journal")
    assert "Ce dossier a été contrôlé : " in page
    assert "aucune rupture" in page
    assert "Dossier ouvert" in page
    assert "de « Demande d’appellation » à « Dossier complet »" in page
    assert "Pièce déposée" in page


def test_a_value_changed_behind_its_commitment_is_a_break(team: Team, make: Make) -> None:
    dossier = make.dossier(stage="mise_en_place")
    make.db.execute(sa.update(Opening).where(Opening.name == "person").values(value="Somebody else"))
    page = team.officer().get(f"/avise/dossiers/{dossier.id}/journal")
    assert "une rupture au moins" in page
    assert "L’historique ne dit plus ce qui a été écrit" in page


def test_erased_values_are_counted_and_break_nothing(team: Team, make: Make, clock: Clock) -> None:
    dossier = make.dossier(stage="mise_en_place")
    make.db.execute(sa.update(Opening).where(Opening.name == "person").values(value=None, salt=None, erased_at=clock()))
    page = team.officer().get(f"/avise/dossiers/{dossier.id}/journal")
    assert "aucune rupture" in page
    assert "2 valeurs ont été effacées depuis" in page
    assert "Inès" not in page.split("Connexion")[0].split("Le dossier")[1]


def test_the_history_of_a_consultation_is_read_after_its_close_without_its_opinions(
    team: Team, make: Make, clock: Clock
) -> None:
    world = make.poll(electors=3)
    for member in world.members:
        make.cast(world, member, "against", reasons="Trop tôt.")
    desk = team.of(world)
    path = f"/avise/dossiers/{world.dossier.id}/journal"
    sealed = desk.get(path)
    assert "ne se lit qu’après sa clôture" in sealed
    assert "Avis enregistré" not in sealed
    clock.forward(days=11)
    make.close(world)
    page = team.of(world).get(path)
    assert page.count("Avis enregistré") == 3
    assert "Trop tôt." not in page


def test_the_history_costs_the_same_whatever_its_length(team: Team, make: Make) -> None:
    short, long = make.dossier(), make.dossier(stage="complet")
    desk = team.officer()
    database = team.app.extensions["database"]
    desk.get("/avise")
    spent = []
    for dossier in (short, long):
        with counted(database) as statements:
            desk.get(f"/avise/dossiers/{dossier.id}/journal")
        spent.append(len(statements))
    assert spent[0] == spent[1] <= 8


def test_the_history_is_the_team_s(team: Team, make: Make) -> None:
    world = make.poll(electors=3)
    for person in (world.candidate, world.members[0].person):
        team.sits(person).get(f"/avise/dossiers/{world.dossier.id}/journal", 403)
    team.arbiter().get(f"/avise/dossiers/{world.dossier.id}/journal")
    team.officer().get("/avise/dossiers/nothing/journal", 404)


def test_every_entry_that_a_dossier_may_bear_has_words(team: Team, make: Make, clock: Clock) -> None:
    world = make.poll(electors=3)
    for member in world.members:
        make.cast(world, member)
    make.close(world)
    desk = team.of(world)
    page = desk.get(f"/avise/dossiers/{world.dossier.id}/journal")
    assert [type for type in desk.all(sa.select(Entry.type)) if type in page.split()] == []


def test_messages_are_told_in_words_and_receipts_are_left_out(team: Team, make: Make) -> None:
    world = make.poll(electors=3)
    make.cast(world, world.members[0])
    desk = team.of(world)
    assert desk.all(sa.select(Message.id).where(Message.notice == "ballot_recorded")) != []
    page = desk.get("/avise/envois")
    assert "La consultation est ouverte" in page
    assert "Votre dossier est complet" in page
    assert "à envoyer" in page
    assert "Accusé d’enregistrement d’un avis" not in page


def test_a_message_that_failed_says_why(team: Team, make: Make) -> None:
    make.officer()
    make.db.execute(sa.update(Message).values(status="failed", why="boîte pleine"))
    page = team.officer().get("/avise/envois")
    assert "non envoyé" in page
    assert "boîte pleine" in page


def test_messages_are_the_officers_and_cost_the_same(team: Team, make: Make) -> None:
    make.officer()
    team.arbiter().get("/avise/envois", 403)
    team.administrator().get("/avise/envois", 403)
    desk = team.officer()
    database = team.app.extensions["database"]
    desk.get("/avise/envois")
    with counted(database) as few:
        desk.get("/avise/envois")
    make.poll(electors=6)
    make.commit()
    with counted(database) as many:
        page = desk.raw("/avise/envois")
    assert len(few) == len(many) <= 8
    assert 'rel="next"' in page
