"""Convening: the poll exists, its rule is its own, and everybody who has a voice is called once."""

from datetime import timedelta

import pytest

from app.models import Instructor, LabelVersion, NetworkStatus, Poll
from app.operations import journal
from app.operations.polls.committee import composition
from app.operations.polls.convene import convene_poll
from app.operations.polls.link import declare_link
from app.operations.polls.window import withdraw_request
from app.operations.way import pass_stage
from app.queries.labels import label_of
from app.queries.scopes import poll_scope
from tests.conftest import Clock
from tests.make import Make, World
from tests.operations.seen import (
    Variant,
    body,
    convene,
    declare,
    last,
    opened,
    play,
    private,
    refused,
    told,
    types,
    vote,
)
from workflows.voting import Rule


def complete(make: Make, electors: int = 3) -> World:
    """A complete dossier that no committee has been convened on, and the structures that would have a voice."""
    members = [make.holder() for _ in range(electors)]
    officer, structure = make.officer(), make.structure()
    candidate = make.person(structure=structure)
    dossier = make.dossier(structure, stage="complet", officer=officer, candidate=candidate)
    return World(dossier, Poll(), candidate, officer, members)


def test_a_poll_is_convened_with_a_rule_of_its_own(make: Make) -> None:
    world = complete(make)
    poll = convene(make, world)
    rule = label_of(make.db.get_one(LabelVersion, world.dossier.label_version_id)).committee
    assert (poll.status, poll.round, world.dossier.stage) == ("convened", 1, "comite")
    assert Rule.model_validate_json(poll.rule) == rule
    assert poll.rule_digest == rule.digest()


def test_its_first_entry_names_the_head_of_its_dossier(make: Make) -> None:
    world = complete(make)
    poll = convene(make, world)
    assert types(make, world.dossier)[-1] == "convoquer"
    assert types(make, poll) == ["convened"]
    said = body(make, poll, "convened")
    assert said["head"] == last(make, world.dossier, "convoquer").hash
    assert (said["dossier"], said["rule"], said["round"]) == (world.dossier.id, poll.rule_digest, 1)
    assert private(make, poll, "convened") == {"person": world.officer.name}


def test_everybody_who_may_act_for_a_voice_is_called_once_and_nobody_else(make: Make) -> None:
    world = complete(make)
    group = make.collective()
    together = make.holder(collective=group)
    other = world.members[0]
    deputy = make.person("suppleance", structure=other.structure)
    make.person("contribution", structure=other.structure)
    candidate = make.db.get_one(type(other.structure), world.dossier.structure_id)
    candidate.collective_id = group.id
    poll = convene(make, world)
    called = sorted([*(member.person.id for member in world.members), deputy.id])
    assert told(make, "poll_convened", last(make, poll, "convened").id) == called
    assert together.person.id not in called


@pytest.mark.parametrize("days", [0, -1])
def test_a_window_ends_after_it_begins(make: Make, clock: Clock, days: int) -> None:
    world = complete(make)
    with refused("window_ends_before_it_opens"):
        convene(make, world, opens_in=6, days=6 + days)
    with refused("window_ends_before_it_opens"):
        convene(make, world, days=days)


def test_a_window_leaves_the_days_that_the_rule_gives(make: Make, clock: Clock) -> None:
    world = complete(make)
    at = clock()
    with refused("window_too_short", days=5):
        convene_poll(
            make.db,
            world.dossier.id,
            opens_at=at,
            closes_at=at + timedelta(days=5, seconds=-1),
            by=make.actor(world.officer),
            clock=clock,
        )
    assert convene(make, world, days=5).closes_at == at + timedelta(days=5)


def test_a_window_never_begins_in_the_past(make: Make, clock: Clock) -> None:
    assert convene(make, complete(make), opens_in=-3).opens_at == clock()


def test_two_holders_are_too_few_to_convene(make: Make) -> None:
    world = complete(make, electors=2)
    with refused("too_few_seats", needed=3, seats=2):
        convene(make, world)


def test_a_committee_is_convened_once_at_a_time(make: Make, clock: Clock) -> None:
    world = complete(make)
    convene(make, world)
    with refused("committee_already_convened"):
        convene(make, world)
    clock.forward(days=20)
    with refused("committee_already_convened"):
        convene(make, world)


@pytest.mark.parametrize("ballots", ["fff", "aaa", "fa-", "bbb"])
def test_a_committee_that_answered_is_not_asked_again(make: Make, clock: Clock, ballots: str) -> None:
    world = play(make, clock, ballots)
    with refused("committee_already_convened"):
        convene(make, world)


@pytest.mark.parametrize("stage", ["experimentation", "demande"])
def test_a_dossier_that_is_not_complete_is_not_put_to_the_committee(make: Make, stage: str) -> None:
    world = World(make.dossier(stage=stage), Poll(), make.officer(), make.officer())
    with refused("not_from_here", stage=stage):
        convene(make, world)


def test_an_unknown_dossier_is_gone(make: Make, clock: Clock) -> None:
    at, by = clock(), make.actor(make.officer())
    with refused("gone"):
        convene_poll(make.db, "nowhere", opens_at=at, closes_at=at + timedelta(days=9), by=by, clock=clock)


