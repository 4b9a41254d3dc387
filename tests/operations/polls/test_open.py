"""Opening: seats, rule and file are frozen, and nothing is counted before the close."""

from sqlalchemy import select, text

from app.models import Instructor, Poll, Seat
from app.operations.content import Filed, file_piece, write_answer
from app.operations.polls.open import file_digest, open_poll
from tests.conftest import Clock
from tests.make import Make, World
from tests.operations.seen import body, convene, declare, opened, play, private, refused, told, types
from workflows import ledger

COUNTED = ("closed_at", "seats", "recused", "quorum_needed", "pour", "reserves", "against", "abstention", "objection")


def roll(make: Make, world: World) -> list[tuple[int, str, str | None]]:
    asked = select(Seat).where(Seat.poll_id == world.poll.id).order_by(Seat.number)
    return [(seat.number, seat.structure_id, seat.recused_for) for seat in make.db.execute(asked).scalars()]


def test_opening_freezes_the_roll_the_rule_and_the_file(make: Make, clock: Clock) -> None:
    world = make.poll(electors=3, opened=False)
    at = clock.forward(hours=1)
    poll = opened(make, world)
    assert (poll.status, poll.opened_at) == ("open", at)
    seats = roll(make, world)
    assert sorted(seat[1] for seat in seats) == sorted(member.structure.id for member in world.members)
    assert [seat[0] for seat in seats] == [1, 2, 3]
    assert types(make, poll)[-1] == "poll_opened"
    assert body(make, poll, "poll_opened") | {"at": "", "commitments": {}} == {
        "at": "",
        "commitments": {},
        "from": "convened",
        "to": "open",
        "rule": poll.rule_digest,
        "file": file_digest(make.db, world.dossier.id),
        "roll": ledger.digest([list(seat) for seat in seats]),
        "seats": 3,
        "recused": 0,
    }
    assert private(make, poll, "poll_opened") == {"person": world.officer.name}


def test_nothing_is_counted_before_the_close(make: Make) -> None:
    world = make.poll(electors=3)
    for member, choice in zip(world.members, ("for", "against", "abstention"), strict=True):
        make.cast(world, member, choice)
    stored = make.db.execute(select(Poll).where(Poll.id == world.poll.id)).scalar_one()
    assert [getattr(stored, name) for name in (*COUNTED, "outcome", "head")] == [None] * 11
    counted = text("SELECT count(*) FROM poll WHERE coalesce(pour, reserves, against, abstention, seats) IS NOT NULL")
    assert make.db.execute(counted).scalar() == 0


def test_a_link_declared_hard_while_convened_recuses_at_the_opening_and_a_soft_one_does_not(make: Make) -> None:
    world = make.poll(electors=5, opened=False, declared=False)
    hard, soft, *others = world.members
    declare(make, world, hard, "coportage")
    declare(make, world, soft, "visite")
    for member in others:
        make.no_link(world, member)
    poll = opened(make, world)
    recused = {structure: why for _, structure, why in roll(make, world) if why}
    assert recused == {hard.structure.id: "coportage"}
    assert make.seat(world, hard).recused_at == poll.opened_at
    assert body(make, poll, "poll_opened")["recused"] == 1


def test_the_candidates_own_collective_takes_no_part(make: Make) -> None:
    group = make.collective()
    world = make.poll_of([make.holder() for _ in range(3)], opened=False)
    together = make.holder(collective=group)
    candidate = make.db.get_one(type(together.structure), world.dossier.structure_id)
    candidate.collective_id = group.id
    make.db.flush()
    opened(make, world)
    assert {structure: why for _, structure, why in roll(make, world) if why} == {together.structure.id: "collective"}


def test_everybody_who_takes_part_is_told_once(make: Make) -> None:
    world = make.poll(electors=4, opened=False, declared=False)
    away, *others = world.members
    declare(make, world, away, "coportage")
    deputy = make.person("suppleance", structure=others[0].structure)
    opened(make, world)
    assert told(make, "poll_opened") == sorted([*(member.person.id for member in others), deputy.id])


