"""A day of publication apart from the notification: the public reads the status before, the committee the real one."""

from datetime import date

from sqlalchemy import select

from app.models import LabelVersion, NetworkStatus, Poll, Structure
from app.operations.polls.committee import composition
from app.operations.polls.decide import Sending, notify_decision, record_decision
from app.queries.labels import label_of
from app.queries.network import Asked, network, structure_page
from tests.conftest import Clock
from tests.make import Make, World
from tests.operations.polls.test_accept import accept
from tests.operations.seen import play

DAY = date(2026, 12, 1)
BEFORE = date(2026, 11, 30)
REGISTERS = ("fictional",)


def accepted(make: Make, clock: Clock, publish_on: date | None) -> World:
    world = play(make, clock, "fff")
    record_decision(make.db, world.dossier.id, letter="Oui.", by=make.actor(world.officer), clock=clock)
    sending = Sending(publish_on=publish_on)
    notify_decision(make.db, world.dossier.id, by=make.actor(make.arbiter()), clock=clock, sending=sending)
    clock.forward(hours=1)
    accept(make, world)
    return world


def shown(make: Make, world: World, day: date) -> tuple[str, list[tuple[str, str | None]]]:
    """The status that the list and the page give on a day, and the spans of the page."""
    label = label_of(make.db.get_one(LabelVersion, world.dossier.label_version_id))
    structure = make.db.get_one(Structure, world.dossier.structure_id)
    listed = network(make.db, label, REGISTERS, Asked(words=structure.name), day).structures
    page = structure_page(make.db, label, structure.slug, REGISTERS, day)
    assert page is not None
    assert page.now is not None
    (line,) = [one for one in listed if one.slug == structure.slug]
    assert line.status == page.now.status
    return line.status, [(span.status, span.until) for span in page.spans]


def test_until_its_day_the_public_reads_the_status_before(make: Make, clock: Clock) -> None:
    world = accepted(make, clock, DAY)
    assert shown(make, world, BEFORE) == ("experimenting", [("experimenting", None)])
    assert shown(make, world, DAY) == ("holder", [("holder", None), ("experimenting", "2026-11")])


def test_without_a_day_the_public_reads_it_at_once(make: Make, clock: Clock) -> None:
    world = accepted(make, clock, None)
    assert shown(make, world, date(2026, 11, 13))[0] == "holder"


def test_a_holder_that_is_not_published_yet_votes(make: Make, clock: Clock) -> None:
    world = accepted(make, clock, DAY)
    other = make.poll_of(world.members)
    seats = composition(make.db, make.db.get_one(Poll, other.poll.id), clock())
    assert world.dossier.structure_id in {seat.structure for seat in seats}
    status = make.db.execute(
        select(NetworkStatus).where(
            NetworkStatus.structure_id == world.dossier.structure_id, NetworkStatus.until.is_(None)
        )
    ).scalar_one()
    assert (status.status, status.public_on) == ("holder", DAY)
