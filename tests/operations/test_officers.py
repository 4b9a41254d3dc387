"""A dossier changes hands: the words stay inside the team, the structure is told once whom to call."""

from datetime import date, timedelta

from sqlalchemy import select

from app.models import Dossier, Exchange, Instructor, Person
from app.models.outbox import Engine
from app.operations.officers import hand_over
from app.queries.officers import handing_over
from tests.conftest import Clock
from tests.make import Make
from tests.operations.seen import body, private, refused, told, types


def give(make: Make, dossier: Dossier, to: Person | str, words: str = "", next_on: date | None = None) -> Dossier:
    by = make.actor(dossier.officer_id or "")
    person = to if isinstance(to, str) else to.id
    return hand_over(make.db, dossier.id, person, words=words, next_on=next_on, by=by, clock=make.clock)


def test_the_words_are_an_internal_exchange_and_the_structure_is_told_once(make: Make, clock: Clock) -> None:
    dossier, thomas = make.dossier(), make.officer()
    given = give(make, dossier, thomas, "Promis : un appel le 3.", clock().date() + timedelta(days=1))
    assert given.officer_id == thomas.id
    [kept] = make.db.execute(select(Exchange)).scalars()
    assert (kept.shared, kept.words, kept.next_on) == (False, "Promis : un appel le 3.", date(2026, 11, 3))
    [one] = told(make, Engine.OFFICER_CHANGED)
    assert make.actor(one).roles_in(dossier.structure_id)
    assert types(make, dossier)[-2:] == ["exchange_noted", "officer_changed"]
    assert thomas.name not in str(body(make, dossier, "officer_changed"))
    assert private(make, dossier, "officer_changed")["whom"] == thomas.name


def test_without_words_nothing_is_noted(make: Make) -> None:
    dossier = make.dossier()
    give(make, dossier, make.officer(), "  ")
    assert make.db.execute(select(Exchange)).all() == []


def test_who_receives_a_dossier_has_instructed_it(make: Make) -> None:
    dossier, thomas = make.dossier(), make.officer()
    before = dossier.officer_id
    give(make, dossier, thomas)
    held = make.db.execute(select(Instructor.person_id).where(Instructor.dossier_id == dossier.id)).scalars()
    assert set(held) == {before, thomas.id}


def test_a_dossier_is_entrusted_to_an_officer_who_does_not_follow_it_yet(make: Make) -> None:
    dossier = make.dossier()
    for person in (make.arbiter(), make.holder().person):
        with refused("officer_unknown"):
            give(make, dossier, person)
    with refused("officer_unknown"):
        give(make, dossier, "none")
    with refused("officer_same"):
        give(make, dossier, dossier.officer_id or "")
    gone = make.officer()
    gone.active = False
    make.db.flush()
    with refused("officer_unknown"):
        give(make, dossier, gone)


def test_a_day_that_has_passed_is_refused_and_nothing_changes(make: Make, clock: Clock) -> None:
    dossier = make.dossier()
    before = dossier.officer_id
    with refused("day_past"):
        give(make, dossier, make.officer(), "Rappeler.", clock().date() - timedelta(days=1))
    assert dossier.officer_id == before


def test_the_officers_offered_are_the_active_ones_who_do_not_follow_it(make: Make, clock: Clock) -> None:
    dossier, thomas, gone = make.dossier(), make.officer(), make.officer()
    make.arbiter()
    gone.active = False
    make.db.flush()
    found = handing_over(make.db, make.actor(dossier.officer_id or ""), dossier.id, clock())
    assert found is not None
    assert [name for _id, name in found.officers] == [thomas.name]
