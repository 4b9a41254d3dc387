"""The opinion of a structure, from the ballot to its receipt, as its people live it."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.models import Ballot
from tests.conftest import Clock
from tests.make import Make, World
from tests.web.member.forms import at, choose, hidden, mandate, plain, record, visitor, vote


@pytest.fixture
def world(make: Make) -> World:
    made = make.poll(electors=3)
    make.commit()
    return made


def ballots(make: Make) -> int:
    found = make.db.execute(select(func.count(Ballot.id))).scalar_one()
    make.commit()
    return found


def test_an_opinion_is_chosen_seen_again_recorded_and_its_receipt_kept(
    client: FlaskClient, make: Make, world: World
) -> None:
    member = world.members[0]
    browser = visitor(client, member.person)
    ballot = browser.get(at(world, "/avis"))
    assert f"L’avis de {member.structure.name}" in plain(ballot)
    confirm = choose(browser, world, member.structure, "reserves", "Deux lettres d’engagement,\n\navant un an.")
    assert ballots(make) == 0
    page = plain(confirm)
    assert "Favorable avec réserves" in page
    assert f"Enregistrer l’avis de {member.structure.name}" in page
    assert "Deux lettres d’engagement," in page
    answer = record(browser, world, confirm)
    assert answer.status_code == 303
    receipt = browser.get(answer.location)
    assert "Favorable avec réserves" in plain(receipt)
    assert "10 h 00 min 00 s, heure de Paris" in plain(receipt)
    assert ballots(make) == 1


def test_a_receipt_shows_its_code_in_groups_and_its_proof_in_a_fold(
    client: FlaskClient, make: Make, world: World
) -> None:
    kept = make.cast(world, world.members[0])
    make.commit()
    browser = visitor(client, world.members[0].person)
    page = browser.get(at(world, f"/accuse/{world.members[0].structure.id}")).text
    assert kept.code in page
    assert all(len(group) == 4 for group in kept.code.split("-"))
    folded = page.split("<details>")[1]
    for proof in (kept.hash, kept.signature, world.poll.rule_digest):
        assert proof in folded
        assert proof not in page.split("<details>")[0]


def test_a_receipt_says_the_time_to_the_second_in_both_zones(client: FlaskClient, make: Make, world: World) -> None:
    member = world.members[0]
    member.person.zone = "America/Cayenne"
    make.cast(world, member)
    make.commit()
    page = plain(visitor(client, member.person).get(at(world, f"/accuse/{member.structure.id}")))
    assert "10 h 00 min 00 s, heure de Paris" in page
    assert "6 h 00 min 00 s à Cayenne" in page


@pytest.mark.parametrize("choice", ["reserves", "against"])
def test_reasons_are_asked_where_the_rule_asks_and_what_was_typed_stays(
    client: FlaskClient, make: Make, world: World, choice: str
) -> None:
    browser = visitor(client, world.members[0].person)
    answer = choose(browser, world, world.members[0].structure, choice, "  ")
    assert answer.status_code == 422
    assert "Ce choix demande des raisons" in plain(answer)
    assert "checked" in answer.text.split(f'value="{choice}"')[0].rsplit("<input", 1)[1]
    assert choose(browser, world, world.members[0].structure, "for", "").status_code == 200


def test_no_choice_and_unknown_choices_are_mended_on_the_page(client: FlaskClient, world: World) -> None:
    browser = visitor(client, world.members[0].person)
    for choice in ("", "peut-être"):
        answer = choose(browser, world, world.members[0].structure, choice, "Un texte à garder.")
        assert answer.status_code == 422
        assert "Un texte à garder." in answer.text


def test_going_back_from_the_last_page_keeps_the_choice_and_the_reasons(client: FlaskClient, world: World) -> None:
    browser = visitor(client, world.members[0].person)
    confirm = choose(browser, world, world.members[0].structure, "against", "Les partenaires manquent.")
    back = browser.post(at(world, "/avis/confirmer"), data={**hidden(confirm), "back": "1"})
    assert back.status_code == 200
    assert "Les partenaires manquent." in back.text
    assert hidden(back)["once"] == hidden(confirm)["once"]


def test_the_last_page_read_by_its_address_leads_back_to_the_choice(client: FlaskClient, world: World) -> None:
    browser = visitor(client, world.members[0].person)
    answer = browser.get(at(world, "/avis/confirmer"))
    assert (answer.status_code, answer.location) == (303, at(world, "/avis"))


def test_an_opinion_is_replaced_until_the_close(client: FlaskClient, make: Make, world: World) -> None:
    member = world.members[0]
    browser = visitor(client, member.person)
    vote(browser, world, member, "for")
    again = browser.get(at(world, f"/avis?pour={member.structure.id}"))
    assert "Un avis est déjà enregistré" in plain(again)
    assert "Le savoir-faire est là." in again.text
    answer = vote(browser, world, member, "against")
    assert answer.status_code == 303
    assert "Défavorable" in plain(browser.get(answer.location))
    assert ballots(make) == 2


def test_the_same_button_pressed_twice_records_one_opinion_and_shows_one_receipt(
    client: FlaskClient, make: Make, world: World, clock: Clock
) -> None:
    member = world.members[0]
    browser = visitor(client, member.person)
    confirm = choose(browser, world, member.structure)
    first, second = record(browser, world, confirm), record(browser, world, confirm)
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.location == second.location
    assert ballots(make) == 1
    clock.forward(days=11)
    make.close(world)
    make.commit()
    assert record(browser.sign_in(member.person), world, confirm).location == first.location
    assert ballots(make) == 1


def test_a_stale_page_is_answered_with_both_opinions(client: FlaskClient, make: Make, world: World) -> None:
    member = world.members[0]
    second = make.person("suppleance", structure=member.structure, name="Gaëlle Sophie")
    make.commit()
    late = visitor(client, member.person)
    confirm = choose(late, world, member.structure, "against", "Les partenaires manquent.")
    vote(visitor(client, second), world, member, "for")
    answer = record(late, world, confirm)
    assert answer.status_code == 409
    page = plain(answer)
    assert "Avis enregistré : Favorable" in page
    assert "Gaëlle Sophie" in page
    assert "Ce que vous avez envoyé : Défavorable" in page
    assert "Les partenaires manquent." in page
    assert ballots(make) == 1
    replacing = late.post(at(world, "/avis/confirmer"), data=hidden(answer))
    assert record(late, world, replacing).status_code == 303
    assert ballots(make) == 2


def test_one_form_never_carries_two_opinions(client: FlaskClient, make: Make, world: World) -> None:
    member = world.members[0]
    browser = visitor(client, member.person)
    confirm = choose(browser, world, member.structure, "for")
    record(browser, world, confirm)
    answer = browser.post(
        at(world, "/avis"), data={**hidden(confirm), "choice": "against", "reasons": "Tout bien pesé."}
    )
    assert answer.status_code == 409
    assert "Avis enregistré : Favorable" in plain(answer)
    assert "Ce que vous avez envoyé : Défavorable" in plain(answer)
    assert ballots(make) == 1


@pytest.mark.parametrize("closed", [False, True])
def test_an_opinion_sent_after_the_end_is_refused_with_the_time_and_shown_back(
    client: FlaskClient, make: Make, world: World, clock: Clock, closed: bool
) -> None:
    member = world.members[0]
    browser = visitor(client, member.person)
    confirm = choose(browser, world, member.structure, "for", "Un texte à garder.")
    clock.forward(days=10)
    if closed:
        make.close(world)
        make.commit()
    answer = record(browser.sign_in(member.person), world, confirm)
    assert answer.status_code == 409
    assert "12 novembre à 10 h, heure de Paris" in plain(answer)
    assert "Un texte à garder." in answer.text
    assert ballots(make) == 0


def test_before_the_opening_nobody_casts(client: FlaskClient, make: Make) -> None:
    world = make.poll(electors=3, opened=False)
    make.commit()
    member = world.members[0]
    browser = visitor(client, member.person)
    assert browser.get(at(world, "/avis")).location == at(world)
    sent = {"structure": member.structure.id, "replaces": "0", "once": "a" * 20, "choice": "for", "reasons": ""}
    for page in ("/avis/confirmer", "/avis"):
        answer = browser.post(at(world, page), data=sent)
        assert answer.status_code == 409
        assert "pas encore ouverte" in plain(answer)
    assert ballots(make) == 0


def test_who_acts_for_two_structures_says_which_and_the_form_alone_decides(client: FlaskClient, make: Make) -> None:
    first, second, third = make.holder("Rives"), make.holder("Rives-Nord"), make.holder()
    mandate(make, first.person, second.structure.id)
    world = make.poll_of([first, second, third])
    make.commit()
    browser = visitor(client, first.person)
    asked = browser.get(at(world, "/avis"))
    assert "Pour quelle structure" in plain(asked)
    confirm = choose(browser, world, second.structure, "against", "Les partenaires manquent.")
    assert "Enregistrer l’avis de Rives-Nord" in plain(confirm)
    browser.get(at(world, f"/avis?pour={first.structure.id}"))  # another tab, another structure
    answer = browser.post(at(world, f"/avis?pour={first.structure.id}"), data=hidden(confirm))
    assert answer.location == at(world, f"/accuse/{second.structure.id}")
    cast = make.db.execute(select(Ballot.seat_id)).scalars().all()
    assert cast == [make.seat(world, second).id]
    make.commit()
    assert browser.get(at(world, f"/accuse/{first.structure.id}")).status_code == 404


def test_a_form_that_names_the_structure_of_others_finds_nothing(client: FlaskClient, make: Make, world: World) -> None:
    mine, other = world.members[0], world.members[1]
    browser = visitor(client, mine.person)
    confirm = choose(browser, world, mine.structure)
    sent = {**hidden(confirm), "structure": other.structure.id}
    for page in ("/avis/confirmer", "/avis", "/lien"):
        assert browser.post(at(world, page), data={**sent, "kind": "none"}).status_code == 404
    assert browser.get(at(world, f"/avis?pour={other.structure.id}")).status_code == 404
    assert browser.get(at(world, f"/accuse/{other.structure.id}")).status_code == 404
    assert ballots(make) == 0


def test_who_has_not_declared_is_led_to_declare_first(client: FlaskClient, make: Make) -> None:
    world = make.poll(electors=3, declared=False)
    make.commit()
    browser = visitor(client, world.members[0].person)
    for page in ("/avis", "/lire"):
        answer = browser.get(at(world, page))
        assert (answer.status_code, answer.location) == (303, at(world, "/lien"))
    sent = {"structure": world.members[0].structure.id, "replaces": "0", "once": "a" * 20, "choice": "for"}
    assert browser.post(at(world, "/avis"), data=sent).status_code == 403
    assert ballots(make) == 0


def test_a_person_attached_to_the_candidate_sees_only_that_another_acts(
    client: FlaskClient, make: Make, world: World
) -> None:
    member = world.members[0]
    mandate(make, member.person, world.dossier.structure_id, "contribution")
    make.commit()
    browser = visitor(client, member.person)
    page = plain(browser.get(at(world)))
    assert "une autre personne de" in page
    assert "Donner l’avis" not in page
    for address in ("/lien", "/lire", "/avis", f"/accuse/{member.structure.id}"):
        assert browser.get(at(world, address)).status_code in (403, 404), address
    assert browser.get(at(world, "/avis")).status_code == 403
    sent = {"structure": member.structure.id, "replaces": "0", "once": "a" * 20, "choice": "for"}
    assert browser.post(at(world, "/avis"), data=sent).status_code == 403


def test_a_visitor_is_asked_who_she_is_whatever_the_poll(client: FlaskClient, world: World) -> None:
    for address in (at(world), at(world, "/avis"), "/comite", "/comite/consultations/inconnue", "/comite/passees"):
        assert client.get(address).status_code == 302
