"""Writing an answer: kept as typed, refused at the wrong stage, never over a colleague's."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from app.models import Answer
from app.queries.my_content import text_digest
from tests.web.candidate.conftest import Candidate, text_of

Made = Callable[..., Candidate]
PATH = "/reponses/partenaires"


def written(someone: Candidate) -> str | None:
    asked = select(Answer.text).where(Answer.dossier_id == someone.dossier.id, Answer.criterion == "partenaires")
    return next(iter(someone.rows(asked)), None)


def test_an_answer_is_written_and_read_back_with_its_length(candidate: Made) -> None:
    someone = candidate()
    answer = someone.browser.post(someone.url + PATH, data={"text": "Deux communes,\r\n\r\ntrois ans."})
    assert (answer.status_code, answer.location) == (303, someone.url + PATH)
    assert written(someone) == "Deux communes,\n\ntrois ans."
    page = someone.page(PATH)
    assert "Votre réponse est enregistrée." in page
    assert "4 mots enregistrés, pour 150 au plus." in page
    assert "4 mots sur 150 au plus, le 2 novembre 2026" in someone.page()


def test_a_longer_answer_than_promised_is_kept_and_said_to_be_too_long(candidate: Made) -> None:
    someone = candidate()
    someone.browser.post(someone.url + PATH, data={"text": "mot " * 151})
    assert "151 mots pour 150 au plus" in someone.page()


def test_twenty_thousand_signs_pass_and_one_more_is_given_back_to_its_author(candidate: Made) -> None:
    someone = candidate()
    assert someone.browser.post(someone.url + PATH, data={"text": "a" * 20_000}).status_code == 303
    answer = someone.browser.post(someone.url + PATH, data={"text": "b" * 20_001})
    assert answer.status_code == 422
    assert "b" * 20_001 in answer.text
    assert written(someone) == "a" * 20_000


def test_a_text_written_from_an_old_page_is_kept_beside_the_newer_one(candidate: Made) -> None:
    someone = candidate()
    seen = text_digest("")
    someone.browser.post(someone.url + PATH, data={"text": "Le texte de Noé.", "seen": seen})
    answer = someone.browser.post(someone.url + PATH, data={"text": "Le mien.", "seen": seen})
    page = text_of(answer.text)
    assert answer.status_code == 422
    assert "Le mien." in page and "Le texte de Noé." in page
    assert written(someone) == "Le texte de Noé."
    newer = text_digest("Le texte de Noé.")
    assert newer in answer.text
    assert someone.browser.post(someone.url + PATH, data={"text": "Le mien.", "seen": newer}).status_code == 303
    assert written(someone) == "Le mien."


@pytest.mark.parametrize("stage", ["renseignement", "mise_en_place", "demande", "complet"])
def test_an_answer_is_refused_at_another_stage_and_nothing_is_written(candidate: Made, stage: str) -> None:
    someone = candidate(stage)
    before, entries = written(someone), someone.entries()
    assert someone.browser.post(someone.url + PATH, data={"text": "Trop tard."}).status_code == 409
    assert (written(someone), someone.entries()) == (before, entries)


def test_an_answer_of_an_earlier_stage_can_be_read_and_no_longer_written(candidate: Made) -> None:
    someone = candidate("complet")
    page = someone.browser.get(someone.url + PATH).text
    assert "Sept besoins étudiés" in page
    assert "<textarea" not in page


def test_a_question_that_is_not_asked_does_not_exist(candidate: Made) -> None:
    someone = candidate()
    assert someone.browser.get(someone.url + "/reponses/age_du_capitaine").status_code == 404
    assert someone.browser.post(someone.url + "/reponses/age_du_capitaine", data={"text": "42"}).status_code == 404


def test_a_contributor_writes_too(candidate: Made) -> None:
    someone = candidate(role="contribution")
    assert someone.browser.post(someone.url + PATH, data={"text": "Trois ans."}).status_code == 303


def test_the_team_reads_and_does_not_write(candidate: Made) -> None:
    someone = candidate()
    officer = someone.make.officer()
    someone.make.commit()
    someone.browser.sign_in(officer)
    assert "<textarea" not in someone.browser.get(someone.url + PATH).text
    assert someone.browser.post(someone.url + PATH, data={"text": "À sa place."}).status_code == 403
    assert written(someone) is None


def test_another_structure_writes_nothing_here(candidate: Made) -> None:
    someone, another = candidate(), candidate()
    assert someone.browser.post(another.url + PATH, data={"text": "Chez les autres."}).status_code == 404
    assert written(another) is None


def test_markup_in_an_answer_stays_text(candidate: Made) -> None:
    someone = candidate()
    someone.browser.post(someone.url + PATH, data={"text": "</textarea><script>alert(1)</script>"})
    assert "<script>alert" not in someone.browser.get(someone.url + PATH).text


@pytest.mark.parametrize("field", [{"strand": "plomberie", "done": "1"}, {"strand": ""}, {}])
def test_a_line_that_is_not_in_the_list_is_not_ticked(candidate: Made, field: dict[str, str]) -> None:
    someone = candidate("mise_en_place")
    assert someone.browser.post(someone.url + "/liste", data=field).status_code in {409, 422}


def test_a_line_is_ticked_and_taken_back(candidate: Made) -> None:
    someone = candidate("mise_en_place", role="contribution")
    assert "Il reste 3 lignes à cocher" in someone.page("/liste")
    someone.browser.post(someone.url + "/liste", data={"strand": "coordination", "done": "1"})
    page = someone.page("/liste")
    assert "Il reste 2 lignes à cocher" in page
    assert f"Coché le 2 novembre 2026, par {someone.person.name}." in page
    someone.browser.post(someone.url + "/liste", data={"strand": "coordination", "done": ""})
    assert "Il reste 3 lignes à cocher" in someone.page("/liste")


def test_a_line_is_not_ticked_at_another_stage(candidate: Made) -> None:
    someone = candidate("experimentation")
    answer = someone.browser.post(someone.url + "/liste", data={"strand": "coordination", "done": "1"})
    assert answer.status_code == 409
    assert "Cette étape n’a pas de liste" in someone.page("/liste")
