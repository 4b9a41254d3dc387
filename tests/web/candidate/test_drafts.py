"""What is typed is kept before it is sent: for its author alone, until she saves it, throws it away or time passes."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.models import Answer, Draft, Structure
from app.operations.way import pass_stage
from app.queries.my_content import text_digest
from app.web import drafts
from tests.conftest import Clock
from tests.make import Make
from tests.web.candidate.conftest import Candidate, visiting

Made = Callable[..., Candidate]
PATH = "/reponses/partenaires"
DRAFT = PATH + "/brouillon"


def keep(someone: Candidate, text: str, *, seen: str = "", path: str = DRAFT) -> int:
    return someone.browser.post(someone.url + path, data={"text": text, "seen": seen or text_digest("")}).status_code


def kept(someone: Candidate) -> list[str]:
    return someone.rows(select(Draft.text).where(Draft.person_id == someone.person.id))


def colleague(someone: Candidate, app: Flask) -> Candidate:
    structure = someone.make.db.get_one(type(someone.dossier), someone.dossier.id).structure_id
    person = someone.make.person("contribution", structure=someone.make.db.get_one(Structure, structure))
    someone.make.commit()
    return visiting(app, someone.make, person, someone.dossier, someone.folder.parent)


def test_what_is_typed_is_kept_shown_again_and_gone_once_saved(candidate: Made) -> None:
    someone = candidate()
    entries = someone.entries()
    answer = someone.browser.post(someone.url + DRAFT, data={"text": "Deux comm", "seen": text_digest("")})
    assert (answer.status_code, answer.text, answer.headers["Kept-At"]) == (204, "", "10 h")
    assert keep(someone, "Deux communes,\r\ntrois ans") == 204
    page = someone.browser.get(someone.url + PATH).text
    assert "Deux communes,\r\ntrois ans</textarea>" in page
    said = someone.page(PATH)
    assert "Brouillon du 2 novembre 2026 à 10 h, pas encore enregistré" in said
    assert "Jeter le brouillon" in said
    assert someone.entries() == entries
    assert someone.rows(select(func.count()).select_from(Answer)) == [0]
    assert someone.browser.post(someone.url + PATH, data={"text": "Deux communes."}).status_code == 303
    assert kept(someone) == []
    assert "Brouillon du" not in someone.page(PATH)


def test_a_draft_is_thrown_away_and_the_answer_stays(candidate: Made) -> None:
    someone = candidate()
    someone.browser.post(someone.url + PATH, data={"text": "La réponse."})
    keep(someone, "Un essai", seen=text_digest("La réponse."))
    assert "Un essai" in someone.page(PATH)
    assert someone.browser.post(someone.url + DRAFT + "/jeter").status_code == 303
    page = someone.page(PATH)
    assert "La réponse." in page and "Un essai" not in page
    assert kept(someone) == []


def test_its_author_alone_sees_a_draft(candidate: Made, app: Flask, make: Make) -> None:
    someone = candidate()
    keep(someone, "Rien que pour moi")
    other = colleague(someone, app)
    assert "Rien que pour moi" not in other.page(PATH)
    officer = make.officer()
    make.commit()
    page = app.test_client().sign_in(officer).get(f"/avise/dossiers/{someone.dossier.id}")  # type: ignore[attr-defined]
    assert page.status_code == 200 and "Rien que pour moi" not in page.text
    assert keep(other, "Le mien") == 204
    assert (kept(someone), kept(other)) == (["Rien que pour moi"], ["Le mien"])


def test_a_draft_over_a_text_that_a_colleague_has_changed_shows_both(candidate: Made, app: Flask) -> None:
    someone = candidate()
    keep(someone, "Le mien")
    other = colleague(someone, app)
    other.browser.post(other.url + PATH, data={"text": "Le texte de Noé."})
    page = someone.page(PATH)
    assert "Le mien" in page
    assert "Ce que votre collègue a écrit" in page and "Le texte de Noé." in page
    newer = text_digest("Le texte de Noé.")
    assert someone.browser.post(someone.url + PATH, data={"text": "Le mien", "seen": newer}).status_code == 303


def test_a_list_half_written_comes_back_half_written(candidate: Made) -> None:
    someone = candidate()
    path = "/reponses/partenaires_types"
    data = {"text-kind": ["ess", ""], "text-name": ["", "Ormeval"]}
    assert someone.browser.post(f"{someone.url}{path}/brouillon", data=data).status_code == 204
    page = someone.browser.get(someone.url + path).text
    assert '<option value="ess" selected>' in page and 'value="Ormeval"' in page


@pytest.mark.parametrize("typed", ["31/02/2027", "٣", "douze"])
def test_what_is_no_date_yet_is_kept_as_it_is_typed(candidate: Made, typed: str) -> None:
    someone = candidate()
    assert keep(someone, typed, path="/reponses/depuis/brouillon") == 204
    assert kept(someone) == [typed]


def test_a_draft_is_refused_at_another_stage_and_to_who_may_not_write(candidate: Made, app: Flask, make: Make) -> None:
    late = candidate("demande")
    assert keep(late, "Trop tard") == 409
    assert kept(late) == []
    someone, stranger = candidate(), candidate()
    stranger.dossier = someone.dossier
    assert keep(stranger, "Ailleurs") == 404
    officer = make.officer()
    make.commit()
    reader = visiting(app, make, officer, someone.dossier, someone.folder.parent)
    assert keep(reader, "L’Avise écrit") == 403
    assert reader.browser.post(reader.url + DRAFT + "/jeter").status_code == 403
    assert someone.browser.post(f"{someone.url}/reponses/inconnue/brouillon", data={"text": "a"}).status_code == 404
    assert someone.rows(select(func.count()).select_from(Draft)) == [0]


def test_a_draft_is_as_long_as_an_answer_and_no_longer(candidate: Made) -> None:
    someone = candidate()
    assert keep(someone, "a" * 20_000) == 204
    assert keep(someone, "a" * 20_001) == 409
    assert keep(someone, "a" * 70_000) == 413
    assert keep(someone, "a\x00b") == 400
    assert kept(someone) == ["a" * 20_000]


def test_a_script_gone_mad_is_told_to_wait(candidate: Made, clock: Clock) -> None:
    someone = candidate()
    assert {keep(someone, f"essai {n}") for n in range(drafts.MOST)} == {204}
    assert keep(someone, "un de trop") == 429
    assert kept(someone) == [f"essai {drafts.MOST - 1}"]
    clock.forward(minutes=15)
    assert keep(someone, "plus tard") == 204


def test_a_draft_of_a_stage_that_is_over_is_not_shown_at_the_next(candidate: Made, make: Make, clock: Clock) -> None:
    someone = candidate("mise_en_place")
    path = "/reponses/territoires"
    data = {"text-kind": ["commune"], "text-name": ["Ormeval"]}
    assert someone.browser.post(f"{someone.url}{path}/brouillon", data=data).status_code == 204
    assert "Ormeval" in someone.browser.get(someone.url + path).text
    clock.forward(minutes=1)
    officer = make.actor(make.officer())
    pass_stage(make.db, someone.dossier.id, "entrer_experimentation", by=officer, clock=clock)
    make.commit()
    assert "Ormeval" not in someone.browser.get(someone.url + path).text
