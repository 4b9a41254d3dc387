"""What a committee left open is settled by two arbiters, neither of whom has instructed."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from app.models import Decision, Instructor, Person, Reserve
from app.operations.polls.arbitrate import confirm_arbitration, prepare_arbitration, withdraw_arbitration
from app.operations.polls.decide import notify_decision
from app.operations.polls.deciding import Promise
from tests.conftest import Clock
from tests.make import Make, World
from tests.operations.seen import body, convene, opened, play, private, refused, told, types, vote

PROMISE = Promise("Un second partenaire public.", "La structure", date(2027, 3, 31))


def tie(make: Make, clock: Clock) -> World:
    """Eighteen holders, nine take part: four pour, four contre, one abstains."""
    return play(make, clock, "ffffaaaab---------")


def prepare(make: Make, world: World, by: Person, **changed: Any) -> Decision:
    said = {"outcome": "granted", "reason": "Le territoire attend.", "letter": "Chers collègues…"} | changed
    return prepare_arbitration(make.db, world.dossier.id, by=make.actor(by), clock=make.clock, **said)


def confirm(make: Make, world: World, by: Person) -> Decision:
    return confirm_arbitration(make.db, world.dossier.id, by=make.actor(by), clock=make.clock)


def lacking(caught: Any) -> list[str]:
    return [requirement.code for requirement in caught.value.values["missing"]]


@pytest.mark.parametrize("outcome", ["granted", "granted_reserves", "deferred", "not_granted"])
def test_a_tie_is_settled_by_two_arbiters(make: Make, clock: Clock, outcome: str) -> None:
    world = tie(make, clock)
    first, second = make.arbiter(), make.arbiter()
    decision = prepare(make, world, first, outcome=outcome, promises=(PROMISE,))
    assert (decision.settled_at, world.dossier.stage, world.poll.status) == (None, "comite", "closed")
    clock.forward(hours=3)
    confirm(make, world, second)
    assert (decision.outcome, decision.arbitrated) == (outcome, True)
    assert (decision.recorded_by, decision.second_id, decision.settled_at) == (first.id, second.id, clock())
    assert (world.dossier.stage, world.poll.status) == ("decision", "decided")


def test_both_steps_are_journaled_with_the_reason_that_electors_read(make: Make, clock: Clock) -> None:
    world = tie(make, clock)
    first, second = make.arbiter(), make.arbiter()
    decision = prepare(make, world, first, reason="  Le territoire attend. ")
    said = body(make, world.dossier, "arbitration_prepared")
    assert (said["outcome"], said["opinion"], said["poll"]) == ("granted", "tie", world.poll.id)
    assert private(make, world.dossier, "arbitration_prepared") == {
        "person": first.name,
        "reason": "Le territoire attend.",
    }
    confirm(make, world, second)
    assert types(make, world.dossier)[-2:] == ["arbitration_prepared", "arbitrer"]
    assert private(make, world.dossier, "arbitrer") == {"person": second.name, "note": "Le territoire attend."}
    assert body(make, world.dossier, "arbitrer")["arbitrated"] is True
    assert types(make, world.poll)[-1] == "decided"
    assert decision.reason == "Le territoire attend."


def test_only_the_arbiters_who_can_confirm_are_told_once(make: Make, clock: Clock) -> None:
    world = tie(make, clock)
    first, second, third, instructed = (make.arbiter() for _ in range(4))
    make.db.add(Instructor(dossier_id=world.dossier.id, person_id=instructed.id))
    third.active = False
    prepare(make, world, first)
    assert told(make, "arbitration_to_confirm") == [second.id]


def test_who_proposed_does_not_confirm(make: Make, clock: Clock) -> None:
    world, first = tie(make, clock), make.arbiter()
    prepare(make, world, first)
    with refused("same_arbiter"):
        confirm(make, world, first)


def test_who_has_instructed_neither_proposes_nor_confirms_nor_withdraws(make: Make, clock: Clock) -> None:
    world, first = tie(make, clock), make.arbiter()
    with refused("arbiter_instructed"):
        prepare(make, world, world.officer)
    prepare(make, world, first)
    with refused("arbiter_instructed"):
        confirm(make, world, world.officer)
    with refused("arbiter_instructed"):
        withdraw_arbitration(make.db, world.dossier.id, by=make.actor(world.officer), clock=clock)


def test_an_arbitration_says_why_and_what_it_answers(make: Make, clock: Clock) -> None:
    world, first = tie(make, clock), make.arbiter()
    for changed, code in (
        ({"reason": "  "}, "reason_missing"),
        ({"outcome": "favourable"}, "unknown_outcome"),
        ({"letter": " "}, "letter_missing"),
        ({"outcome": "granted_reserves"}, "reserves_missing"),
    ):
        with refused(code):
            prepare(make, world, first, **changed)
    assert make.db.execute(select(Decision)).scalars().all() == []


def test_one_proposal_waits_at_a_time(make: Make, clock: Clock) -> None:
    world = tie(make, clock)
    prepare(make, world, make.arbiter())
    with refused("arbitration_prepared"):
        prepare(make, world, make.arbiter(), outcome="not_granted")


def test_there_is_nothing_to_confirm_before_a_proposal(make: Make, clock: Clock) -> None:
    world = tie(make, clock)
    with refused("arbitration_missing"):
        confirm(make, world, make.arbiter())
    with refused("arbitration_missing"):
        withdraw_arbitration(make.db, world.dossier.id, by=make.actor(make.arbiter()), clock=clock)


def test_a_proposal_taken_back_leaves_room_for_another_and_the_journal_keeps_both(make: Make, clock: Clock) -> None:
    world, first = tie(make, clock), make.arbiter()
    prepare(make, world, first, outcome="granted_reserves", promises=(PROMISE,))
    withdraw_arbitration(make.db, world.dossier.id, by=make.actor(first), clock=clock)
    assert make.db.execute(select(Reserve)).scalars().all() == []
    prepare(make, world, first, outcome="deferred")
    confirm(make, world, make.arbiter())
    assert types(make, world.dossier)[-4:] == [
        "arbitration_prepared",
        "arbitration_withdrawn",
        "arbitration_prepared",
        "arbitrer",
    ]
    with refused("arbitration_missing"):
        withdraw_arbitration(make.db, world.dossier.id, by=make.actor(first), clock=clock)


def test_a_confirmed_arbitration_is_confirmed_once(make: Make, clock: Clock) -> None:
    world = tie(make, clock)
    prepare(make, world, make.arbiter())
    confirm(make, world, make.arbiter())
    with refused("not_from_here"):
        confirm(make, world, make.arbiter())
    with refused("not_from_here"):
        prepare(make, world, make.arbiter())


def test_a_missed_quorum_is_first_put_to_the_committee_again(make: Make, clock: Clock) -> None:
    world = play(make, clock, "f----")
    with refused("requirements_missing") as caught:
        prepare(make, world, make.arbiter())
    assert lacking(caught) == ["new_round_due"]


def test_after_two_rounds_that_settled_nothing_two_arbiters_decide(make: Make, clock: Clock) -> None:
    world = play(make, clock, "f----")
    convene(make, world, days=5)
    for member in world.members:
        make.no_link(world, member)
    opened(make, world)
    with refused("requirements_missing") as caught:
        prepare(make, world, make.arbiter())
    assert lacking(caught) == ["poll_not_closed"]
    vote(make, world, "fa---")
    clock.forward(days=6)
    assert make.close(world).outcome == "tie"
    prepare(make, world, make.arbiter(), outcome="deferred")
    assert confirm(make, world, make.arbiter()).poll_id == world.poll.id


def test_a_count_in_which_nobody_took_a_side_goes_to_the_arbiters(make: Make, clock: Clock) -> None:
    world = play(make, clock, "bbb--")
    assert world.poll.outcome == "no_result"
    prepare(make, world, make.arbiter(), outcome="deferred")


def test_a_proposal_is_not_notified_before_it_is_confirmed(make: Make, clock: Clock) -> None:
    world, first = tie(make, clock), make.arbiter()
    prepare(make, world, first)
    with refused("decision_missing"):
        notify_decision(make.db, world.dossier.id, by=make.actor(first), clock=clock)


def test_without_a_poll_there_is_nothing_to_arbitrate(make: Make, clock: Clock) -> None:
    world = make.poll(electors=3, opened=False)
    world.dossier = make.dossier(stage="complet")
    for act in (prepare, confirm):
        with refused("poll_missing"):
            act(make, world, make.arbiter())
    with refused("poll_missing"):
        withdraw_arbitration(make.db, world.dossier.id, by=make.actor(make.arbiter()), clock=clock)


def test_a_small_team_decides_alone_with_a_reason_that_the_journal_keeps(make: Make, clock: Clock) -> None:
    world, alone = tie(make, clock), make.arbiter()
    instructed = make.arbiter()
    make.db.add(Instructor(dossier_id=world.dossier.id, person_id=instructed.id))
    decision = prepare(make, world, alone, derogation=" Une seule personne décide. ")
    assert (decision.second_id, decision.settled_at) == (None, clock())
    assert (world.dossier.stage, world.poll.status) == ("decision", "decided")
    assert body(make, world.dossier, "arbitration_prepared")["derogation"] is True
    assert private(make, world.dossier, "arbitration_prepared")["derogation"] == "Une seule personne décide."
    assert "seule" not in str(body(make, world.dossier, "arbitration_prepared"))
    assert told(make, "arbitration_to_confirm") == []


def test_two_able_arbiters_never_decide_alone(make: Make, clock: Clock) -> None:
    world, first = tie(make, clock), make.arbiter()
    make.arbiter()
    with refused("derogation_not_needed"):
        prepare(make, world, first, derogation="Plus simple.")
    with refused("arbiter_instructed"):
        prepare(make, world, world.officer, derogation="Plus simple.")
