"""A consultation at the desk: who has taken part while it is open, what was said once it is closed, never before."""

import re

import pytest

from app.operations.polls.link import declare_link
from app.operations.polls.window import withdraw_request
from app.queries.decisions_desk import Arguments, arguments
from app.queries.polls_desk import poll_page
from tests.conftest import Clock, counted
from tests.make import Make, World
from tests.web.staff.conftest import Desk, Team

REASONS = "Le partenariat avec la commune est très fragile."
SAID = ("favorable", "défavorable", "réserves", "abstention", REASONS, "égalité", "voix favorables")

#: What tells two dossiers apart: their names, references and hashes.
NAMES = r"[0-9a-f]{64}|\d{4}-\d{3}|nº \d+|Personne \d+|personne\d+|Baudry \d+"


def voted(make: Make, *choices: str) -> World:
    """An open consultation of four voices, some of which have taken part."""
    world = make.poll(electors=4)
    for member, choice in zip(world.members, choices, strict=False):
        make.cast(world, member, choice, reasons=REASONS)
    return world


def without_rule(page: str) -> str:
    """A page of the desk without the sentences of the rule, which name the choices."""
    return page.split("La règle de cette consultation", maxsplit=1)[0]


def test_participation_is_shown_with_what_the_quorum_lacks(team: Team, make: Make) -> None:
    world = voted(make, "for")
    page = team.of(world).get(f"/avise/consultations/{world.poll.id}")
    assert "1 structure sur 4 a pris part. Il manque 1 participation pour le quorum." in page
    assert page.count("n’a pas encore pris part") == 3
    assert "Vous voyez qui a pris part, jamais ce qui a été dit, avant la clôture." in page


@pytest.mark.parametrize("days", [1, 11])
def test_no_page_of_the_desk_tells_an_opinion_before_the_close(team: Team, make: Make, clock: Clock, days: int) -> None:
    world = voted(make, "against", "against", "reserves", "for")
    clock.forward(days=days)
    desk = team.of(world)
    paths = (
        "/avise",
        "/avise/dossiers",
        f"/avise/dossiers/{world.dossier.id}",
        f"/avise/dossiers/{world.dossier.id}/journal",
        f"/avise/consultations/{world.poll.id}",
        "/avise/envois",
        "/avise/structures",
    )
    for path in paths:
        page = without_rule(desk.get(path))
        assert [word for word in SAID if word in page] == []


def test_an_opinion_replaced_by_its_opposite_changes_not_a_byte_of_the_desk(team: Team, make: Make) -> None:
    world = voted(make, "for", "for", "for")
    desk = team.of(world)
    paths = (f"/avise/consultations/{world.poll.id}", f"/avise/dossiers/{world.dossier.id}", "/avise", "/avise/envois")
    before = [unmasked(desk.raw(path)) for path in paths]
    for member in world.members[:3]:
        make.cast(world, member, "against", replaces=1, reasons=REASONS)
    make.commit()
    assert [unmasked(desk.raw(path)) for path in paths] == before


def unmasked(page: str) -> str:
    """A page without its form tokens, which differ at each reading."""
    return re.sub(r'name="csrf_token"[^>]*value="[^"]+"|data-token="[^"]+"', "", page)


def test_the_turnout_is_on_no_other_page_of_the_desk(team: Team, make: Make) -> None:
    """The receipts of opinions, the height of the chain and the list of messages would all tell it."""
    silent, loud = voted(make), voted(make, "for", "for", "for")
    desk = team.of(loud)
    for path in ("dossiers/{}", "dossiers/{}/journal"):
        before, after = (
            re.sub(NAMES, "", desk.get(f"/avise/{path.format(world.dossier.id)}")) for world in (silent, loud)
        )
        assert before == after
    assert "Accusé" not in desk.get("/avise/envois").replace("Les accusés", "")


def test_a_reading_of_the_participation_is_noted(team: Team, make: Make) -> None:
    world = voted(make, "for")
    desk = team.of(world)
    desk.get(f"/avise/consultations/{world.poll.id}")
    assert desk.readings("participation") == 1
    assert desk.readings("ballots") == 0