def test_a_secret_vote_is_refused_rather_than_taken_by_name(make: Make) -> None:
    variant = Variant(make, mode='"secret"', change_until_close="false", minimum_seats="8")
    world = complete(variant, electors=8)
    with refused("mode_not_run"):
        convene(variant, world)


def test_a_missed_quorum_calls_a_second_round_without_quorum(make: Make, clock: Clock) -> None:
    world = play(make, clock, "f----")
    assert (world.poll.outcome, world.poll.quorum_needed) == ("no_quorum", 3)
    with refused("window_too_short", days=5):
        convene(make, world, days=4)
    poll = convene(make, world, days=5)
    assert (poll.round, poll.status, world.dossier.stage) == (2, "convened", "comite")
    for member in world.members:
        make.no_link(world, member)
    opened(make, world)
    vote(make, world, "f----")
    clock.forward(days=6)
    make.close(world)
    assert (poll.outcome, poll.quorum_needed, poll.pour) == ("favourable", 0, 1)


def test_a_second_round_calls_again_and_its_roll_is_computed_anew(make: Make, clock: Clock) -> None:
    world = play(make, clock, "f----")
    newcomer = make.holder()
    poll = convene(make, world)
    called = sorted(member.person.id for member in [*world.members, newcomer])
    assert told(make, "poll_convened", last(make, poll, "convened").id) == called
    assert len(composition(make.db, poll, clock())) == 6


def test_rounds_come_to_an_end(make: Make, clock: Clock) -> None:
    world = play(make, clock, "f----")
    convene(make, world)
    opened(make, world)
    clock.forward(days=20)
    assert make.close(world).outcome == "no_result"
    with refused("committee_already_convened"):
        convene(make, world)


def test_a_tie_gives_a_new_round_only_where_the_rule_says_so(make: Make, clock: Clock) -> None:
    variant = Variant(make, tie='"new_round"')
    world = play(variant, clock, "ffaa")
    assert world.poll.outcome == "tie"
    assert convene(variant, world).round == 2
    for member in world.members:
        variant.no_link(world, member)
    opened(variant, world)
    vote(variant, world, "ffaa")
    clock.forward(days=11)
    assert variant.close(world).outcome == "tie"
    with refused("committee_already_convened"):
        convene(variant, world)


def test_a_hard_link_holds_for_the_next_round_and_a_soft_one_is_asked_again(make: Make, clock: Clock) -> None:
    world = make.poll(electors=6)
    hard, soft, personal = world.members[:3]
    declare(make, world, hard, "coportage")
    declare(make, world, soft, "visite")
    declare(make, world, personal, "personne")
    clock.forward(days=11)
    make.close(world)
    poll = convene(make, world)
    assert types(make, poll) == ["convened", "link_carried", "link_carried"]
    recused = {seat.structure: seat.recused_for for seat in composition(make.db, poll, clock()) if seat.recused_for}
    assert recused == {hard.structure.id: "coportage"}
    assert hard.person.id not in told(make, "poll_convened", last(make, poll, "convened").id)
    for member, state in ((hard, "recused"), (soft, "called")):
        scope = poll_scope(make.db, poll.id, make.actor(member.person))
        assert scope is not None
        assert scope.voices == {member.structure.id: state}
    with refused("seat_recused"):
        declare(make, world, hard, "none")
    with refused("person_attached"):
        declare(make, world, personal, "none")


def test_a_new_request_begins_with_a_quorum_again(make: Make, clock: Clock) -> None:
    """A poll's number runs through the life of its dossier; the rule counts the rounds of one request."""
    world = make.poll(electors=5)
    withdraw_request(make.db, world.dossier.id, by=make.actor(world.candidate), clock=clock)
    for name, by in (("demander_appellation", world.candidate), ("declarer_complet", world.officer)):
        pass_stage(make.db, world.dossier.id, name, by=make.actor(by), clock=clock)
    poll = convene(make, world)
    assert poll.round == 2
    for member in world.members:
        make.no_link(world, member)
    opened(make, world)
    vote(make, world, "f----")
    clock.forward(days=11)
    make.close(world)
    assert (poll.outcome, poll.quorum_needed) == ("no_quorum", 3)
    assert convene(make, world).round == 3


def test_whoever_convenes_has_instructed(make: Make, clock: Clock) -> None:
    world = play(make, clock, "f----")
    world.officer = make.officer()
    convene(make, world)
    assert make.db.get(Instructor, (world.dossier.id, world.officer.id)) is not None


def test_only_a_holder_of_today_has_a_voice(make: Make, clock: Clock) -> None:
    world = complete(make, electors=4)
    left = world.members[0].structure.id
    status = make.db.query(NetworkStatus).filter_by(structure_id=left).one()
    status.until = "2026-10"
    poll = convene(make, world)
    assert left not in {seat.structure for seat in composition(make.db, poll, clock())}
    with refused("no_mandate"):
        by = make.actor(world.members[0].person)
        declare_link(make.db, poll.id, left, "none", words="", by=by, clock=clock)


def test_the_chain_of_a_poll_is_its_own(make: Make) -> None:
    world = complete(make)
    poll = convene(make, world)
    assert journal.chain_of(poll) == f"poll:{poll.id}"
    assert journal.head(make.db, "poll:nowhere") == (0, "0" * 64)
