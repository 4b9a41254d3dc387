"""The one page of passages, as the team uses it: a reason when one is asked, given back when it is missing."""

from flask import Flask
from flask.testing import FlaskClient

from app.models import Dossier
from tests.conftest import Visitor
from tests.make import Make
from tests.web.candidate.conftest import text_of


def asking(app: Flask, make: Make) -> tuple[Dossier, FlaskClient, str]:
    officer = make.officer()
    dossier = make.dossier(officer=officer)
    make.commit()
    browser = app.test_client()
    assert isinstance(browser, Visitor)
    return dossier, browser.sign_in(officer), f"/avise/dossiers/{dossier.id}/passages/orienter"


def test_who_will_read_a_reason_is_said_before_it_is_written(app: Flask, make: Make) -> None:
    _dossier, browser, path = asking(app, make)
    page = text_of(browser.get(path).text)
    assert "La structure lit « une autre piste pour votre projet »" in page
    assert "Sera lu par : Les Ateliers nº" in page


def test_a_reason_that_is_missing_is_asked_for_where_it_belongs(app: Flask, make: Make) -> None:
    dossier, browser, path = asking(app, make)
    answer = browser.post(path, data={"note": "  \n"})
    assert answer.status_code == 422
    assert "Écrivez pourquoi" in answer.text
    make.db.refresh(dossier)
    assert dossier.stage == "renseignement"


def test_a_reason_is_kept_and_the_dossier_goes_on(app: Flask, make: Make) -> None:
    dossier, browser, path = asking(app, make)
    answer = browser.post(path, data={"note": "Un autre programme convient mieux."})
    assert (answer.status_code, answer.location) == (303, f"/avise/dossiers/{dossier.id}")
    make.db.refresh(dossier)
    assert dossier.stage == "close"
