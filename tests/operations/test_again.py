"""Taking a closed dossier up again, asking for more time, asking to be called later."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.models import Dossier, Exchange, Person
from app.operations.again import ask_call_back, ask_time, reopen_dossier
from app.operations.completeness import ask_to_complete
from app.operations.labels import publish_label
from app.queries.earlier import Earlier, earlier_answer, earlier_page, earlier_piece
from app.queries.headings import opened
from app.queries.integrity import verify_journal
from tests.conftest import Clock
from tests.make import Make
from tests.operations.seen import body, private, refused, told, types
from tests.workflows.definitions import Data, changed


class Closed:
    """A dossier that was closed in 2026, its answers and pieces written, and who signs for its structure."""

    def __init__(self, make: Make) -> None:
        self.make = make
        self.structure = make.structure("Les Ateliers du Léguer")
        self.solene: Person = make.person(structure=self.structure, name="Solène Kervadec")
        self.officer = make.officer()
        self.dossier = make.dossier(
            self.structure, stage="experimentation", officer=self.officer, candidate=self.solene
        )
        make.complete(self.dossier, self.solene)
        make.pass_stage(self.dossier, "clore", self.solene)

    def reopen(self, entry: str = "creation", dossier: Dossier | None = None) -> Dossier:
        by = self.make.actor(self.solene)
        found = dossier or self.dossier
        return reopen_dossier(self.make.db, found.id, entry=entry, by=by, clock=self.make.clock)


@pytest.fixture
def closed(make: Make) -> Closed:
    return Closed(make)


def test_a_closed_dossier_is_taken_up_again_as_a_new_one(closed: Closed, make: Make, clock: Clock) -> None:
    clock.forward(days=800)
    made = closed.reopen("a_posteriori")
    assert (made.previous_id, made.structure_id, made.entry) == (closed.dossier.id, closed.structure.id, "a_posteriori")
    assert (made.stage, made.officer_id) == ("modalites", closed.officer.id)
    assert closed.dossier.stage == "close"
    assert body(make, made, "opened")["previous"] == closed.dossier.reference
    assert body(make, closed.dossier, "taken_up_again")["reference"] == made.reference
    assert verify_journal(make.db, make.keys).sound


def test_the_new_dossier_is_under_the_current_version(closed: Closed, make: Make) -> None:
    newer = publish_label(make.db, changed(lambda data: data["criteria"][0].update(max_words=90)), clock=make.clock)
    assert closed.reopen().label_version_id == newer.id != closed.dossier.label_version_id


def test_one_at_a_time(closed: Closed, make: Make, clock: Clock) -> None:
    clock.forward(days=1)
    first = closed.reopen()
    with refused("taken_up_already"):
        closed.reopen()
    with refused("not_closed"):
        closed.reopen(dossier=first)
    make.pass_stage(first, "clore", closed.solene)
    clock.forward(days=1)
    second = closed.reopen(dossier=first)
    assert second.previous_id == first.id


def test_what_the_team_opened_meanwhile_stands_in_the_way(closed: Closed, make: Make) -> None:
    make.dossier(closed.structure, officer=closed.officer, candidate=closed.solene)
    with refused("taken_up_already"):
        closed.reopen()


def test_an_unknown_entry_opens_nothing(closed: Closed, make: Make) -> None:
    with refused("unknown_entry"):
        closed.reopen("par_la_fenetre")
    assert make.db.execute(select(Dossier.id).where(Dossier.previous_id == closed.dossier.id)).all() == []


def test_an_officer_who_has_left_does_not_follow_the_new_one(closed: Closed, make: Make) -> None:
    closed.officer.active = False
    make.db.flush()
    assert closed.reopen().officer_id is None


def asked_before(make: Make, dossier: Dossier) -> Earlier | None:
    """What was written before under the same question, for who may see this dossier."""
    found = opened(make.db, make.actor(make.officer()), dossier.id)
    assert found is not None
    return earlier_answer(make.db, found.heading, found.label.criterion("savoir_faire"))


def test_the_old_words_are_found_under_their_question(closed: Closed, make: Make, clock: Clock) -> None:
    written = clock()
    clock.forward(days=800)
    made = closed.reopen()
    found = asked_before(make, made)
    assert found is not None
    assert (found.text[:12], found.at, found.reference) == ("Sept besoins", written, closed.dossier.reference)
    assert asked_before(make, closed.dossier) is None


def test_another_structure_s_words_are_never_found(closed: Closed, make: Make, clock: Clock) -> None:
    clock.forward(days=1)
    other = make.dossier(stage="experimentation")
    other.previous_id = closed.dossier.id
    assert asked_before(make, other) is None
    assert earlier_page(make.db, make.actor(closed.solene), other.id) is None


def test_all_that_was_given_before_is_listed_and_what_changed_is_said(closed: Closed, make: Make, clock: Clock) -> None:
    def newer(data: Data) -> None:
        data["criteria"][0]["question"]["fr"] += " Et depuis ?"

    publish_label(make.db, changed(newer), clock=make.clock)
    clock.forward(days=800)
    made = closed.reopen()
    page = earlier_page(make.db, make.actor(closed.solene), made.id)
    assert page is not None
    assert [(change.what, change.thing) for change in page.changes] == [("changed", "question")]
    assert {piece.reference for piece in page.pieces} == {closed.dossier.reference}
    assert not any(piece.wanted for piece in page.pieces)  # at the first stage, nothing is filed yet
    assert earlier_page(make.db, make.actor(closed.solene), closed.dossier.id) is None


def test_only_a_piece_of_a_dossier_before_is_taken_back(closed: Closed, make: Make, clock: Clock) -> None:
    clock.forward(days=800)
    made = closed.reopen()
    page = earlier_page(make.db, make.actor(closed.solene), made.id)
    assert page is not None
    by = make.actor(closed.solene)
    assert earlier_piece(make.db, by, made.id, page.pieces[0].id) is not None
    assert earlier_piece(make.db, by, closed.dossier.id, page.pieces[0].id) is None
    stranger = make.actor(make.person(structure=make.structure()))
    assert earlier_piece(make.db, stranger, made.id, page.pieces[0].id) is None


def incomplete(make: Make) -> tuple[Dossier, Person, Person]:
    officer, structure = make.officer(), make.structure()
    candidate = make.person(structure=structure)
    dossier = make.dossier(structure, stage="demande", officer=officer, candidate=candidate)
    asked = {"piece:deliberation": "La date manque."}
    ask_to_complete(make.db, dossier.id, asked=asked, by=make.actor(officer), clock=make.clock)
    return dossier, candidate, officer


def test_more_time_is_asked_with_its_reason_and_the_officer_is_told(make: Make) -> None:
    dossier, candidate, officer = incomplete(make)
    ask_time(make.db, dossier.id, " Changement d’équipe. ", by=make.actor(candidate), clock=make.clock)
    assert private(make, dossier, "time_asked") == {"person": candidate.name, "reason": "Changement d’équipe."}
    assert told(make, "time_asked") == [officer.id]
    kept = make.db.execute(select(Exchange).where(Exchange.dossier_id == dossier.id)).scalar_one()
    assert (kept.words, kept.shared, kept.by) == ("Changement d’équipe.", True, candidate.id)
    assert verify_journal(make.db, make.keys).sound


@pytest.mark.parametrize("stage", ["renseignement", "experimentation", "demande", "complet"])
def test_no_time_is_asked_where_nothing_is_due(make: Make, stage: str) -> None:
    structure = make.structure()
    candidate = make.person(structure=structure)
    dossier = make.dossier(structure, stage=stage, candidate=candidate)
    with refused("delay_not_yours"):
        ask_time(make.db, dossier.id, "Août.", by=make.actor(candidate), clock=make.clock)
    assert told(make, "time_asked") == []


def test_more_time_needs_a_word(make: Make) -> None:
    dossier, candidate, _ = incomplete(make)
    with refused("words_missing"):
        ask_time(make.db, dossier.id, "  ", by=make.actor(candidate), clock=make.clock)


def test_a_paused_dossier_comes_back_on_the_day_that_was_chosen(make: Make, clock: Clock) -> None:
    structure = make.structure()
    candidate = make.person(structure=structure)
    dossier = make.dossier(structure, stage="experimentation", candidate=candidate)
    by, after = make.actor(candidate), date(2027, 3, 3)
    with refused("not_at_this_stage"):
        ask_call_back(make.db, dossier.id, "Plus tard.", after=after, by=by, clock=clock)
    make.pass_stage(dossier, "mettre_en_pause", candidate)
    today = clock().date()
    for wrong in (today, today - timedelta(days=1), today + timedelta(days=2000)):
        with refused("day_past"):
            ask_call_back(make.db, dossier.id, "Plus tard.", after=wrong, by=by, clock=clock)
    ask_call_back(make.db, dossier.id, "Plus tard.", after=after, by=by, clock=clock)
    assert body(make, dossier, "call_back_asked")["after"] == "2027-03-03"
    kept = make.db.execute(select(Exchange).where(Exchange.dossier_id == dossier.id)).scalar_one()
    assert (kept.next_on, kept.by) == (after, candidate.id)
    assert types(make, dossier)[-1] == "call_back_asked"
