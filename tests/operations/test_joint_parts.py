"""What a joint file writes once: for all who may still change it, each in its own chain, nothing lost."""

import threading
import time

import pytest
from sqlalchemy import select

from app.db import Database
from app.models import Answer, Piece
from app.operations import content
from app.operations.content import Filed, file_piece, write_answer
from app.operations.joint_parts import file_joint_piece, write_joint_answer
from app.queries.integrity import verify_journal
from app.queries.my_content import text_digest
from tests.conftest import Clock
from tests.make import Make
from tests.operations.joint_world import COMMON, Semeur, semeur
from tests.operations.seen import body, private, refused, types
from workflows.refused import Refused

PIECE = "opportunite_territoire"


def copies(made: Semeur, digest: str = "a") -> dict[str, Filed]:
    return {
        one.id: Filed("opportunite.pdf", "pdf", 9, digest * 64, f"{digest}{number}")
        for number, one in enumerate(made.dossiers())
    }


def test_a_common_text_written_from_one_dossier_is_everybodys(make: Make, clock: Clock) -> None:
    made = semeur(make)
    first, *others = made.dossiers()
    by = make.actor(made.people[0])
    answer = write_answer(make.db, first.id, COMMON, "Nous apportons sept ans.", by=by, clock=clock)
    assert answer is not None
    assert made.texts() == ["Nous apportons sept ans."] * 5
    for dossier in (first, *others):
        said = body(make, dossier, "answer_written")
        assert (said["joint"], said["criterion"], said["words"]) == (made.joint.id, COMMON, 4)
        assert private(make, dossier, "answer_written") == {"person": made.people[0].name}
    assert verify_journal(make.db, make.keys).faults == []


def test_an_own_text_stays_its_structures(make: Make, clock: Clock) -> None:
    made = semeur(make, 2)
    first, second = made.dossiers()
    by = make.actor(made.people[0])
    write_answer(make.db, first.id, "utilite_structure", "À nous.", by=by, clock=clock)
    assert make.db.get(Answer, (second.id, "utilite_structure")) is None
    assert "joint" not in body(make, first, "answer_written")
    with refused("unknown_criterion"):
        write_joint_answer(make.db, made.joint.id, "utilite_structure", "À toutes.", by=by, clock=clock)
    with refused("unknown_piece"):
        file_joint_piece(make.db, made.joint.id, "deliberation", copies(made), by=by, clock=clock)


def test_a_co_author_writes_what_is_common(make: Make) -> None:
    made = semeur(make, 2)
    made.write("Écrit par la Grange.")
    assert made.texts() == ["Écrit par la Grange."] * 2
    answer = make.db.get_one(Answer, (made.dossiers()[0].id, COMMON))
    assert answer.written_by == made.holder.person.id


def test_the_same_common_text_again_changes_nothing(make: Make) -> None:
    made = semeur(make, 2)
    made.write("Une fois.")
    before = types(make, made.dossiers()[1])
    made.write("Une fois.")
    assert types(make, made.dossiers()[1]) == before


def test_who_writes_over_a_text_she_was_not_shown_is_told(make: Make) -> None:
    made = semeur(make, 2)
    made.write("Le premier.")
    with refused("answer_changed"):
        made.write("Le mien.", replaces=text_digest(""))
    made.write("Le mien.", replaces=text_digest("Le premier."))
    assert made.texts() == ["Le mien."] * 2


def test_a_request_that_is_filed_keeps_its_text_and_the_others_go_on(make: Make, clock: Clock) -> None:
    made = semeur(make, 2)
    made.write("Avant.")
    filed, other = made.dossiers()
    filed.stage = "demande"
    make.db.flush()
    clock.forward(minutes=5)
    made.write("Après.", replaces=text_digest("Avant."))
    assert made.texts() == ["Avant.", "Après."]
    with refused("not_at_this_stage"):
        write_answer(make.db, filed.id, COMMON, "Trop tard.", by=make.actor(made.people[0]), clock=clock)
    other.stage = "demande"
    make.db.flush()
    with refused("not_at_this_stage"):
        made.write("Plus personne.")


