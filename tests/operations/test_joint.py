"""Opening a joint file, joining and leaving it, and leaving a collective: all or nothing, each in its own chain."""

import pytest
from sqlalchemy import select

from app.models import Answer, CoAuthor, Collective, Dossier, Entry, JointFile
from app.operations import joint as acts
from app.operations.collectives import leave_collective
from app.operations.content import Filed, file_piece, write_answer
from app.operations.joint import Joining, end_co_author, leave_joint_file, open_joint_file
from app.queries.integrity import verify_journal
from app.queries.joint_parts import copies_due
from tests.conftest import Clock
from tests.make import Make
from tests.operations.joint_world import COMMON, NAME, holds, joining, semeur
from tests.operations.seen import body, private, refused, told, types


def test_a_joint_file_opens_the_dossiers_that_were_not_and_makes_a_holder_its_co_author(make: Make) -> None:
    made = semeur(make, bare=True)
    assert made.joint.reference == "2026-C01"
    dossiers = made.dossiers()
    assert {one.joint_file_id for one in dossiers} == {made.joint.id}
    assert [one.stage for one in dossiers] == ["renseignement"] * 5
    authors = list(make.db.execute(select(CoAuthor)).scalars())
    assert [(one.structure_id, one.left_at) for one in authors] == [(made.holder.structure.id, None)]
    collective = make.db.execute(select(Collective)).scalar_one()
    assert collective.name == NAME
    assert {one.collective_id for one in [*made.structures, made.holder.structure]} == {collective.id}
    for dossier in dossiers:
        assert types(make, dossier) == ["opened", "joint_file_joined"]
        assert body(make, dossier, "joint_file_joined")["reference"] == "2026-C01"
        assert body(make, dossier, "joint_file_joined")["co_authors"] == [made.holder.structure.id]
        assert private(make, dossier, "joint_file_joined") == {"person": made.officer.name}
    assert verify_journal(make.db, make.keys).faults == []


def test_a_joint_file_takes_the_dossiers_there_are(make: Make) -> None:
    made = semeur(make, stage="experimentation")
    assert [one.stage for one in made.dossiers()] == ["experimentation"] * 5
    assert len(make.db.execute(select(Dossier)).scalars().all()) == 5


def test_everybody_concerned_is_told_that_they_write_together(make: Make) -> None:
    made = semeur(make)
    assert set(told(make, "joint_joined")) >= {person.id for person in made.people} | {made.holder.person.id}


def test_references_follow_one_another_within_their_year(make: Make, clock: Clock) -> None:
    first = semeur(make, 2)
    second = open_joint_file(
        make.db,
        "Un autre collectif",
        [make.structure().id, make.structure().id],
        joining(make),
        by=make.actor(first.officer),
        clock=clock,
    )
    assert (first.joint.reference, second.reference) == ("2026-C01", "2026-C02")


def test_a_known_collective_is_found_whatever_its_capitals(make: Make, clock: Clock) -> None:
    group = make.collective(NAME)
    made = semeur(make, 2)
    assert made.joint.collective_id == group.id


@pytest.mark.parametrize(("code", "name"), [("collective_unnamed", "  "), ("joint_too_small", NAME)])
def test_a_joint_file_has_a_name_and_two_structures(make: Make, clock: Clock, code: str, name: str) -> None:
    chosen = [make.structure().id] if code == "joint_too_small" else [make.structure().id, make.structure().id]
    with refused(code):
        open_joint_file(make.db, name, chosen, joining(make), by=make.actor(make.officer()), clock=clock)


def test_two_structures_that_hold_have_nothing_to_ask_together(make: Make, clock: Clock) -> None:
    chosen = [make.holder().structure.id, make.holder().structure.id]
    with refused("joint_too_small"):
        open_joint_file(make.db, NAME, chosen, joining(make), by=make.actor(make.officer()), clock=clock)


def test_a_structure_of_another_collective_breaks_the_whole_act(make: Make, clock: Clock) -> None:
    officer = make.officer()
    first, other = make.structure("Aube"), make.structure("Zénith", collective=make.collective("Un autre"))
    make.commit()
    with refused("other_collective", structure="Zénith"):
        open_joint_file(make.db, NAME, [first.id, other.id], joining(make), by=make.actor(officer), clock=clock)
    make.db.rollback()
    assert make.db.execute(select(JointFile)).scalars().all() == []
    assert make.db.execute(select(Dossier)).scalars().all() == []
    assert make.db.execute(select(Collective.name)).scalars().all() == ["Un autre"]


