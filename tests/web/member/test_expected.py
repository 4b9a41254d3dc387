"""« Attendu de ma structure »: what waits, what is done, and who acts."""

from flask.testing import FlaskClient

from app.db import Database
from app.queries.expected import expected
from app.queries.scopes import poll_scope
from tests.conftest import Clock, counted
from tests.make import Make
from tests.web.member.forms import at, candidate_of, link, mandate, open_now, plain, visitor


def test_the_page_says_what_is_expected_before_when_in_both_zones(client: FlaskClient, make: Make) -> None:
    member = make.holder("Rives-Nord")
    member.person.zone = "America/Cayenne"
    world = make.poll_of([member, make.holder(), make.holder()])
    make.commit()
    page = plain(visitor(client, member.person).get("/comite"))
    title = page.split("<h1>")[1].split("</h1>")[0]
    assert title == "L’avis de Rives-Nord est attendu sur 1 dossier avant le 12 novembre à 10 h (6 h à Cayenne)"
    assert "Dernier moment : le 12 novembre à 10 h, heure de Paris (6 h à Cayenne)" in page
    assert "a déclaré pour votre structure le 2 novembre : aucun lien." in page
    assert f'href="{at(world)}/avis?pour={member.structure.id}"' in page


def test_an_opinion_given_leaves_what_is_expected(client: FlaskClient, make: Make) -> None:
    world = make.poll(electors=3)
    make.cast(world, world.members[0])
    make.commit()
    page = plain(visitor(client, world.members[0].person).get("/comite"))
    assert "<h1>Rien à faire</h1>" in page
    assert "L’avis de votre structure est enregistré, par" in page


def test_an_opinion_replaced_is_one_opinion(client: FlaskClient, make: Make) -> None:
    world = make.poll(electors=3)
    make.cast(world, world.members[0])
    make.cast(world, world.members[0], "against", replaces=1)
    make.commit()
    browser = visitor(client, world.members[0].person)
    assert plain(browser.get("/comite")).count("est enregistré, par") == 1
    assert plain(browser.get(at(world))).count("est enregistré, par") == 1


def test_before_the_opening_one_declares_and_reads(client: FlaskClient, make: Make) -> None:
    world = make.poll(electors=3, opened=False, declared=False)
    make.no_link(world, world.members[0])
    make.commit()
    declared = plain(visitor(client, world.members[0].person).get("/comite"))
    silent = plain(visitor(client, world.members[1].person).get("/comite"))
    assert "On pourra donner son avis à partir du 2 novembre" in declared
    assert "Donner l’avis" not in declared
    assert "dites si votre structure a un lien" in silent


def test_a_structure_that_takes_no_part_sees_no_such_poll(client: FlaskClient, make: Make) -> None:
    world = make.poll(electors=4, declared=False, opened=False)
    member = world.members[0]
    link(make, world, member, "coportage")
    make.commit()
    page = plain(visitor(client, member.person).get("/comite"))
    assert "<h1>Rien à faire</h1>" in page
    assert world.poll.id not in page
    assert candidate_of(make, world).name not in page


def test_who_acts_for_two_structures_has_a_block_for_each(client: FlaskClient, make: Make) -> None:
    first, second = make.holder("Rives"), make.holder("Rives-Nord")
    mandate(make, first.person, second.structure.id)
    make.poll_of([first, second, make.holder()])
    make.commit()
    page = plain(visitor(client, first.person).get("/comite"))
    assert "L’avis de Rives et de Rives-Nord est attendu sur 1 dossier" in page
    assert [f"{name} : 1 avis attendu" in page for name in ("Rives", "Rives-Nord")] == [True, True]
    assert page.count(": demande d’appellation</h3>") == 2


def test_a_person_attached_to_the_candidate_reads_that_another_acts(client: FlaskClient, make: Make) -> None:
    world = make.poll(electors=3)
    mandate(make, world.members[0].person, world.dossier.structure_id, "contribution")
    make.commit()
    page = plain(visitor(client, world.members[0].person).get("/comite"))
    assert "une autre personne de" in page
    assert "Donner l’avis" not in page


def test_after_the_end_the_page_waits_without_a_word_of_the_count(
    client: FlaskClient, make: Make, clock: Clock
) -> None:
    world = make.poll(electors=3)
    make.cast(world, world.members[0])
    clock.forward(days=10)
    make.commit()
    over = plain(visitor(client, world.members[1].person).get("/comite"))
    make.close(world)
    make.commit()
    closed = plain(visitor(client, world.members[1].person).get("/comite"))
    assert "La consultation est terminée." in over
    assert "La consultation est terminée." in closed
    assert "quorum" not in closed.split("Ce qui se passera ensuite")[0]


def test_who_carries_no_voice_is_told_so(client: FlaskClient, make: Make) -> None:
    structure = make.structure()
    person = make.person("contribution", structure=structure)
    make.commit()
    assert "Vous n’avez pas de voix à porter" in plain(visitor(client, person).get("/comite"))


def test_the_team_has_no_page_there(client: FlaskClient, make: Make) -> None:
    officer = make.officer()
    make.commit()
    assert visitor(client, officer).get("/comite").status_code == 403


def test_the_list_and_the_page_of_a_poll_agree_on_every_voice(make: Make, clock: Clock) -> None:
    """The list reads all polls at once; a permission reads one: they must say the same."""
    together = make.collective()
    members = [make.holder(collective=together), *(make.holder() for _ in range(4))]
    reader = members[0].person
    for member in members[1:]:
        mandate(make, reader, member.structure.id)
    world = make.poll_of(members, opened=False, declared=False)
    candidate_of(make, world).collective_id = together.id
    make.no_link(world, members[1])
    make.own_word(world, reader, members[1].structure)
    link(make, world, members[2], "coportage")
    for opened in (False, True):
        if opened:
            open_now(make, world)
        me = make.actor(reader)
        scope = poll_scope(make.db, world.poll.id, me)
        assert scope is not None
        listed = {item.voice.structure_id: item.voice.state for item in expected(make.db, me, clock()).items}
        assert listed == {structure: state for structure, state in scope.voices.items() if state != "recused"}
        assert sorted(scope.voices.values()) == ["called", "called", "elector", "recused", "recused"]


def test_the_page_costs_the_same_with_three_voices_and_with_three_hundred(
    client: FlaskClient, make: Make, database: Database
) -> None:
    costs = []
    for electors in (3, 300):
        world = make.poll(electors=electors)
        make.commit()
        browser = visitor(client, world.members[0].person)
        for page in ("/comite", at(world), at(world, "/avis"), at(world, "/lire"), at(world, "/lien")):
            with counted(database) as sent:
                assert browser.get(page).status_code == 200
            costs.append(len(sent))
            assert len(sent) <= 8, page
    assert costs[:5] == costs[5:]
