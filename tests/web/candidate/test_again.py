"""Coming back: the thread of a dossier, a closed one taken up again, what was given before, more time, a later call."""

import re
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from app.db import Database
from app.files.checks import check_file
from app.files.store import folder_store
from app.models import Dossier, Exchange, Mandate, Message, Piece
from app.operations.colleagues import Successor, leave_structure
from app.operations.completeness import ask_to_complete
from app.operations.content import Filed, file_piece
from app.operations.labels import publish_label
from tests.conftest import Clock, Visitor, counted
from tests.files.samples import pdf
from tests.make import Make
from tests.web.candidate.conftest import Candidate, text_of, visiting
from tests.workflows.definitions import Data, changed

Made = Callable[..., Candidate]


@pytest.fixture
def returning(app: Flask, make: Make, clock: Clock, tmp_path: Path) -> Candidate:
    """A structure whose first dossier was closed two years ago, with a real piece in it."""
    structure, officer = make.structure("Les Ateliers du Léguer"), make.officer()
    person = make.person(structure=structure, name="Solène Kervadec")
    dossier = make.dossier(structure, stage="experimentation", officer=officer, candidate=person)
    make.complete(dossier, person)
    content = BytesIO(pdf())
    checked = check_file("bilan.pdf", content, accepts=("pdf",), max_bytes=10_000_000)
    kept = folder_store(tmp_path / "pieces").keep(content)
    filed = Filed("bilan.pdf", checked.type, checked.size, checked.digest, kept)
    file_piece(make.db, dossier.id, "bilan_experimentation", filed, by=make.actor(person), clock=clock)
    make.pass_stage(dossier, "clore", person)
    clock.forward(days=800)
    make.commit()
    return visiting(app, make, person, dossier, tmp_path)


def again(someone: Candidate, entry: str = "creation") -> Candidate:
    """The dossier taken up again, as its structure finds it."""
    answer = someone.browser.sign_in(someone.person).post(someone.url + "/reprise", data={"entry": entry})
    assert answer.status_code == 303, answer.text
    found = someone.rows(select(Dossier).where(Dossier.previous_id == someone.dossier.id))[0]
    assert answer.location == f"/dossiers/{found.id}"
    return Candidate(someone.make, someone.browser, someone.person, found, someone.folder)


def experimenting(someone: Candidate) -> Candidate:
    officer = someone.make.officer()
    for name in ("juger_pertinente", "entrer_experimentation"):
        someone.make.pass_stage(someone.dossier, name, officer)
    someone.make.commit()
    return someone


def test_a_closed_dossier_says_that_the_door_is_open_without_a_word_that_hurts(returning: Candidate) -> None:
    page = returning.page()
    assert "La porte reste ouverte" in page
    assert f'href="{returning.url}/reprise"' in returning.browser.get(returning.url).text
    assert not re.search("abandon|refus|rejet|échec", page.lower())


def test_it_is_taken_up_again_by_the_entry_that_fits_now(returning: Candidate) -> None:
    page = returning.page("/reprise")
    assert "vos réponses et vos pièces d’alors vous sont proposées" in page
    made = again(returning, "a_posteriori")
    assert (made.dossier.stage, made.dossier.entry) == ("modalites", "a_posteriori")
    assert "Vous reprenez une démarche commencée avant" in made.page()
    old = returning.browser.get(returning.url).text
    assert f'href="{made.url}"' in old
    assert f'href="{returning.url}/reprise"' not in old


def test_it_is_taken_up_once(returning: Candidate) -> None:
    again(returning)
    assert returning.browser.post(returning.url + "/reprise", data={"entry": "creation"}).status_code == 409


@pytest.mark.parametrize("entry", ["", "par_la_fenetre", "a" * 300])
def test_an_entry_that_is_none_is_refused_at_its_field(returning: Candidate, entry: str) -> None:
    answer = returning.browser.post(returning.url + "/reprise", data={"entry": entry})
    assert answer.status_code == 422
    assert returning.rows(select(Dossier.id).where(Dossier.previous_id == returning.dossier.id)) == []


