"""Writing, ticking and filing: at the right stage only, once, and one entry each."""

import json
from typing import Any

import pytest
from sqlalchemy import select

from app.models import Answer, Dossier, Entry, Instructor, Opening, Person, Piece, Strand
from app.operations.content import (
    Filed,
    file_piece,
    tick_strand,
    untick_strand,
    write_answer,
)
from app.queries.facts import facts_of
from app.queries.my_content import text_digest
from tests.conftest import Clock
from tests.make import Make
from workflows.answers import LONGEST_TEXT, Raw, words_of
from workflows.refused import Refused


class Writer:
    """A candidate at a stage, and the acts of her dossier."""

    def __init__(self, make: Make, clock: Clock, stage: str = "experimentation") -> None:
        self.make, self.clock = make, clock
        structure = make.structure()
        self.person: Person = make.person("titulaire", structure=structure)
        self.dossier: Dossier = make.dossier(structure, stage=stage, candidate=self.person)

    def write(self, criterion: str, raw: Raw, replaces: str | None = None) -> Answer | None:
        by = self.make.actor(self.person)
        return write_answer(self.make.db, self.dossier.id, criterion, raw, by=by, clock=self.clock, replaces=replaces)

    def file(self, requirement: str, name: str = "bilan.pdf", digest: str = "a" * 64, key: str = "k") -> Piece:
        filed = Filed(name, "pdf", 12, digest, key)
        by = self.make.actor(self.person)
        return file_piece(self.make.db, self.dossier.id, requirement, filed, by=by, clock=self.clock)

    def tick(self, strand: str) -> None:
        tick_strand(self.make.db, self.dossier.id, strand, by=self.make.actor(self.person), clock=self.clock)

    def untick(self, strand: str) -> None:
        untick_strand(self.make.db, self.dossier.id, strand, by=self.make.actor(self.person), clock=self.clock)

    def entries(self) -> list[Entry]:
        chain = f"dossier:{self.dossier.id}"
        return list(self.make.db.execute(select(Entry).where(Entry.chain == chain).order_by(Entry.height)).scalars())

    def last(self) -> tuple[str, dict[str, Any], dict[str, str | None]]:
        entry = self.entries()[-1]
        openings = self.make.db.execute(select(Opening).where(Opening.entry_id == entry.id)).scalars()
        return entry.type, json.loads(entry.body), {one.name: one.value for one in openings}


@pytest.fixture
def writer(make: Make, clock: Clock) -> Writer:
    return Writer(make, clock)


def test_an_answer_is_kept_composed_without_what_surrounds_it(writer: Writer) -> None:
    answer = writer.write("partenaires", "  e\u0301te\u0301\r\n\r\nDeux ans.\n")
    assert answer is not None
    assert (answer.text, answer.words, answer.written_by) == ("été\n\nDeux ans.", 3, writer.person.id)


@pytest.mark.parametrize(
    ("text", "words"), [("", 0), ("  \n ", 0), ("un", 1), ("l’été : deux ans !", 3), ("a\u00a0b\nc\td", 4), ("– …", 0)]
)
def test_a_word_is_what_stands_between_two_spaces_and_holds_a_letter_or_a_digit(text: str, words: int) -> None:
    assert words_of(text) == words


def test_a_list_of_partners_is_kept_in_one_form_and_its_types_are_facts(writer: Writer) -> None:
    rows = (("ess", "Les Amis du marché"), ("", ""), ("collectivite", "Ormeval"), ("ess", "La Ruchette"))
    answer = writer.write("partenaires_types", rows)
    assert answer is not None and answer.words == 1
    assert answer.text == '[["ess","Les Amis du marché"],["collectivite","Ormeval"],["ess","La Ruchette"]]'
    assert facts_of(writer.make.db, writer.dossier).kinds == {"partenaires_types": 2}
    writer.write("partenaires_types", ())
    facts = facts_of(writer.make.db, writer.dossier)
    assert (facts.kinds, facts.criteria) == ({}, {"partenaires_types": 0})


def test_a_text_that_looks_like_a_list_is_still_a_text(writer: Writer) -> None:
    writer.write("partenaires", '[["ess","a"],["etat","b"]]')
    assert facts_of(writer.make.db, writer.dossier).criteria == {"partenaires": 1}


@pytest.mark.parametrize(
    ("criterion", "raw", "code"),
    [
        ("temps_equipe", "NaN", "number_malformed"),
        ("depuis", "0001-01", "month_malformed"),
        ("partenaires_types", (("", "Les Amis"),), "partner_type_unknown"),
        ("partenaires", ("Un texte", "deux fois"), "answer_malformed"),
    ],
)
def test_an_answer_that_cannot_be_read_leaves_nothing_behind(
    writer: Writer, criterion: str, raw: Raw, code: str
) -> None:
    before = len(writer.entries())
    with pytest.raises(Refused) as caught:
        writer.write(criterion, raw)
    assert caught.value.code == code
    assert (len(writer.entries()), facts_of(writer.make.db, writer.dossier).criteria) == (before, {})


def test_an_answer_enters_the_history_by_its_digest_and_never_by_its_text(writer: Writer) -> None:
    writer.write("partenaires", "Un secret bien gardé.")
    kind, body, private = writer.last()
    assert (kind, body["criterion"], body["words"]) == ("answer_written", "partenaires", 4)
    assert body["digest"] == text_digest("Un secret bien gardé.")
    assert private == {"person": writer.person.name}
    assert "secret" not in json.dumps(body)


def test_the_same_text_again_writes_nothing(writer: Writer) -> None:
    writer.write("partenaires", "Deux ans.")
    before = len(writer.entries())
    writer.write("partenaires", " Deux ans.\n")
    assert len(writer.entries()) == before


