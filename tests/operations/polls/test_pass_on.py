"""The text to pass on: with the ballot, in the proof, and read by the team alone without a name."""

from hashlib import sha256

from flask import Flask
from sqlalchemy import select

from app.models import Ballot
from app.operations.polls.cast import Opinion, cast_ballot
from app.queries.integrity import verify_journal
from app.queries.passed_on import passed_on
from tests.conftest import Clock
from tests.make import Make, Member, World
from tests.operations.seen import declare, private, refused
from workflows import ledger
from workflows.voting import Choice


def cast(make: Make, world: World, member: Member, text: str, *, once: str, replaces: int = 0) -> None:
    opinion = Opinion(Choice.FOR, "Le territoire suit.", replaces, once, text)
    by = make.actor(member.person)
    cast_ballot(make.db, world.poll.id, member.structure.id, opinion, by=by, clock=make.clock, keys=make.keys)


def test_the_text_is_kept_behind_a_commitment_of_its_own(make: Make) -> None:
    world = make.poll(electors=3)
    cast(make, world, world.members[0], "Formez une seconde personne.", once="a" * 20)
    kept = private(make, world.poll, "ballot_cast")
    assert (kept["reasons"], kept["to_pass_on"]) == ("Le territoire suit.", "Formez une seconde personne.")


def test_the_same_key_with_another_text_to_pass_on_is_another_opinion(make: Make) -> None:
    world = make.poll(electors=3)
    for _ in range(2):
        cast(make, world, world.members[0], "Formez une seconde personne.", once="a" * 20)
    for other in ("Formez-en deux.", ""):
        with refused("same_key_other_content"):
            cast(make, world, world.members[0], other, once="a" * 20)
    assert len(make.db.execute(select(Ballot)).scalars().all()) == 1


def test_an_opinion_with_nothing_to_pass_on_keeps_the_digest_of_the_ballots_already_stored() -> None:
    stored = sha256(ledger.canonical(["for", "Le territoire suit.", 0])).hexdigest()
    assert Opinion(Choice.FOR, "Le territoire suit.", 0, "a" * 20).digest() == stored
    assert Opinion(Choice.FOR, "Le territoire suit.", 0, "a" * 20, "x").digest() != stored


def test_the_team_reads_the_newest_text_of_each_voice_that_takes_part_after_the_close(
    app: Flask, make: Make, clock: Clock
) -> None:
    world = make.poll(electors=5)
    first, second, third, fourth, fifth = world.members
    cast(make, world, first, "Ancienne version.", once="a" * 20)
    cast(make, world, first, "Formez une seconde personne.", once="b" * 20, replaces=1)
    cast(make, world, second, "Gardez le lien avec la mission locale.", once="c" * 20)
    cast(make, world, third, "", once="d" * 20)
    cast(make, world, fourth, "Un texte qui ne compte plus.", once="e" * 20)
    declare(make, world, fourth, "coportage")
    cast(make, world, fifth, "Publiez vos repères.", once="f" * 20)
    assert passed_on(make.db, world.poll.id) == ()
    clock.forward(days=11)
    assert passed_on(make.db, world.poll.id) == ()
    make.close(world)
    texts = {"Formez une seconde personne.", "Gardez le lien avec la mission locale.", "Publiez vos repères."}
    assert set(passed_on(make.db, world.poll.id)) == texts
    assert passed_on(make.db, world.poll.id) == passed_on(make.db, world.poll.id)
    assert verify_journal(make.db, make.keys).faults == []


def test_the_order_of_the_texts_says_nothing_of_who_wrote_them(make: Make, clock: Clock) -> None:
    """Over a few polls the first voice is not always first, nor the last voice last."""
    firsts = set()
    for _ in range(8):
        world = make.poll(electors=3)
        for rank, member in enumerate(world.members):
            cast(make, world, member, f"Texte {rank}", once=str(rank) * 20)
        clock.forward(days=11)
        make.close(world)
        firsts.add(passed_on(make.db, world.poll.id)[0])
    assert len(firsts) > 1
