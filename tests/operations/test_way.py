"""The way of a dossier: opening one, passing from a stage to the next, and what each step leaves behind."""

import threading

import pytest
from sqlalchemy import select, text

from app.actor import Actor
from app.db import Database
from app.models import Dossier, Instructor, Mandate, NetworkStatus, Structure
from app.operations.way import open_dossier, pass_stage
from tests.conftest import Clock
from tests.make import Make
from tests.operations.seen import body, private, refused, told, types


def begin(make: Make, structure: Structure, by: Actor | None = None, entry: str = "creation") -> Dossier:
    by = by or make.actor(make.officer())
    return open_dossier(make.db, structure.id, make.label_version(), entry=entry, by=by, clock=make.clock)


def step(make: Make, dossier: Dossier, name: str, by: Actor, note: str = "") -> Dossier:
    return pass_stage(make.db, dossier.id, name, by=by, clock=make.clock, note=note)


def statuses(make: Make, structure_id: str) -> list[tuple[str, str | None, str | None]]:
    asked = select(NetworkStatus).where(NetworkStatus.structure_id == structure_id).order_by(NetworkStatus.recorded_at)
    return [(one.status, one.since, one.until) for one in make.db.execute(asked).scalars()]


def test_a_dossier_begins_where_its_entry_says_and_its_history_with_it(make: Make) -> None:
    officer = make.officer()
    structure = make.structure()
    candidate = make.person(structure=structure)
    dossier = begin(make, structure, make.actor(officer))
    assert (dossier.reference, dossier.stage, dossier.officer_id) == ("2026-001", "renseignement", officer.id)
    assert types(make, dossier) == ["opened"]
    said = body(make, dossier, "opened")
    assert (said["entry"], said["stage"], said["version"]) == ("creation", "renseignement", 1)
    assert private(make, dossier, "opened") == {"person": officer.name}
    assert told(make, "label:renseignement_recu") == [candidate.id]
    assert told(make, "label:renseignement_a_suivre") == [officer.id]
    assert make.db.get(Instructor, (dossier.id, officer.id)) is not None


def test_each_entry_has_its_own_first_stage(make: Make) -> None:
    assert begin(make, make.structure(), entry="a_posteriori").stage == "modalites"
    with refused("unknown_entry"):
        begin(make, make.structure(), entry="par_la_fenetre")


def test_a_dossier_needs_a_structure(make: Make) -> None:
    unknown = Structure(id="nowhere")
    with refused("gone"):
        begin(make, unknown)


def test_only_an_officer_follows_a_dossier(make: Make) -> None:
    structure = make.structure()
    by = make.actor(make.person(structure=structure))
    dossier = begin(make, structure, by)
    assert dossier.officer_id is None
    assert make.db.execute(select(Instructor)).scalars().all() == []


def test_a_structure_has_one_dossier_at_a_time(make: Make) -> None:
    structure = make.structure()
    first = begin(make, structure)
    with refused("dossier_already_open", reference=first.reference):
        begin(make, structure)


def test_a_holder_opens_no_dossier_even_when_it_never_had_one(make: Make) -> None:
    with refused("already_holds"):
        begin(make, make.holder().structure)


def test_a_closed_dossier_gives_way_to_a_new_one_linked_to_it(make: Make) -> None:
    officer = make.actor(make.officer())
    structure = make.structure()
    first = begin(make, structure, officer)
    step(make, first, "clore", officer)
    second = begin(make, structure, officer)
    assert (second.previous_id, second.reference) == (first.id, "2026-002")


def test_references_go_on_after_the_thousandth(make: Make) -> None:
    first = begin(make, make.structure())
    make.db.execute(text("UPDATE dossier SET reference = '2026-999' WHERE id = :id"), {"id": first.id})
    assert begin(make, make.structure()).reference == "2026-1000"
    assert begin(make, make.structure()).reference == "2026-1001"


def test_dossiers_opened_at_once_never_share_a_reference(make: Make, database: Database) -> None:
    structures = [make.structure().id for _ in range(12)]
    version, officer = make.label_version(), make.actor(make.officer())
    make.commit()
    barrier, failed = threading.Barrier(len(structures)), []

    def one(structure: str) -> None:
        barrier.wait()
        try:
            with database.session(writes=True) as db:
                open_dossier(db, structure, version, entry="creation", by=officer, clock=make.clock)
                db.commit()
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=one, args=(structure,)) for structure in structures]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    with database.session(writes=False) as db:
        references = sorted(db.execute(select(Dossier.reference)).scalars())
    assert references == [f"2026-{number:03d}" for number in range(1, 13)]


def test_a_passage_is_journaled_with_where_it_came_from_and_who_made_it(make: Make, clock: Clock) -> None:
    officer = make.officer()
    dossier = begin(make, make.structure(), make.actor(officer))
    at = clock.forward(days=2)
    step(make, dossier, "juger_pertinente", make.actor(officer))
    assert (dossier.stage, dossier.stage_since) == ("mise_en_place", at)
    said = body(make, dossier, "juger_pertinente")
    assert (said["from"], said["to"]) == ("renseignement", "mise_en_place")
    assert private(make, dossier, "juger_pertinente") == {"person": officer.name}


def test_a_note_is_kept_beside_the_chain_and_never_in_it(make: Make) -> None:
    officer = make.officer()
    dossier = begin(make, make.structure(), make.actor(officer))
    step(make, dossier, "orienter", make.actor(officer), note="  La coopérative d’en face vous attend. ")
    assert private(make, dossier, "orienter")["note"] == "La coopérative d’en face vous attend."
    assert "coopérative" not in str(body(make, dossier, "orienter"))
    assert dossier.stage == "close"


