"""The page of completeness: each thing is there or not, and is asked for with a sentence."""

import pytest

from app.models import Dossier, Structure
from tests.conftest import counted
from tests.make import Make
from tests.web.staff.conftest import Desk, Team, text_of


@pytest.fixture
def dossier(make: Make) -> Dossier:
    return make.dossier(make.structure("Le Chai"), stage="demande")


def path(dossier: Dossier) -> str:
    return f"/avise/dossiers/{dossier.id}/completude"


def line_of(desk: Desk, dossier: Dossier, key: str) -> str:
    """The prefix of the fields of one thing."""
    raw = desk.raw(path(dossier))
    before = raw[: raw.index(f'value="{key}"')]
    return before[before.rindex('name="things-') + 6 :].split('"')[0].removesuffix("-thing")


def fields(desk: Desk, dossier: Dossier, **more: str) -> dict[str, str]:
    line = line_of(desk, dossier, "piece:deliberation")
    return {
        f"{line}-thing": "piece:deliberation",
        f"{line}-lacks": "y",
        f"{line}-words": "Elle n’est pas signée.",
        **more,
    }


def test_what_is_there_and_what_is_asked_are_two_things(team: Team, dossier: Dossier) -> None:
    desk = team.officer()
    page = desk.get(path(dossier))
    assert "Le Chai : chaque chose demandée est là" in page
    assert "y est, version 1" in page
    assert "Déclarer le dossier complet" in page
    desk.post(path(dossier), **fields(desk, dossier))
    assert desk.dossier(dossier.id).asked == {"piece:deliberation": "Elle n’est pas signée."}
    desk.get(path(dossier), 409)


def test_the_structure_reads_each_sentence_where_it_mends_it(team: Team, make: Make, dossier: Dossier) -> None:
    desk = team.officer()
    desk.post(path(dossier), **fields(desk, dossier))
    structure = make.db.get_one(Structure, dossier.structure_id)
    person = make.person(structure=structure)
    make.commit()
    browser = team.app.test_client()
    browser.sign_in(person)  # type: ignore[attr-defined]  # the tests' own client
    page = text_of(browser.get(f"/dossiers/{dossier.id}").text)
    assert page.count("Elle n’est pas signée.") >= 2


def test_a_tick_without_a_sentence_and_a_sentence_without_a_tick_are_mended(team: Team, dossier: Dossier) -> None:
    desk = team.officer()
    line = line_of(desk, dossier, "piece:deliberation")
    thing = {f"{line}-thing": "piece:deliberation"}
    assert "Cochez au moins une chose" in desk.post(path(dossier), 422, **thing)
    assert "Écrivez en une phrase" in desk.post(path(dossier), 422, **thing, **{f"{line}-lacks": "y"})
    assert "Cochez cette ligne" in desk.post(path(dossier), 422, **thing, **{f"{line}-words": "Pas signée."})
    long = {f"{line}-lacks": "y", f"{line}-words": "x" * 601}
    desk.post(path(dossier), 422, **thing, **long)
    hostile = {f"{line}-thing": "piece:' OR 1=1", f"{line}-lacks": "y", f"{line}-words": "Ceci."}
    desk.post(path(dossier), 422, **hostile)
    desk.post(path(dossier), 422, **fields(desk, dossier, note="x" * 2001))
    assert desk.dossier(dossier.id).stage == "demande"


def test_only_who_asks_may_ask(team: Team, dossier: Dossier, make: Make) -> None:
    team.arbiter().get(path(dossier), 403)
    team.administrator().get(path(dossier), 403)
    team.officer().get("/avise/dossiers/nothing/completude", 404)
    elsewhere = make.dossier()
    team.officer().get(path(elsewhere), 409)


def test_the_page_costs_a_few_statements(team: Team, dossier: Dossier) -> None:
    desk = team.officer()
    with counted(team.app.extensions["database"]) as statements:
        desk.get(path(dossier))
    assert len(statements) <= 8
