"""Closing: one count, made under the lock that casting takes, and stored. The oracles come through real polls.

Their numbers are those of the committees that held the appellation (nine in November 2020, eighteen to twenty-two
after the batch of nine) and of the décret 2006-672, articles 11 to 13.
"""

import pytest
from sqlalchemy import func, select

from app.db import Database
from app.keys import HEAD
from app.models import Entry, Instructor
from app.operations.appellations import end_appellation
from app.operations.polls.close import close_poll
from app.operations.polls.window import withdraw_request
from tests.conftest import Clock, counted
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

#: electors that take part, said in letters; electors with a hard link; quorum needed; outcome.
ORACLES = {
    "nine holders, none recused, five take part: the quorum is five": ("fffff----", 0, 5, "favourable"),
    "nine holders, none recused, four take part": ("ffff-----", 0, 5, "no_quorum"),
    "nine holders, one recused: the base excludes it, four are enough": ("ffff----", 1, 4, "favourable"),
    "nine holders, one recused, three take part": ("fff-----", 1, 4, "no_quorum"),
    "eighteen holders, one recused: 8.5 rounds up to nine": ("f" * 8 + "-" * 9, 1, 9, "no_quorum"),
    "eighteen holders, five recused: 6.5 rounds up to seven": ("f" * 7 + "-" * 6, 5, 7, "favourable"),
    "eighteen holders, five recused, six take part": ("f" * 6 + "-" * 7, 5, 7, "no_quorum"),
    "eighteen holders, nine vote, four pour, four contre, one abstains": ("ffffaaaab" + "-" * 9, 0, 9, "tie"),
    "an abstention counts for the quorum and not for the majority": ("ffab-----", 0, 5, "no_quorum"),
    "five take part, two pour, one contre, two abstain": ("ffabb----", 0, 5, "favourable"),
    "two pour and three contre": ("ffaaa----", 0, 5, "unfavourable"),
    "nobody takes a side": ("bbbbb----", 0, 5, "no_result"),
    "half of the pour with reserves": ("ffrra----", 0, 5, "favourable_reserves"),
    "less than half of the pour with reserves": ("fffrra---", 0, 5, "favourable"),
    "nobody votes at all": ("---------", 0, 5, "no_quorum"),
}


@pytest.mark.parametrize("case", ORACLES)
def test_a_real_poll_gives_the_outcome_of_the_oracle(make: Make, clock: Clock, case: str) -> None:
    ballots, recused, needed, outcome = ORACLES[case]
    poll = play(make, clock, ballots, recused=recused).poll
    assert (poll.quorum_needed, poll.outcome) == (needed, outcome)
    assert (poll.seats, poll.recused) == (len(ballots) + recused, recused)
    assert (poll.pour, poll.reserves, poll.against, poll.abstention, poll.objection) == (
        ballots.count("f"),
        ballots.count("r"),
        ballots.count("a"),
        ballots.count("b"),
        0,
    )


def test_a_missed_quorum_is_never_a_refusal_and_leads_to_a_second_round(make: Make, clock: Clock) -> None:
    world = play(make, clock, "aaa-------")
    assert world.poll.outcome == "no_quorum"
    with refused("window_too_short", days=5):
        convene(make, world, days=4)
    convene(make, world, days=5)
    opened(make, world)
    clock.forward(days=5)
    assert make.close(world).outcome == "no_result"


def test_the_count_is_stored_journaled_and_signed(make: Make, clock: Clock) -> None:
    world = play(make, clock, "ffrab")
    poll = world.poll
    entry = last(make, poll, "poll_closed")
    said = body(make, poll, "poll_closed")
    assert (poll.status, poll.closed_at, said["from"], said["to"]) == ("closed", clock(), "open", "closed")
    assert {name: said[name] for name in ("for", "reserves", "against", "abstention", "objection")} == {
        "for": 2,
        "reserves": 1,
        "against": 1,
        "abstention": 1,
        "objection": 0,
    }
    assert (said["outcome"], said["seats"], said["recused"], said["quorum"]) == ("favourable", 5, 0, 3)
    assert poll.head == entry.hash
    assert make.keys.signed(HEAD, entry.hash, poll.head_signature or "")
    assert types(make, world.dossier)[-1] == "poll_closed"
    assert body(make, world.dossier, "poll_closed")["head"] == entry.hash
    assert private(make, poll, "poll_closed") == {}
    assert world.dossier.stage == "comite"


def test_its_officer_is_told_once_and_no_elector(make: Make, clock: Clock) -> None:
    world = play(make, clock, "fff")
    make.officer()
    make.close(world)
    assert told(make, "poll_closed") == [world.officer.id]