def test_links_are_read_before_the_opening(team: Team, make: Make, clock: Clock) -> None:
    world = make.poll(electors=4, opened=False, declared=False)
    first, second = world.members[:2]
    declare_link(
        make.db,
        world.poll.id,
        first.structure.id,
        "coportage",
        words="",
        by=make.actor(first.person),
        clock=clock,
    )
    declare_link(
        make.db,
        world.poll.id,
        second.structure.id,
        "territoire_commun",
        words="La même vallée.",
        by=make.actor(second.person),
        clock=clock,
    )
    desk = team.of(world)
    page = desk.get(f"/avise/consultations/{world.poll.id}")
    assert "ne prend pas part à l’examen : Projet co-porté" in page
    assert "Territoire commun : La même vallée." in page
    assert page.count("n’a pas encore dit si elle a un lien") == 2
    assert "3 voix prennent part à l’examen, 1 n’y prend pas part." in page
    assert desk.readings("participation") == 0


def test_a_convened_consultation_is_opened_now(team: Team, make: Make) -> None:
    world = make.poll(electors=3, opened=False)
    desk = team.of(world)
    assert "Ouvrir maintenant" in desk.get(f"/avise/consultations/{world.poll.id}")
    desk.post(f"/avise/consultations/{world.poll.id}/ouvrir")
    assert desk.poll(world.poll.id).status == "open"
    desk.post(f"/avise/consultations/{world.poll.id}/ouvrir", 409)


def test_the_end_is_put_off_with_a_reason(team: Team, make: Make) -> None:
    world = voted(make)
    desk = team.of(world)
    path = f"/avise/consultations/{world.poll.id}/prolonger"
    assert "Écrivez pourquoi" in desk.post(path, 422, closes_at="2026-11-20T12:00", reason=" ")
    assert "ne peut être que repoussée" in desk.post(path, 422, closes_at="2026-11-05T12:00", reason="Les vacances")
    assert "Écrivez une date et une heure." in desk.post(path, 422, reason="Les vacances")
    desk.post(path, closes_at="2026-11-20T12:00", reason="Les vacances")
    assert desk.poll(world.poll.id).closes_at.isoformat() == "2026-11-20T11:00:00+00:00"


def test_what_is_over_is_put_off_no_more(team: Team, make: Make, clock: Clock) -> None:
    world = voted(make)
    clock.forward(days=11)
    desk = team.of(world)
    assert "Repousser la fin" not in desk.get(f"/avise/consultations/{world.poll.id}")
    desk.post(f"/avise/consultations/{world.poll.id}/prolonger", 409, closes_at="2026-11-30T12:00", reason="Trop tard")


def test_it_is_closed_early_only_when_every_voice_has_taken_part(team: Team, make: Make) -> None:
    world = voted(make, "for", "for", "for")
    desk = team.of(world)
    path = f"/avise/consultations/{world.poll.id}"
    assert "Dépouiller" not in desk.get(path)
    desk.post(f"{path}/depouiller", 409)
    make.cast(world, world.members[3], "against", reasons=REASONS)
    make.commit()
    assert "Dépouiller" in desk.get(path)
    desk.post(f"{path}/depouiller")
    assert desk.poll(world.poll.id).outcome == "favourable"


def test_after_the_close_the_opinions_are_read_with_their_reasons(team: Team, make: Make, clock: Clock) -> None:
    world = voted(make, "for", "for", "against")
    clock.forward(days=11)
    desk = team.of(world)
    desk.post(f"/avise/consultations/{world.poll.id}/depouiller")
    page = desk.get(f"/avise/consultations/{world.poll.id}")
    assert "Avis favorable : 2 voix favorables, 1 défavorable ; il fallait 2 voix favorables sur 3." in page
    assert "Quorum atteint : 3 structures sur 4 ont donné leur avis ; il en fallait 2." in page
    assert REASONS in page
    assert "Recompté à l’instant : les avis enregistrés donnent le même résultat." in page
    assert "Enregistrer la décision" in page
    assert desk.readings("ballots") == 1


def test_a_count_that_no_longer_holds_is_told(team: Team, make: Make, clock: Clock) -> None:
    world = voted(make, "for", "for", "against")
    clock.forward(days=11)
    make.close(world)
    world.poll.pour = 3
    page = team.of(world).get(f"/avise/consultations/{world.poll.id}")
    assert "les avis enregistrés ne donnent plus ce résultat" in page


