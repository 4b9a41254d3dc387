"""The decision: the committee's own, written and notified; or settled by two people who have not instructed."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from app.models import Decision, Exchange, Mandate, Message, Person, Reserve
from app.operations.structures import give_mandate
from app.operations.way import remember_instructor
from app.queries.decisions_desk import shuffled
from tests.conftest import Clock
from tests.make import Make, World
from tests.test_second_label import Village
from tests.web.staff.conftest import Desk, Team, text_of

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


CALLED = {"call": "called", "called_on": "2026-11-13", "called_by": "Inès Baudry"}


def refused_letter(team: Team, make: Make, clock: Clock) -> tuple[World, str]:
    """A no that is recorded, on a Friday morning; and the address of its notification."""
    world = closed(make, clock, "against", "against", "against")
    team.of(world).post(paths(world)["decision"], letter=LETTER)
    assert clock.at.weekday() == 4
    return world, paths(world)["notification"]


def test_a_no_is_said_before_it_is_sent(team: Team, make: Make, clock: Clock) -> None:
    _world, path = refused_letter(team, make, clock)
    desk = team.arbiter()
    page = desk.get(path)
    assert "appellation non accordée à ce stade" in page
    assert "La structure doit l’apprendre d’une voix avant de le lire." in page
    assert "Dites quand et par qui la structure a été appelée" in desk.post(path, 422)
    assert "Dites quand et par qui" in desk.post(path, 422, call="called", called_on="2026-11-13")
    assert "Dites quand et par qui" in desk.post(path, 422, call="not_called", called_by="Inès Baudry")
    to_come = {**CALLED, "called_on": "2026-11-14"}
    assert "daté d’un jour à venir" in desk.post(path, 422, **to_come)
    assert decision_of(desk).notified_at is None
    desk.post(path, **CALLED)
    assert decision_of(desk).notified_at is not None


def test_a_no_without_a_call_says_why_and_the_journal_keeps_it(team: Team, make: Make, clock: Clock) -> None:
    world, path = refused_letter(team, make, clock)
    desk = team.arbiter()
    desk.post(path, call="not_called", no_call="Personne ne répond depuis lundi.")
    journal = desk.get(f"/avise/dossiers/{world.dossier.id}/journal")
    assert "sans appel, parce que" in journal
    assert "Personne ne répond depuis lundi." in journal


@pytest.mark.parametrize(
    ("at", "morning"),
    [
        (datetime(2026, 11, 20, 11, 0, tzinfo=UTC), "23 novembre 2026 à 9 h"),  # a Friday at noon
        (datetime(2026, 11, 21, 9, 0, tzinfo=UTC), "23 novembre 2026 à 9 h"),
        (datetime(2026, 12, 24, 8, 0, tzinfo=UTC), "28 décembre 2026 à 9 h"),
    ],
)
def test_a_no_does_not_leave_when_nobody_can_be_called_back(
    team: Team, make: Make, clock: Clock, at: datetime, morning: str
) -> None:
    world, path = refused_letter(team, make, clock)
    clock.at = at
    desk = team.arbiter()
    assert f"Attendez plutôt le {morning}" in desk.get(path)
    page = desk.post(path, 422, **CALLED)
    assert f"Attendez plutôt le {morning}, ou écrivez pourquoi" in page
    assert decision_of(desk).notified_at is None
    desk.post(path, **CALLED, despite="La structure l’attend pour son conseil.")
    assert decision_of(desk).notified_at is not None
    assert "envoyé à cette heure, parce que" in desk.get(f"/avise/dossiers/{world.dossier.id}/journal")


def test_a_call_that_was_noted_since_the_decision_fills_the_form(team: Team, make: Make, clock: Clock) -> None:
    world, path = refused_letter(team, make, clock)
    noted = Exchange(
        dossier_id=world.dossier.id,
        kind="call",
        words="Annoncé à la directrice.",
        shared=False,
        at=clock(),
        by=world.officer.id,
    )
    make.db.add(noted)
    raw = team.arbiter().raw(path)
    assert f'value="{world.officer.name}"' in raw
    assert 'value="2026-11-13"' in raw


def test_a_yes_asks_for_no_call_and_leaves_at_any_hour(team: Team, make: Make, clock: Clock) -> None:
    world = closed(make, clock, "for", "for", "for")
    team.of(world).post(paths(world)["decision"], letter=LETTER)
    clock.at = datetime(2026, 11, 20, 17, 48, tzinfo=UTC)
    desk = team.arbiter()
    assert "L’appel à la structure" not in desk.get(paths(world)["notification"])
    desk.post(paths(world)["notification"])
    assert decision_of(desk).notified_at is not None


def test_a_day_of_publication_is_to_come_within_a_year(team: Team, make: Make, clock: Clock) -> None:
    world = closed(make, clock, "for", "for", "for")
    team.of(world).post(paths(world)["decision"], letter=LETTER)
    desk, path = team.arbiter(), paths(world)["notification"]
    for hostile in ("2026-11-12", "2099-01-01", "0001-01-01", "9999-12-31", "demain", "2026-13-45"):
        desk.post(path, 422, publish_on=hostile)
    assert decision_of(desk).notified_at is None
    desk.post(path, publish_on="2026-12-01")
    assert decision_of(desk).publish_on == date(2026, 12, 1)


def test_what_a_field_cannot_hold_is_refused_at_it(team: Team, make: Make, clock: Clock) -> None:
    _world, path = refused_letter(team, make, clock)
    desk = team.arbiter()
    for field, length in (("called_by", 121), ("no_call", 1001), ("despite", 1001)):
        desk.post(path, 422, **{**CALLED, field: "x" * length})
    desk.post(path, 422, **{**CALLED, "call": "perhaps"})
    assert decision_of(desk).notified_at is None
    arbitration = closed(make, clock, "for", "for", "against", "against")
    team.arbiter().post(paths(arbitration)["arbitration"], 422, **PROPOSAL, derogation="x" * 5001)


def test_the_messages_are_read_as_they_will_be(team: Team, make: Make, clock: Clock) -> None:
    _world, path = refused_letter(team, make, clock)
    page = team.arbiter().get(path)
    assert "Les messages, tels qu’ils seront lus" in page
    assert "Bonjour" in page
    assert "Aucun de nos messages ne demande votre mot de passe" in page
    assert "{" not in page


def test_a_small_team_decides_alone_with_its_reason_and_everyone_reads_it(team: Team, make: Make, clock: Clock) -> None:
    world = closed(make, clock, "for", "for", "against", "against")
    desk = team.arbiter()
    where = paths(world)
    assert "Votre équipe est trop petite pour deux personnes" in desk.get(where["arbitration"])
    desk.post(where["arbitration"], **PROPOSAL, derogation="Une seule personne décide cette année.")
    decision = decision_of(desk)
    assert (decision.second_id, decision.derogation) == (None, "Une seule personne décide cette année.")
    assert decision.settled_at is not None
    assert desk.dossier(world.dossier.id).stage == "decision"
    assert "Une seule personne décide cette année." in desk.get(where["notification"])
    desk.post(where["notification"], call="called", called_on="2026-11-13", called_by="Inès Baudry")
    assert "équipe trop petite pour deux personnes" in desk.get(f"/avise/dossiers/{world.dossier.id}/journal")
    elector = team.app.test_client()
    elector.sign_in(world.members[0].person)  # type: ignore[attr-defined]  # the tests' own client
    read = text_of(elector.get(f"/comite/consultations/{world.poll.id}/resultat").text)
    assert "Une seule personne décide cette année." in read


def test_a_team_of_two_is_not_offered_to_decide_alone(team: Team, make: Make, clock: Clock) -> None:
    world = closed(make, clock, "for", "for", "against", "against")
    make.arbiter()
    desk = team.arbiter()
    path = paths(world)["arbitration"]
    assert "trop petite" not in desk.get(path)
    page = desk.post(path, 422, **PROPOSAL, derogation="Plus simple.")
    assert "Deux personnes de l’Avise peuvent décider" in page
    assert desk.all(select(Decision.id)) == []


def test_a_letter_that_would_reach_nobody_says_so(team: Team, make: Make, clock: Clock) -> None:
    world = closed(make, clock, "for", "for", "for")
    team.of(world).post(paths(world)["decision"], letter=LETTER)
    for mandate in make.db.execute(select(Mandate).where(Mandate.structure_id == world.dossier.structure_id)).scalars():
        make.db.get_one(Person, mandate.person_id).active = False
    page = team.arbiter().get(paths(world)["notification"])
    assert "la lettre n’arriverait à personne" in page


def test_an_advisory_opinion_may_be_departed_from_on_the_desk(team: Team, village: Village) -> None:
    world = village.answered("ffffff")
    desk = team.arbiter()
    poll = desk.get(f"/avise/consultations/{world.poll.id}")
    assert "S’écarter de l’avis du comité" in poll
    path = f"/avise/dossiers/{world.dossier.id}/arbitrage"
    assert "vous pouvez vous en écarter" in desk.get(path)
    desk.post(path, outcome="not_granted", reason="La halle menace.", letter=LETTER)
    team.arbiter().post(f"{path}/confirmer")
    decision = decision_of(desk)
    assert (decision.outcome, decision.arbitrated, decision.reason) == ("not_granted", True, "La halle menace.")


def test_a_label_that_asks_why_is_told_on_the_page_that_records(team: Team, village: Village) -> None:
    world = village.answered("ffffff")
    desk = team.arbiter()
    path = f"/avise/dossiers/{world.dossier.id}/decision"
    assert "Raisons" in desk.get(path)
    assert "Écrivez pourquoi" in desk.post(path, 422, letter=LETTER, reason=" ")
    desk.post(path, letter=LETTER, reason="La place vit.")
    assert decision_of(desk).reason == "La place vit."


@pytest.fixture
def village(make: Make) -> Village:
    return Village(make)


def test_the_order_of_reasons_is_the_same_at_each_reading_and_says_nothing() -> None:
    texts = [f"Raison {number}" for number in range(12)]
    assert shuffled("poll", texts) == shuffled("poll", reversed(texts))
    assert shuffled("poll", texts) != tuple(texts)
    assert shuffled("poll", texts) != shuffled("another", texts)
