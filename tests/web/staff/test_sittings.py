"""The calendar at the desk: announced, warned about, changed with word of it, cancelled; folded once past."""

import pytest
from sqlalchemy import select

from app.models import Message, Sitting
from tests.conftest import Clock, counted
from tests.make import Make
from tests.web.staff.conftest import Team

WHERE = "/avise/calendrier"
JUNE = {"held_on": "2027-06-10", "complete_by": "2027-05-27", "place": "Paris", "note": ""}


def test_a_committee_is_announced_and_read_everywhere(team: Team, make: Make) -> None:
    make.label_version()
    desk = team.officer()
    assert "Aucun comité n’est prévu" in desk.get(WHERE)
    desk.post(WHERE, **JUNE)
    page = desk.get(WHERE)
    assert "Un comité est prévu" in page
    assert "10 juin 2027" in page
    assert "Dossiers complets le 27 mai 2027 au plus tard." in page
    assert "10 juin 2027" in desk.get("/rejoindre")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("held_on", ""),
        ("held_on", "0001-01-01"),
        ("held_on", "9999-12-31"),
        ("held_on", "2027-02-29"),
        ("held_on", "2026-11-01"),
        ("held_on", "10 juin 2027"),
        ("held_on", "٢٠٢٧-٠٦-١٠x"),
        ("held_on", "NaN"),
        ("complete_by", "2027-06-10"),
        ("complete_by", "2027-06-11"),
        ("complete_by", "0001-01-01"),
        ("complete_by", "1e309"),
        ("place", "x" * 201),
        ("note", "x" * 501),
    ],
)
def test_a_day_that_makes_no_sense_is_said_at_its_field_and_the_rest_is_kept(
    team: Team, make: Make, field: str, value: str
) -> None:
    make.label_version()
    desk = team.officer()
    answer = desk.browser.post(WHERE, data={**JUNE, "place": "Besançon", "seen": "day_off", field: value})
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    if field != "place":
        assert "Besançon" in answer.text
    assert desk.all(select(Sitting.id)) == []


@pytest.mark.parametrize(
    ("held_on", "complete_by", "said"),
    [
        ("2027-08-25", "2027-07-20", "tombe en août"),
        ("2027-05-07", "2027-04-20", "pont de mai"),
        ("2027-06-12", "2027-05-27", "n’est pas un jour ouvré"),
    ],
)
def test_the_calendar_warns_once_and_never_forbids(
    team: Team, make: Make, held_on: str, complete_by: str, said: str
) -> None:
    make.label_version()
    desk = team.officer()
    days = {**JUNE, "held_on": held_on, "complete_by": complete_by}
    answer = desk.browser.post(WHERE, data=days)
    assert answer.status_code == 422
    assert said in answer.text.replace("\u00a0", " ")
    assert desk.all(select(Sitting.id)) == []
    seen = answer.text.split('name="seen" type="hidden" value="')[1].split('"')[0]
    desk.post(WHERE, **days, seen=seen)
    assert len(desk.all(select(Sitting.id))) == 1


def test_a_moved_committee_is_told_and_a_cancelled_one_folds(team: Team, make: Make) -> None:
    sitting = make.sitting(days=220)
    dossier = make.dossier(stage="mise_en_place")
    desk = team.officer()
    where = f"{WHERE}/{sitting.id}"
    assert "10 juin 2027" in desk.get(where)
    desk.post(where, held_on="2027-06-17", complete_by="2027-05-27", place="Paris", note="La salle est prise.")
    asked = select(Message).where(Message.notice == "sitting_changed")
    assert {message.values["dossier"] for message in desk.all(asked)} == {dossier.id}
    assert "Écrivez un mot" in desk.post(f"{where}/annulation", 422, word="")
    desk.post(f"{where}/annulation", word="Grève des trains.")
    page = desk.get(WHERE)
    assert "Aucun comité n’est prévu" in page
    assert "1 comité passé ou annulé" in page
    assert "Grève des trains." in page
    desk.post(f"{where}/annulation", 409, word="Encore.")
    desk.post(where, 409, **JUNE)
    assert "sa date ne change plus" in desk.get(where)


def test_the_second_committee_of_a_day_is_refused_at_its_field(team: Team, make: Make) -> None:
    make.label_version()
    desk = team.officer()
    desk.post(WHERE, **JUNE)
    assert "Un comité est déjà prévu ce jour-là." in desk.post(WHERE, 422, **JUNE)


def test_only_those_who_follow_dossiers_keep_the_calendar(team: Team, make: Make) -> None:
    sitting = make.sitting()
    arbiter = team.arbiter()
    arbiter.get(WHERE)
    for desk, seen in ((arbiter, 200), (team.administrator(), 403), (team.sits(make.holder().person), 403)):
        desk.get(WHERE, seen)
        desk.get(f"{WHERE}/{sitting.id}", 403)
        desk.post(WHERE, 403, **JUNE)
        desk.post(f"{WHERE}/{sitting.id}", 403, **JUNE)
        desk.post(f"{WHERE}/{sitting.id}/annulation", 403, word="x")
    assert "Annoncer un comité" not in arbiter.get(WHERE)
    team.officer().get(f"{WHERE}/inconnu", 404)


def test_the_calendar_costs_the_same_whatever_it_holds(team: Team, make: Make, clock: Clock) -> None:
    make.sitting(days=30)
    desk = team.officer()
    desk.get(WHERE)
    database = team.app.extensions["database"]
    with counted(database) as few:
        desk.get(WHERE)
    for days in range(40, 60):
        make.sitting(days=days)
    make.commit()
    with counted(database) as more:
        desk.get(WHERE)
    assert len(few) == len(more) <= 8
