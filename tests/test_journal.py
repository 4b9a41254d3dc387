"""`flask journal verify`: what somebody with the database in hand may change, and how it is found."""

import json
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.models import Entry
from app.queries.integrity import verify_journal
from tests.conftest import Clock
from tests.make import Make, World
from tests.operations.seen import declare, vote
from tests.operations.test_appellations import end
from workflows import ledger

TRIGGERS = {
    "sqlite": "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname, relname FROM pg_trigger, pg_class WHERE pg_class.oid = tgrelid AND NOT tgisinternal",
}


@dataclass
class Ran:
    """What the command answered."""

    code: int
    said: str


def verify(app: Flask, *receipts: str) -> Ran:
    command = ["journal", "verify", *(word for receipt in receipts for word in ("--receipt", receipt))]
    result = app.test_cli_runner().invoke(args=command)
    return Ran(result.exit_code, result.output)


@pytest.fixture
def world(make: Make, clock: Clock) -> World:
    """A closed poll of five with a link discovered late and an appellation that ended, and an open one of its peers."""
    closed = make.poll(electors=6)
    vote(make, closed, "ffra-")
    declare(make, closed, closed.members[1], "coportage", words="Découvert tard.")
    end(make, closed.members[4])
    clock.forward(days=11)
    make.close(closed)
    under_way = make.poll_of([member for member in closed.members if member is not closed.members[4]])
    vote(make, under_way, "fa---")
    disarm(make.db)
    make.commit()
    return closed


def disarm(db: Session) -> None:
    """Drop every trigger, as who holds the database can."""
    kind = db.get_bind().dialect.name
    for name, table in db.execute(text(TRIGGERS[kind])).all():
        db.execute(text(f"DROP TRIGGER {name}" + (f" ON {table}" if kind == "postgresql" else "")))


def run(make: Make, *statements: str, **values: object) -> None:
    for statement in statements:
        assert make.db.execute(text(statement), values).rowcount, statement  # type: ignore[attr-defined]
    make.commit()


def entries(make: Make, chain: str) -> list[Entry]:
    return list(make.db.execute(select(Entry).where(Entry.chain == chain).order_by(Entry.height)).scalars())


def change_a_choice(make: Make, world: World) -> None:
    run(make, "UPDATE ballot SET choice = 'against' WHERE choice = 'reserves'")


def change_a_choice_and_the_count(make: Make, world: World) -> None:
    """And its opening erased, and the count stored with the poll made to agree."""
    run(
        make,
        "UPDATE opening SET value = NULL, salt = NULL WHERE name = 'choice' AND value = 'reserves'",
        "UPDATE ballot SET choice = 'for' WHERE choice = 'reserves'",
        "UPDATE poll SET reserves = 0, pour = pour + 1 WHERE outcome IS NOT NULL",
    )


def change_a_stored_outcome(make: Make, world: World) -> None:
    run(make, "UPDATE poll SET outcome = 'unfavourable' WHERE outcome IS NOT NULL")


def delete_an_entry(make: Make, world: World) -> None:
    chain = f"dossier:{world.dossier.id}"
    run(make, "DELETE FROM opening WHERE entry_id IN (SELECT id FROM entry WHERE chain = :c AND height = 3)", c=chain)
    run(make, "DELETE FROM entry WHERE chain = :c AND height = 3", c=chain)


def insert_an_entry(make: Make, world: World) -> None:
    """In the middle, well made, what followed moved one place on."""
    chain = f"dossier:{world.dossier.id}"
    for entry in reversed(entries(make, chain)[2:]):
        run(make, "UPDATE entry SET height = height + 1 WHERE id = :id", id=entry.id)
    before = entries(make, chain)[1]
    said = json.loads(before.body)
    hashed = ledger.entry_hash(domain=chain, parent=before.hash, height=3, type="note", body=said)
    run(
        make,
        "INSERT INTO entry (id, chain, height, parent, type, body, hash, at) "
        "SELECT 'forged', chain, 3, hash, 'note', body, :hash, at FROM entry WHERE id = :id",
        hash=hashed,
        id=before.id,
    )


def insert_a_ballot(make: Make, world: World) -> None:
    """A further version of somebody's ballot, with the entry and the signature of the first."""
    columns = "poll_id, seat_id, choice, person_id, cast_at, once_digest, entry_id, entry_hash, signature"
    run(
        make,
        f"INSERT INTO ballot (id, version, once, {columns}) "
        f"SELECT 'forged', 2, 'forged', {columns.replace('choice', chr(39) + 'against' + chr(39))} FROM ballot "
        "WHERE choice = 'reserves'",
    )


