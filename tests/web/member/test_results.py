"""What is read after the notification, by whom, and nothing before."""

from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.db import Database
from app.mail.outbox import refused
from app.models import Message
from app.operations.polls.cast import Opinion, cast_ballot
from app.operations.polls.decide import record_decision
from app.operations.polls.deciding import Promise
from tests.conftest import Clock, counted
from tests.make import Make, World
from tests.operations.seen import told
from tests.web.member.forms import at, candidate_of, link, mandate, notify, plain, visitor
from workflows.voting import Choice


@pytest.fixture
def world(make: Make, clock: Clock) -> World:
    """Five voices: two for, one against, one silent, one that takes no part; the window is over."""
    made = make.poll(electors=5, declared=False, opened=True)
    first, second, third, fourth, fifth = made.members
    for member in (first, second, third, fourth):
        make.no_link(made, member)
    make.cast(made, first, "for", reasons="Le territoire suit.")
    make.cast(made, second, "for")
    make.cast(made, third, "against", reasons="Les partenaires manquent.")
    link(make, made, fifth, "coportage")
    clock.forward(days=10)
    make.commit()
    return made


def test_before_the_notification_there_is_no_result_for_anybody(client: FlaskClient, make: Make, world: World) -> None:
    browser = visitor(client, world.members[0].person)
    assert browser.get(at(world, "/resultat")).status_code == 404
    make.close(world)
    make.commit()
    assert browser.get(at(world, "/resultat")).status_code == 404
    assert "Aucune consultation passée" in plain(browser.get("/comite/passees"))
    officer = make.actor(world.officer)
    record_decision(make.db, world.dossier.id, letter="Voici la décision.", by=officer, clock=make.clock)
    make.commit()
    assert browser.get(at(world, "/resultat")).status_code == 404


def test_after_the_notification_the_result_is_a_sentence_figures_and_a_table(
    client: FlaskClient, make: Make, world: World
) -> None:
    notify(make, world)
    make.commit()
    page = plain(visitor(client, world.members[3].person).get(at(world, "/resultat")))
    assert "appellation accordée" in page.split("<h1>")[1].split("</h1>")[0]
    assert "2 voix favorables, 1 défavorable" in page
    assert "Quorum atteint : 3 structures sur 4 ont donné leur avis ; il en fallait 2." in page
    rows = page.split("<tbody")[1].split("</tbody>")[0].split("<tr")[1:]
    assert len(rows) == 5
    assert "favorable" in rows[0]
    assert "sans avis" in rows[3]
    assert "ne prend pas part à l’examen" in rows[4]
    assert "Les partenaires manquent." in page


def test_reserves_are_shown_with_their_dates(client: FlaskClient, make: Make, clock: Clock) -> None:
    world = make.poll(electors=3)
    for member in world.members:
        make.cast(world, member, "reserves")
    clock.forward(days=10)
    notify(make, world, Promise("Deux lettres d’engagement", "La structure", date(2027, 5, 12)))
    make.commit()
    page = plain(visitor(client, world.members[0].person).get(at(world, "/resultat")))
    assert "avec réserves" in page.split("<h1>")[1].split("</h1>")[0]
    assert "Deux lettres d’engagement" in page
    assert "12 mai 2027" in page


def test_a_voice_that_took_no_part_reads_no_result(client: FlaskClient, make: Make, world: World) -> None:
    notify(make, world)
    make.commit()
    browser = visitor(client, world.members[4].person)
    assert browser.get(at(world, "/resultat")).status_code == 404
    assert world.poll.id not in browser.get("/comite/passees").text
    assert candidate_of(make, world).name not in plain(browser.get("/comite/passees"))


def test_what_a_recused_voice_had_said_is_shown_to_nobody(client: FlaskClient, make: Make, clock: Clock) -> None:
    world = make.poll(electors=4)
    for member in world.members:
        make.cast(world, member, reasons=f"Raisons de {member.structure.name}.")
    link(make, world, world.members[3], "coportage")
    clock.forward(days=10)
    notify(make, world)
    make.commit()
    page = plain(visitor(client, world.members[0].person).get(at(world, "/resultat")))
    assert f"Raisons de {world.members[2].structure.name}." in page
    assert f"Raisons de {world.members[3].structure.name}." not in page
    assert world.members[3].person.name not in page