def test_a_structure_admitted_after_the_opening_has_no_voice(make: Make) -> None:
    world = make.poll(electors=3)
    late = make.holder()
    assert late.structure.id not in {structure for _, structure, _ in roll(make, world)}
    with refused("no_mandate"):
        make.cast(world, late)
    with refused("no_mandate"):
        declare(make, world, late, "none")


def test_a_poll_left_with_two_voices_cannot_open_and_stays_convened(make: Make, clock: Clock) -> None:
    world = make.poll(electors=3, opened=False, declared=False)
    declare(make, world, world.members[0], "coportage")
    with refused("too_few_seats", needed=3, seats=2):
        opened(make, world)
    assert (world.poll.status, roll(make, world)) == ("convened", [])


def test_a_poll_opens_once(make: Make, clock: Clock) -> None:
    world = make.poll(electors=3)
    with refused("poll_not_convened"):
        opened(make, world)
    assert types(make, world.poll).count("poll_opened") == 1
    closed = play(make, clock, "fff")
    with refused("poll_not_convened"):
        opened(make, closed)


def test_a_poll_does_not_open_after_its_end(make: Make, clock: Clock) -> None:
    world = make.poll(electors=3, opened=False)
    clock.at = world.poll.closes_at
    with refused("window_ends_before_it_opens"):
        opened(make, world)


def test_an_unknown_poll_is_gone(make: Make, clock: Clock) -> None:
    with refused("gone"):
        open_poll(make.db, "nowhere", clock=clock)


def test_the_clock_opens_a_poll_and_signs_with_nobodys_name(make: Make, clock: Clock) -> None:
    world = make.poll(electors=3, opened=False)
    open_poll(make.db, world.poll.id, clock=clock)
    assert private(make, world.poll, "poll_opened") == {}


def test_whoever_opens_a_poll_has_instructed(make: Make, clock: Clock) -> None:
    world = make.poll(electors=3, opened=False)
    world.officer = make.officer()
    opened(make, world)
    assert make.db.get(Instructor, (world.dossier.id, world.officer.id)) is not None


def test_a_poll_opened_before_its_hour_takes_ballots_at_once(make: Make, clock: Clock) -> None:
    world = make.poll(electors=3, opened=False)
    world.poll.opens_at = clock() + (world.poll.closes_at - clock()) / 2
    make.db.flush()
    opened(make, world)
    assert make.cast(world, world.members[0]).version == 1


def test_no_answer_and_no_piece_changes_while_a_poll_is_convened_or_open(make: Make) -> None:
    for under_way in (make.poll(electors=3, opened=False), make.poll(electors=3)):
        by = make.actor(under_way.candidate)
        before = file_digest(make.db, under_way.dossier.id)
        with refused("not_at_this_stage"):
            write_answer(make.db, under_way.dossier.id, "savoir_faire", "Autre chose.", by=by, clock=make.clock)
        with refused("not_at_this_stage"):
            filed = Filed("autre.pdf", "pdf", 1, "1" * 64, "elsewhere")
            file_piece(make.db, under_way.dossier.id, "presentation", filed, by=by, clock=make.clock)
        assert file_digest(make.db, under_way.dossier.id) == before


def test_the_digest_of_a_file_moves_with_each_answer_and_each_piece(make: Make) -> None:
    structure = make.structure()
    candidate = make.person(structure=structure)
    dossier = make.dossier(structure, stage="experimentation", candidate=candidate)
    by, seen = make.actor(candidate), {file_digest(make.db, dossier.id)}
    for text_ in ("Un.", "Deux."):
        write_answer(make.db, dossier.id, "savoir_faire", text_, by=by, clock=make.clock)
        seen.add(file_digest(make.db, dossier.id))
    for number in (1, 2):
        filed = Filed("p.pdf", "pdf", 1, str(number) * 64, f"stored {number}")
        file_piece(make.db, dossier.id, "presentation", filed, by=by, clock=make.clock)
        seen.add(file_digest(make.db, dossier.id))
    assert len(seen) == 5


def test_a_convened_poll_stands_open_in_no_way(make: Make) -> None:
    world = make.poll(electors=3, opened=False)
    with refused("poll_not_open"):
        make.cast(world, world.members[0])
    with refused("committee_already_convened"):
        convene(make, world)
