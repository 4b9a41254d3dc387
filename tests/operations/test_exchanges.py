"""What was said: noted once, shared or internal, brought back on its day."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.models import Dossier, Exchange, Instructor, Person
from app.operations.exchanges import LONGEST, correct_exchange
from app.queries.exchanges import LATEST, beside, exchange_page, to_see_again
from app.queries.labels import label_for
from tests.conftest import Clock
from tests.make import Make
from tests.operations.seen import body, private, refused, types

TODAY = date(2026, 11, 2)


@dataclass
class Talk:
    """A dossier, its officer, and somebody of its structure."""

    make: Make
    clock: Clock
    dossier: Dossier
    candidate: Person

    def read_by(self, person: Person | str) -> list[str]:
        found = exchange_page(self.make.db, self.make.actor(person), self.dossier.id)
        assert found is not None
        return [one.words for one in found.exchanges]

    def on_her_page(self) -> list[str]:
        label = label_for(self.make.db, self.dossier)
        return [one.words for one in beside(self.make.db, self.dossier, label).exchanges]

    def again(self, day: date) -> list[str]:
        return [one.words for one in to_see_again(self.make.db, day)]

    def correct(self, words: str) -> Exchange:
        by = self.make.actor(self.candidate)
        return correct_exchange(self.make.db, self.dossier.id, words, by=by, clock=self.clock)


@pytest.fixture
def talk(make: Make, clock: Clock) -> Talk:
    structure = make.structure()
    candidate = make.person("titulaire", structure=structure)
    return Talk(make, clock, make.dossier(structure, candidate=candidate), candidate)


def test_the_structure_reads_what_is_shared_and_never_what_is_internal(talk: Talk, clock: Clock) -> None:
    talk.make.exchange(talk.dossier, "Le montant est de 42 000 euros.", shared=True)
    clock.forward(minutes=1)
    talk.make.exchange(talk.dossier, "Le président hésite, ne pas le brusquer.")
    assert talk.read_by(talk.candidate) == talk.on_her_page() == ["Le montant est de 42 000 euros."]
    officer = talk.dossier.officer_id or ""
    assert talk.read_by(officer) == ["Le président hésite, ne pas le brusquer.", "Le montant est de 42 000 euros."]


def test_somebody_of_another_structure_reads_nothing(talk: Talk) -> None:
    talk.make.exchange(talk.dossier, "Partagé.", shared=True)
    member = talk.make.holder().person
    assert exchange_page(talk.make.db, talk.make.actor(member), talk.dossier.id) is None


def test_her_page_shows_the_latest_and_tells_that_there_are_more(talk: Talk, clock: Clock) -> None:
    for number in range(LATEST + 3):
        talk.make.exchange(talk.dossier, f"Échange {number}", shared=True)
        clock.forward(minutes=1)
    assert talk.on_her_page() == [f"Échange {number}" for number in range(LATEST + 2, 1, -1)]
    assert len(talk.read_by(talk.candidate)) == LATEST + 3


def test_an_exchange_is_an_entry_whose_words_are_behind_a_commitment(talk: Talk) -> None:
    made = talk.make.exchange(talk.dossier, "Appelée ce matin.", kind="call")
    assert (
        body(talk.make, talk.dossier, "exchange_noted").items()
        >= {
            "exchange": made.id,
            "kind": "call",
            "shared": False,
        }.items()
    )
    assert "Appelée" not in str(body(talk.make, talk.dossier, "exchange_noted"))
    assert private(talk.make, talk.dossier, "exchange_noted")["words"] == "Appelée ce matin."


def test_what_the_structure_understood_otherwise_stands_beside_and_changes_nothing(talk: Talk) -> None:
    first = talk.make.exchange(talk.dossier, "La visite est le 3.", shared=True)
    made = talk.correct("Nous avions dit le 4.")
    assert (first.words, made.shared, made.kind) == ("La visite est le 3.", True, "note")
    label = label_for(talk.make.db, talk.dossier)
    shown = {one.words: one.ours for one in beside(talk.make.db, talk.dossier, label).exchanges}
    assert shown == {"La visite est le 3.": False, "Nous avions dit le 4.": True}
    assert types(talk.make, talk.dossier).count("exchange_noted") == 2
    instructors = talk.make.db.execute(select(Instructor.person_id)).scalars().all()
    assert talk.candidate.id not in instructors


def test_words_are_needed_and_have_a_length(talk: Talk) -> None:
    for words in ("", "  \n "):
        with refused("words_missing"):
            talk.make.exchange(talk.dossier, words)
        with refused("words_missing"):
            talk.correct(words)
    assert talk.make.exchange(talk.dossier, "a" * LONGEST).words == "a" * LONGEST
    with refused("text_too_long", limit=LONGEST):
        talk.make.exchange(talk.dossier, "a" * (LONGEST + 1))


def test_a_dossier_comes_back_on_its_day_and_not_before(talk: Talk) -> None:
    talk.make.exchange(talk.dossier, "Rappeler.", next_on=TODAY + timedelta(days=3))
    assert talk.again(TODAY + timedelta(days=2)) == []
    assert talk.again(TODAY + timedelta(days=3)) == ["Rappeler."]
    assert talk.again(TODAY + timedelta(days=30)) == ["Rappeler."], "it stays until somebody has seen it"


def test_a_word_noted_that_day_or_later_ends_it_and_one_noted_before_does_not(talk: Talk, clock: Clock) -> None:
    talk.make.exchange(talk.dossier, "Rappeler.", next_on=TODAY + timedelta(days=3))
    clock.forward(days=1)
    talk.make.exchange(talk.dossier, "Un courriel entre-temps.")
    assert talk.again(TODAY + timedelta(days=3)) == ["Rappeler."]
    clock.forward(days=2, minutes=5)
    talk.make.exchange(talk.dossier, "Rappelée.")
    assert talk.again(TODAY + timedelta(days=30)) == []


def test_a_later_day_asked_for_takes_the_place_of_the_first(talk: Talk, clock: Clock) -> None:
    talk.make.exchange(talk.dossier, "Rappeler.", next_on=TODAY + timedelta(days=3))
    clock.forward(hours=1)
    talk.make.exchange(talk.dossier, "Plutôt le 12.", next_on=TODAY + timedelta(days=10))
    assert talk.again(TODAY + timedelta(days=9)) == []
    assert talk.again(TODAY + timedelta(days=10)) == ["Plutôt le 12."]


def test_a_day_that_has_passed_is_refused(talk: Talk) -> None:
    with refused("day_past"):
        talk.make.exchange(talk.dossier, "Rappeler.", next_on=TODAY - timedelta(days=1))
    assert talk.make.exchange(talk.dossier, "Rappeler.", next_on=TODAY).next_on == TODAY


def test_what_a_structure_corrects_comes_to_the_desk_until_the_team_answers(talk: Talk, clock: Clock) -> None:
    talk.make.exchange(talk.dossier, "La visite est le 3.", shared=True)
    clock.forward(minutes=1)
    talk.correct("Nous avions dit le 4.")
    clock.forward(minutes=1)
    talk.make.exchange(talk.dossier, "Et nous voudrions un délai.", by=talk.candidate, shared=True)
    assert talk.again(TODAY) == ["Nous avions dit le 4."], "the structure’s own words answer nothing"
    clock.forward(minutes=1)
    talk.make.exchange(talk.dossier, "Bien noté : le 4.", shared=True)
    assert talk.again(TODAY) == []
