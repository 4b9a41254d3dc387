"""Links of interest: declared before reading, and at any moment afterwards, with all their effects."""

import pytest
from sqlalchemy import select

from app.models import Ballot, Link
from app.operations.appellations import end_appellation
from app.operations.polls.link import Declaration, declare_link, declare_links
from app.operations.polls.window import withdraw_request
from app.operations.structures import give_mandate
from tests.conftest import Clock
from tests.make import Make
from tests.operations.seen import body, convene, declare, last, opened, private, refused, told, types, vote
from workflows.voting import Rule, Tally, verdict


def test_no_link_is_a_declaration_with_its_time(make: Make, clock: Clock) -> None:
    world = make.poll(electors=3, opened=False, declared=False)
    link = declare(make, world, world.members[0], "none")
    assert (link.kind, link.hard, link.personal, link.declared_at, link.version) == ("none", False, False, clock(), 1)
    assert types(make, world.poll)[-1] == "link_declared"
    assert body(make, world.poll, "link_declared")["hard"] is False
    assert private(make, world.poll, "link_declared") == {
        "seat": world.members[0].structure.id,
        "kind": "none",
        "words": "",
        "person": world.members[0].person.name,
    }
    assert (told(make, "seat_recused"), told(make, "others_called")) == ([], [])


@pytest.mark.parametrize("link", ["collectif", "coportage", "partenaire_accepte"])
def test_a_hard_link_recuses_the_seat_and_tells_its_people_once(make: Make, link: str) -> None:
    world = make.poll(electors=4)
    member = world.members[0]
    deputy = make.person("suppleance", structure=member.structure)
    declare(make, world, member, link, words="Depuis le printemps.")
    seat = make.seat(world, member)
    assert (seat.recused_for, seat.recused_at) == (link, make.clock())
    assert told(make, "seat_recused", last(make, world.poll, "link_declared").id) == sorted(
        [member.person.id, deputy.id]
    )
    assert "printemps" not in str(body(make, world.poll, "link_declared"))


@pytest.mark.parametrize("link", ["territoire_commun", "partenaire_cite", "visite", "autre"])
def test_a_soft_link_recuses_nobody(make: Make, link: str) -> None:
    world = make.poll(electors=3)
    member = world.members[0]
    declare(make, world, member, link)
    assert make.seat(world, member).recused_at is None
    assert make.cast(world, member).version == 1


def test_a_soft_link_may_become_hard_and_every_version_is_kept(make: Make) -> None:
    world = make.poll(electors=4, opened=False, declared=False)
    member = world.members[0]
    for kind in ("none", "visite", "coportage"):
        declare(make, world, member, kind)
    asked = select(Link.version, Link.kind).where(Link.structure_id == member.structure.id).order_by(Link.version)
    assert [tuple(row) for row in make.db.execute(asked)] == [(1, "none"), (2, "visite"), (3, "coportage")]
    with refused("seat_recused"):
        declare(make, world, member, "none")


def test_a_hard_link_after_a_cast_voids_the_ballot_and_the_arithmetic_follows(make: Make, clock: Clock) -> None:
    """Nine seats, 3 pour and 2 contre; the link of one « pour » leaves 2 and 2 of eight: a tie, where it was a yes."""
    world = make.poll(electors=9)
    vote(make, world, "fffaa----")
    assert verdict(Rule(), Tally(pour=3, against=2), seats=9, recused=0).outcome == "favourable"
    declare(make, world, world.members[0], "coportage")
    kept = select(Ballot).where(Ballot.seat_id == make.seat(world, world.members[0]).id)
    assert make.db.execute(kept).scalar_one().choice == "for"
    clock.forward(days=11)
    poll = make.close(world)
    assert (poll.seats, poll.recused, poll.quorum_needed) == (9, 1, 4)
    assert (poll.pour, poll.against, poll.outcome) == (2, 2, "tie")