def test_what_a_label_declares_is_told_once_to_each(make: Make) -> None:
    structure = make.structure()
    people = sorted(make.person(role, structure=structure).id for role in ("titulaire", "suppleance", "contribution"))
    officer = make.officer()
    dossier = begin(make, structure, make.actor(officer))
    step(make, dossier, "juger_pertinente", make.actor(officer))
    assert told(make, "label:demarche_pertinente") == people


def test_an_officer_who_has_left_is_replaced_by_the_whole_team_in_what_is_told(make: Make, clock: Clock) -> None:
    gone, here, also = make.officer(), make.officer(), make.officer()
    structure = make.structure()
    candidate = make.actor(make.person(structure=structure))
    dossier = begin(make, structure, make.actor(gone))
    for mandate in make.db.execute(select(Mandate).where(Mandate.person_id == gone.id)).scalars():
        mandate.until = clock()
    also.active = False
    step(make, dossier, "clore", candidate)
    assert told(make, "label:cloture_avise") == [here.id]


@pytest.mark.parametrize("name", ["entrer_experimentation", "demander_appellation", "inventer"])
def test_a_passage_that_does_not_leave_this_stage_is_refused(make: Make, name: str) -> None:
    officer = make.actor(make.officer())
    dossier = begin(make, make.structure(), officer)
    with refused("not_from_here"):
        step(make, dossier, name, officer)
    assert (dossier.stage, types(make, dossier)) == ("renseignement", ["opened"])


def test_a_passage_that_asks_why_is_refused_without_a_reason(make: Make) -> None:
    officer = make.actor(make.officer())
    dossier = begin(make, make.structure(), officer)
    with refused("reason_missing"):
        step(make, dossier, "orienter", officer, note="   ")


def test_a_request_waits_for_every_answer_and_every_piece(make: Make) -> None:
    structure = make.structure()
    candidate = make.person(structure=structure)
    dossier = make.dossier(structure, stage="experimentation", candidate=candidate)
    with refused("requirements_missing") as caught:
        step(make, dossier, "demander_appellation", make.actor(candidate))
    lacking = {requirement.code for requirement in caught.value.values["missing"]}  # type: ignore[attr-defined]
    assert lacking == {"criterion_missing", "piece_missing", "second_person_missing"}
    make.complete(dossier, candidate)
    make.colleague(structure)
    assert step(make, dossier, "demander_appellation", make.actor(candidate)).stage == "demande"


@pytest.mark.parametrize("name", ["convoquer", "retirer_demande"])
def test_an_act_with_a_page_of_its_own_is_not_made_by_the_generic_one(make: Make, name: str) -> None:
    dossier = make.dossier(stage="complet")
    with refused("act_of_its_own", transition=name):
        step(make, dossier, name, make.actor(make.officer()))


def test_an_unknown_dossier_is_gone(make: Make) -> None:
    with refused("gone"):
        pass_stage(make.db, "nowhere", "clore", by=make.actor(make.officer()), clock=make.clock)


def test_a_pause_comes_back_to_the_stage_it_left(make: Make) -> None:
    structure = make.structure()
    candidate = make.actor(make.person(structure=structure))
    dossier = make.dossier(structure, stage="mise_en_place")
    step(make, dossier, "mettre_en_pause", candidate)
    assert (dossier.stage, dossier.paused_in) == ("en_pause", "mise_en_place")
    step(make, dossier, "reprendre", candidate)
    assert (dossier.stage, dossier.paused_in) == ("mise_en_place", None)


def test_who_acts_for_the_team_even_once_has_instructed(make: Make) -> None:
    structure = make.structure()
    candidate, once = make.person(structure=structure), make.officer()
    dossier = make.dossier(structure, stage="mise_en_place", candidate=candidate)
    step(make, dossier, "mettre_en_pause", make.actor(candidate))
    step(make, dossier, "reprendre", make.actor(once))
    known = set(make.db.execute(select(Instructor.person_id).where(Instructor.dossier_id == dossier.id)).scalars())
    assert once.id in known
    assert candidate.id not in known


def test_the_network_shows_a_structure_from_the_month_of_its_arrival(make: Make, clock: Clock) -> None:
    officer = make.officer()
    dossier = make.dossier(stage="mise_en_place", officer=officer)
    assert statuses(make, dossier.structure_id) == []
    step(make, dossier, "entrer_experimentation", make.actor(officer))
    assert statuses(make, dossier.structure_id) == [("experimenting", "2026-11", None)]
    clock.forward(days=60)
    step(make, dossier, "clore", make.actor(officer))
    assert statuses(make, dossier.structure_id) == [("experimenting", "2026-11", "2027-01")]


def test_a_pause_changes_nothing_in_public(make: Make) -> None:
    officer = make.actor(make.officer())
    dossier = make.dossier(stage="experimentation")
    step(make, dossier, "mettre_en_pause", officer)
    step(make, dossier, "reprendre", officer)
    assert statuses(make, dossier.structure_id) == [("experimenting", "2026-11", None)]


def test_what_was_read_before_the_lock_is_read_again_after_it(make: Make, database: Database) -> None:
    """A dossier that another transaction has moved on meanwhile is judged where it is, not where it was read."""
    officer = make.actor(make.officer())
    dossier = begin(make, make.structure(), officer)
    make.commit()
    with database.session(writes=True) as db:
        mine = db.get_one(Dossier, dossier.id)
        db.commit()
        with database.session(writes=True) as other:
            pass_stage(other, dossier.id, "juger_pertinente", by=officer, clock=make.clock)
            other.commit()
        assert mine.stage == "renseignement"
        with refused("not_from_here"):
            pass_stage(db, dossier.id, "juger_pertinente", by=officer, clock=make.clock)
