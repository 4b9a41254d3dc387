"""Casting, by the protocol."""

import pytest

from tests.conftest import Clock
from tests.make import Make
from workflows.refused import Refused


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
    again = make.cast(world, world.members[0], once="one click")
    assert (again.code, again.signature, again.version) == (first.code, first.signature, 1)


def test_one_key_never_carries_two_opinions(make: Make) -> None:
    world = make.poll(electors=3)
    make.cast(world, world.members[0], "for", once="one click")
    with pytest.raises(Refused, match="same_key_other_content"):
        make.cast(world, world.members[0], "against", once="one click")