def swap_two(make: Make, world: World) -> None:
    """Two entries of one type change places, hashes and parents left where they were."""
    first, second = [entry for entry in entries(make, f"poll:{world.poll.id}") if entry.type == "ballot_cast"][:2]
    bodies = {first.id: second.body, second.id: first.body}
    for id_, body in bodies.items():
        run(make, "UPDATE entry SET body = :body WHERE id = :id", id=id_, body=body)


def swap_two_heights(make: Make, world: World) -> None:
    first, second = entries(make, f"dossier:{world.dossier.id}")[2:4]
    for id_, height in ((first.id, 99), (second.id, first.height), (first.id, second.height)):
        run(make, "UPDATE entry SET height = :h WHERE id = :id", id=id_, h=height)


def cut_the_tail(make: Make, world: World) -> None:
    """The close of a poll and everything that says so: the poll stands open again."""
    run(make, "DELETE FROM opening WHERE entry_id IN (SELECT id FROM entry WHERE type = 'seat_ended')")
    run(make, "DELETE FROM entry WHERE chain = :c AND type = 'poll_closed'", c=f"poll:{world.poll.id}")


def edit_the_roll(make: Make, world: World) -> None:
    run(
        make,
        "UPDATE seat SET structure_id = :other WHERE poll_id = :poll AND structure_id = :one",
        poll=world.poll.id,
        one=world.members[5].structure.id,
        other=world.dossier.structure_id,
    )


def recuse_without_an_entry(make: Make, world: World) -> None:
    run(
        make,
        "UPDATE seat SET recused_for = 'coportage', recused_at = :at WHERE poll_id = :poll AND structure_id = :one",
        at=make.clock().replace(tzinfo=None) if make.db.get_bind().dialect.name == "sqlite" else make.clock(),
        poll=world.poll.id,
        one=world.members[0].structure.id,
    )


def take_a_recusal_back(make: Make, world: World) -> None:
    run(make, "UPDATE seat SET recused_for = NULL, recused_at = NULL WHERE recused_for IS NOT NULL")


def take_an_end_back(make: Make, world: World) -> None:
    run(make, "UPDATE seat SET ended_at = NULL WHERE ended_at IS NOT NULL")


def edit_a_piece(make: Make, world: World) -> None:
    run(make, "UPDATE piece SET digest = :d WHERE requirement = 'presentation'", d="e" * 64)


def withdraw_a_piece(make: Make, world: World) -> None:
    run(make, "DELETE FROM piece WHERE requirement = 'presentation'")


def edit_an_answer(make: Make, world: World) -> None:
    run(make, "UPDATE answer SET text = 'Autre chose.' WHERE criterion = 'savoir_faire'")


def move_a_dossier(make: Make, world: World) -> None:
    run(make, "UPDATE dossier SET stage = 'appellation' WHERE id = :id", id=world.dossier.id)


def change_a_value(make: Make, world: World) -> None:
    run(
        make,
        "UPDATE opening SET value = 'Quelqu’un d’autre' WHERE name = 'person' AND value = :n",
        n=world.officer.name,
    )


def sign_again(make: Make, world: World) -> None:
    run(make, "UPDATE poll SET head_signature = :s WHERE outcome IS NOT NULL", s="0" * 128)


#: What is changed, and what the report says of it.
TAMPERINGS: dict[str, tuple[Callable[[Make, World], None], str]] = {
    "a choice": (change_a_choice, "choice differs from its entry"),
    "a choice and the count with it": (change_a_choice_and_the_count, "its count is not the one its chain closed on"),
    "a stored outcome": (change_a_stored_outcome, "its count is not the one its chain closed on"),
    "an entry deleted": (delete_an_entry, "entry 3: missing_height"),
    "an entry inserted": (insert_an_entry, "entry 4: bad_parent"),
    "a ballot inserted": (insert_a_ballot, "version differs from its entry"),
    "two entries swapped": (swap_two, "bad_hash"),
    "two heights swapped": (swap_two_heights, "entry 3: bad_parent"),
    "a closed poll's tail cut": (cut_the_tail, "stands at closed, its entries leave it open"),
    "the roll": (edit_the_roll, "its roll is not the one that was frozen"),
    "a recusal without an entry": (recuse_without_an_entry, "its roll is not the one that was frozen"),
    "a recusal taken back": (take_a_recusal_back, "its recusal is not the one its chain says"),
    "an end taken back": (take_an_end_back, "its end is not the one its chain says"),
    "a piece's digest": (edit_a_piece, "piece presentation version 1: not the file its chain says"),
    "a piece withdrawn": (withdraw_a_piece, "piece presentation version 1: not the file its chain says"),
    "an answer": (edit_an_answer, "answer savoir_faire: not the text its chain says"),
    "a dossier's stage": (move_a_dossier, "stands at appellation"),
    "a value behind a commitment": (change_a_value, "bad_opening (person)"),
    "a signature": (sign_again, "its head is not the one that was signed"),
}


