"""An appellation that ends, polls under way included."""

import pytest
from sqlalchemy import select

from app.models import Appellation, NetworkStatus, Structure
from app.operations.appellations import end_appellation
from app.operations.polls.committee import composition
from app.operations.way import open_dossier
from tests.conftest import Clock
from tests.make import Make, Member
from tests.operations.polls.test_accept import accept, granted
from tests.operations.seen import body, declare, opened, private, refused, told, types, vote

LABEL = "fabrique-a-initiatives"


def end(make: Make, member: Member, reason: str = "L’association est dissoute.") -> tuple[str, ...]:
    by = make.actor(make.arbiter())
    return end_appellation(make.db, member.structure.id, LABEL, reason=reason, by=by, clock=make.clock)


def test_a_holder_leaves_the_network_in_the_month_it_ends(make: Make, clock: Clock) -> None:
    member = make.holder()
    make.label_version()
    assert end(make, member) == ()
    asked = select(NetworkStatus).where(NetworkStatus.structure_id == member.structure.id)
    assert sorted((one.status, one.since, one.until) for one in make.db.execute(asked).scalars()) == [
        ("holder", "2020-06", "2026-11"),
        ("left", "2026-11", None),
    ]


def test_the_appellation_and_its_dossier_say_so(make: Make, clock: Clock) -> None:
    world = granted(make, clock)
    appellation = accept(make, world)
    at = clock.forward(days=40)
    structure = make.db.get_one(type(world.members[0].structure), world.dossier.structure_id)
    end(make, Member(structure, world.candidate))
    assert (appellation.status, appellation.ended_at) == ("ended", at)
    assert types(make, world.dossier)[-1] == "appellation_ended"
    said = private(make, world.dossier, "appellation_ended")
    assert (said["reason"], said["seat"]) == ("L’association est dissoute.", structure.id)
    assert "dissoute" not in str(body(make, world.dossier, "appellation_ended"))


def test_an_appellation_ends_once_with_a_reason(make: Make) -> None:
    member = make.holder()
    make.label_version()
    with refused("reason_missing"):
        end(make, member, reason=" ")
    end(make, member)
    with refused("appellation_missing"):
        end(make, member)
    with refused("appellation_missing"):
        end(make, Member(make.structure(), member.person))
    with refused("gone"):
        end(make, Member(Structure(id="nowhere"), member.person))


@pytest.mark.parametrize(("ballots", "kept"), [("f---", True), ("-f--", False)])
def test_a_seat_of_an_open_poll_ends_by_an_entry_that_says_whether_it_had_taken_part(
    make: Make, clock: Clock, ballots: str, kept: bool
) -> None:
    world = make.poll(electors=4)
    vote(make, world, ballots)
    assert end(make, world.members[0]) == (world.poll.id,)
    seat = make.seat(world, world.members[0])
    assert (seat.ended_at, seat.recused_at) == (clock(), None)
    assert types(make, world.poll)[-1] == "seat_ended"
    assert body(make, world.poll, "seat_ended")["kept"] is kept
    assert private(make, world.poll, "seat_ended")["seat"] == world.members[0].structure.id
    assert sum(make.seat(world, member).ended_at is not None for member in world.members) == 1


def test_every_open_poll_of_the_label_loses_the_seat(make: Make) -> None:
    members = [make.holder() for _ in range(4)]
    worlds = [make.poll_of(members) for _ in range(3)]
    assert end(make, members[0]) == tuple(sorted(world.poll.id for world in worlds))


def test_a_convened_poll_will_open_without_it(make: Make, clock: Clock) -> None:
    world = make.poll(electors=4, opened=False)
    assert end(make, world.members[0]) == ()
    assert world.members[0].structure.id not in {s.structure for s in composition(make.db, world.poll, clock())}
    opened(make, world)


def test_a_recused_seat_stays_recused_and_a_closed_poll_is_left_alone(make: Make, clock: Clock) -> None:
    members = [make.holder() for _ in range(4)]
    recused, closed = make.poll_of(members), make.poll_of(members, days=9)
    declare(make, recused, members[0], "coportage")
    for member in members:
        make.cast(closed, member)
    make.close(closed)
    entries = types(make, closed.poll)
    assert end(make, members[0]) == ()
    assert make.seat(recused, members[0]).ended_at is None
    assert types(make, closed.poll) == entries


def test_a_structure_whose_appellation_ended_may_come_back(make: Make, clock: Clock) -> None:
    world = granted(make, clock)
    accept(make, world)
    structure = make.db.get_one(type(world.members[0].structure), world.dossier.structure_id)
    officer = make.actor(world.officer)
    with refused("already_holds"):
        open_dossier(make.db, structure.id, make.label_version(), entry="creation", by=officer, clock=clock)
    end(make, Member(structure, world.candidate))
    again = open_dossier(make.db, structure.id, make.label_version(), entry="creation", by=officer, clock=clock)
    assert again.previous_id == world.dossier.id
    assert make.db.execute(select(Appellation.status)).scalars().all() == ["ended"]


def test_a_structure_may_stay_a_member_and_its_people_are_told(make: Make) -> None:
    member, by = make.holder(), make.actor(make.arbiter())
    make.label_version()
    end_appellation(
        make.db,
        member.structure.id,
        LABEL,
        reason="Elle y renonce.",
        ending="given_up",
        stays=True,
        by=by,
        clock=make.clock,
    )
    asked = select(NetworkStatus.status).where(
        NetworkStatus.structure_id == member.structure.id, NetworkStatus.until.is_(None)
    )
    assert make.db.execute(asked).scalar_one() == "member"
    assert told(make, "appellation_ended") == [member.person.id]


def test_an_appellation_ends_in_one_of_three_ways(make: Make) -> None:
    member, by = make.holder(), make.actor(make.arbiter())
    make.label_version()
    with refused("unknown_ending"):
        end_appellation(make.db, member.structure.id, LABEL, reason="Oui.", ending="erased", by=by, clock=make.clock)
