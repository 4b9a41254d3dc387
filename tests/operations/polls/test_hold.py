"""An outcome held for an irregularity leads to a new round, never to the opposite decision."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.models import Decision, Hold, Instructor, Person, Reserve
from app.operations.polls.arbitrate import prepare_arbitration
from app.operations.polls.convene import convene_poll
from app.operations.polls.decide import notify_decision, record_decision
from app.operations.polls.hold import confirm_hold, lift_hold, raise_hold
from app.operations.polls.window import withdraw_request
from app.queries.facts import facts_of, notice_of
from app.queries.integrity import verify_journal
from tests.conftest import Clock
from tests.make import Make, World
from tests.operations.polls.test_decide import PROMISE
from tests.operations.seen import body, convene, declare, opened, play, private, refused, told, types, vote

WHY = "La feuille de présence de deux voix manque."


def record(make: Make, world: World, **said: object) -> Decision:
    promises = (PROMISE,) if world.poll.outcome == "favourable_reserves" else ()
    by = make.actor(world.officer)
    return record_decision(make.db, world.dossier.id, letter="Oui.", promises=promises, by=by, clock=make.clock)


def hold(make: Make, world: World, by: Person, reason: str = WHY, derogation: str = "") -> Hold:
    return raise_hold(make.db, world.poll.id, reason=reason, derogation=derogation, by=make.actor(by), clock=make.clock)


def confirm(make: Make, world: World, by: Person) -> Hold:
    return confirm_hold(make.db, world.poll.id, by=make.actor(by), clock=make.clock)


def lift(make: Make, world: World, by: Person, note: str = "La feuille est retrouvée.") -> Hold:
    return lift_hold(make.db, world.poll.id, note=note, by=make.actor(by), clock=make.clock)


def set_aside(make: Make, world: World) -> Hold:
    hold(make, world, make.arbiter())
    return confirm(make, world, make.arbiter())


def test_two_arbiters_set_an_outcome_aside_and_the_committee_begins_again(make: Make, clock: Clock) -> None:
    world = play(make, clock, "fffaa")
    first, second = make.arbiter(), make.arbiter()
    held = hold(make, world, first)
    assert (world.poll.status, held.confirmed_at) == ("closed", None)
    clock.forward(hours=2)
    confirm(make, world, second)
    assert (held.raised_by, held.second_id, held.confirmed_at) == (first.id, second.id, clock())
    assert (world.poll.status, world.poll.outcome, world.dossier.stage) == ("cancelled", "favourable", "comite")
    assert facts_of(make.db, world.dossier).poll is None
    again = convene(make, world)
    assert (again.round, notice_of(make.db, again.id)) == (2, 1)
    assert verify_journal(make.db, make.keys).faults == []


def test_the_new_round_asks_for_a_quorum_as_the_first_one_did(make: Make, clock: Clock) -> None:
    world = play(make, clock, "fffaa")
    set_aside(make, world)
    with refused("window_too_short", days=5):
        convene(make, world, days=2)
    convene(make, world)
    for member in world.members:
        make.no_link(world, member)
    opened(make, world)
    vote(make, world, "ff---")
    clock.forward(days=11)
    make.close(world)
    assert (world.poll.outcome, world.poll.quorum_needed) == ("no_quorum", 3)
    assert convene(make, world).round == 3  # the second notice of this request, without quorum


def test_a_second_notice_that_is_held_begins_again_with_a_first_one(make: Make, clock: Clock) -> None:
    world = play(make, clock, "f----")
    convene(make, world)
    for member in world.members:
        make.no_link(world, member)
    opened(make, world)
    vote(make, world, "aa---")
    clock.forward(days=11)
    make.close(world)
    assert world.poll.outcome == "unfavourable"
    set_aside(make, world)
    assert facts_of(make.db, world.dossier).poll is None
    assert notice_of(make.db, convene(make, world).id) == 1


def test_a_decision_that_was_recorded_goes_with_its_outcome(make: Make, clock: Clock) -> None:
    world = play(make, clock, "rrf")
    record(make, world)
    assert world.dossier.stage == "decision"
    set_aside(make, world)
    assert make.db.execute(select(Decision)).scalars().all() == []
    assert make.db.execute(select(Reserve)).scalars().all() == []
    assert (world.dossier.stage, world.poll.status) == ("comite", "cancelled")
    said = body(make, world.dossier, "hold_confirmed")
    assert (said["decision"], said["opinion"], said["to"]) == ("granted_reserves", "favourable_reserves", "comite")
    with refused("poll_missing"):
        record(make, world)
    with refused("poll_missing"):
        notify_decision(make.db, world.dossier.id, by=make.actor(make.arbiter()), clock=clock)
    assert verify_journal(make.db, make.keys).faults == []


def test_nothing_follows_an_outcome_that_is_held(make: Make, clock: Clock) -> None:
    world = play(make, clock, "fff")
    hold(make, world, make.arbiter())
    with refused("poll_held"):
        record(make, world)
    tied = play(make, clock, "ffaa")
    hold(make, tied, make.arbiter())
    with refused("poll_held"):
        prepare_arbitration(
            make.db,
            tied.dossier.id,
            outcome="granted",
            reason="Oui.",
            letter="Oui.",
            by=make.actor(make.arbiter()),
            clock=clock,
        )
    missed = play(make, clock, "f---")
    hold(make, missed, make.arbiter())
    with refused("poll_held"):
        convene(make, missed)


def test_a_decision_held_after_it_was_recorded_is_not_notified(make: Make, clock: Clock) -> None:
    world = play(make, clock, "fff")
    record(make, world)
    hold(make, world, make.arbiter())
    with refused("poll_held"):
        notify_decision(make.db, world.dossier.id, by=make.actor(make.arbiter()), clock=clock)
    lift(make, world, make.arbiter())
    notify_decision(make.db, world.dossier.id, by=make.actor(make.arbiter()), clock=clock)
    assert world.poll.status == "notified"


def test_a_hold_is_lifted_with_a_word_and_the_outcome_stands(make: Make, clock: Clock) -> None:
    world, first = play(make, clock, "fff"), make.arbiter()
    held = hold(make, world, first)
    with refused("reason_missing"):
        lift(make, world, first, note="  ")
    lift(make, world, first)
    assert held.lifted_at == clock()
    assert private(make, world.dossier, "hold_lifted") == {"person": first.name, "note": "La feuille est retrouvée."}
    with refused("hold_missing"):
        confirm(make, world, make.arbiter())
    record(make, world)
    assert world.dossier.stage == "decision"
    assert verify_journal(make.db, make.keys).faults == []


def test_who_raised_it_does_not_confirm_and_who_instructed_does_nothing(make: Make, clock: Clock) -> None:
    world, first = play(make, clock, "fff"), make.arbiter()
    with refused("arbiter_instructed"):
        hold(make, world, world.officer)
    hold(make, world, first)
    with refused("same_arbiter"):
        confirm(make, world, first)
    for act in (confirm, lift):
        with refused("arbiter_instructed"):
            act(make, world, world.officer)
    with refused("hold_pending"):
        hold(make, world, make.arbiter())


def test_a_hold_says_why(make: Make, clock: Clock) -> None:
    world = play(make, clock, "fff")
    with refused("reason_missing"):
        hold(make, world, make.arbiter(), reason=" ")
    assert make.db.execute(select(Hold)).scalars().all() == []


def test_only_a_closed_poll_that_is_not_notified_is_held(make: Make, clock: Clock) -> None:
    world, arbiter = make.poll(electors=3), make.arbiter()
    with refused("hold_too_late"):
        hold(make, world, arbiter)
    vote(make, world, "fff")
    clock.forward(days=11)
    make.close(world)
    record(make, world)
    notify_decision(make.db, world.dossier.id, by=make.actor(arbiter), clock=clock)
    with refused("hold_too_late"):
        hold(make, world, arbiter)
    earlier = play(make, clock, "f---")
    first_round = earlier.poll
    convene(make, earlier)
    earlier.poll = first_round
    with refused("hold_too_late"):
        hold(make, earlier, arbiter)
    set_aside(make, again := play(make, clock, "fff"))
    with refused("hold_too_late"):
        hold(make, again, arbiter)


def test_electors_that_took_part_are_told_and_the_recused_are_not(make: Make, clock: Clock) -> None:
    world = play(make, clock, "fff", recused=1)
    first, second = make.arbiter(), make.arbiter()
    instructed = make.arbiter()
    make.db.add(Instructor(dossier_id=world.dossier.id, person_id=instructed.id))
    hold(make, world, first)
    assert told(make, "hold_to_confirm") == [second.id]
    assert told(make, "poll_held") == []
    confirm(make, world, second)
    assert told(make, "poll_held") == sorted(member.person.id for member in world.members[:3])
    assert world.candidate.id not in told(make, "poll_held")


def test_both_chains_say_it_and_the_reason_stays_out_of_the_body(make: Make, clock: Clock) -> None:
    world, first = play(make, clock, "fff"), make.arbiter()
    hold(make, world, first)
    assert private(make, world.dossier, "hold_raised") == {"person": first.name, "reason": WHY}
    assert WHY not in str(body(make, world.dossier, "hold_raised"))
    confirm(make, world, make.arbiter())
    assert types(make, world.dossier)[-2:] == ["hold_raised", "hold_confirmed"]
    assert types(make, world.poll)[-1] == "hold_confirmed"
    assert "to" not in body(make, world.dossier, "hold_confirmed")


def test_a_hard_link_holds_for_the_round_that_begins_again(make: Make, clock: Clock) -> None:
    world = play(make, clock, "fff", recused=1)
    set_aside(make, world)
    convene(make, world)
    with refused("seat_recused"):
        declare(make, world, world.members[3], "none")


def test_a_request_may_be_withdrawn_while_the_committee_is_to_begin_again(make: Make, clock: Clock) -> None:
    world = play(make, clock, "fff")
    set_aside(make, world)
    withdraw_request(make.db, world.dossier.id, by=make.actor(world.candidate), clock=clock)
    assert world.dossier.stage == "experimentation"


def test_a_small_team_holds_alone_with_its_reason(make: Make, clock: Clock) -> None:
    world, alone = play(make, clock, "fff"), make.arbiter()
    instructed = make.arbiter()
    make.db.add(Instructor(dossier_id=world.dossier.id, person_id=instructed.id))
    held = hold(make, world, alone, derogation="  Une seule personne décide à l’Avise. ")
    assert (held.second_id, held.confirmed_at) == (None, clock())
    assert held.derogation == "Une seule personne décide à l’Avise."
    assert world.poll.status == "cancelled"
    assert body(make, world.dossier, "hold_confirmed")["derogation"] is True
    assert private(make, world.dossier, "hold_confirmed")["derogation"] == "Une seule personne décide à l’Avise."


def test_a_team_with_two_able_persons_does_not_hold_alone(make: Make, clock: Clock) -> None:
    world, first = play(make, clock, "fff"), make.arbiter()
    make.arbiter()
    with refused("derogation_not_needed"):
        hold(make, world, first, derogation="Plus simple.")
    assert world.poll.status == "closed"


@pytest.mark.parametrize("ballots", ["fff", "aaa", "ffaa", "bbb"])
def test_whatever_the_outcome_what_follows_a_hold_is_a_new_round(make: Make, clock: Clock, ballots: str) -> None:
    world = play(make, clock, ballots)
    set_aside(make, world)
    at = clock()
    poll = convene_poll(
        make.db,
        world.dossier.id,
        opens_at=at,
        closes_at=at + timedelta(days=6),
        by=make.actor(world.officer),
        clock=clock,
    )
    assert (poll.round, poll.status) == (2, "convened")
