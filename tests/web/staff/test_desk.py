"""« Aujourd’hui »: one sentence and one button for each thing, and nothing of what is sealed."""

from datetime import date

from app.models import Enquiry, Exchange
from app.operations.polls.window import withdraw_request
from app.operations.way import pass_stage
from tests.conftest import Clock, counted
from tests.make import Make
from tests.operations.seen import Variant, convene, opened
from tests.web.staff.conftest import Team


def test_nothing_to_do_is_a_page_too(team: Team) -> None:
    page = team.officer().get("/avise")
    assert "Lundi 2 novembre. À faire par vous : 0. Vous attendez : 0. À appeler : 0. Rien ne presse : 0." in page
    assert "Rien à faire par vous" in page
    assert "Personne à appeler" in page


def test_an_enquiry_waits_on_the_officer_until_its_announced_day(team: Team, make: Make, clock: Clock) -> None:
    make.dossier(make.structure("Les Ateliers de Brissange"))
    desk = team.officer()
    page = desk.get("/avise")
    assert "Une chose à faire par vous" in page
    assert "Les Ateliers de Brissange, à l’étape « Demande de renseignement »" in page
    assert "réponse annoncée avant le 17 novembre 2026" in page
    assert "délai dépassé" not in page
    clock.forward(days=16)
    assert "délai dépassé" in team.officer().get("/avise")


def test_a_dossier_that_lives_its_life_presses_nobody(team: Team, make: Make) -> None:
    make.dossier(stage="experimentation")
    page = team.officer().get("/avise")
    assert "Rien à faire par vous" in page
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
    assert "Rien à faire par vous" in page
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
    assert "Rien à faire par vous" in team.of(world).get("/avise")
    arbiter = team.arbiter()
    assert "décider de ce que le comité a laissé ouvert" in arbiter.get("/avise")
    arbiter.post(
        f"/avise/dossiers/{world.dossier.id}/arbitrage", outcome="granted", reason="Les deux camps.", letter="Oui."
    )
    assert "Rien à faire par vous" in arbiter.get("/avise")
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


def test_whoever_asked_to_be_called_back_is_in_the_calls_with_her_number(team: Team, make: Make, clock: Clock) -> None:
    make.label_version()
    for number, (name, back) in enumerate((("Solène Kervadec", True), ("Bakary Sylla", False))):
        make.db.add(enquiry(make, name, number, call_back=back))
    page = team.officer().get("/avise")
    assert "À faire par vous : 1." in page
    assert "À appeler : 1." in page
    assert "rappeler Solène Kervadec" in page
    assert "06 00 00 00 00" in page
    assert "répondre à une demande de renseignement" in page
    assert "rappeler" not in team.arbiter().get("/avise")


def enquiry(make: Make, name: str, number: int, *, call_back: bool) -> Enquiry:
    return Enquiry(
        label="fabrique-a-initiatives",
        person_id=make.person(structure=make.structure()).id,
        name=name,
        phone="06 00 00 00 00",
        structure=f"Les Ateliers du Léguer {number}",
        unborn=False,
        territory="Trégor",
        brings="Une question.",
        call_back=call_back,
        locale="fr",
        received_at=make.clock(),
        status="waiting",
    )


def test_a_no_is_in_the_calls_until_somebody_has_called(team: Team, make: Make, clock: Clock) -> None:
    world = make.poll(electors=3)
    for member in world.members:
        make.cast(world, member, "against")
    world.candidate.phone = "05 00 00 00 00"
    clock.forward(days=11)
    make.close(world)
    team.of(world).post(f"/avise/dossiers/{world.dossier.id}/decision", letter="Non.")
    page = team.of(world).get("/avise")
    assert "annoncer la décision avant la lettre" in page
    assert f"{world.candidate.name}, 05 00 00 00 00" in page
    make.db.add(exchange(world.dossier.id, world.officer.id, clock, kind="call"))
    assert "annoncer la décision" not in team.of(world).get("/avise")


def exchange(dossier_id: str, by: str, clock: Clock, *, kind: str = "note", next_on: date | None = None) -> Exchange:
    return Exchange(
        dossier_id=dossier_id, kind=kind, words="Revoir après l’été.", shared=False, next_on=next_on, at=clock(), by=by
    )