@pytest.mark.parametrize(("role", "status"), [("signature", 200), ("suppleance", 403), ("contribution", 403)])
def test_who_signs_takes_it_up_again_and_nobody_else(returning: Candidate, make: Make, role: str, status: int) -> None:
    structure = returning.dossier.structure_id
    other = make.person("contribution", structure=make.structure())
    make.db.add(Mandate(person_id=other.id, structure_id=structure, role=role, since=make.clock()))
    make.commit()
    assert returning.browser.sign_in(other).get(returning.url + "/reprise").status_code == status


def test_a_dossier_under_way_is_not_taken_up_again(candidate: Made) -> None:
    someone = candidate()
    assert someone.browser.get(someone.url + "/reprise").status_code == 409
    assert someone.browser.get(someone.url + "/avant").status_code == 404


@pytest.mark.parametrize("path", ["/reprise", "/avant", "/fil", "/delai", "/rappel"])
def test_the_pages_of_another_structure_are_not_there(candidate: Made, returning: Candidate, path: str) -> None:
    someone = candidate()
    made = again(returning)
    someone.browser.sign_in(someone.person)
    assert someone.browser.get(made.url + path).status_code == 404
    assert someone.browser.post(f"{made.url}/avant/nothing").status_code == 404


def test_what_was_written_is_proposed_and_nothing_is_taken_without_her(returning: Candidate) -> None:
    made = experimenting(again(returning))
    page = made.page("/avant")
    assert "Ce que vous écriviez le 2 novembre 2026, dans le dossier" in page
    assert "Sept besoins étudiés" in page
    answer = made.page("/reponses/savoir_faire")
    assert "Ce que vous écriviez le 2 novembre 2026, dans votre dossier" in answer
    field = r"<textarea[^>]*>\s*([^<]*)</textarea>"
    empty = re.search(field, made.browser.get(made.url + "/reponses/savoir_faire").text)
    filled = re.search(field, made.browser.get(made.url + "/reponses/savoir_faire?reprendre=1").text)
    assert empty is not None and empty.group(1).strip() == ""
    assert filled is not None and "Sept besoins" in filled.group(1)
    assert "answer_written" not in made.entries()


def test_what_has_changed_in_what_is_asked_is_said(returning: Candidate, make: Make) -> None:
    def newer(data: Data) -> None:
        data["criteria"][0]["question"]["fr"] += " Et depuis ?"

    publish_label(make.db, changed(newer), clock=make.clock)
    make.commit()
    page = again(returning).page("/avant")
    assert "Ce qui a changé dans ce qui est demandé" in page
    assert "a changé" in page


def test_an_old_piece_is_read_and_filed_again_as_the_first_version(returning: Candidate) -> None:
    made = experimenting(again(returning))
    old = returning.rows(select(Piece).where(Piece.dossier_id == returning.dossier.id, Piece.name == "bilan.pdf"))[0]
    page = made.browser.get(made.url + "/avant").text
    assert f'href="{returning.url}/pieces/bilan_experimentation/{old.id}"' in page
    assert made.browser.get(f"{returning.url}/pieces/bilan_experimentation/{old.id}").data == pdf()
    answer = made.browser.post(f"{made.url}/avant/{old.id}")
    assert (answer.status_code, answer.location) == (303, made.url + "/avant")
    [piece] = made.pieces()
    assert (piece.requirement, piece.version, piece.digest) == ("bilan_experimentation", 1, old.digest)
    assert piece.stored_as != old.stored_as
    assert made.stored() == {piece.stored_as, old.stored_as}
    assert "Reprendre cette pièce : Bilan" not in made.page("/avant")


def test_a_piece_whose_bytes_are_not_there_any_more_is_not_filed(returning: Candidate) -> None:
    made = experimenting(again(returning))
    lost = returning.rows(
        select(Piece).where(Piece.dossier_id == returning.dossier.id, Piece.requirement == "deliberation")
    )[0]
    answer = made.browser.post(f"{made.url}/avant/{lost.id}", follow_redirects=True)
    assert "n’est plus tel qu’il a été déposé" in text_of(answer.text)
    assert made.pieces() == []


def test_a_piece_is_not_taken_back_where_none_is_asked(returning: Candidate) -> None:
    made = again(returning)
    old = returning.rows(select(Piece).where(Piece.dossier_id == returning.dossier.id, Piece.name == "bilan.pdf"))[0]
    assert made.browser.post(f"{made.url}/avant/{old.id}").status_code == 409
    assert made.pieces() == []


