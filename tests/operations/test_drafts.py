"""What is typed and not yet sent: its author's alone, without a trace, and gone in time."""

import pytest
from sqlalchemy import func, select

from app.models import Draft, Entry
from app.operations.drafts import KEPT, forget_draft, keep_draft, purge_drafts
from app.operations.way import pass_stage
from app.queries.drafts import answer_place, draft_at
from tests.conftest import Clock
from tests.make import Make
from workflows.answers import LONGEST_TEXT
from workflows.refused import Refused

PLACE = "answer:somewhere:place"


def kept(make: Make) -> list[str]:
    return list(make.db.execute(select(Draft.text).order_by(Draft.place)).scalars())


def test_the_last_text_typed_is_the_one_kept_and_its_author_alone_reads_it(make: Make, clock: Clock) -> None:
    author, other = make.person("officer"), make.person("officer")
    keep_draft(make.db, author.id, PLACE, "Deux", seen="", at=clock())
    keep_draft(make.db, author.id, PLACE, "Deux communes", seen="a" * 64, at=clock.forward(seconds=3))
    mine = draft_at(make.db, make.actor(author), PLACE)
    assert mine is not None
    assert (mine.text, mine.seen, mine.at) == ("Deux communes", "a" * 64, clock())
    assert draft_at(make.db, make.actor(other), PLACE) is None
    assert draft_at(make.db, make.actor(author), PLACE, since=clock.forward(seconds=1)) is None
    forget_draft(make.db, other.id, PLACE)
    assert kept(make) == ["Deux communes"]
    forget_draft(make.db, author.id, PLACE)
    assert kept(make) == []


def test_a_draft_costs_no_entry(make: Make, clock: Clock) -> None:
    entries = make.db.execute(select(func.count(Entry.id))).scalar_one()
    keep_draft(make.db, make.person("officer").id, PLACE, "Deux", seen="", at=clock())
    assert make.db.execute(select(func.count(Entry.id))).scalar_one() == entries


def test_a_draft_is_no_longer_than_an_answer(make: Make, clock: Clock) -> None:
    person = make.person("officer")
    keep_draft(make.db, person.id, PLACE, "a" * LONGEST_TEXT, seen="", at=clock())
    with pytest.raises(Refused, match="text_too_long"):
        keep_draft(make.db, person.id, PLACE, "a" * (LONGEST_TEXT + 1), seen="", at=clock())


def test_drafts_go_after_three_months(make: Make, clock: Clock) -> None:
    keep_draft(make.db, make.person("officer").id, PLACE, "Deux", seen="", at=clock())
    purge_drafts(make.db, clock() + KEPT)
    assert kept(make) == ["Deux"]
    purge_drafts(make.db, clock.forward(seconds=1) + KEPT)
    assert kept(make) == []


def test_drafts_go_when_their_dossier_goes_on_and_those_of_others_stay(make: Make, clock: Clock) -> None:
    officer, structure = make.officer(), make.structure()
    writer = make.person("titulaire", structure=structure)
    dossier = make.dossier(structure, officer=officer)
    still = make.dossier(make.structure(), officer=officer)
    clock.forward(minutes=1)
    for number, each in enumerate((dossier, still)):
        keep_draft(make.db, writer.id, answer_place(each.id, "besoins"), f"Texte {number}", seen="", at=clock())
    purge_drafts(make.db, clock.forward(minutes=1))
    assert kept_set(make) == {"Texte 0", "Texte 1"}
    pass_stage(make.db, dossier.id, "juger_pertinente", by=make.actor(officer), clock=clock)
    keep_draft(make.db, writer.id, answer_place(dossier.id, "autre"), "Texte 2", seen="", at=clock.forward(minutes=1))
    purge_drafts(make.db, clock())
    assert kept_set(make) == {"Texte 1", "Texte 2"}


def kept_set(make: Make) -> set[str]:
    return set(kept(make))
