"""Accepting the commitments: the appellation begins, and the structure votes from the next committee on."""

import threading

import pytest
from sqlalchemy import select, text

from app.db import Database
from app.models import Appellation, NetworkStatus
from app.operations.polls.committee import composition
from app.operations.polls.decide import accept_commitments, notify_decision, record_decision
from app.queries.labels import label_of
from tests.conftest import Clock
from tests.make import Make, Member, World
from tests.operations.seen import body, of_candidate, play, private, refused, told, types


def granted(make: Make, clock: Clock, electors: int = 3) -> World:
    world = play(make, clock, "f" * electors)
    return announced(make, world)


def announced(make: Make, world: World) -> World:
    by = make.actor(world.officer)
    record_decision(make.db, world.dossier.id, letter="Chers collègues…", by=by, clock=make.clock)
    by = make.actor(make.arbiter())
    notify_decision(make.db, world.dossier.id, by=by, clock=make.clock, sending=make.sending())
    return world


def every(make: Make) -> frozenset[str]:
    return frozenset(commitment.key for commitment in label_of(make.label_version()).commitments)


def accept(make: Make, world: World, accepted: frozenset[str] | None = None) -> Appellation:
    accepted = every(make) if accepted is None else accepted
    by = make.actor(world.candidate)
    return accept_commitments(make.db, world.dossier.id, accepted=accepted, by=by, clock=make.clock)


def test_the_appellation_begins_this_month_under_its_number(make: Make, clock: Clock) -> None:
    world = granted(make, clock)
    made = accept(make, world)
    assert (made.number, made.since, made.status) == ("FI-2026-0001", "2026-11", "active")
    assert (made.structure_id, made.dossier_id) == (world.dossier.structure_id, world.dossier.id)
    assert (made.begun_at, made.accepted_by) == (clock(), world.candidate.id)
    assert world.dossier.stage == "appellation"
    assert types(make, world.dossier)[-1] == "accepter_engagements"
    assert body(make, world.dossier, "accepter_engagements")["accepted"] == sorted(every(make))
    assert private(make, world.dossier, "accepter_engagements") == {"person": world.candidate.name}
    assert told(make, "label:bienvenue") == of_candidate(make, world)
    assert told(make, "label:engagements_acceptes") == [world.officer.id]


def test_the_network_knows_a_new_holder(make: Make, clock: Clock) -> None:
    world = granted(make, clock)
    accept(make, world)
    asked = select(NetworkStatus).where(NetworkStatus.structure_id == world.dossier.structure_id)
    assert sorted((one.status, one.until) for one in make.db.execute(asked).scalars()) == [
        ("experimenting", "2026-11"),
        ("holder", None),
    ]


@pytest.mark.parametrize("left_out", [0, 1])
def test_every_commitment_is_accepted_or_none_is(make: Make, clock: Clock, left_out: int) -> None:
    world = granted(make, clock)
    some = every(make) - {sorted(every(make))[left_out]}
    for accepted in (some, some | {"anything"}, frozenset[str]()):
        with refused("requirements_missing"):
            accept(make, world, accepted)
    assert make.db.execute(select(Appellation)).scalars().all() == []


def test_what_is_not_a_commitment_is_not_journaled(make: Make, clock: Clock) -> None:
    world = granted(make, clock)
    accept(make, world, every(make) | {"<script>"})
    assert body(make, world.dossier, "accepter_engagements")["accepted"] == sorted(every(make))


def test_nothing_is_accepted_before_it_is_granted_nor_twice(make: Make, clock: Clock) -> None:
    world = play(make, clock, "fff")
    with refused("not_from_here"):
        accept(make, world)
    announced(make, world)
    accept(make, world)
    with refused("not_from_here"):
        accept(make, world)
    world.dossier = make.dossier(stage="complet")
    with refused("poll_missing"):
        accept(make, world)


def test_numbers_follow_one_another_and_go_on_after_the_last_of_four_digits(make: Make, clock: Clock) -> None:
    first = accept(make, granted(make, clock))
    make.db.execute(text("UPDATE appellation SET number = 'FI-2026-9999' WHERE id = :id"), {"id": first.id})
    second = accept(make, granted(make, clock, electors=7))
    make.db.expire_all()
    third = accept(make, granted(make, clock, electors=15))
    assert (second.number, third.number) == ("FI-2026-10000", "FI-2026-10001")
    clock.at = clock.at.replace(year=2027)
    assert accept(make, granted(make, clock, electors=31)).number == "FI-2027-0001"


def test_a_new_holder_has_a_voice_in_the_next_committee_and_none_in_an_open_one(make: Make, clock: Clock) -> None:
    members = [make.holder() for _ in range(3)]
    accepting = make.poll_of(members)
    for member in members:
        make.cast(accepting, member)
    make.close(accepting)
    under_way = make.poll_of(members)
    announced(make, accepting)
    accept(make, accepting)
    newcomer = accepting.dossier.structure_id
    with refused("no_mandate"):
        make.cast(under_way, Member(make.db.get_one(type(members[0].structure), newcomer), accepting.candidate))
    later = make.poll_of(members, opened=False)
    assert newcomer in {seat.structure for seat in composition(make.db, later.poll, clock())}


def test_two_structures_that_accept_at_once_have_two_numbers(make: Make, database: Database, clock: Clock) -> None:
    members = [make.holder() for _ in range(3)]
    worlds = []
    for _ in range(6):
        world = make.poll_of(members)
        for member in members:
            make.cast(world, member)
        make.close(world)
        worlds.append(announced(make, world))
    people = [make.actor(world.candidate) for world in worlds]
    accepted = every(make)
    make.commit()
    barrier, failed = threading.Barrier(len(worlds)), []

    def one(place: int) -> None:
        barrier.wait()
        try:
            with database.session(writes=True) as db:
                by = people[place]
                accept_commitments(db, worlds[place].dossier.id, accepted=accepted, by=by, clock=clock)
                db.commit()
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=one, args=(place,)) for place in range(len(worlds))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    with database.session(writes=False) as db:
        numbers = sorted(str(number) for number in db.execute(select(Appellation.number)).scalars())
    assert numbers == [f"FI-2026-{number:04d}" for number in range(1, 7)]
