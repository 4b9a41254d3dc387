"""Lengthening a window, and taking a request back."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.models import Ballot, Instructor, Poll
from app.operations.polls.convene import convene_poll
from app.operations.polls.window import extend_poll, withdraw_request
from app.operations.way import pass_stage
from tests.conftest import Clock
from tests.make import Make, World
from tests.operations.seen import body, declare, last, of_candidate, play, private, refused, told, types, vote


def extend(make: Make, world: World, *, days: int = 3, reason: str = "Un pont en mai.") -> Poll:
    until, by = world.poll.closes_at + timedelta(days=days), make.actor(world.officer)
    return extend_poll(make.db, world.poll.id, closes_at=until, reason=reason, by=by, clock=make.clock)


def withdraw(make: Make, world: World, note: str = "") -> None:
    withdraw_request(make.db, world.dossier.id, by=make.actor(world.candidate), clock=make.clock, note=note)


def test_a_window_is_lengthened_by_an_entry_with_its_reason(make: Make) -> None:
    world = make.poll(electors=3)
    before = world.poll.closes_at
    poll = extend(make, world)
    assert poll.closes_at == before + timedelta(days=3)
    said = body(make, poll, "poll_extended")
    assert (said["from"], said["to"]) == (before.isoformat(), poll.closes_at.isoformat())
    assert private(make, poll, "poll_extended") == {"person": world.officer.name, "reason": "Un pont en mai."}


@pytest.mark.parametrize("opened", [True, False])
def test_everybody_called_is_told_once_and_no_recused_voice(make: Make, opened: bool) -> None:
    world = make.poll(electors=5, opened=opened)
    away, *others = world.members
    declare(make, world, away, "coportage")
    extend(make, world)
    event = last(make, world.poll, "poll_extended").id
    assert told(make, "poll_extended", event) == sorted(member.person.id for member in others)


def test_ballots_are_taken_until_the_new_end(make: Make, clock: Clock) -> None:
    world = make.poll(electors=3)
    former = world.poll.closes_at
    extend(make, world)
    clock.at = former
    assert make.cast(world, world.members[0]).version == 1
    with refused("poll_not_over"):
        make.close(world)


@pytest.mark.parametrize("days", [0, -1])
def test_a_window_is_never_shortened(make: Make, days: int) -> None:
    world = make.poll(electors=3)
    with refused("window_only_lengthens", closes_at=world.poll.closes_at):
        extend(make, world, days=days)


def test_a_window_is_not_lengthened_without_a_reason(make: Make) -> None:
    world = make.poll(electors=3)
    with refused("reason_missing"):
        extend(make, world, reason="  ")


def test_a_window_is_not_lengthened_after_its_end(make: Make, clock: Clock) -> None:
    world = make.poll(electors=3)
    clock.at = world.poll.closes_at
    with refused("poll_over", ended_at=world.poll.closes_at):
        extend(make, world)
    make.close(world)
    with refused("poll_closed"):
        extend(make, world)


def test_a_cancelled_poll_has_no_window_to_lengthen(make: Make) -> None:
    world = make.poll(electors=3)
    withdraw(make, world)
    with refused("poll_cancelled"):
        extend(make, world)


def test_an_unknown_poll_is_gone(make: Make, clock: Clock) -> None:
    by = make.actor(make.officer())
    with refused("gone"):
        extend_poll(make.db, "nowhere", closes_at=clock(), reason="Pourquoi pas.", by=by, clock=clock)


def test_whoever_lengthens_has_instructed(make: Make) -> None:
    world = make.poll(electors=3)
    world.officer = make.officer()
    extend(make, world)
    assert make.db.get(Instructor, (world.dossier.id, world.officer.id)) is not None


@pytest.mark.parametrize("opened", [True, False])
def test_a_request_taken_back_cancels_its_poll_and_tells_each_once(make: Make, opened: bool) -> None:
    world = make.poll(electors=4, opened=opened)
    away, *others = world.members
    declare(make, world, away, "coportage")
    withdraw(make, world)
    assert (world.poll.status, world.dossier.stage) == ("cancelled", "experimentation")
    assert types(make, world.poll)[-1] == "poll_cancelled"
    assert types(make, world.dossier)[-1] == "retirer_demande"
    assert told(make, "poll_cancelled") == sorted(member.person.id for member in others)
    assert told(make, "label:demande_retiree") == of_candidate(make, world)
    assert told(make, "label:demande_retiree_avise") == [world.officer.id]


def test_ballots_already_cast_stay_sealed(make: Make) -> None:
    world = make.poll(electors=3)
    vote(make, world, "fa-")
    withdraw(make, world)
    assert len(make.db.execute(select(Ballot).where(Ballot.poll_id == world.poll.id)).scalars().all()) == 2
    assert (world.poll.pour, world.poll.outcome, world.poll.closed_at) == (None, None, None)


def test_a_request_may_be_taken_back_before_any_poll(make: Make) -> None:
    structure = make.structure()
    candidate = make.person(structure=structure)
    dossier = make.dossier(structure, stage="complet", candidate=candidate)
    withdraw_request(make.db, dossier.id, by=make.actor(candidate), clock=make.clock)
    assert (dossier.stage, told(make, "poll_cancelled")) == ("experimentation", [])


def test_a_request_is_not_taken_back_once_the_committee_has_answered(make: Make, clock: Clock) -> None:
    world = play(make, clock, "aaa")
    with refused("poll_closed"):
        withdraw(make, world)
    assert (world.poll.status, world.dossier.stage) == ("closed", "comite")


def test_there_is_nothing_to_take_back_before_a_request(make: Make) -> None:
    structure = make.structure()
    candidate = make.person(structure=structure)
    dossier = make.dossier(structure, stage="experimentation", candidate=candidate)
    with refused("not_from_here", stage="experimentation"):
        withdraw_request(make.db, dossier.id, by=make.actor(candidate), clock=make.clock)
    with refused("gone"):
        withdraw_request(make.db, "nowhere", by=make.actor(candidate), clock=make.clock)


def test_a_second_round_may_be_taken_back_and_the_first_stays(make: Make, clock: Clock) -> None:
    world = play(make, clock, "f---")
    first = world.poll
    at, by = clock(), make.actor(world.officer)
    world.poll = convene_poll(
        make.db, world.dossier.id, opens_at=at, closes_at=at + timedelta(days=6), by=by, clock=clock
    )
    withdraw(make, world)
    assert (first.status, world.poll.status) == ("closed", "cancelled")


def test_a_request_taken_back_may_be_made_again(make: Make) -> None:
    world = make.poll(electors=3)
    withdraw(make, world)
    by = make.actor(world.candidate)
    again = pass_stage(make.db, world.dossier.id, "demander_appellation", by=by, clock=make.clock)
    assert again.stage == "demande"