def test_nothing_written_where_nothing_was_is_nothing(writer: Writer) -> None:
    before = len(writer.entries())
    assert writer.write("partenaires", "  ") is None
    assert len(writer.entries()) == before


def test_an_answer_can_be_emptied(writer: Writer) -> None:
    writer.write("partenaires", "Deux ans.")
    answer = writer.write("partenaires", "")
    assert answer is not None and (answer.text, answer.words) == ("", 0)


def test_a_text_written_meanwhile_by_a_colleague_is_not_lost(writer: Writer) -> None:
    writer.write("partenaires", "Le texte de Noé.")
    with pytest.raises(Refused, match="answer_changed"):
        writer.write("partenaires", "Le mien.", replaces=text_digest(""))
    answer = writer.write("partenaires", "Le mien.", replaces=text_digest("Le texte de Noé."))
    assert answer is not None and answer.text == "Le mien."


def test_twenty_thousand_signs_are_the_most_an_answer_holds(writer: Writer) -> None:
    answer = writer.write("partenaires", "a" * LONGEST_TEXT)
    assert answer is not None and len(answer.text) == LONGEST_TEXT
    with pytest.raises(Refused, match="text_too_long"):
        writer.write("partenaires", "a" * (LONGEST_TEXT + 1))


def test_a_question_that_the_label_does_not_ask_is_refused(writer: Writer) -> None:
    with pytest.raises(Refused, match="unknown_criterion"):
        writer.write("age_du_capitaine", "42")


@pytest.mark.parametrize("stage", ["renseignement", "mise_en_place", "demande", "complet"])
def test_an_answer_to_the_request_changes_at_no_other_stage(make: Make, clock: Clock, stage: str) -> None:
    writer = Writer(make, clock, stage)
    before = len(writer.entries())
    with pytest.raises(Refused, match="not_at_this_stage"):
        writer.write("partenaires", "Trop tard.")
    assert len(writer.entries()) == before


def test_a_dossier_that_does_not_exist_is_gone(writer: Writer) -> None:
    writer.dossier = Dossier(id="nowhere")
    with pytest.raises(Refused, match="gone"):
        writer.write("partenaires", "Deux ans.")


def test_each_filing_of_a_piece_is_its_next_version(writer: Writer) -> None:
    first, second = writer.file("territoire", key="k1"), writer.file("territoire", digest="b" * 64, key="k2")
    assert (first.version, second.version) == (1, 2)
    kind, body, private = writer.last()
    assert (kind, body["requirement"], body["version"], body["digest"]) == ("piece_filed", "territoire", 2, "b" * 64)
    assert private == {"person": writer.person.name, "name": "bilan.pdf"}
    assert "bilan" not in json.dumps(body)


def test_two_pieces_of_the_same_name_are_kept_apart(writer: Writer) -> None:
    first, second = writer.file("territoire", key="k1"), writer.file("equipe", key="k2")
    assert (first.version, second.version, first.name == second.name) == (1, 1, True)


def test_the_same_file_sent_twice_is_one_version(writer: Writer) -> None:
    first = writer.file("territoire", key="k1")
    before = len(writer.entries())
    assert writer.file("territoire", key="k2").id == first.id
    assert len(writer.entries()) == before


def test_a_piece_that_the_label_does_not_ask_for_is_refused(writer: Writer) -> None:
    with pytest.raises(Refused, match="unknown_piece"):
        writer.file("selfie")


@pytest.mark.parametrize("stage", ["renseignement", "demande", "complet"])
def test_a_piece_of_the_request_is_filed_at_no_other_stage(make: Make, clock: Clock, stage: str) -> None:
    writer = Writer(make, clock, stage)
    with pytest.raises(Refused, match="not_at_this_stage"):
        writer.file("bilan_experimentation")


def test_no_piece_changes_while_the_committee_examines(make: Make, clock: Clock) -> None:
    world = make.poll()
    filed = Filed("a.pdf", "pdf", 1, "a" * 64, "k")
    with pytest.raises(Refused, match="not_at_this_stage"):
        file_piece(make.db, world.dossier.id, "presentation", filed, by=make.actor(world.candidate), clock=clock)


def test_a_line_is_ticked_once_and_taken_back_once(make: Make, clock: Clock) -> None:
    writer = Writer(make, clock, "mise_en_place")
    before = len(writer.entries())
    writer.tick("coordination")
    writer.tick("coordination")
    assert [entry.type for entry in writer.entries()[before:]] == ["strand_ticked"]
    assert make.db.get(Strand, (writer.dossier.id, "coordination")) is not None
    writer.untick("coordination")
    writer.untick("coordination")
    assert [entry.type for entry in writer.entries()[before:]] == ["strand_ticked", "strand_unticked"]
    assert make.db.get(Strand, (writer.dossier.id, "coordination")) is None


def test_a_line_of_another_stage_or_of_none_is_refused(make: Make, clock: Clock, writer: Writer) -> None:
    with pytest.raises(Refused, match="not_at_this_stage"):
        writer.tick("coordination")
    with pytest.raises(Refused, match="strand_unknown"):
        writer.untick("plomberie")


def test_an_officer_who_ticks_a_line_has_instructed_the_dossier(make: Make, clock: Clock) -> None:
    writer = Writer(make, clock, "mise_en_place")
    officer = make.officer()
    tick_strand(make.db, writer.dossier.id, "opportunite", by=make.actor(officer), clock=clock)
    make.db.flush()
    assert make.db.get(Instructor, (writer.dossier.id, officer.id)) is not None