def test_an_act_that_breaks_on_its_last_dossier_leaves_nothing(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """The fifth entry of the joint file fails: no dossier, no text, no message of it stays."""
    make.label_version()
    make.commit()
    calls, real = [], acts.note

    def breaking(*args: object, **kwargs: object) -> None:
        calls.append(args)
        if len(calls) == 5:
            raise OSError("the disk is full")
        real(*args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(acts, "note", breaking)
    with pytest.raises(OSError, match="disk is full"):
        semeur(make, bare=True)
    make.db.rollback()
    assert make.db.execute(select(JointFile)).scalars().all() == []
    assert make.db.execute(select(Entry)).scalars().all() == []
    assert told(make, "joint_joined") == []


def test_a_request_that_is_examined_joins_nothing(make: Make) -> None:
    world = make.poll(electors=3)
    made = semeur(make, 2)
    structure = make.db.get_one(type(made.structures[0]), world.dossier.structure_id)
    with refused("joint_too_late", structure=structure.name):
        made.add(structure)


def test_a_dossier_is_in_one_joint_file(make: Make, clock: Clock) -> None:
    made = semeur(make, 2)
    with refused("joint_elsewhere", structure=made.structures[0].name):
        open_joint_file(
            make.db,
            NAME,
            [made.structures[0].id, make.structure().id],
            joining(make),
            by=make.actor(made.officer),
            clock=clock,
        )
    with refused("joint_twice"):
        made.add(made.structures[0])
    with refused("joint_twice"):
        made.add(made.holder.structure)


def test_one_more_receives_what_is_written_and_the_text_it_had_stays_in_its_journal(make: Make, clock: Clock) -> None:
    made = semeur(make, 2)
    made.write("Ce que nous apportons ensemble.")
    late = make.structure("La Retardataire")
    person = make.person("titulaire", structure=late)
    dossier = make.dossier(late, stage="experimentation", candidate=person)
    clock.forward(minutes=5)
    write_answer(make.db, dossier.id, COMMON, "Notre texte à nous.", by=make.actor(person), clock=clock)
    clock.forward(minutes=5)
    made.add(late)
    assert make.db.get_one(Answer, (dossier.id, COMMON)).text == "Ce que nous apportons ensemble."
    assert made.texts() == ["Ce que nous apportons ensemble."] * 2
    assert private(make, dossier, "answer_written")["replaced"] == "Notre texte à nous."
    assert body(make, dossier, "answer_written")["joint"] == made.joint.id
    assert types(make, dossier)[-2:] == ["joint_file_joined", "answer_written"]


def test_among_those_who_begin_together_the_newest_text_becomes_the_common_one(make: Make, clock: Clock) -> None:
    officer = make.officer()
    dossiers = []
    for text in ("Le plus ancien.", "Le plus récent."):
        structure = make.structure()
        person = make.person("titulaire", structure=structure)
        dossiers.append(make.dossier(structure, stage="experimentation", officer=officer, candidate=person))
        clock.forward(hours=1)
        write_answer(make.db, dossiers[-1].id, COMMON, text, by=make.actor(person), clock=clock)
    chosen = [one.structure_id for one in dossiers]
    open_joint_file(make.db, NAME, chosen, joining(make), by=make.actor(officer), clock=clock)
    assert [make.db.get_one(Answer, (one.id, COMMON)).text for one in dossiers] == ["Le plus récent."] * 2
    assert private(make, dossiers[0], "answer_written")["replaced"] == "Le plus ancien."


def test_a_piece_is_copied_for_who_comes_in_or_nothing_happens(make: Make, clock: Clock) -> None:
    made = semeur(make, 2)
    filed = Filed("opportunite.pdf", "pdf", 9, "f" * 64, "first")
    first, second = made.dossiers()
    copies = {second.id: Filed("opportunite.pdf", "pdf", 9, "f" * 64, "second")}
    by = make.actor(made.people[0])
    file_piece(make.db, first.id, "opportunite_territoire", filed, by=by, clock=clock, copies=copies)
    late = make.structure("La Retardataire")
    make.dossier(late, stage="experimentation")
    due = copies_due(make.db, made.joint.id, [late.id], made.joint.label)
    assert [(one.structure_id, one.requirement, one.source.digest) for one in due] == [
        (late.id, "opportunite_territoire", "f" * 64)
    ]
    make.commit()
    with refused("joint_changed"):
        made.add(late)
    make.db.rollback()
    copy = {(late.id, "opportunite_territoire"): Filed("opportunite.pdf", "pdf", 9, "f" * 64, "third")}
    with_copies = Joining(make.label_version(), "creation", copy)
    acts.add_structure(make.db, made.joint.id, late.id, with_copies, by=make.actor(made.officer), clock=clock)
    assert verify_journal(make.db, make.keys).faults == []


def test_a_holder_that_comes_in_is_written_in_every_chain(make: Make) -> None:
    made = semeur(make, 2)
    other = make.holder("Une autre titulaire")
    made.add(other.structure)
    for dossier in made.dossiers():
        assert types(make, dossier)[-1] == "co_author_joined"
        assert other.structure.id in body(make, dossier, "co_author_joined")["co_authors"]


def test_who_leaves_goes_on_alone_with_a_copy_and_says_why(make: Make, clock: Clock) -> None:
    made = semeur(make, 3)
    made.write("Ce que nous apportons ensemble.")
    gone = made.dossiers()[0]
    by = make.actor(made.people[0])
    with refused("reason_missing"):
        leave_joint_file(make.db, gone.id, words="  ", by=by, clock=clock)
    leave_joint_file(make.db, gone.id, words="Nous demandons plus tôt.", by=by, clock=clock)
    assert gone.joint_file_id is None
    assert private(make, gone, "joint_file_left")["note"] == "Nous demandons plus tôt."
    clock.forward(minutes=1)
    made.write("Un texte écrit sans elle.")
    assert made.texts() == ["Ce que nous apportons ensemble.", "Un texte écrit sans elle.", "Un texte écrit sans elle."]
    with refused("not_in_joint_file"):
        leave_joint_file(make.db, gone.id, words="Encore.", by=by, clock=clock)


def test_a_co_author_ends_and_may_come_back(make: Make, clock: Clock) -> None:
    made = semeur(make, 2)
    by = make.actor(made.officer)
    end_co_author(make.db, made.joint.id, made.holder.structure.id, by=by, clock=clock)
    assert types(make, made.dossiers()[1])[-1] == "co_author_left"
    with refused("not_in_joint_file"):
        end_co_author(make.db, made.joint.id, made.holder.structure.id, by=by, clock=clock)
    made.add(made.holder.structure)
    assert make.db.execute(select(CoAuthor)).scalar_one().left_at is None


def test_a_collective_is_left_once_its_joint_file_is(make: Make, clock: Clock) -> None:
    made = semeur(make, 2)
    by = make.actor(made.officer)
    dossier = made.dossiers()[0]
    with refused("still_in_joint_file", reference="2026-C01"):
        leave_collective(make.db, made.structures[0].id, by=by, clock=clock)
    with refused("still_in_joint_file", reference="2026-C01"):
        leave_collective(make.db, made.holder.structure.id, by=by, clock=clock)
    leave_joint_file(make.db, dossier.id, words="Elle va seule.", by=by, clock=clock)
    assert made.structures[0].collective_id is not None
    leave_collective(make.db, made.structures[0].id, by=by, clock=clock)
    assert made.structures[0].collective_id is None
    assert types(make, dossier)[-1] == "collective_left"
    with refused("no_collective"):
        leave_collective(make.db, made.structures[0].id, by=by, clock=clock)


def test_a_structure_whose_first_way_ended_begins_a_new_dossier_in_the_joint_file(make: Make, clock: Clock) -> None:
    made = semeur(make, 2)
    again = make.structure("Celle qui revient")
    old = make.dossier(again, stage="renseignement")
    old.stage = "close"
    make.db.flush()
    made.add(again)
    asked = select(Dossier).where(Dossier.structure_id == again.id, Dossier.joint_file_id == made.joint.id)
    assert make.db.execute(asked).scalar_one().previous_id == old.id


def test_a_structure_granted_alone_comes_back_as_co_author(make: Make) -> None:
    made = semeur(make, 2)
    granted = make.structure("Déjà titulaire")
    holds(make, granted)
    made.add(granted)
    assert granted.id in {one.structure_id for one in make.db.execute(select(CoAuthor)).scalars()}