def test_a_newcomer_begins_with_the_thread_and_the_note_of_who_left(
    app: Flask, make: Make, clock: Clock, tmp_path: Path
) -> None:
    structure = make.structure("Passerelles 26")
    camille = make.person(structure=structure, name="Camille Orsini")
    dossier = make.dossier(structure, stage="experimentation", candidate=camille)
    make.complete(dossier, camille)
    clock.forward(days=40)
    mehdi = make.person("contribution", structure=structure, name="Mehdi Arnaud")
    leave_structure(
        make.db,
        structure.id,
        by=make.actor(camille),
        clock=clock,
        successor=Successor(person_id=mehdi.id),
        note="Le conseil vote le 3 mars.",
    )
    make.commit()
    someone = visiting(app, make, mehdi, dossier, tmp_path)
    assert someone.browser.get("/dossiers").location == someone.url + "/fil"
    page = someone.page("/fil")
    for said in (
        "Camille Orsini vous a laissé un mot",
        "Le conseil vote le 3 mars.",
        "le dossier est arrivé à l’étape « Expérimentation »",
        "réponses ont été écrites par Camille Orsini",
        "Mehdi Arnaud a commencé à agir pour votre structure",
        "Camille Orsini a quitté ce rôle",
        "suit ce dossier pour l’Avise",
        "il manque",
    ):
        assert said in page
    assert someone.browser.get("/dossiers").location == someone.url  # once a session


def test_who_was_there_from_the_start_goes_straight_to_her_dossier(candidate: Made, clock: Clock) -> None:
    someone = candidate()
    assert someone.browser.get("/dossiers").location == someone.url


@pytest.mark.parametrize(("days", "path"), [(6, ""), (8, "/fil")])
def test_after_a_week_away_the_first_page_takes_up_the_thread(
    candidate: Made, clock: Clock, days: int, path: str
) -> None:
    someone = candidate()
    last = clock()
    clock.forward(days=days)
    with someone.browser.session_transaction() as opened:
        opened["_user_id"], opened["since"] = someone.person.id, last.isoformat()
    assert someone.browser.get("/dossiers").location == someone.url + path


def test_the_thread_since_a_day_says_nothing_of_the_days_before(candidate: Made, make: Make, clock: Clock) -> None:
    someone = candidate()
    clock.forward(days=10)
    with someone.browser.session_transaction() as opened:
        opened["since"] = (clock() - timedelta(days=8)).isoformat()
    assert "Rien ne s’est passé depuis" in someone.page("/fil")
    assert "le dossier est arrivé" in someone.page("/fil?depuis=tout")


def test_the_thread_is_ten_sentences_at_most_and_few_statements(
    candidate: Made, make: Make, clock: Clock, database: Database
) -> None:
    someone = candidate()
    for _ in range(12):
        clock.forward(days=1)
        make.pass_stage(someone.dossier, "mettre_en_pause", someone.person)
        make.pass_stage(someone.dossier, "reprendre", someone.person)
    make.commit()
    page = someone.browser.sign_in(someone.person).get(someone.url + "/fil").text
    main = page.partition("<main")[2].partition("</main>")[0]
    assert main.count("<li>Le ") == 6
    with counted(database) as sent:
        assert someone.browser.get(someone.url + "/fil").status_code == 200
    assert len(sent) == 7


def test_the_thread_tells_nothing_of_a_vote(app: Flask, make: Make, tmp_path: Path) -> None:
    world = make.poll(electors=3)
    make.commit()
    someone = visiting(app, make, world.candidate, world.dossier, tmp_path)
    before = someone.page("/fil")
    for member in world.members:
        make.cast(world, member)
    make.close(world)
    make.commit()
    assert someone.page("/fil") == before
    assert not any(member.structure.name in before for member in world.members)


def test_the_team_has_its_own_life_line(candidate: Made, make: Make) -> None:
    someone, officer = candidate(), make.officer()
    make.commit()
    assert someone.browser.sign_in(officer).get(someone.url + "/fil").status_code == 404


