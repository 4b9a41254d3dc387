"""Recording what the committee decided: a binding outcome is the decision, and nobody decides the opposite."""

from datetime import date

import pytest
from sqlalchemy import select

from app.models import Decision, Dossier, Instructor, Reserve
from app.operations.polls.arbitrate import prepare_arbitration
from app.operations.polls.decide import record_decision
from app.operations.polls.deciding import Promise
from tests.conftest import Clock
from tests.make import Make, World
from tests.operations.seen import body, play, private, refused, told, types

PROMISE = Promise("Associer les habitants au comité local.", "La structure", date(2027, 6, 30))


def record(
    make: Make, world: World, *, letter: str = "Chers collègues…", promises: tuple[Promise, ...] = ()
) -> Decision:
    by = make.actor(world.officer)
    return record_decision(make.db, world.dossier.id, letter=letter, promises=promises, by=by, clock=make.clock)


@pytest.mark.parametrize(("ballots", "outcome"), [("fffa-", "granted"), ("aaaf-", "not_granted")])
def test_the_outcome_of_a_binding_vote_is_the_decision(make: Make, clock: Clock, ballots: str, outcome: str) -> None:
    world = play(make, clock, ballots)
    decision = record(make, world)
    assert (decision.outcome, decision.arbitrated, decision.settled_at) == (outcome, False, clock())
    assert (world.poll.status, world.dossier.stage) == ("decided", "decision")
    assert types(make, world.dossier)[-1] == "constater"
    assert types(make, world.poll)[-1] == "decided"
    said = body(make, world.dossier, "constater")
    assert (said["outcome"], said["opinion"], said["arbitrated"]) == (outcome, world.poll.outcome, False)
    assert said["head"] == world.poll.head
    assert private(make, world.dossier, "constater") == {"person": world.officer.name}


def test_a_yes_with_reserves_says_which_to_whom_and_before_when(make: Make, clock: Clock) -> None:
    world = play(make, clock, "rrfa-")
    with refused("reserves_missing"):
        record(make, world)


def test_reserves_are_kept_with_their_decision(make: Make, clock: Clock) -> None:
    world = play(make, clock, "rrfa-")
    decision = record(make, world, promises=(PROMISE,))
    kept = make.db.execute(select(Reserve).where(Reserve.decision_id == decision.id)).scalar_one()
    assert (decision.outcome, kept.promise, kept.owner, kept.due_on) == (
        "granted_reserves",
        PROMISE.promise,
        PROMISE.owner,
        PROMISE.due_on,
    )


def test_reserves_are_not_kept_with_another_decision(make: Make, clock: Clock) -> None:
    record(make, play(make, clock, "fff"), promises=(PROMISE,))
    assert make.db.execute(select(Reserve)).scalars().all() == []


def test_a_decision_has_a_letter(make: Make, clock: Clock) -> None:
    world = play(make, clock, "fff")
    with refused("letter_missing"):
        record(make, world, letter="  \n")


def test_the_arbiters_are_told_once_that_a_decision_is_to_be_notified(make: Make, clock: Clock) -> None:
    arbiters = sorted(make.arbiter().id for _ in range(2))
    record(make, play(make, clock, "fff"))
    assert told(make, "label:decision_a_notifier") == arbiters


def test_what_the_committee_left_open_is_not_recorded_as_its_decision(make: Make, clock: Clock) -> None:
    world = play(make, clock, "ffaa-")
    with refused("requirements_missing") as caught:
        record(make, world)
    assert [lacking.code for lacking in caught.value.values["missing"]] == ["committee_left_open"]  # type: ignore[attr-defined]


def test_an_open_poll_decides_nothing(make: Make, clock: Clock) -> None:
    world = make.poll(electors=3)
    with refused("requirements_missing") as caught:
        record(make, world)
    assert [lacking.code for lacking in caught.value.values["missing"]] == ["poll_not_closed"]  # type: ignore[attr-defined]


def test_a_decision_is_recorded_once(make: Make, clock: Clock) -> None:
    world = play(make, clock, "fff")
    record(make, world)
    with refused("not_from_here"):
        record(make, world)


def test_without_a_poll_there_is_nothing_to_record(make: Make, clock: Clock) -> None:
    world = make.poll(electors=3)
    world.dossier = make.dossier(stage="complet")
    with refused("poll_missing"):
        record(make, world)
    world.dossier = Dossier(id="nowhere")
    with refused("gone"):
        record(make, world)


def test_whoever_records_has_instructed(make: Make, clock: Clock) -> None:
    world = play(make, clock, "fff")
    world.officer = make.officer()
    record(make, world)
    assert make.db.get(Instructor, (world.dossier.id, world.officer.id)) is not None


@pytest.mark.parametrize("ballots", ["fff", "aaa", "rrf"])
@pytest.mark.parametrize("outcome", ["granted", "granted_reserves", "deferred", "not_granted"])
def test_nobody_ever_decides_otherwise_than_a_binding_vote(
    make: Make, clock: Clock, ballots: str, outcome: str
) -> None:
    world = play(make, clock, ballots)
    with refused("requirements_missing") as caught:
        prepare_arbitration(
            make.db,
            world.dossier.id,
            outcome=outcome,
            reason="Parce que.",
            letter="Chers collègues…",
            promises=(PROMISE,),
            by=make.actor(make.arbiter()),
            clock=clock,
        )
    assert [lacking.code for lacking in caught.value.values["missing"]] == ["committee_settled"]  # type: ignore[attr-defined]
    assert make.db.execute(select(Decision)).scalars().all() == []
