"""The decision: the committee's own, written and notified; or settled by two people who have not instructed."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from app.models import Decision, Message, Reserve
from app.operations.structures import give_mandate
from app.operations.way import remember_instructor
from tests.conftest import Clock
from tests.make import Make, World
from tests.web.staff.conftest import Desk, Team

LETTER = "Madame, Monsieur, le comité de pairs a examiné votre demande."
RESERVE = {
    "promises-0-promise": "Deux lettres d’engagement",
    "promises-0-owner": "la structure",
    "promises-0-due_on": "2027-05-01",
}
PROPOSAL = {"outcome": "deferred", "reason": "Les deux camps ont raison d’attendre.", "letter": LETTER}


def closed(make: Make, clock: Clock, *choices: str) -> World:
    """A consultation that is closed on these opinions."""
    world = make.poll(electors=len(choices))
    for member, choice in zip(world.members, choices, strict=True):
        make.cast(world, member, choice, reasons=f"Raison pour {choice}.")
    clock.forward(days=11)
    make.close(world)
    return world


def paths(world: World) -> dict[str, str]:
    base = f"/avise/dossiers/{world.dossier.id}"
    return {
        "decision": f"{base}/decision",
        "arbitration": f"{base}/arbitrage",
        "confirm": f"{base}/arbitrage/confirmer",
        "withdraw": f"{base}/arbitrage/retirer",
        "notification": f"{base}/notification",
    }


def decision_of(desk: Desk) -> Decision:
    found: Decision = desk.one(select(Decision))
    return found


def test_the_outcome_is_fixed_by_the_committee_and_only_its_letter_is_written(
    team: Team, make: Make, clock: Clock
) -> None:
    world = closed(make, clock, "for", "for", "against")
    desk = team.of(world)
    path = paths(world)["decision"]
    page = desk.get(path)
    assert "appellation accordée" in page
    assert "Avis favorable : 2 voix favorables, 1 défavorable" in page
    assert "Madame, Monsieur," in page
    assert "Réserves" not in page
    desk.post(path, letter=LETTER, outcome="not_granted")
    assert decision_of(desk).outcome == "granted"
    assert desk.dossier(world.dossier.id).stage == "decision"
    desk.post(path, 409, letter=LETTER)


def test_an_empty_letter_is_told_at_its_field(team: Team, make: Make, clock: Clock) -> None:
    world = closed(make, clock, "for", "for", "for")
    desk = team.of(world)
    assert "Écrivez la lettre" in desk.post(paths(world)["decision"], 422, letter="  ")
    assert desk.all(select(Decision.id)) == []


def test_a_decision_with_reserves_says_which(team: Team, make: Make, clock: Clock) -> None:
    world = closed(make, clock, "for", "reserves", "reserves")
    desk = team.of(world)
    path = paths(world)["decision"]
    assert "Réserves" in desk.get(path)
    assert "Une décision avec réserves dit lesquelles" in desk.post(path, 422, letter=LETTER)
    half = {"promises-0-promise": "Deux lettres"}
    assert "Complétez cette réserve, ou effacez-la." in desk.post(path, 422, letter=LETTER, **half)
    desk.post(path, letter=LETTER, **RESERVE)
    (reserve,) = desk.all(select(Reserve))
    assert (reserve.promise, reserve.owner, reserve.due_on.isoformat()) == (
        "Deux lettres d’engagement",
        "la structure",
        "2027-05-01",
    )


def test_what_the_committee_left_open_is_not_decided_by_the_officer(team: Team, make: Make, clock: Clock) -> None:
    world = closed(make, clock, "for", "for", "against", "against")
    desk = team.of(world)
    desk.get(paths(world)["decision"], 409)
    desk.post(paths(world)["decision"], 409, letter=LETTER)
    assert desk.all(select(Decision.id)) == []


def test_nothing_is_decided_before_the_close(team: Team, make: Make) -> None:
    world = make.poll(electors=3)
    team.of(world).get(paths(world)["decision"], 409)
    arbiter = team.arbiter()
    arbiter.get(paths(world)["arbitration"], 409)
    arbiter.get(paths(world)["notification"], 409)
    team.of(world).get("/avise/dossiers/nothing/decision", 404)


def test_both_sides_are_read_without_their_names(team: Team, make: Make, clock: Clock) -> None:
    world = closed(make, clock, "for", "for", "against", "against")
    for number, member in enumerate(world.members):
        member.structure.name = f"Fabrique {'ABCD'[number]}"
        member.person.name = f"Votante {'ABCD'[number]}"
    desk = team.arbiter()
    page = desk.get(paths(world)["arbitration"])
    assert "Égalité : 2 voix favorables, 2 défavorables." in page
    assert page.index("Raison pour for.") < page.index("Raison pour against.")
    assert not any(member.structure.name in page or member.person.name in page for member in world.members)
    assert desk.readings("reasons") == 1


def test_an_arbiter_proposes_and_another_one_confirms(team: Team, make: Make, clock: Clock) -> None:
    world = closed(make, clock, "for", "for", "against", "against")
    where = paths(world)
    first, second = team.arbiter(), team.arbiter()
    first.post(where["arbitration"], **PROPOSAL)
    assert "Confirmer cette décision" not in first.get(where["arbitration"])
    first.post(where["confirm"], 409)
    assert first.dossier(world.dossier.id).stage == "comite"
    page = second.get(where["arbitration"])
    assert "Décision proposée : décision reportée" in page
    assert "Les deux camps ont raison d’attendre." in page
    second.post(where["confirm"])
    decision = decision_of(second)
    assert decision.settled_at is not None
    assert decision.second_id != decision.recorded_by
    assert second.dossier(world.dossier.id).stage == "decision"


def test_a_proposal_says_which_field_lacks_something(team: Team, make: Make, clock: Clock) -> None:
    world = closed(make, clock, "for", "for", "against", "against")
    desk, path = team.arbiter(), paths(world)["arbitration"]
    assert "Choisissez une décision." in desk.post(path, 422, reason="Oui", letter=LETTER)
    page = desk.post(path, 422, outcome="granted", reason=" ", letter=LETTER)
    assert "Raisons : Écrivez pourquoi" in page
    assert LETTER in page
    assert "Écrivez la lettre" in desk.post(path, 422, outcome="granted", reason="Oui", letter="")
    page = desk.post(path, 422, outcome="granted_reserves", reason="Oui", letter=LETTER)
    assert "Une décision avec réserves dit lesquelles" in page
    desk.post(path, 422, outcome="another", reason="Oui", letter=LETTER)
    assert desk.all(select(Decision.id)) == []


def test_a_proposal_is_withdrawn_to_write_another(team: Team, make: Make, clock: Clock) -> None:
    world = closed(make, clock, "for", "for", "against", "against")
    desk, where = team.arbiter(), paths(world)
    desk.post(where["arbitration"], **PROPOSAL)
    desk.post(where["arbitration"], 409, **PROPOSAL)
    desk.post(where["withdraw"])
    assert desk.all(select(Decision.id)) == []
    desk.post(where["withdraw"], 409)
    journal = desk.get(f"/avise/dossiers/{world.dossier.id}/journal")
    assert "Décision proposée à une seconde personne" in journal
    assert "Proposition de décision retirée" in journal


@pytest.mark.parametrize("page", ["arbitration", "confirm", "withdraw"])
def test_an_arbiter_who_instructed_does_not_arbitrate(team: Team, make: Make, clock: Clock, page: str) -> None:
    world = closed(make, clock, "for", "for", "against", "against")
    both = make.person("officer")
    give_mandate(make.db, both, "arbiter", at=clock())
    remember_instructor(make.db, world.dossier, make.actor(both))
    desk = team.sits(both)
    if page == "arbitration":
        desk.get(paths(world)[page], 403)
    desk.post(paths(world)[page], 403, **PROPOSAL)
    assert "décider de ce que le comité a laissé ouvert" not in desk.get("/avise")


def test_an_officer_does_not_arbitrate_nor_notify(team: Team, make: Make, clock: Clock) -> None:
    world = closed(make, clock, "for", "for", "against", "against")
    desk = team.of(world)
    for page in ("arbitration", "notification"):
        desk.get(paths(world)[page], 403)
        desk.post(paths(world)[page], 403, **PROPOSAL)


def test_what_the_committee_settled_is_not_arbitrated(team: Team, make: Make, clock: Clock) -> None:
    world = closed(make, clock, "for", "for", "against")
    team.arbiter().get(paths(world)["arbitration"], 409)


def test_a_first_missed_quorum_is_not_arbitrated_yet(team: Team, make: Make, clock: Clock) -> None:
    world = make.poll(electors=4)
    make.cast(world, world.members[0])
    clock.forward(days=11)
    make.close(world)
    assert "Une seconde invitation du comité est due" in team.arbiter().get(paths(world)["arbitration"], 409)


def test_a_notification_is_read_before_it_leaves(team: Team, make: Make, clock: Clock) -> None:
    world = closed(make, clock, "for", "for", "against")
    team.of(world).post(paths(world)["decision"], letter=LETTER)
    desk = team.arbiter()
    page = desk.get(paths(world)["notification"])
    assert LETTER in page
    assert "L’appellation « Fabrique à initiatives » vous est accordée" in page
    assert world.candidate.name in page
    assert all(member.person.name in page for member in world.members)
    assert "La structure reçoit la lettre d’accord" in page
    assert desk.all(select(Message.id).where(Message.notice == "result_notified")) == []
    desk.post(paths(world)["notification"])
    assert decision_of(desk).notified_at is not None
    assert len(desk.all(select(Message.id).where(Message.notice == "result_notified"))) == 3
    assert desk.dossier(world.dossier.id).stage == "acceptation"
    desk.post(paths(world)["notification"], 409)
    assert "Décision notifiée le" in desk.get(f"/avise/dossiers/{world.dossier.id}")


def test_a_no_asks_for_a_call_first_and_waits_for_monday(team: Team, make: Make, clock: Clock) -> None:
    world = closed(make, clock, "against", "against", "against")
    team.of(world).post(paths(world)["decision"], letter=LETTER)
    clock.at = datetime(2026, 11, 18, 10, 0, tzinfo=UTC)
    page = team.arbiter().get(paths(world)["notification"])
    assert "appellation non accordée à ce stade" in page
    assert "Appelez la structure avant d’envoyer" in page
    clock.at = datetime(2026, 11, 20, 17, 48, tzinfo=UTC)
    assert "Attendez plutôt le prochain jour ouvré" in team.arbiter().get(paths(world)["notification"])


def test_a_letter_that_would_reach_nobody_says_so(team: Team, make: Make, clock: Clock) -> None:
    world = closed(make, clock, "for", "for", "for")
    team.of(world).post(paths(world)["decision"], letter=LETTER)
    make.db.refresh(world.candidate)
    world.candidate.active = False
    page = team.arbiter().get(paths(world)["notification"])
    assert "la lettre n’arriverait à personne" in page
