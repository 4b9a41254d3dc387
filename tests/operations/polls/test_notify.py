"""Notifying: letters, stage and what pages show change together, once."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.models import Appellation, NetworkStatus
from app.operations.polls.convene import convene_poll
from app.operations.polls.decide import notify_decision, record_decision
from app.operations.polls.deciding import Promise
from app.operations.way import pass_stage
from tests.conftest import Clock
from tests.make import Make, World
from tests.operations.polls.test_decide import PROMISE
from tests.operations.seen import body, declare, last, of_candidate, opened, private, refused, told, types, vote


def decided(make: Make, clock: Clock, ballots: str, promises: tuple[Promise, ...] = ()) -> World:
    """A decision recorded, on a poll in which the last member is recused."""
    world = make.poll(electors=len(ballots) + 1, opened=False, declared=False)
    for member in world.members[:-1]:
        make.no_link(world, member)
    declare(make, world, world.members[-1], "coportage")
    opened(make, world)
    vote(make, world, ballots)
    clock.forward(days=11)
    make.close(world)
    by = make.actor(world.officer)
    record_decision(make.db, world.dossier.id, letter="Chers collègues…", promises=promises, by=by, clock=clock)
    return world


def notify(make: Make, world: World) -> None:
    by = make.actor(make.arbiter())
    notify_decision(make.db, world.dossier.id, by=by, clock=make.clock, sending=make.sending())


CASES = {
    "granted": ("fff", "notifier_accord", "acceptation", "accord"),
    "with reserves": ("rrf", "notifier_accord_reserves", "acceptation", "accord_reserves"),
    "not granted": ("aaf", "notifier_non_accord", "experimentation", "non_accord"),
}


@pytest.mark.parametrize("case", CASES)
def test_a_decision_is_notified_to_each_once(make: Make, clock: Clock, case: str) -> None:
    ballots, transition, stage, notice = CASES[case]
    world = decided(make, clock, ballots, promises=(PROMISE,))
    assert told(make, "result_notified") == []
    at = clock.forward(days=1)
    notify(make, world)
    assert (world.poll.status, world.dossier.stage) == ("notified", stage)
    assert told(make, f"label:{notice}") == of_candidate(make, world)
    assert told(make, "result_notified") == sorted(member.person.id for member in world.members[:-1])
    assert types(make, world.dossier)[-1] == transition
    assert types(make, world.poll)[-1] == "notified"
    assert last(make, world.poll, "notified").at == at
    assert body(make, world.poll, "notified")["from"] == "decided"
    kept = {"person", "call", "despite"} if case == "not granted" else {"person"}
    assert set(private(make, world.poll, "notified")) == kept


def test_a_decision_is_notified_once(make: Make, clock: Clock) -> None:
    world = decided(make, clock, "fff")
    notify(make, world)
    with refused("not_from_here"):
        notify(make, world)
    assert len(told(make, "result_notified")) == 3


def test_there_is_nothing_to_notify_before_a_decision(make: Make, clock: Clock) -> None:
    world = make.poll(electors=3)
    with refused("decision_missing"):
        notify(make, world)
    world.dossier = make.dossier(stage="complet")
    with refused("poll_missing"):
        notify(make, world)


def test_a_no_leaves_a_member_what_it_was(make: Make, clock: Clock) -> None:
    world = decided(make, clock, "aaf")
    clock.forward(days=60)
    notify(make, world)
    asked = select(NetworkStatus).where(NetworkStatus.structure_id == world.dossier.structure_id)
    status = make.db.execute(asked).scalar_one()
    assert (status.status, status.since, status.until) == ("experimenting", "2026-11", None)


def test_a_yes_waits_for_the_commitments_before_anything_is_public(make: Make, clock: Clock) -> None:
    world = decided(make, clock, "fff")
    notify(make, world)
    assert make.db.execute(select(Appellation)).scalars().all() == []
    asked = select(NetworkStatus.status).where(NetworkStatus.structure_id == world.dossier.structure_id)
    assert make.db.execute(asked).scalars().all() == ["experimenting"]


def test_a_request_refused_once_may_be_made_again_with_a_quorum_again(make: Make, clock: Clock) -> None:
    world = decided(make, clock, "aaf-")
    notify(make, world)
    for name, by in (("demander_appellation", world.candidate), ("declarer_complet", world.officer)):
        pass_stage(make.db, world.dossier.id, name, by=make.actor(by), clock=clock)
    at, officer = clock(), make.actor(world.officer)
    with refused("window_too_short", days=5):
        convene_poll(make.db, world.dossier.id, opens_at=at, closes_at=at + timedelta(days=4), by=officer, clock=clock)
    world.poll = convene_poll(
        make.db, world.dossier.id, opens_at=at, closes_at=at + timedelta(days=9), by=officer, clock=clock
    )
    for member in world.members:
        make.no_link(world, member)
    opened(make, world)
    vote(make, world, "f----")
    clock.forward(days=11)
    poll = make.close(world)
    assert (poll.round, poll.quorum_needed, poll.outcome, poll.recused) == (2, 3, "no_quorum", 0)
