"""Convening the committee: shown before it happens, refused when it cannot, warned of the calendar."""

from datetime import UTC, datetime

from sqlalchemy import select

from app.models import Message, Poll
from tests.conftest import Clock, counted
from tests.make import Make
from tests.web.staff.conftest import Team

WINDOW = {"opens_at": "2026-11-03T09:00", "closes_at": "2026-11-12T12:00"}


def test_the_committee_is_shown_as_it_would_be(team: Team, make: Make) -> None:
    group = make.collective()
    for name in ("Atelier Brévent", "Fabrique Awara", "Graines de Sarmoise"):
        make.holder(name)
    make.holder("Les Passeurs", collective=group)
    dossier = make.dossier(make.structure("Le Chai", collective=group), stage="complet")
    page = team.officer().get(f"/avise/dossiers/{dossier.id}/comite")
    assert "Inviter le comité à examiner la demande du Chai" in page
    assert "Le message, tel qu’il sera lu" in page
    assert "Le comité de pairs est invité à examiner la demande du Chai" in page
    assert "4 voix, 1 ne prend pas part à l’examen : base 3, il en faudra 2." in page
    assert "Les Passeurs ne prend pas part à l’examen : même collectif" in page
    assert "Il faudra 2 participations" in page
    assert "Quorum : au moins la moitié des voix" in page
    assert "règle fixée pour ce comité" in page


def test_the_window_proposed_leaves_an_evening_to_everyone(team: Team, make: Make) -> None:
    make.poll(electors=3)
    dossier = make.dossier(stage="complet")
    raw = team.officer().raw(f"/avise/dossiers/{dossier.id}/comite")
    assert 'value="2026-11-03T09:00"' in raw
    assert 'value="2026-11-09T12:00"' in raw


def test_convening_tells_every_voice_and_leads_to_the_consultation(team: Team, make: Make) -> None:
    for _ in range(3):
        make.holder()
    dossier = make.dossier(stage="complet")
    desk = team.officer()
    where = desk.post(f"/avise/dossiers/{dossier.id}/comite", **WINDOW)
    poll = desk.one(select(Poll))
    assert where == f"/avise/consultations/{poll.id}"
    assert poll.closes_at == datetime(2026, 11, 12, 11, 0, tzinfo=UTC)
    assert len(desk.all(select(Message.id).where(Message.notice == "poll_convened"))) == 3
    assert desk.dossier(dossier.id).stage == "comite"
    desk.get(f"/avise/dossiers/{dossier.id}/comite", 409)


def test_too_few_voices_cannot_be_convened_and_the_page_says_how_many(team: Team, make: Make) -> None:
    make.holder()
    make.holder()
    dossier = make.dossier(stage="complet")
    desk = team.officer()
    page = desk.get(f"/avise/dossiers/{dossier.id}/comite")
    assert "Il compterait 2 voix : il en faut au moins 3." in page
    assert "Inviter le comité</button>" not in desk.raw(f"/avise/dossiers/{dossier.id}/comite")
    desk.post(f"/avise/dossiers/{dossier.id}/comite", 409, **WINDOW)
    assert desk.all(select(Poll.id)) == []
    assert desk.dossier(dossier.id).stage == "complet"


def test_a_voice_with_nobody_to_act_for_it_is_pointed_at(team: Team, make: Make) -> None:
    silent = make.holder("Fabrique sans personne")
    silent.person.active = False
    dossier = make.dossier(stage="complet")
    page = team.officer().get(f"/avise/dossiers/{dossier.id}/comite")
    assert "Fabrique sans personne personne pour donner son avis" in page


def test_a_window_too_short_keeps_what_was_typed(team: Team, make: Make) -> None:
    for _ in range(3):
        make.holder()
    dossier = make.dossier(stage="complet")
    desk = team.officer()
    page = desk.post(
        f"/avise/dossiers/{dossier.id}/comite", 422, opens_at="2026-11-02T11:00", closes_at="2026-11-05T12:00"
    )
    assert "La règle laisse au moins 5 jours" in page
    assert desk.dossier(dossier.id).stage == "complet"


def test_an_hour_that_a_spring_night_skips_is_refused_at_its_field(team: Team, make: Make) -> None:
    for _ in range(3):
        make.holder()
    dossier = make.dossier(stage="complet")
    page = team.officer().post(
        f"/avise/dossiers/{dossier.id}/comite", 422, opens_at="2027-03-20T09:00", closes_at="2027-03-28T02:30"
    )
    assert "Cette heure n’existe pas ce jour-là" in page


def test_august_is_a_warning_and_never_a_refusal(team: Team, make: Make) -> None:
    for _ in range(3):
        make.holder()
    dossier = make.dossier(stage="complet")
    desk = team.officer()
    august = {"opens_at": "2027-08-02T09:00", "closes_at": "2027-08-16T12:00"}
    page = desk.post(f"/avise/dossiers/{dossier.id}/comite", 422, **august)
    assert "Cette consultation tombe en août" in page
    desk.post(f"/avise/dossiers/{dossier.id}/comite", **august, seen="window_in_august")
    assert len(desk.all(select(Poll.id))) == 1


def test_nothing_typed_at_all_is_told_at_both_fields(team: Team, make: Make) -> None:
    for _ in range(3):
        make.holder()
    dossier = make.dossier(stage="complet")
    page = team.officer().post(f"/avise/dossiers/{dossier.id}/comite", 422)
    assert "2 points à reprendre" in page


def test_a_missed_quorum_is_convened_again_without_quorum(team: Team, make: Make, clock: Clock) -> None:
    world = make.poll(electors=4)
    make.cast(world, world.members[0])
    clock.forward(days=11)
    make.close(world)
    desk = team.of(world)
    page = desk.get(f"/avise/dossiers/{world.dossier.id}/comite")
    assert "Aucun quorum ne sera demandé" in page
    assert "invitation nº 2" in page
    desk.post(f"/avise/dossiers/{world.dossier.id}/comite", opens_at="2026-11-16T09:00", closes_at="2026-11-25T12:00")
    assert sorted(desk.all(select(Poll.round))) == [1, 2]


def test_only_officers_convene(team: Team, make: Make) -> None:
    dossier = make.dossier(stage="complet")
    for desk in (team.arbiter(), team.administrator()):
        desk.get(f"/avise/dossiers/{dossier.id}/comite", 403)
        desk.post(f"/avise/dossiers/{dossier.id}/comite", 403, **WINDOW)
    team.officer().get("/avise/dossiers/nothing/comite", 404)


def test_a_dossier_at_another_stage_is_not_convened(team: Team, make: Make) -> None:
    dossier = make.dossier(stage="experimentation")
    team.officer().get(f"/avise/dossiers/{dossier.id}/comite", 409)


def test_the_page_costs_the_same_with_three_voices_as_with_nine(team: Team, make: Make) -> None:
    for _ in range(3):
        make.holder()
    dossier = make.dossier(stage="complet")
    desk = team.officer()
    database = team.app.extensions["database"]
    path = f"/avise/dossiers/{dossier.id}/comite"
    desk.get(path)
    with counted(database) as three:
        desk.get(path)
    for _ in range(6):
        make.holder()
    make.commit()
    with counted(database) as nine:
        desk.get(path)
    assert len(three) == len(nine) <= 8
