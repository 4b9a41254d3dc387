"""Going on, accepting, withdrawing: what is read before, and what happens once."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from app.models import Appellation, Message, Opening, Poll
from app.operations.polls.decide import notify_decision, record_decision
from tests.conftest import Clock
from tests.make import Make
from tests.web.candidate.conftest import Candidate, text_of, visiting

Made = Callable[..., Candidate]


def passed(someone: Candidate, name: str, note: str | None = None) -> int:
    data = {} if note is None else {"note": note}
    return someone.browser.post(f"{someone.url}/passages/{name}", data=data).status_code


def test_a_passage_says_what_will_happen_before_it_does(candidate: Made, make: Make) -> None:
    someone = candidate()
    make.complete(someone.dossier, someone.person)
    make.commit()
    page = someone.page("/passages/demander_appellation")
    assert "Votre demande part à l’Avise, qui vérifie que tout y est." in page
    answer = someone.browser.post(someone.url + "/passages/demander_appellation")
    assert (answer.status_code, answer.location) == (303, someone.url)
    assert someone.stage() == "demande"


def test_a_passage_that_lacks_something_says_what_and_has_no_button(candidate: Made) -> None:
    someone = candidate()
    page = someone.browser.get(someone.url + "/passages/demander_appellation").text
    assert "Pièce à joindre : Bilan de l’expérimentation." in text_of(page)
    assert '<form class="entry cut"' not in page
    before = someone.entries()
    assert passed(someone, "demander_appellation") == 409
    assert (someone.stage(), someone.entries()) == ("experimentation", before)


def test_an_act_that_binds_the_structure_is_for_who_signs_for_it(candidate: Made, make: Make) -> None:
    someone = candidate(role="contribution")
    make.complete(someone.dossier, someone.person)
    make.commit()
    assert someone.browser.get(someone.url + "/passages/demander_appellation").status_code == 403
    assert passed(someone, "demander_appellation") == 403
    assert someone.stage() == "experimentation"


@pytest.mark.parametrize("role", ["titulaire", "signature"])
def test_a_president_signs_as_well_as_the_person_who_represents(candidate: Made, make: Make, role: str) -> None:
    someone = candidate(role=role)
    make.complete(someone.dossier, someone.person)
    make.commit()
    assert passed(someone, "demander_appellation") == 303


def test_a_passage_of_the_team_is_not_the_structures_to_make(candidate: Made) -> None:
    someone = candidate("demande")
    assert someone.browser.get(someone.url + "/passages/declarer_complet").status_code == 403
    assert passed(someone, "declarer_complet") == 403


def test_a_passage_from_another_stage_is_refused(candidate: Made) -> None:
    someone = candidate("complet")
    assert someone.browser.get(someone.url + "/passages/demander_appellation").status_code == 409
    assert passed(someone, "mettre_en_pause") == 409
    assert someone.stage() == "complet"


def test_a_passage_that_no_label_has_does_not_exist(candidate: Made) -> None:
    someone = candidate()
    assert someone.browser.get(someone.url + "/passages/voler").status_code == 404
    assert passed(someone, "voler") == 404


@pytest.mark.parametrize(("stage", "name"), [("complet", "retirer_demande")])
def test_an_act_with_a_page_of_its_own_is_not_made_here(candidate: Made, stage: str, name: str) -> None:
    someone = candidate(stage)
    assert someone.browser.get(f"{someone.url}/passages/{name}").status_code == 409
    assert passed(someone, name) == 409
    assert someone.stage() == stage


def test_a_note_says_who_reads_it_and_reaches_them(candidate: Made, make: Make) -> None:
    someone = candidate()
    assert "Sera lu par : l’Avise." in someone.page("/passages/mettre_en_pause")
    assert passed(someone, "mettre_en_pause", "Rappelez-nous en mars.") == 303
    assert someone.stage() == "en_pause"
    told = someone.rows(select(Message.values).where(Message.notice == "label:pause_avise"))
    assert [values["reason"] for values in told] == ["Rappelez-nous en mars."]
    assert "Rappelez-nous en mars." in someone.rows(select(Opening.value).where(Opening.name == "note"))


def test_a_pause_asks_for_nothing_and_ends_where_it_began(candidate: Made) -> None:
    someone = candidate("mise_en_place")
    assert passed(someone, "mettre_en_pause", "") == 303
    assert "Votre démarche est en pause" in someone.page()
    assert passed(someone, "reprendre") == 303
    assert someone.stage() == "mise_en_place"


def test_words_that_a_passage_does_not_ask_for_are_not_kept(candidate: Made) -> None:
    someone = candidate()
    passed(someone, "mettre_en_pause")
    passed(someone, "reprendre", "Un mot de trop.")
    assert "Un mot de trop." not in someone.rows(select(Opening.value))


def test_a_note_too_long_is_given_back_to_its_author(candidate: Made) -> None:
    someone = candidate()
    answer = someone.browser.post(someone.url + "/passages/mettre_en_pause", data={"note": "a" * 5001})
    assert answer.status_code == 422
    assert "a" * 5001 in answer.text
    assert someone.stage() == "experimentation"


@pytest.mark.parametrize("page", ["/passages/mettre_en_pause", "/retrait", "/engagements"])
def test_nobody_decides_for_another_structure(candidate: Made, page: str) -> None:
    someone, another = candidate(), candidate()
    assert someone.browser.post(another.url + page).status_code == 404
    assert another.stage() == "experimentation"


def test_a_request_taken_back_stops_the_committee_and_keeps_the_dossier(app: Flask, make: Make, tmp_path: Path) -> None:
    world = make.poll(electors=3)
    make.cast(world, world.members[0])
    make.commit()
    someone = visiting(app, make, world.candidate, world.dossier, tmp_path)
    assert "sa consultation s’arrête" in someone.page("/retrait")
    assert someone.browser.post(someone.url + "/retrait").status_code == 303
    assert someone.stage() == "experimentation"
    assert someone.rows(select(Poll.status).where(Poll.id == world.poll.id)) == ["cancelled"]
    assert "Votre demande est retirée." in someone.page()
    assert someone.browser.post(someone.url + "/retrait").status_code == 409


def test_a_request_is_taken_back_by_who_signs_only(candidate: Made) -> None:
    someone = candidate("complet", role="suppleance")
    assert someone.browser.get(someone.url + "/retrait").status_code == 403
    assert someone.browser.post(someone.url + "/retrait").status_code == 403
    assert someone.stage() == "complet"


def test_once_the_committee_has_answered_nothing_is_taken_back(
    app: Flask, make: Make, clock: Clock, tmp_path: Path
) -> None:
    world = make.poll(electors=3)
    for member in world.members:
        make.cast(world, member)
    make.close(world)
    make.commit()
    someone = visiting(app, make, world.candidate, world.dossier, tmp_path)
    assert someone.browser.post(someone.url + "/retrait").status_code == 409
    assert someone.stage() == "comite"


@pytest.fixture
def granted(app: Flask, make: Make, clock: Clock, tmp_path: Path) -> Candidate:
    world = make.poll(electors=3)
    for member in world.members:
        make.cast(world, member)
    clock.forward(days=11)
    make.close(world)
    record_decision(make.db, world.dossier.id, letter="Bravo.", by=make.actor(world.officer), clock=clock)
    by = make.actor(make.arbiter())
    notify_decision(make.db, world.dossier.id, by=by, clock=clock, sending=make.sending())
    make.commit()
    return visiting(app, make, world.candidate, world.dossier, tmp_path)


def test_the_commitments_are_read_whole_before_they_are_accepted(granted: Candidate) -> None:
    page = granted.page("/engagements")
    assert "Notre structure s’engage à faire vivre la Fabrique à initiatives" in page
    assert "Notre structure s’implique durablement" in page


@pytest.mark.parametrize("accepted", [[], ["territoire"], ["reseau"]])
def test_an_appellation_begins_with_every_commitment_and_not_before(granted: Candidate, accepted: list[str]) -> None:
    answer = granted.browser.post(granted.url + "/engagements", data={"accepted": accepted})
    assert answer.status_code == 422
    assert "Les engagements restent à accepter." in text_of(answer.text)
    assert answer.text.count(" checked") == len(accepted)
    assert granted.rows(select(Appellation)) == []


def test_an_appellation_begins_once(granted: Candidate) -> None:
    both = {"accepted": ["territoire", "reseau"]}
    assert granted.browser.post(granted.url + "/engagements", data=both).status_code == 303
    assert granted.stage() == "appellation"
    assert granted.browser.post(granted.url + "/engagements", data=both).status_code == 409
    assert len(granted.rows(select(Appellation))) == 1
    assert "Bienvenue parmi les pairs." in granted.page()


def test_a_commitment_nobody_wrote_is_not_one(granted: Candidate) -> None:
    data = {"accepted": ["territoire", "reseau", "offrir_des_fleurs"]}
    assert granted.browser.post(granted.url + "/engagements", data=data).status_code == 422
    assert granted.stage() == "acceptation"
