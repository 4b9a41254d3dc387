"""Casting, by the protocol."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from app.db import Database
from app.keys import RECEIPT
from app.models import Ballot, Mandate, Person, Poll
from app.operations.appellations import end_appellation
from app.operations.polls.cast import Opinion, cast_ballot
from app.operations.polls.window import withdraw_request
from app.operations.structures import give_mandate
from tests.conftest import Clock, counted
from tests.make import Make, World
from tests.operations.seen import Variant, body, declare, last, private, refused, told, types
from workflows.ledger import receipt_code
from workflows.voting import Choice


def ballots(make: Make, world: World) -> list[tuple[int, str]]:
    asked = select(Ballot.version, Ballot.choice).where(Ballot.poll_id == world.poll.id).order_by(Ballot.version)
    return [(row.version, row.choice) for row in make.db.execute(asked)]


def test_a_ballot_gives_a_receipt_and_counts_at_the_close(make: Make, clock: Clock) -> None:
    world = make.poll(electors=3)
    for member in world.members:
        make.cast(world, member)
    clock.forward(days=11)
    poll = make.close(world)
    assert (poll.pour, poll.outcome, poll.quorum_needed) == (3, "favourable", 2)


def test_the_same_click_gives_the_same_receipt_even_after_the_close(make: Make, clock: Clock) -> None:
    world = make.poll(electors=3)
    first = make.cast(world, world.members[0], once="one click")
    make.cast(world, world.members[1])
    clock.forward(days=11)
    make.close(world)
    entries = types(make, world.poll)
    assert make.cast(world, world.members[0], once="one click") == first
    assert types(make, world.poll) == entries


def test_one_key_never_carries_two_opinions(make: Make, clock: Clock) -> None:
    world = make.poll(electors=3)
    make.cast(world, world.members[0], "for", once="one click")
    with refused("same_key_other_content", recorded="for", sent="against"):
        make.cast(world, world.members[0], "against", once="one click")
    with refused("same_key_other_content"):
        make.cast(world, world.members[0], "for", once="one click", reasons="D’autres raisons.")
    clock.forward(days=11)
    make.close(world)
    with refused("same_key_other_content"):
        make.cast(world, world.members[0], "against", once="one click")


def test_one_key_serves_two_structures_without_mixing_them(make: Make) -> None:
    world = make.poll(electors=3)
    first, second = (make.cast(world, member, once="one tab") for member in world.members[:2])
    assert first.structure_id != second.structure_id
    assert (first.version, second.version) == (1, 1)


def test_a_ballot_is_one_entry_of_its_polls_chain_that_says_nothing_in_clear(make: Make) -> None:
    world = make.poll(electors=3)
    member = world.members[0]
    receipt = make.cast(world, member, "reserves", reasons="Deux réserves, dites plus bas.")
    assert types(make, world.poll)[-1] == "ballot_cast"
    entry = last(make, world.poll, "ballot_cast")
    assert set(body(make, world.poll, "ballot_cast")) == {"at", "commitments"}
    assert private(make, world.poll, "ballot_cast") == {
        "seat": make.seat(world, member).id,
        "choice": "reserves",
        "version": "1",
        "person": member.person.name,
        "reasons": "Deux réserves, dites plus bas.",
        "to_pass_on": "",
    }
    assert (receipt.hash, receipt.code) == (entry.hash, receipt_code(entry.hash))
    assert make.keys.signed(RECEIPT, receipt.hash, receipt.signature)
    assert "height" not in vars(receipt)


def test_a_receipt_leaves_once_for_each_person_of_the_voice(make: Make) -> None:
    world = make.poll(electors=3)
    member = world.members[0]
    deputy = make.person("suppleance", structure=member.structure)
    make.cast(world, member, once="one click")
    make.cast(world, member, once="one click")
    entry = last(make, world.poll, "ballot_cast")
    assert told(make, "ballot_recorded") == sorted([member.person.id, deputy.id])
    assert told(make, "ballot_recorded", entry.id) == sorted([member.person.id, deputy.id])


def test_a_ballot_may_be_replaced_until_the_close_and_every_version_stays(make: Make, clock: Clock) -> None:
    world = make.poll(electors=3)
    member = world.members[0]
    make.cast(world, member, "for")
    clock.forward(days=2)
    deputy = make.person("suppleance", structure=member.structure)
    with refused("link_not_declared"):
        make.cast(world, member, "against", replaces=1, by=deputy)
    make.own_word(world, deputy, member.structure)
    make.cast(world, member, "against", replaces=1, by=deputy)
    assert ballots(make, world) == [(1, "for"), (2, "against")]
    make.cast(world, world.members[1], "abstention")
    clock.forward(days=9)
    poll = make.close(world)
    assert (poll.pour, poll.against, poll.abstention) == (0, 1, 1)


@pytest.mark.parametrize("replaces", [0, 2])
def test_an_outdated_page_is_told_that_the_structure_has_answered_since(make: Make, replaces: int) -> None:
    world = make.poll(electors=3)
    make.cast(world, world.members[0], "for")
    with refused("version_outdated", version=1):
        make.cast(world, world.members[0], "against", replaces=replaces)
    assert ballots(make, world) == [(1, "for")]


def test_a_rule_may_make_a_ballot_final(make: Make) -> None:
    variant = Variant(make, change_until_close="false")
    world = variant.poll(electors=3)
    variant.cast(world, world.members[0])
    with refused("vote_is_final"):
        variant.cast(world, world.members[0], "against", replaces=1)


@pytest.mark.parametrize("choice", ["reserves", "against"])
def test_a_choice_that_asks_for_reasons_is_refused_without(make: Make, choice: str) -> None:
    world = make.poll(electors=3)
    with refused("reasons_missing"):
        make.cast(world, world.members[0], choice, reasons=" \n ")


@pytest.mark.parametrize("choice", ["for", "abstention"])
def test_the_other_choices_ask_for_no_reason(make: Make, choice: str) -> None:
    world = make.poll(electors=3)
    assert make.cast(world, world.members[0], choice, reasons="").choice == choice


def test_a_choice_that_the_rule_does_not_offer_is_refused(make: Make) -> None:
    world = make.poll(electors=3)
    with refused("unknown_choice"):
        make.cast(world, world.members[0], "objection")


def over(make: Make, world: World, clock: Clock) -> None:
    clock.at = world.poll.closes_at


def closed(make: Make, world: World, clock: Clock) -> None:
    clock.at = world.poll.closes_at
    make.close(world)


def cancelled(make: Make, world: World, clock: Clock) -> None:
    withdraw_request(make.db, world.dossier.id, by=make.actor(world.candidate), clock=clock)


def recused(make: Make, world: World, clock: Clock) -> None:
    declare(make, world, world.members[0], "coportage")


def ended(make: Make, world: World, clock: Clock) -> None:
    structure, by = world.members[0].structure.id, make.actor(make.arbiter())
    end_appellation(make.db, structure, "fabrique-a-initiatives", reason="Dissoute.", by=by, clock=clock)


def mandate_ended(make: Make, world: World, clock: Clock) -> None:
    held = make.db.execute(select(Mandate).where(Mandate.person_id == world.members[0].person.id)).scalar_one()
    held.until = clock()


def attached(make: Make, world: World, clock: Clock) -> None:
    person, candidate = world.members[0].person, world.dossier.structure_id
    give_mandate(make.db, person, "contribution", structure_id=candidate, at=clock())


def kept_away(make: Make, world: World, clock: Clock) -> None:
    declare(make, world, world.members[0], "personne")


BETWEEN: dict[str, Callable[[Make, World, Clock], None]] = {
    "poll_over": over,
    "poll_closed": closed,
    "poll_cancelled": cancelled,
    "seat_recused": recused,
    "seat_ended": ended,
    "no_mandate": mandate_ended,
    "person_attached": attached,
    "person_attached by her own word": kept_away,
}


@pytest.mark.parametrize("code", BETWEEN)
def test_what_happened_since_the_page_was_opened_is_seen_under_the_lock(make: Make, clock: Clock, code: str) -> None:
    """An open tab keeps no right that has ended: who asks was read before, and everything is read again."""
    world = make.poll(electors=4)
    member = world.members[0]
    tab = make.actor(member.person)
    BETWEEN[code](make, world, clock)
    opinion = Opinion(Choice.FOR, "", 0, "an old tab")
    with refused(code.split(maxsplit=1)[0]):
        cast_ballot(make.db, world.poll.id, member.structure.id, opinion, by=tab, clock=clock, keys=make.keys)
    assert ballots(make, world) == []


def test_a_voice_says_first_whether_it_has_a_link(make: Make) -> None:
    world = make.poll(electors=3, declared=False)
    with refused("link_not_declared"):
        make.cast(world, world.members[0])


def test_a_poll_that_is_only_convened_takes_no_ballot(make: Make) -> None:
    world = make.poll(electors=3, opened=False)
    with refused("poll_not_open", opens_at=world.poll.opens_at):
        make.cast(world, world.members[0])


def test_nobody_casts_for_a_structure_she_does_not_act_for(make: Make) -> None:
    world = make.poll(electors=3)
    writer = make.person("contribution", structure=world.members[0].structure)
    signs = make.person("signature", structure=world.members[0].structure)
    people: list[Person] = [world.members[1].person, writer, signs, world.officer, world.candidate, make.arbiter()]
    for person in people:
        with refused("no_mandate"):
            make.cast(world, world.members[0], by=person)


def test_one_person_with_two_voices_gives_two_ballots(make: Make) -> None:
    world = make.poll(electors=3)
    first, second = world.members[:2]
    give_mandate(make.db, first.person, "suppleance", structure_id=second.structure.id, at=make.clock())
    receipts = [make.cast(world, member, by=first.person) for member in (first, second)]
    assert [receipt.structure_id for receipt in receipts] == [first.structure.id, second.structure.id]


def test_an_unknown_poll_is_gone(make: Make) -> None:
    world = make.poll(electors=3)
    world.poll = Poll(id="nowhere")
    with refused("gone"):
        make.cast(world, world.members[0])


def test_the_last_moment_counts_and_the_end_does_not(make: Make, clock: Clock) -> None:
    world = make.poll(electors=3)
    clock.at = world.poll.closes_at - timedelta(microseconds=1)
    assert make.cast(world, world.members[0]).cast_at < world.poll.closes_at
    clock.at = world.poll.closes_at
    with refused("poll_over", ended_at=world.poll.closes_at):
        make.cast(world, world.members[1])


def test_the_last_ballot_closes_nothing_by_itself(make: Make) -> None:
    world = make.poll(electors=3)
    for member in world.members:
        make.cast(world, member)
    assert (world.poll.status, world.poll.closed_at) == ("open", None)


def test_a_cast_moves_nothing_that_others_can_see(make: Make) -> None:
    """Neither the poll's row nor the dossier's changes: no count, no turnout, no date that moves with the votes."""
    world = make.poll(electors=3)
    rows = "SELECT * FROM poll", "SELECT * FROM dossier", "SELECT * FROM seat ORDER BY id"
    before = [make.db.execute(text(row)).all() for row in rows]
    make.cast(world, world.members[0])
    assert [make.db.execute(text(row)).all() for row in rows] == before


@pytest.mark.parametrize("electors", [3, 60])
def test_a_cast_takes_at_most_ten_statements_whatever_the_number_of_ballots(
    make: Make, database: Database, electors: int
) -> None:
    world = make.poll(electors=electors)
    for member in world.members[:-1]:
        make.cast(world, member)
    by, member = make.actor(world.members[-1].person), world.members[-1]
    make.commit()
    opinion = Opinion(Choice.AGAINST, "Trop tôt.", 0, "one click")
    with counted(database) as sent, database.session(writes=True) as db:
        cast_ballot(db, world.poll.id, member.structure.id, opinion, by=by, clock=make.clock, keys=make.keys)
        db.commit()
    assert len(sent) <= 10, sent