@pytest.fixture
def incomplete(app: Flask, make: Make, tmp_path: Path) -> Candidate:
    structure, officer = make.structure(), make.officer()
    person = make.person(structure=structure)
    dossier = make.dossier(structure, stage="demande", officer=officer, candidate=person)
    asked = {"piece:deliberation": "La date manque."}
    ask_to_complete(make.db, dossier.id, asked=asked, by=make.actor(officer), clock=make.clock)
    make.commit()
    return visiting(app, make, person, dossier, tmp_path)


def test_more_time_is_asked_in_one_press_with_its_reason(incomplete: Candidate) -> None:
    assert f'href="{incomplete.url}/delai"' in incomplete.browser.get(incomplete.url).text
    answer = incomplete.browser.post(incomplete.url + "/delai", data={"reason": "Changement d’équipe."})
    assert (answer.status_code, answer.location) == (303, incomplete.url)
    assert incomplete.entries()[-1] == "time_asked"
    assert len(incomplete.rows(select(Message.id).where(Message.notice == "time_asked"))) == 1
    page = incomplete.page()
    assert "Vous avez demandé un délai le 2 novembre 2026" in page


@pytest.mark.parametrize("reason", ["", "   ", "a" * 2001])
def test_more_time_without_a_reason_is_refused_at_the_field(incomplete: Candidate, reason: str) -> None:
    answer = incomplete.browser.post(incomplete.url + "/delai", data={"reason": reason})
    assert answer.status_code == 422
    assert "time_asked" not in incomplete.entries()


def test_no_time_is_asked_where_nothing_is_due(candidate: Made) -> None:
    someone = candidate()
    assert "/delai" not in someone.browser.get(someone.url).text
    assert someone.browser.get(someone.url + "/delai").status_code == 409
    assert someone.browser.post(someone.url + "/delai", data={"reason": "Août."}).status_code == 409


def test_a_pause_asks_no_reason_says_how_to_resume_and_when_to_call(candidate: Made, make: Make) -> None:
    someone = candidate()
    make.pass_stage(someone.dossier, "mettre_en_pause", someone.person)
    make.commit()
    page = someone.page()
    assert "Aucune raison ne vous est demandée" in page
    assert f'href="{someone.url}/passages/reprendre"' in someone.browser.get(someone.url).text
    answer = someone.browser.post(someone.url + "/rappel", data={"after": "2027-03-03", "words": ""})
    assert answer.status_code == 303
    [kept] = someone.rows(select(Exchange).where(Exchange.dossier_id == someone.dossier.id))
    assert (kept.next_on.isoformat(), kept.words) == ("2027-03-03", "Rappelez-nous après le 3 mars 2027.")
    assert "L’Avise vous rappelle après le 3 mars 2027." in someone.page()


@pytest.mark.parametrize(
    "form",
    [
        {"after": ""},
        {"after": "bientôt"},
        {"after": "2026-11-02"},
        {"after": "2020-01-01"},
        {"after": "9999-12-31"},
        {"after": "0001-01-01"},
        {"after": "2027-02-30"},
        {"after": "2027-03-03", "words": "a" * 2001},
    ],
)
def test_a_day_that_cannot_be_is_refused_at_its_field(candidate: Made, make: Make, form: dict[str, str]) -> None:
    someone = candidate()
    make.pass_stage(someone.dossier, "mettre_en_pause", someone.person)
    make.commit()
    answer = someone.browser.post(someone.url + "/rappel", data=form)
    assert answer.status_code == 422
    assert "call_back_asked" not in someone.entries()


def test_no_call_is_put_off_for_a_dossier_under_way(candidate: Made) -> None:
    someone = candidate()
    assert someone.browser.get(someone.url + "/rappel").status_code == 409


def test_a_visitor_of_two_structures_reads_for_which_one(candidate: Made, make: Make, client: Visitor) -> None:
    someone = candidate()
    other = make.structure("Rives-Nord")
    make.db.add(Mandate(person_id=someone.person.id, structure_id=other.id, role="contribution", since=make.clock()))
    make.commit()
    page = client.sign_in(someone.person).get(someone.url + "/fil").text.replace("\u00a0", " ")
    assert re.search(r", pour\s*<strong>Les Ateliers", page)