def test_a_voice_recused_after_its_opinion_counts_no_more(team: Team, make: Make, clock: Clock) -> None:
    world = voted(make, "for", "for", "for", "against")
    late = world.members[3]
    declare_link(
        make.db, world.poll.id, late.structure.id, "coportage", words="", by=make.actor(late.person), clock=clock
    )
    desk = team.of(world)
    assert "3 structures sur 3 ont pris part." in desk.get(f"/avise/consultations/{world.poll.id}")
    desk.post(f"/avise/consultations/{world.poll.id}/depouiller")
    page = desk.get(f"/avise/consultations/{world.poll.id}")
    assert "3 voix favorables, aucune défavorable" in page
    assert "sans effet : ne prend pas part à l’examen" in page


def test_a_cancelled_consultation_keeps_its_seal(team: Team, make: Make) -> None:
    world = voted(make, "against")
    withdraw_request(make.db, world.dossier.id, by=make.actor(world.candidate), clock=make.clock)
    desk = team.of(world)
    page = desk.get(f"/avise/consultations/{world.poll.id}")
    assert "Les avis déjà donnés restent scellés." in page
    assert "pris part" not in without_rule(page)
    assert "Consultation, invitation" not in desk.get(f"/avise/dossiers/{world.dossier.id}/journal")


def test_an_arbiter_reads_and_does_not_act(team: Team, make: Make) -> None:
    world = voted(make, "for")
    arbiter = team.arbiter()
    page = arbiter.get(f"/avise/consultations/{world.poll.id}")
    assert "Repousser la fin" not in page
    for act in ("ouvrir", "prolonger", "depouiller"):
        arbiter.post(f"/avise/consultations/{world.poll.id}/{act}", 403)


def test_nobody_outside_the_team_reads_it(team: Team, make: Make) -> None:
    world = voted(make, "for")
    for person in (world.candidate, world.members[0].person, make.person("administrator")):
        desk: Desk = team.sits(person)
        desk.get(f"/avise/consultations/{world.poll.id}", 403)
        desk.get("/avise/consultations/nothing", 403)
    team.officer().get("/avise/consultations/nothing", 404)


def test_the_page_costs_the_same_whatever_the_number_of_voices(team: Team, make: Make, clock: Clock) -> None:
    small, large = make.poll(electors=3), make.poll(electors=6)
    for world in (small, large):
        for member in world.members:
            make.cast(world, member)
    database = team.app.extensions["database"]

    def spent(desk: Desk, world: World) -> int:
        with counted(database) as statements:
            desk.get(f"/avise/consultations/{world.poll.id}")
        return len(statements)

    desk = team.of(small)
    desk.get("/avise")
    assert spent(desk, small) == spent(desk, large) <= 8
    clock.forward(days=11)
    for world in (small, large):
        make.close(world)
    desk = team.of(small)
    desk.get("/avise")
    assert spent(desk, small) == spent(desk, large) <= 8


def test_a_consultation_that_was_followed_by_another_asks_for_nothing(team: Team, make: Make, clock: Clock) -> None:
    world = voted(make, "for")
    clock.forward(days=11)
    make.close(world)
    desk = team.of(world)
    path = f"/avise/consultations/{world.poll.id}"
    assert "Le comité est à inviter une seconde fois" in desk.get(path)
    window = {"opens_at": "2026-11-16T09:00", "closes_at": "2026-11-25T12:00"}
    second = desk.post(f"/avise/dossiers/{world.dossier.id}/comite", **window)
    page = desk.get(path)
    assert "Le comité a été invité de nouveau" in page
    assert "Inviter de nouveau" not in page
    assert "invitation nº 2" in desk.get(second)


def test_an_hour_is_told_in_the_reader_s_zone_too(team: Team, make: Make) -> None:
    world = voted(make)
    world.officer.zone = "America/Cayenne"
    page = team.of(world).get(f"/avise/consultations/{world.poll.id}")
    assert "au 12 novembre 2026 à 10 h heure de Paris chez vous, jusqu’au 12 novembre 2026 à 6 h" in page


def test_an_opinion_is_not_even_read_before_the_close(team: Team, make: Make, clock: Clock) -> None:
    world = voted(make, "for", "against")
    desk = team.of(world)
    with counted(team.app.extensions["database"]) as statements:
        desk.get(f"/avise/consultations/{world.poll.id}")
    assert any("ballot" in statement for statement in statements)
    assert not any("ballot.choice" in statement for statement in statements)
    found = poll_page(make.db, world.poll.id, clock())
    assert found is not None
    assert (found.opinions, found.count) == ((), None)
    assert arguments(make.db, world.poll.id) == Arguments((), ())
    clock.forward(days=11)
    make.close(world)
    assert arguments(make.db, world.poll.id).against == (REASONS,)