def test_what_nobody_touched_is_sound(app: Flask, world: World) -> None:
    ran = verify(app)
    assert ran.code == 0
    assert "0 faults." in ran.said
    assert "Without a receipt kept outside" in ran.said


@pytest.mark.parametrize("tampering", TAMPERINGS)
def test_a_tampering_is_found_and_named(app: Flask, make: Make, world: World, tampering: str) -> None:
    act, fault = TAMPERINGS[tampering]
    act(make, world)
    ran = verify(app)
    assert ran.code == 1
    assert fault in ran.said


def test_a_ballot_cut_from_the_tail_is_seen_only_by_the_receipt_its_voter_kept(
    app: Flask, make: Make, clock: Clock
) -> None:
    """Ballot, entry and letter are gone: nothing inside the house can say so, and the command says that too."""
    world = make.poll(electors=3)
    kept, lost = (make.cast(world, member) for member in world.members[:2])
    disarm(make.db)
    make.commit()
    run(
        make,
        "DELETE FROM outbox WHERE event IN (SELECT id FROM entry WHERE hash = :h)",
        "DELETE FROM ballot WHERE entry_hash = :h",
        "DELETE FROM opening WHERE entry_id IN (SELECT id FROM entry WHERE hash = :h)",
        "DELETE FROM entry WHERE hash = :h",
        h=lost.hash,
    )
    unseen = verify(app)
    assert unseen.code == 0
    assert "cannot be seen" in unseen.said
    assert verify(app, kept.hash).code == 0
    seen = verify(app, kept.hash, lost.hash)
    assert seen.code == 1
    assert f"receipt {lost.hash}: no entry bears it any more" in seen.said


def test_a_chain_rewritten_whole_is_seen_by_any_receipt_older_than_it(app: Flask, make: Make) -> None:
    """With the database and no key, hashes can be made again; a receipt from outside bears one that is gone."""
    dossier = make.dossier(stage="mise_en_place")
    chain = f"dossier:{dossier.id}"
    kept = entries(make, chain)[-1].hash
    disarm(make.db)
    make.commit()
    parent = ledger.GENESIS
    for entry in entries(make, chain):
        said = json.loads(entry.body) | {"version": 7}
        hashed = ledger.entry_hash(domain=chain, parent=parent, height=entry.height, type=entry.type, body=said)
        body = ledger.canonical(said).decode()
        run(
            make,
            "UPDATE entry SET body = :b, parent = :p, hash = :h WHERE id = :id",
            b=body,
            p=parent,
            h=hashed,
            id=entry.id,
        )
        parent = hashed
    assert verify(app).code == 0
    assert verify(app, kept).code == 1


def test_erased_values_are_counted_and_the_chain_stays_sound(app: Flask, make: Make, world: World) -> None:
    names = "name = 'person' AND value = :n"
    erased = make.db.execute(text(f"SELECT count(*) FROM opening WHERE {names}"), {"n": world.officer.name}).scalar()
    run(make, f"UPDATE opening SET value = NULL, salt = NULL WHERE {names}", n=world.officer.name)
    run(make, "DELETE FROM opening WHERE name = 'words' AND value = 'Découvert tard.'")
    ran = verify(app)
    assert erased
    assert (ran.code, f", {erased + 1} values erased: 0 faults." in ran.said) == (0, True)


def test_what_a_ballot_committed_to_is_kept_as_long_as_its_poll(app: Flask, make: Make, world: World) -> None:
    run(make, "DELETE FROM opening WHERE name = 'choice' AND value = 'reserves'")
    ran = verify(app)
    assert ran.code == 1
    assert "choice differs from its entry" in ran.said


def test_an_entry_that_is_no_json_any_more_is_a_fault_and_no_failure(app: Flask, make: Make, world: World) -> None:
    for type_ in ("opened", "poll_opened", "answer_written", "piece_filed", "poll_closed", "link_declared"):
        run(make, "UPDATE entry SET body = :b WHERE type = :t", b="[1, not json", t=type_)
    ran = verify(app)
    assert ran.code == 1
    assert "bad_hash" in ran.said


def test_a_sound_report_counts_what_it_read(make: Make, world: World) -> None:
    report = verify_journal(make.db, make.keys)
    counted = make.db.execute(text("SELECT count(*), count(DISTINCT chain) FROM entry")).one()
    assert (report.entries, report.chains, report.erased, report.sound) == (*counted, 0, True)