def test_who_comes_back_to_writing_takes_the_text_last_written(make: Make, clock: Clock) -> None:
    """A dossier to be completed holds an older text: what is written next must have been shown the newest."""
    made = semeur(make, 2)
    made.write("Avant.")
    filed, _ = made.dossiers()
    filed.stage = "demande"
    make.db.flush()
    clock.forward(minutes=5)
    made.write("Après.", replaces=text_digest("Avant."))
    filed.stage = "complements"
    make.db.flush()
    by = make.actor(made.people[0])
    with refused("answer_changed"):
        write_answer(make.db, filed.id, COMMON, "Encore.", by=by, clock=clock, replaces=text_digest("Avant."))
    write_answer(make.db, filed.id, COMMON, "Après.", by=by, clock=clock, replaces=text_digest("Après."))
    assert made.texts() == ["Après.", "Après."]


def test_what_the_team_did_not_ask_to_complete_stays(make: Make) -> None:
    made = semeur(make, 2)
    made.write("Avant.")
    asked, _ = made.dossiers()
    asked.stage, asked.asked = "complements", {"piece:deliberation": "Il manque la date."}
    make.db.flush()
    made.write("Après.", replaces=text_digest("Avant."))
    assert made.texts() == ["Avant.", "Après."]


def test_a_common_piece_has_bytes_of_its_own_in_each_dossier(make: Make, clock: Clock) -> None:
    made = semeur(make, 3)
    kept = copies(made)
    first = made.dossiers()[0]
    by = make.actor(made.people[0])
    filed = file_piece(make.db, first.id, PIECE, kept[first.id], by=by, clock=clock, copies=kept)
    assert filed.dossier_id == first.id
    rows = list(make.db.execute(select(Piece).where(Piece.requirement == PIECE)).scalars())
    assert {one.dossier_id for one in rows} == {one.id for one in made.dossiers()}
    assert len({one.stored_as for one in rows}) == 3
    assert {one.digest for one in rows} == {"a" * 64}
    assert body(make, made.dossiers()[2], "piece_filed")["joint"] == made.joint.id
    file_joint_piece(make.db, made.joint.id, PIECE, copies(made, "b"), by=by, clock=clock)
    versions = select(Piece.version).where(Piece.requirement == PIECE, Piece.digest == "b" * 64)
    assert list(make.db.execute(versions).scalars()) == [2, 2, 2]
    assert verify_journal(make.db, make.keys).faults == []


def test_a_piece_without_a_copy_for_each_is_filed_for_none(make: Make, clock: Clock) -> None:
    made = semeur(make, 3)
    kept = copies(made)
    first, _, third = made.dossiers()
    del kept[third.id]
    make.commit()
    with refused("joint_changed"):
        file_piece(make.db, first.id, PIECE, kept[first.id], by=make.actor(made.people[0]), clock=clock, copies=kept)
    make.db.rollback()
    assert make.db.execute(select(Piece).where(Piece.requirement == PIECE)).scalars().all() == []


def test_a_text_that_fails_on_its_third_dossier_is_written_in_none(
    make: Make, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = semeur(make)
    make.commit()
    real, calls = content.put_answer, []

    def breaking(*args: object, **kwargs: object) -> None:
        calls.append(args)
        if len(calls) == 3:
            raise OSError("the disk is full")
        real(*args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(content, "put_answer", breaking)
    with pytest.raises(OSError, match="disk is full"):
        made.write("Pour toutes ou pour aucune.")
    make.db.rollback()
    assert made.texts() == [None] * 5


def test_two_persons_who_write_at_once_lose_nothing(
    make: Make, clock: Clock, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From two dossiers of the same joint file: one text is everybody's, the other author is told."""
    made = semeur(make, 2)
    dossiers, actors = made.dossiers(), [make.actor(person) for person in made.people]
    make.commit()
    real = content.newest_answer

    def slow(*args: object) -> Answer | None:
        found = real(*args)  # type: ignore[arg-type]
        time.sleep(0.05)
        return found

    monkeypatch.setattr(content, "newest_answer", slow)
    refusals: list[str] = []
    barrier = threading.Barrier(2)

    def write(number: int) -> None:
        barrier.wait()
        try:
            with database.session(writes=True) as db:
                text, by = f"Le texte de {number}.", actors[number]
                write_answer(db, dossiers[number].id, COMMON, text, by=by, clock=clock, replaces=text_digest(""))
                db.commit()
        except Refused as error:
            refusals.append(error.code)

    threads = [threading.Thread(target=write, args=(number,)) for number in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refusals == ["answer_changed"]
    one, other = made.texts()
    assert one == other
    assert one in {"Le texte de 0.", "Le texte de 1."}
