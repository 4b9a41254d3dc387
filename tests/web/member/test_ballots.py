"""The opinion of a structure, from the ballot to its receipt, as its people live it."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.db import Database
from app.models import Ballot
from tests.conftest import Clock, counted
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
    assert "L’avis des Ateliers nº" in plain(ballot)
    confirm = choose(browser, world, member.structure, "reserves", "Deux lettres d’engagement,\n\navant un an.")
    assert ballots(make) == 0
    page = plain(confirm)
    assert "Favorable avec réserves" in page
    assert "Enregistrer l’avis des Ateliers nº" in page
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
    assert "Votre avis est enregistré à 6 h 00 min 00 s à Cayenne (10 h 00 min 00 s à Paris)." in page


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
    make.own_word(world, second, member.structure)
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


def test_each_text_says_who_will_read_it_when_and_under_which_name(
    client: FlaskClient, make: Make, world: World
) -> None:
    member = world.members[0]
    browser = visitor(client, member.person)
    form = browser.get(at(world, "/avis"))
    page = plain(form)
    assert "Lu par l’Avise dès la clôture, et par les membres du comité sans lien après la notification" in page
    assert "La structure candidate ne le lit jamais tel quel, ni ne sait de qui il vient." in page
    sent = {**hidden(form), "choice": "reserves", "reasons": "Un engagement.", "to_pass_on": "Formez quelqu’un."}
    confirm = browser.post(at(world, "/avis/confirmer"), data=sent)
    assert [text in plain(confirm) for text in ("Un engagement.", "Formez quelqu’un.")] == [True, True]
    receipt = browser.get(record(browser, world, confirm).location)
    assert "Formez quelqu’un." in plain(receipt)
    again = browser.get(at(world, "/avis"))
    assert "Formez quelqu’un." in plain(again)


def test_the_text_to_pass_on_does_not_stand_for_the_reasons_that_a_rule_asks(
    client: FlaskClient, make: Make, world: World
) -> None:
    browser = visitor(client, world.members[0].person)
    sent = {**hidden(browser.get(at(world, "/avis"))), "choice": "against", "to_pass_on": "Formez quelqu’un."}
    answer = browser.post(at(world, "/avis/confirmer"), data=sent)
    assert answer.status_code == 422
    assert "Formez quelqu’un." in plain(answer)
    assert browser.post(at(world, "/avis"), data=sent).status_code == 422
    assert ballots(make) == 0


@pytest.mark.parametrize("field", ["reasons", "to_pass_on"])
def test_a_text_too_long_is_mended_and_the_rest_is_kept(
    client: FlaskClient, make: Make, world: World, field: str
) -> None:
    browser = visitor(client, world.members[0].person)
    sent = {**hidden(browser.get(at(world, "/avis"))), "choice": "against", "reasons": "Les partenaires manquent."}
    for page in ("/avis/confirmer", "/avis"):
        answer = browser.post(at(world, page), data={**sent, field: "é" * 6001})
        assert answer.status_code == 422
        assert "6 000 signes au plus" in plain(answer)
    assert ballots(make) == 0


@pytest.mark.parametrize(
    "bad",
    [
        {"replaces": "-1"},
        {"replaces": "1e309"},
        {"replaces": "NaN"},
        {"replaces": "٣"},
        {"replaces": "9" * 4000},
        {"once": ""},
        {"once": "a" * 44},
        {"once": "é" * 20},
        {"once": "%0a" * 8},
        {"choice": "FOR"},
        {"choice": "<script>alert(1)</script>"},
    ],
    ids=str,
)
def test_hostile_values_are_mended_on_the_page_and_write_nothing(
    client: FlaskClient, make: Make, world: World, bad: dict[str, str]
) -> None:
    browser = visitor(client, world.members[0].person)
    sent = {**hidden(browser.get(at(world, "/avis"))), "choice": "for", "reasons": "Un texte à garder.", **bad}
    for page in ("/avis/confirmer", "/avis"):
        answer = browser.post(at(world, page), data=sent)
        assert answer.status_code == 422
        assert "Un texte à garder." in answer.text
        assert "<script>alert" not in answer.text
    assert ballots(make) == 0


@pytest.mark.parametrize("field", ["choice", "once", "reasons", "to_pass_on", "structure"])
def test_a_nul_is_refused_before_anything_is_written(client: FlaskClient, make: Make, world: World, field: str) -> None:
    browser = visitor(client, world.members[0].person)
    sent = {**hidden(browser.get(at(world, "/avis"))), "choice": "for", "reasons": "x", field: "for\x00"}
    assert browser.post(at(world, "/avis"), data=sent).status_code in {400, 404, 422}
    assert ballots(make) == 0


def test_hostile_texts_are_texts(client: FlaskClient, make: Make, world: World) -> None:
    browser = visitor(client, world.members[0].person)
    text = "<script>alert(1)</script>{{7*7}}%s\u202e=cmd|' /C calc'!A0"
    sent = {**hidden(browser.get(at(world, "/avis"))), "choice": "against", "reasons": text, "to_pass_on": text}
    confirm = browser.post(at(world, "/avis/confirmer"), data=sent)
    assert confirm.status_code == 200
    assert "<script>alert" not in confirm.text
    receipt = browser.get(record(browser, world, confirm).location)
    assert "<script>alert" not in receipt.text
    assert "{{7*7}}" in receipt.text


def test_a_cast_by_the_web_sends_twelve_statements(
    client: FlaskClient, make: Make, world: World, database: Database
) -> None:
    browser = visitor(client, world.members[0].person)
    confirm = choose(browser, world, world.members[0].structure)
    with counted(database) as sent:
        assert record(browser, world, confirm).status_code == 303
    assert len(sent) == 12


def test_a_voice_whose_appellation_has_ended_reads_why_and_casts_nothing(
    client: FlaskClient, make: Make, world: World
) -> None:
    member = world.members[0]
    browser = visitor(client, member.person)
    confirm = choose(browser, world, member.structure)
    seat = make.seat(world, member)
    seat.ended_at = make.clock()
    make.commit()
    assert "L’appellation de votre structure a pris fin" in plain(browser.get(at(world)))
    assert browser.get(at(world, "/lire")).status_code == 403
    assert browser.get(at(world, "/questions")).status_code == 403
    answer = record(browser, world, confirm)
    assert answer.status_code == 409
    assert "a pris fin" in plain(answer)
    assert ballots(make) == 0


def test_who_is_out_for_one_structure_gives_the_opinion_of_the_other(client: FlaskClient, make: Make) -> None:
    first, second, third, fourth = make.holder("Rives"), make.holder("Rives-Nord"), make.holder(), make.holder()
    mandate(make, first.person, second.structure.id)
    world = make.poll_of([first, second, third, fourth], declared=False)
    make.commit()
    browser = visitor(client, first.person)
    form = browser.get(at(world, f"/lien?pour={first.structure.id}"))
    browser.post(at(world, "/lien"), data={**hidden(form), "kind": "coportage"})
    form = browser.get(at(world, "/lien"))
    assert "Déclarer pour Rives-Nord" in plain(form)
    browser.post(at(world, "/lien"), data={**hidden(form), "kind": "none"})
    assert browser.get(at(world, "/lire")).status_code == 200
    answer = record(browser, world, choose(browser, world, second.structure))
    assert answer.location == at(world, f"/accuse/{second.structure.id}")