def test_a_dossier_put_aside_until_a_day_presses_nobody_before_it(team: Team, make: Make, clock: Clock) -> None:
    officer = make.officer()
    dossier = make.dossier(officer=officer)
    make.db.add(exchange(dossier.id, officer.id, clock, next_on=date(2026, 11, 6)))
    page = team.sits(officer).get("/avise")
    assert "À faire par vous : 0." in page
    assert "Rien ne presse : 1." in page
    assert "À revoir le 6 novembre 2026." in page
    clock.forward(days=4)
    page = team.sits(officer).get("/avise")
    assert "À faire par vous : 1." in page
    assert "À appeler : 1." in page
    assert "Revoir après l’été." in page


def test_a_day_asked_for_never_hides_what_a_committee_waits_for(team: Team, make: Make, clock: Clock) -> None:
    world = make.poll(electors=3)
    make.db.add(exchange(world.dossier.id, world.officer.id, clock, next_on=date(2027, 6, 1)))
    clock.forward(days=10)
    assert "dépouiller la consultation" in team.of(world).get("/avise")


def test_the_rounds_of_an_earlier_request_are_behind(team: Team, make: Make, clock: Clock) -> None:
    """A second request, whose first poll misses its quorum, has its second notice still to come."""
    world = make.poll(electors=4)
    by = make.actor(world.candidate)
    withdraw_request(make.db, world.dossier.id, by=by, clock=clock)
    pass_stage(make.db, world.dossier.id, "demander_appellation", by=by, clock=clock)
    pass_stage(make.db, world.dossier.id, "declarer_complet", by=make.actor(world.officer), clock=clock)
    convene(make, world)
    for member in world.members:
        make.no_link(world, member)
    opened(make, world)
    make.cast(world, world.members[0])
    clock.forward(days=11)
    make.close(world)
    desk = team.of(world)
    assert "inviter le comité une seconde fois" in desk.get("/avise")
    assert "Le comité est à inviter une seconde fois" in desk.get(f"/avise/consultations/{world.poll.id}")
    assert "invitation nº 2" in desk.get(f"/avise/dossiers/{world.dossier.id}/comite")


def test_a_tie_under_a_rule_that_grants_a_new_round_is_convened_again(team: Team, make: Make, clock: Clock) -> None:
    world = tied(Variant(make, tie='"new_round"'), clock)
    desk = team.of(world)
    assert "Les voix étaient à égalité" in desk.get("/avise")
    page = desk.get(f"/avise/dossiers/{world.dossier.id}/comite")
    assert "Les voix étaient à égalité : le comité est invité une seconde fois, sans quorum." in page
    where = f"/avise/dossiers/{world.dossier.id}/comite"
    desk.post(where, opens_at="2026-11-16T09:00", closes_at="2026-11-25T12:00")


def test_where_the_dossiers_stand_is_asked_by_the_address(team: Team, make: Make, clock: Clock) -> None:
    mine = make.officer()
    make.dossier(officer=mine)
    make.dossier(stage="demande")
    clock.forward(days=16)
    make.dossier()
    desk = team.sits(mine)
    page = desk.get("/avise/etapes")
    assert "3 dossiers en cours, 2 dont le délai annoncé est dépassé" in page
    assert "1 dossier en cours" in desk.get("/avise/etapes?suivi=moi")
    assert "Aucun dossier en cours" in desk.get("/avise/etapes?entree=a_posteriori")
    late = desk.get("/avise/dossiers?etape=renseignement&retard=1")
    assert late.count("2026-0") == 1
    assert desk.get("/avise/dossiers?etape=renseignement").count("2026-0") == 2
    for hostile in ("suivi=%27&entree=x" + "x" * 500, "retard=2&suivi=moi&entree=%22%3E"):
        desk.get(f"/avise/etapes?{hostile}")


def tied(make: Make, clock: Clock):  # type: ignore[no-untyped-def]  # a World, from tests.make
    """A consultation that ended in a tie."""
    world = make.poll(electors=4)
    for member, choice in zip(world.members, ("for", "for", "against", "against"), strict=True):
        make.cast(world, member, choice)
    clock.forward(days=11)
    make.close(world)
    return world