def test_a_recused_seat_may_change_the_quorum_both_ways(make: Make, clock: Clock) -> None:
    world = make.poll(electors=8)
    vote(make, world, "fff-----")
    for member in world.members[-2:]:
        declare(make, world, member, "coportage")
    clock.forward(days=11)
    poll = make.close(world)
    assert (poll.quorum_needed, poll.outcome) == (3, "favourable")


def test_a_personal_link_keeps_its_author_away_and_calls_the_others(make: Make) -> None:
    world = make.poll(electors=3)
    member = world.members[0]
    deputy = make.person("suppleance", structure=member.structure)
    link = declare(make, world, member, "personne")
    assert (link.personal, link.hard) == (True, False)
    assert told(make, "others_called", last(make, world.poll, "link_declared").id) == [deputy.id]
    assert make.seat(world, member).recused_at is None
    with refused("person_attached"):
        make.cast(world, member)
    with refused("person_attached"):
        declare(make, world, member, "none")
    make.own_word(world, deputy, member.structure)
    assert make.cast(world, member, by=deputy).version == 1


def test_a_person_kept_away_acts_for_no_seat_she_holds(make: Make) -> None:
    world = make.poll(electors=3)
    first, second = world.members[:2]
    give_mandate(make.db, first.person, "titulaire", structure_id=second.structure.id, at=make.clock())
    declare(make, world, first, "personne")
    with refused("person_attached"):
        make.cast(world, second, by=first.person)
    assert make.cast(world, second).version == 1


def test_the_others_of_a_voice_may_replace_what_the_person_kept_away_had_said(make: Make, clock: Clock) -> None:
    world = make.poll(electors=3)
    vote(make, world, "fff")
    declare(make, world, world.members[0], "personne")
    deputy = make.person("suppleance", structure=world.members[0].structure)
    make.own_word(world, deputy, world.members[0].structure)
    make.cast(world, world.members[0], "against", replaces=1, by=deputy)
    clock.forward(days=11)
    poll = make.close(world)
    assert (poll.pour, poll.against, poll.recused) == (2, 1, 0)


def test_a_person_attached_to_the_candidate_declares_for_nobody(make: Make) -> None:
    world = make.poll(electors=3)
    person = world.members[0].person
    give_mandate(make.db, person, "contribution", structure_id=world.dossier.structure_id, at=make.clock())
    with refused("person_attached"):
        declare(make, world, world.members[0], "none")
    assert make.seat(world, world.members[0]).recused_at is None


def test_nobody_declares_for_a_structure_she_does_not_act_for(make: Make, clock: Clock) -> None:
    world = make.poll(electors=3)
    writer = make.person("contribution", structure=world.members[0].structure)
    for person in (world.members[1].person, writer, world.officer, world.candidate):
        with refused("no_mandate"):
            declare(make, world, world.members[0], "coportage", by=person)


def test_a_structure_without_a_voice_declares_nothing(make: Make) -> None:
    world = make.poll(electors=3, opened=False)
    stranger = make.structure()
    person = make.actor(make.person(structure=stranger))
    with refused("no_mandate"):
        declare_link(make.db, world.poll.id, stranger.id, "none", words="", by=person, clock=make.clock)


def test_a_voice_out_by_its_collective_has_nothing_to_declare(make: Make) -> None:
    group = make.collective()
    world = make.poll_of([make.holder() for _ in range(3)], opened=False)
    together = make.holder(collective=group)
    make.db.get_one(type(together.structure), world.dossier.structure_id).collective_id = group.id
    with refused("seat_recused"):
        declare(make, world, together, "none")
    opened(make, world)
    with refused("seat_recused"):
        declare(make, world, together, "none")


def test_a_link_that_the_label_does_not_know_is_refused(make: Make) -> None:
    with refused("unknown_link", link="cousinage"):
        world = make.poll(electors=3)
        declare(make, world, world.members[0], "cousinage")