def test_closing_again_changes_nothing(make: Make, clock: Clock) -> None:
    world = play(make, clock, "fff")
    entries, closed_at = types(make, world.poll), world.poll.closed_at
    clock.forward(days=1)
    assert make.close(world).closed_at == closed_at
    assert types(make, world.poll) == entries


def test_a_poll_is_not_counted_before_its_end(make: Make, clock: Clock) -> None:
    world = make.poll(electors=3)
    vote(make, world, "ff-")
    with refused("poll_not_over", closes_at=world.poll.closes_at):
        make.close(world)
    assert world.poll.outcome is None


def test_a_poll_may_be_counted_early_once_every_voice_has_taken_part(make: Make, clock: Clock) -> None:
    world = make.poll(electors=5)
    declare(make, world, world.members[4], "coportage")
    ended(make, world, 3)
    vote(make, world, "ffa--")
    assert make.close(world).outcome == "favourable"


def test_a_rule_may_forbid_an_early_count(make: Make) -> None:
    variant = Variant(make, early_close='"never"')
    world = variant.poll(electors=3)
    vote(variant, world, "fff")
    with refused("poll_not_over"):
        variant.close(world)


def test_a_rule_may_allow_a_count_as_soon_as_it_is_certain(make: Make) -> None:
    variant = Variant(make, early_close='"certain"')
    world = variant.poll(electors=5)
    vote(variant, world, "aa---")
    with refused("poll_not_over"):
        variant.close(world)
    variant.cast(world, world.members[2], "against")
    assert variant.close(world).outcome == "unfavourable"


def test_a_poll_that_never_opened_is_not_counted(make: Make, clock: Clock) -> None:
    world = make.poll(electors=3, opened=False)
    clock.forward(days=30)
    with refused("poll_not_open"):
        make.close(world)


def test_a_cancelled_poll_is_not_counted(make: Make, clock: Clock) -> None:
    world = make.poll(electors=3)
    withdraw_request(make.db, world.dossier.id, by=make.actor(world.candidate), clock=clock)
    clock.forward(days=11)
    with refused("poll_cancelled"):
        make.close(world)


def test_an_unknown_poll_is_gone(make: Make, clock: Clock) -> None:
    with refused("gone"):
        close_poll(make.db, "nowhere", clock=clock, keys=make.keys)


def test_whoever_counts_is_named_and_has_instructed(make: Make, clock: Clock) -> None:
    world = make.poll(electors=3)
    counting = make.officer()
    clock.forward(days=11)
    close_poll(make.db, world.poll.id, clock=clock, keys=make.keys, by=make.actor(counting))
    assert private(make, world.poll, "poll_closed") == {"person": counting.name}
    assert make.db.get(Instructor, (world.dossier.id, counting.id)) is not None


def ended(make: Make, world: World, place: int) -> None:
    structure, by = world.members[place].structure.id, make.actor(make.arbiter())
    end_appellation(make.db, structure, "fabrique-a-initiatives", reason="Dissoute.", by=by, clock=make.clock)


def test_a_voice_that_ended_after_it_took_part_stays_in_the_count(make: Make, clock: Clock) -> None:
    world = make.poll(electors=5)
    vote(make, world, "ffa--")
    ended(make, world, 0)
    clock.forward(days=11)
    poll = make.close(world)
    assert (poll.seats, poll.quorum_needed, poll.pour, poll.outcome) == (5, 3, 2, "favourable")


def test_a_voice_that_ended_before_it_took_part_leaves_the_base(make: Make, clock: Clock) -> None:
    world = make.poll(electors=5)
    vote(make, world, "ff---")
    ended(make, world, 4)
    clock.forward(days=11)
    poll = make.close(world)
    assert (poll.seats, poll.quorum_needed, poll.pour, poll.outcome) == (4, 2, 2, "favourable")


@pytest.mark.parametrize("electors", [3, 40])
def test_the_close_takes_the_same_statements_whatever_the_number_of_ballots(
    make: Make, database: Database, clock: Clock, electors: int
) -> None:
    world = make.poll(electors=electors)
    vote(make, world, "f" * electors)
    clock.forward(days=11)
    make.commit()
    with counted(database) as sent, database.session(writes=True) as db:
        close_poll(db, world.poll.id, clock=clock, keys=make.keys)
        db.commit()
    assert len(sent) <= 14, sent


def test_every_entry_of_a_poll_is_one_act(make: Make, clock: Clock) -> None:
    world = play(make, clock, "fra")
    assert types(make, world.poll) == [
        "convened",
        *["link_declared"] * 3,
        "poll_opened",
        *["ballot_cast"] * 3,
        "poll_closed",
    ]
    heights = select(func.max(Entry.height)).where(Entry.chain == f"poll:{world.poll.id}")
    assert make.db.execute(heights).scalar_one() == 9
