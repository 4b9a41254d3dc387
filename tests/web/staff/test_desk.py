"""« Aujourd’hui »: one sentence and one button for each thing, and nothing of what is sealed."""

from tests.conftest import Clock, counted
from tests.make import Make
from tests.web.staff.conftest import Team


def test_nothing_to_do_is_a_page_too(team: Team) -> None:
    page = team.officer().get("/avise")
    assert "Rien à faire aujourd’hui" in page
    assert "À faire par vous : 0. Vous attendez : 0. Rien ne presse : 0." in page


def test_an_enquiry_waits_on_the_officer_until_its_announced_day(team: Team, make: Make, clock: Clock) -> None:
    make.dossier(make.structure("Les Ateliers de Brissange"))
    desk = team.officer()
    page = desk.get("/avise")
    assert "Une chose vous attend" in page
    assert "Les Ateliers de Brissange, à l’étape « Demande de renseignement »" in page
    assert "réponse annoncée avant le 17 novembre 2026" in page
    assert "délai dépassé" not in page
    clock.forward(days=16)
    assert "délai dépassé" in team.officer().get("/avise")


def test_a_dossier_that_lives_its_life_presses_nobody(team: Team, make: Make) -> None:
    make.dossier(stage="experimentation")
    page = team.officer().get("/avise")
    assert "Rien à faire aujourd’hui" in page
    assert "Rien ne presse : 1." in page


def test_a_complete_dossier_asks_to_convene(team: Team, make: Make) -> None:
    dossier = make.dossier(stage="complet")
    desk = team.officer()
    assert "inviter le comité de pairs" in desk.get("/avise")
    assert f"/avise/dossiers/{dossier.id}/comite" in desk.raw("/avise")


def test_each_moment_of_a_consultation_has_its_task(team: Team, make: Make, clock: Clock) -> None:
    world = make.poll(electors=3, opened=False)
    desk = team.of(world)
    assert "ouvrir la consultation" in desk.get("/avise")
    desk.post(f"/avise/consultations/{world.poll.id}/ouvrir")
    page = desk.get("/avise")
    assert "Rien à faire aujourd’hui" in page
    assert "Le comité donne ses avis jusqu’au 12 novembre 2026 à 10 h." in page
    for member in world.members:
        make.cast(world, member)
    clock.forward(days=10)
    desk = team.of(world)
    assert "dépouiller la consultation" in desk.get("/avise")
    desk.post(f"/avise/consultations/{world.poll.id}/depouiller")
    assert "enregistrer la décision du comité" in desk.get("/avise")


def test_a_missed_quorum_is_to_be_convened_again(team: Team, make: Make, clock: Clock) -> None:
    world = make.poll(electors=4)
    make.cast(world, world.members[0])
    clock.forward(days=11)
    make.close(world)
    page = team.of(world).get("/avise")
    assert "inviter le comité une seconde fois" in page
    assert "Aucun quorum n’est demandé à la seconde invitation." in page


def test_arbitration_waits_for_an_arbiter_and_not_for_the_officer(team: Team, make: Make, clock: Clock) -> None:
    world = tied(make, clock)
    assert "Rien à faire aujourd’hui" in team.of(world).get("/avise")
    arbiter = team.arbiter()
    assert "décider de ce que le comité a laissé ouvert" in arbiter.get("/avise")
    arbiter.post(
        f"/avise/dossiers/{world.dossier.id}/arbitrage", outcome="granted", reason="Les deux camps.", letter="Oui."
    )
    assert "Rien à faire aujourd’hui" in arbiter.get("/avise")
    second = team.arbiter()
    assert "confirmer ou non une décision proposée" in second.get("/avise")
    second.post(f"/avise/dossiers/{world.dossier.id}/arbitrage/confirmer")
    assert "notifier la décision" in second.get("/avise")


def test_what_a_colleague_follows_says_so(team: Team, make: Make) -> None:
    dossier = make.dossier(officer=make.person("officer", name="Thomas Wacheux"))
    page = team.officer().get("/avise")
    assert dossier.reference in page
    assert "Suivi par Thomas Wacheux." in page


def test_nobody_else_reads_the_desk(team: Team, make: Make) -> None:
    world = make.poll(electors=3)
    for person in (world.candidate, world.members[0].person, make.person("administrator")):
        team.sits(person).get("/avise", 403)


def test_who_has_not_signed_in_is_asked_to(team: Team, make: Make) -> None:
    make.commit()
    answer = team.app.test_client().get("/avise")
    assert answer.status_code == 302
    assert "next=" in answer.headers["Location"]


def test_the_desk_costs_the_same_with_ten_dossiers_as_with_one(team: Team, make: Make) -> None:
    make.dossier(stage="complet")
    desk = team.officer()
    desk.get("/avise")
    database = team.app.extensions["database"]
    with counted(database) as one:
        desk.get("/avise")
    for stage in ("renseignement", "experimentation", "complet") * 3:
        make.dossier(stage=stage)
    make.commit()
    with counted(database) as ten:
        desk.get("/avise")
    assert len(one) == len(ten) <= 8


def tied(make: Make, clock: Clock):  # type: ignore[no-untyped-def]  # a World, from tests.make
    """A consultation that ended in a tie."""
    world = make.poll(electors=4)
    for member, choice in zip(world.members, ("for", "for", "against", "against"), strict=True):
        make.cast(world, member, choice)
    clock.forward(days=11)
    make.close(world)
    return world