def test_nothing_is_declared_after_the_end(make: Make, clock: Clock) -> None:
    world = make.poll(electors=3)
    clock.at = world.poll.closes_at
    with refused("poll_over", ended_at=world.poll.closes_at):
        declare(make, world, world.members[0], "coportage")
    make.close(world)
    with refused("poll_closed"):
        declare(make, world, world.members[0], "coportage")


def test_nothing_is_declared_on_a_cancelled_poll(make: Make, clock: Clock) -> None:
    world = make.poll(electors=3)
    withdraw_request(make.db, world.dossier.id, by=make.actor(world.candidate), clock=clock)
    with refused("poll_cancelled"):
        declare(make, world, world.members[0], "coportage")


def test_a_seat_that_has_ended_declares_nothing_more(make: Make, clock: Clock) -> None:
    world = make.poll(electors=4)
    arbiter = make.actor(make.arbiter())
    end_appellation(
        make.db, world.members[0].structure.id, "fabrique-a-initiatives", reason="Dissoute.", by=arbiter, clock=clock
    )
    with refused("seat_ended"):
        declare(make, world, world.members[0], "coportage")


def test_an_unknown_poll_is_gone(make: Make, clock: Clock) -> None:
    member = make.holder()
    with refused("gone"):
        by = make.actor(member.person)
        declare_link(make.db, "nowhere", member.structure.id, "none", words="", by=by, clock=clock)


def test_too_many_links_leave_no_result_and_never_a_refusal(make: Make, clock: Clock) -> None:
    world = make.poll(electors=4)
    vote(make, world, "aaaa")
    for member in world.members[:2]:
        declare(make, world, member, "coportage")
    clock.forward(days=11)
    assert make.close(world).outcome == "no_result"


def test_a_person_says_for_herself_what_her_structure_has_already_said(make: Make) -> None:
    world = make.poll(electors=3)
    member = world.members[0]
    deputy = make.person("suppleance", structure=member.structure)
    with refused("unknown_link"):
        by = make.actor(deputy)
        declare_link(
            make.db, world.poll.id, member.structure.id, "coportage", words="", by=by, clock=make.clock, own=True
        )
    make.own_word(world, deputy, member.structure)
    link = make.db.execute(select(Link).where(Link.declared_by == deputy.id)).scalar_one()
    assert (link.kind, link.personal, link.hard) == ("none", True, False)
    assert told(make, "others_called") == []
    assert make.cast(world, member, by=deputy).version == 1


def test_who_has_given_her_own_word_is_not_kept_away_by_it_in_the_next_round(make: Make, clock: Clock) -> None:
    world = make.poll(electors=4)
    deputy = make.person("suppleance", structure=world.members[0].structure)
    make.own_word(world, deputy, world.members[0].structure)
    clock.forward(days=11)
    make.close(world)
    convene(make, world)
    assert make.db.execute(select(Link).where(Link.poll_id == world.poll.id)).scalars().all() == []


def test_links_are_declared_for_several_polls_in_one_act_or_in_none(make: Make, clock: Clock) -> None:
    members = [make.holder() for _ in range(3)]
    worlds = [make.poll_of(members, declared=False) for _ in range(3)]
    said = {world.poll.id: Declaration("none") for world in worlds[:2]}
    by = make.actor(members[0].person)
    said[worlds[2].poll.id] = Declaration("inconnu")
    make.db.commit()
    with refused("unknown_link"):
        declare_links(make.db, members[0].structure.id, said, by=by, clock=clock)
    make.db.rollback()
    assert make.db.execute(select(Link)).scalars().all() == []
    said[worlds[2].poll.id] = Declaration("coportage", " Un projet commun. ")
    made = declare_links(make.db, members[0].structure.id, said, by=by, clock=clock)
    assert {link.poll_id: (link.kind, link.hard, link.words) for link in made} == {
        worlds[0].poll.id: ("none", False, ""),
        worlds[1].poll.id: ("none", False, ""),
        worlds[2].poll.id: ("coportage", True, "Un projet commun."),
    }
