"""The calendar of committees: what may be announced, and who learns that it changes."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.models import Mandate, Message, Sitting
from app.operations.sittings import Days, cancel_sitting, change_sitting, plan_sitting
from app.operations.structures import end_mandate
from app.operations.way import pass_stage
from app.queries.sittings import calendar, next_sitting_for, next_sittings
from tests.conftest import Clock
from tests.make import FABRIQUE, Make
from tests.operations.seen import refused, told
from workflows.label import load

LABEL = load(FABRIQUE.read_text())
MAY = Days(date(2027, 5, 12), date(2027, 4, 28), "Paris")


def plan(make: Make, days: Days = MAY) -> Sitting:
    make.label_version()
    by = make.actor(make.officer())
    return make.db.get_one(Sitting, plan_sitting(make.db, LABEL.slug, days, by=by, clock=make.clock))


@pytest.mark.parametrize(
    ("held_on", "complete_by", "code"),
    [
        (date(2026, 11, 1), date(2026, 10, 1), "sitting_past"),
        (date(1, 1, 2), date(1, 1, 1), "sitting_past"),
        (date(9999, 12, 31), date(9999, 12, 1), "time_out_of_range"),
        (date(2027, 5, 12), date(2027, 5, 12), "sitting_complete_late"),
        (date(2027, 5, 12), date(2027, 5, 13), "sitting_complete_late"),
        (date(2027, 5, 12), date(1, 1, 1), "sitting_complete_late"),
        (date(2027, 2, 28), date(9999, 12, 31), "sitting_complete_late"),
    ],
)
def test_days_that_make_no_sense_are_refused(make: Make, held_on: date, complete_by: date, code: str) -> None:
    with refused(code):
        plan(make, Days(held_on, complete_by))


def test_two_committees_never_meet_on_the_same_day_unless_one_is_cancelled(make: Make) -> None:
    first = plan(make)
    with refused("sitting_twice"):
        plan(make)
    cancel_sitting(make.db, first.id, "La salle est prise.", clock=make.clock)
    assert plan(make).id != first.id


def test_the_dates_ahead_leave_out_what_is_cancelled_or_past(make: Make, clock: Clock) -> None:
    near, later, last = (
        plan(make, Days(day, day - timedelta(days=14)))
        for day in (date(2026, 11, 20), date(2027, 5, 12), date(2027, 11, 10))
    )
    cancel_sitting(make.db, last.id, "Reporté.", clock=clock)
    assert [one.id for one in next_sittings(make.db, LABEL.slug, clock())] == [near.id, later.id]
    assert [one.id for one in calendar(make.db, LABEL.slug, clock())] == [last.id, later.id, near.id]
    clock.forward(days=18)
    assert next_sittings(make.db, LABEL.slug, clock())[0].id == near.id
    clock.forward(hours=14)  # 20 November, 23 h in London, is the 21st in Paris
    assert next_sittings(make.db, LABEL.slug, clock())[0].id == later.id


def test_a_dossier_reads_the_committee_it_may_still_be_complete_for(make: Make, clock: Clock) -> None:
    near = plan(make, Days(date(2026, 11, 20), date(2026, 11, 6)))
    later = plan(make)
    ahead = next_sitting_for(make.db, LABEL, LABEL.stage("experimentation"), clock())
    assert ahead is not None
    assert ahead.first is not None
    assert (ahead.first.id, ahead.missed) == (near.id, None)
    clock.forward(days=5)
    ahead = next_sitting_for(make.db, LABEL, LABEL.stage("experimentation"), clock())
    assert ahead is not None
    assert ahead.first is not None
    assert ahead.missed is not None
    assert (ahead.first.id, ahead.missed.id) == (later.id, near.id)
    assert next_sitting_for(make.db, LABEL, LABEL.stage("appellation"), clock()) is None


def test_a_dossier_without_any_date_ahead_reads_that_none_is_set(make: Make) -> None:
    ahead = next_sitting_for(make.db, LABEL, LABEL.stage("demande"), make.clock())
    assert ahead is not None
    assert (ahead.first, ahead.missed) == (None, None)


def test_a_moved_date_is_told_to_those_on_their_way_with_the_old_and_the_new(make: Make, clock: Clock) -> None:
    sitting = plan(make)
    structure = make.structure()
    candidate = make.person("titulaire", structure=structure)
    make.dossier(structure, stage="experimentation", candidate=candidate)
    examined = make.poll(electors=3)
    paused = make.dossier(stage="experimentation")
    pass_stage(make.db, paused.id, "mettre_en_pause", by=make.actor(str(paused.officer_id)), clock=clock)
    moved = Days(date(2027, 6, 9), date(2027, 5, 26), "Paris", "La salle est prise.")
    change_sitting(make.db, sitting.id, moved, clock=clock)
    assert candidate.id in told(make, "sitting_changed")
    assert examined.candidate.id not in told(make, "sitting_changed")
    assert set(told(make, "sitting_changed")) == {candidate.id}
    message = make.db.execute(select(Message).where(Message.notice == "sitting_changed")).scalar_one()
    assert {key: message.values[key] for key in ("held", "complete", "new_held", "new_complete", "reason")} == {
        "held": "2027-05-12",
        "complete": "2027-04-28",
        "new_held": "2027-06-09",
        "new_complete": "2027-05-26",
        "reason": "La salle est prise.",
    }


def test_another_place_is_told_to_nobody_and_another_day_each_time(make: Make, clock: Clock) -> None:
    sitting = plan(make)
    make.dossier(stage="mise_en_place")
    change_sitting(make.db, sitting.id, Days(MAY.held_on, MAY.complete_by, "Besançon"), clock=clock)
    assert (told(make, "sitting_changed"), sitting.place) == ([], "Besançon")
    for day in (13, 14):
        clock.forward(minutes=1)
        change_sitting(make.db, sitting.id, Days(date(2027, 5, day), MAY.complete_by), clock=clock)
    assert len(told(make, "sitting_changed")) == 2


def test_a_person_of_two_structures_is_told_once(make: Make, clock: Clock) -> None:
    sitting = plan(make)
    one, two = make.structure(), make.structure()
    both = make.person("titulaire", structure=one)
    make.dossier(one, candidate=both)
    make.dossier(two, candidate=both)
    from_two = make.db.execute(select(Message)).first()
    assert from_two
    cancel_sitting(make.db, sitting.id, "Grève des trains.", clock=clock)
    assert told(make, "sitting_changed").count(both.id) == 1


def test_who_has_left_her_structure_is_not_told(make: Make, clock: Clock) -> None:
    sitting, structure = plan(make), make.structure()
    stays, leaves = (make.person("titulaire", structure=structure) for _ in range(2))
    make.dossier(structure, candidate=stays)
    held = make.db.execute(select(Mandate.id).where(Mandate.person_id == leaves.id)).scalar_one()
    end_mandate(make.db, held, clock=clock)
    cancel_sitting(make.db, sitting.id, "Grève des trains.", clock=clock)
    assert told(make, "sitting_changed") == [stays.id]


def test_cancelling_asks_for_a_word_and_is_for_good(make: Make, clock: Clock) -> None:
    sitting = plan(make)
    make.dossier(stage="mise_en_place")
    with refused("word_missing"):
        cancel_sitting(make.db, sitting.id, " ", clock=clock)
    cancel_sitting(make.db, sitting.id, "Grève des trains.", clock=clock)
    message = make.db.execute(select(Message).where(Message.notice == "sitting_changed")).scalars().first()
    assert message
    assert message.values["reason"] == "Grève des trains."
    assert "new_held" not in message.values
    with refused("sitting_settled"):
        change_sitting(make.db, sitting.id, MAY, clock=clock)
    with refused("sitting_settled"):
        cancel_sitting(make.db, sitting.id, "Encore.", clock=clock)


def test_a_committee_that_has_met_changes_no_more(make: Make, clock: Clock) -> None:
    sitting = plan(make)
    clock.forward(days=250)
    with refused("sitting_settled"):
        change_sitting(make.db, sitting.id, Days(date(2027, 10, 1), date(2027, 9, 1)), clock=clock)
    with refused("gone"):
        cancel_sitting(make.db, "inconnu", "x", clock=clock)
