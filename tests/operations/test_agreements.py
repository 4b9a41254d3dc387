"""The agreement of the second entry: written by either, confirmed by both, kept version by version."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlalchemy import select

from app.models import Agreement, Dossier, Instructor, Person
from app.models.outbox import Engine
from app.operations.agreements import confirm_agreement
from app.operations.way import pass_stage
from app.queries.agreements import agreed_in_file, agreements_to_confirm, versions_of
from app.queries.facts import facts_of
from app.queries.integrity_of_files import verify_files
from tests.conftest import Clock
from tests.make import FABRIQUE, Make
from tests.operations.seen import body, private, refused, told, types
from workflows import ledger
from workflows.label import Label, load

LABEL: Label = load(FABRIQUE.read_text())


@dataclass
class Table:
    """Around one table: the structure’s person who signs, and the officer."""

    make: Make
    clock: Clock
    dossier: Dossier = field(init=False)
    signing: Person = field(init=False)
    officer: Person = field(init=False)

    def __post_init__(self) -> None:
        structure = self.make.structure("Terres d’Élan")
        self.signing = self.make.person("titulaire", structure=structure)
        self.officer = self.make.officer()
        self.dossier = self.make.dossier(
            structure, stage="modalites", entry="a_posteriori", officer=self.officer, candidate=self.signing
        )

    def write(self, by: Person | None = None, **said: Any) -> Agreement:
        return self.make.agreement(self.dossier, by=by or self.officer, **said)

    def confirm(self, by: Person, version: int = 1) -> Agreement:
        return confirm_agreement(self.make.db, self.dossier.id, version, by=self.make.actor(by), clock=self.clock)

    def enter(self) -> Dossier:
        by = self.make.actor(self.officer)
        return pass_stage(self.make.db, self.dossier.id, "convenir_modalites", by=by, clock=self.clock)

    def agreed(self) -> bool:
        return facts_of(self.make.db, self.dossier).agreed

    def versions(self) -> int:
        asked = select(Agreement.version).where(Agreement.dossier_id == self.dossier.id)
        return len(self.make.db.execute(asked).all())


@pytest.fixture
def table(make: Make, clock: Clock) -> Table:
    return Table(make, clock)


def test_nobody_enters_before_both_have_confirmed_the_same_version(table: Table) -> None:
    with refused("requirements_missing"):
        table.enter()
    table.write()
    table.confirm(table.officer)
    with refused("requirements_missing"):
        table.enter()
    table.confirm(table.signing)
    assert table.agreed()
    assert table.enter().stage == "experimentation"


def test_the_word_of_the_structure_alone_is_not_enough_either(table: Table) -> None:
    table.write()
    table.confirm(table.signing)
    assert not table.agreed()


def test_a_new_version_asks_both_for_their_word_again(table: Table) -> None:
    table.write()
    table.confirm(table.officer)
    table.confirm(table.signing)
    table.write(by=table.signing, until="2027-09")
    assert not table.agreed()
    with refused("requirements_missing"):
        table.enter()
    assert table.confirm(table.officer, version=2).team_at is not None
    assert not table.agreed()


def test_the_word_of_one_side_is_not_that_of_the_other(table: Table) -> None:
    table.write()
    given = table.confirm(table.officer)
    assert (given.team_by, given.structure_by) == (table.officer.id, None)
    given = table.confirm(table.signing)
    assert (given.team_by, given.structure_by) == (table.officer.id, table.signing.id)


def test_a_word_given_twice_is_given_once(table: Table, clock: Clock) -> None:
    table.write()
    first = table.confirm(table.officer).team_at
    clock.forward(hours=1)
    assert table.confirm(table.officer).team_at == first
    assert types(table.make, table.dossier).count("agreement_confirmed") == 1


def test_the_same_terms_again_are_the_version_there_is(table: Table) -> None:
    assert table.write().version == table.write().version == 1
    assert (table.versions(), types(table.make, table.dossier).count("agreement_written")) == (1, 1)


def test_a_page_older_than_the_newest_version_writes_and_confirms_nothing(table: Table) -> None:
    table.write()
    table.write(until="2027-09")
    with refused("agreement_changed"):
        table.confirm(table.signing, version=1)
    make, last = table.make, table.write(until="2027-10")
    last.version = 7  # somebody wrote since the author read
    make.db.flush()
    with refused("agreement_changed"):
        confirm_agreement(make.db, table.dossier.id, 3, by=make.actor(table.officer), clock=table.clock)


def test_there_is_nothing_to_confirm_before_something_is_written(table: Table) -> None:
    with refused("agreement_missing"):
        table.confirm(table.officer)


@pytest.mark.parametrize("entry", ["creation"])
def test_the_first_way_in_has_no_agreement(make: Make, entry: str) -> None:
    dossier = make.dossier(stage="experimentation", entry=entry)
    with refused("not_at_this_stage"):
        make.agreement(dossier)


def test_a_changed_mind_is_written_beside_during_experimentation_and_no_later(table: Table) -> None:
    table.write()
    table.confirm(table.officer)
    table.confirm(table.signing)
    table.enter()
    assert table.write(by=table.signing, remaining="Deux études, puis une faisabilité.").version == 2
    newest, before = versions_of(table.make.db, table.dossier.id, LABEL)
    assert (newest.changed, newest.agreed, before.agreed) == (("remaining",), False, True)
    in_file = agreed_in_file(table.make.db, table.dossier.id, LABEL)
    assert in_file is not None and in_file.number == 1
    table.dossier.stage = "demande"
    table.make.db.flush()
    with refused("not_at_this_stage"):
        table.confirm(table.officer, version=2)


def test_it_stays_when_a_decision_is_deferred(table: Table) -> None:
    table.write()
    table.confirm(table.officer)
    table.confirm(table.signing)
    table.enter()
    for stage in ("demande", "comite", "decision", "experimentation"):
        table.dossier.stage = stage
        table.make.db.flush()
        kept = agreed_in_file(table.make.db, table.dossier.id, LABEL)
        assert kept is not None and kept.number == 1


def test_each_version_and_each_word_is_an_entry_whose_names_are_behind_commitments(table: Table) -> None:
    made = table.write()
    written = body(table.make, table.dossier, "agreement_written")
    terms = {"recognised": made.recognised, "remaining": made.remaining, "until": made.until, "steps": made.steps}
    assert (written["version"], written["side"], written["digest"]) == (1, "team", ledger.digest(terms))
    assert private(table.make, table.dossier, "agreement_written") == {"person": table.officer.name}
    table.confirm(table.signing)
    confirmed = body(table.make, table.dossier, "agreement_confirmed")
    assert (confirmed["version"], confirmed["side"], confirmed["digest"]) == (1, "structure", written["digest"])
    assert table.signing.name not in str(confirmed)


def test_the_officer_who_writes_has_instructed_and_the_structure_has_not(table: Table) -> None:
    table.write(by=table.signing)
    other = table.make.officer()
    table.confirm(other)
    asked = select(Instructor.person_id).where(Instructor.dossier_id == table.dossier.id)
    assert sorted(table.make.db.execute(asked).scalars()) == sorted({table.officer.id, other.id})


def test_the_other_side_is_told_that_its_word_is_awaited_and_both_that_it_is_agreed(table: Table) -> None:
    make = table.make
    table.write()
    assert told(make, Engine.AGREEMENT_TO_CONFIRM) == [table.signing.id]
    table.confirm(table.officer)
    assert told(make, Engine.AGREEMENT_TO_CONFIRM) == [table.signing.id], "she was told when it was written"
    table.confirm(table.signing)
    assert told(make, Engine.AGREEMENT_MADE) == sorted([table.signing.id, table.officer.id])
    table.write(by=table.signing, until="2027-09")
    assert told(make, Engine.AGREEMENT_TO_CONFIRM) == sorted([table.signing.id, table.officer.id])
    table.confirm(table.officer, version=2)
    assert told(make, Engine.AGREEMENT_TO_CONFIRM).count(table.signing.id) == 2, "its signature is awaited now"


def test_the_desk_knows_which_versions_wait_for_the_team(table: Table) -> None:
    make = table.make
    assert agreements_to_confirm(make.db) == ()
    table.write(by=table.signing)
    assert [line.dossier_id for line in agreements_to_confirm(make.db)] == [table.dossier.id]
    table.confirm(table.officer)
    assert agreements_to_confirm(make.db) == ()
    table.write(by=table.signing, until="2027-09")
    assert [line.version for line in agreements_to_confirm(make.db)] == [2]
    table.write(by=table.signing, until="2027-10")
    table.confirm(table.officer, version=3)
    assert agreements_to_confirm(make.db) == (), "the version that was left behind waits for nobody"
    table.write(by=table.signing, until="2027-11")
    table.dossier.stage = "demande"
    make.db.flush()
    assert agreements_to_confirm(make.db) == ()


def test_a_text_changed_behind_the_journal_is_found(table: Table) -> None:
    made = table.write()
    table.confirm(table.officer)
    assert verify_files(table.make.db) == []
    made.recognised += " Et la faisabilité."
    table.make.db.flush()
    assert verify_files(table.make.db) == [
        f"dossier:{table.dossier.id} agreement version 1: not the terms its chain says"
    ]


def test_a_word_given_behind_the_journal_is_found(table: Table) -> None:
    made = table.write()
    made.structure_by, made.structure_at = table.signing.id, table.clock()
    table.make.db.flush()
    assert verify_files(table.make.db) == [
        f"dossier:{table.dossier.id} agreement version 1: not the words its chain says"
    ]