def test_past_consultations_say_what_was_decided_and_what_one_said(
    client: FlaskClient, make: Make, world: World
) -> None:
    notify(make, world)
    make.commit()
    page = plain(visitor(client, world.members[2].person).get("/comite/passees"))
    assert candidate_of(make, world).name in page
    assert "appellation accordée" in page
    assert ">défavorable</a>" in page
    assert at(world, "/resultat") in page
    make.commit()


def test_a_person_attached_to_the_candidate_has_no_past_there(client: FlaskClient, make: Make, world: World) -> None:
    mandate(make, world.members[0].person, world.dossier.structure_id, "contribution")
    notify(make, world)
    make.commit()
    browser = visitor(client, world.members[0].person)
    assert world.poll.id not in browser.get("/comite/passees").text
    assert browser.get(at(world, "/resultat")).status_code == 403


def test_who_kept_away_by_a_link_of_her_own_has_no_past_there(client: FlaskClient, make: Make, clock: Clock) -> None:
    world = make.poll(electors=4)
    colleague = make.person("suppleance", structure=world.members[0].structure)
    link(make, world, world.members[0], "personne")
    for member in world.members[1:]:
        make.cast(world, member)
    clock.forward(days=10)
    notify(make, world)
    name = candidate_of(make, world).name
    make.commit()
    assert name not in plain(visitor(client, world.members[0].person).get("/comite/passees"))
    assert name in plain(visitor(client, colleague).get("/comite/passees"))


def test_the_pages_of_the_past_cost_the_same_whatever_the_committee(
    client: FlaskClient, make: Make, database: Database, clock: Clock
) -> None:
    costs = []
    for electors in (3, 300):
        world = make.poll(electors=electors)
        for member in world.members:
            make.cast(world, member)
        clock.forward(days=10)
        notify(make, world)
        make.commit()
        browser = visitor(client, world.members[0].person)
        for page in ("/comite/passees", at(world, "/resultat"), at(world, f"/accuse/{world.members[0].structure.id}")):
            with counted(database) as sent:
                assert browser.get(page).status_code == 200
            assert len(sent) <= 8, page
            costs.append(len(sent))
    assert costs[:3] == costs[3:]


def test_a_poll_counted_early_ended_when_it_was_counted(client: FlaskClient, make: Make, clock: Clock) -> None:
    world = make.poll(electors=3)
    for member in world.members:
        make.cast(world, member)
    clock.forward(days=3)
    make.close(world)
    make.commit()
    browser = visitor(client, world.members[0].person)
    assert 'datetime="2026-11-05' in browser.get("/comite").text
    notify(make, world)
    make.commit()
    assert "Terminée le 5 novembre 2026." in plain(browser.get("/comite/passees"))
    assert "Terminée le 5 novembre à" in plain(browser.get(at(world, "/resultat")))


def test_whoever_was_on_the_roll_reads_the_result_even_if_she_never_declared(
    client: FlaskClient, make: Make, clock: Clock
) -> None:
    world = make.poll(electors=4, declared=False)
    silent, *others = world.members
    for member in others:
        make.no_link(world, member)
        make.cast(world, member)
    clock.forward(days=10)
    notify(make, world)
    make.commit()
    browser = visitor(client, silent.person)
    assert browser.get(at(world, "/resultat")).status_code == 200
    assert at(world, "/resultat") in browser.get("/comite/passees").text
    assert silent.person.id in told(make, "result_notified")
    message = make.db.execute(
        select(Message).where(Message.notice == "result_notified", Message.person_id == silent.person.id)
    ).scalar_one()
    assert refused(make.db, message, clock()) == ""


def test_the_result_says_the_outcome_once_and_nothing_of_what_is_to_be_passed_on(
    client: FlaskClient, make: Make, clock: Clock
) -> None:
    world = make.poll(electors=3)
    for rank, member in enumerate(world.members):
        opinion = Opinion(Choice.FOR, "Le territoire suit.", 0, f"key-of-the-form-{rank}", "Un secret pour la lettre.")
        by = make.actor(member.person)
        cast_ballot(make.db, world.poll.id, member.structure.id, opinion, by=by, clock=clock, keys=make.keys)
    clock.forward(days=10)
    notify(make, world)
    make.commit()
    page = plain(visitor(client, world.members[0].person).get(at(world, "/resultat")))
    assert page.count("Avis favorable : 3 voix favorables") == 1
    assert "Un secret pour la lettre." not in page
    assert "Un secret pour la lettre." not in plain(
        visitor(client, world.candidate).get(f"/dossiers/{world.dossier.id}")
    )
    past = visitor(client, world.members[0].person).get("/comite/passees").text
    assert '<span class="st full">appellation accordée' in past
