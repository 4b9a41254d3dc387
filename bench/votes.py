"""V3: what a cast asks of the database through its form, in small and in large committees, all other voices given."""

import time

from bench.house import House
from bench.table import Line, judged, not_yet
from bench.visitor import Visitor, Work, counted
from tests.faults.cast import ACKNOWLEDGED, Unexpected, confirmation
from tests.faults.ground import Ballot
from tests.make import World

SMALL, LARGE, MOST = 3, 300, 12
GOAL = f"≤ {MOST} statements, 1 checkout, none that grows"
PATIENCE = 30.0  # seconds


def measure(house: House) -> list[Line]:
    with house.making() as make:
        members = [make.holder() for _ in range(SMALL)]
        small = make.poll_of(members)
        for member in members[1:]:
            make.cast(small, member)
    with house.making() as make:
        members += [make.holder() for _ in range(LARGE - SMALL)]
        large = make.poll_of(members, declared=False)
        for member in members:
            make.no_link(large, member)
        for member in members[1:]:
            make.cast(large, member)
    try:
        few, many = work_of(house, small), work_of(house, large)
    except Unexpected as missing:
        return [not_yet("V3", str(missing).splitlines()[0][:60], GOAL)]
    numbers = [len(work.statements) for work in (few, many)]
    figure = (
        f"{numbers[0]} statements at {SMALL} seats, {numbers[1]} at {LARGE}; "
        f"checkouts {few.checkouts} and {many.checkouts}"
    )
    reached = max(numbers) <= MOST and few.statements == many.statements and few.checkouts == many.checkouts == 1
    return [judged("V3", figure, GOAL, reached)]


def work_of(house: House, world: World) -> Work:
    """The last form of a cast, sent once; raises `Unexpected` when there is none to send."""
    member = world.members[0]
    visitor = Visitor(house.app, house.signed_in(member.person.id))
    ballot = Ballot(world.poll.id, member.structure.id, "for", "Le savoir-faire est là.")
    form = confirmation(visitor, ballot, until=time.monotonic() + PATIENCE)
    with counted(house.database) as work:
        answer = visitor.post(form.action, form.fields)
    if answer.status != ACKNOWLEDGED:
        raise Unexpected(f"{answer.status} to the confirmation")
    return work
