"""The second entry: what may be written, when, and what a new version changes."""

from datetime import date

import pytest

from tests.operations.seen import refused
from tests.workflows.definitions import fabrique, village
from workflows.agreement import (
    LONGEST_STEP,
    LONGEST_WORDS,
    MOST_STEPS,
    Match,
    Terms,
    awaited_at,
    changed,
    months,
    open_at,
    terms,
    unmatched,
)

TODAY = date(2026, 11, 2)


def written(
    recognised: str = "Douze ans de détection.",
    remaining: str = "L’étude d’opportunité.",
    until: str = "2027-06",
    steps: list[tuple[str, str]] | None = None,
) -> Terms:
    return terms(
        fabrique().steps, recognised=recognised, remaining=remaining, until=until, steps=steps or [], today=TODAY
    )


def test_it_is_awaited_at_the_stage_of_the_second_entry_and_nowhere_else() -> None:
    awaiting = [stage.key for stage in fabrique().stages if awaited_at(fabrique(), stage.key)]
    assert awaiting == [fabrique().entry("a_posteriori").stage]
    assert not any(awaited_at(village(), stage.key) for stage in village().stages)


@pytest.mark.parametrize(
    ("stage", "first", "later"),
    [
        ("modalites", True, True),
        ("experimentation", False, True),
        ("demande", False, False),
        ("comite", False, False),
        ("en_pause", False, False),
    ],
)
def test_it_begins_where_it_is_awaited_and_goes_on_during_experimentation(stage: str, first: bool, later: bool) -> None:
    assert open_at(fabrique(), stage, written=False) is first
    assert open_at(fabrique(), stage, written=True) is later


def test_a_line_without_a_name_is_left_out_and_one_without_an_equal_is_the_structures_own() -> None:
    steps = [("Tendre l’oreille", "detection"), ("  ", "porteur"), ("Mettre la table", "")]
    assert written(steps=steps).steps == (Match("Tendre l’oreille", "detection"), Match("Mettre la table", None))


def test_what_is_recognised_and_what_remains_are_both_said() -> None:
    with refused("recognised_missing"):
        written(recognised="  ")
    with refused("remaining_missing"):
        written(remaining="")


@pytest.mark.parametrize(
    ("until", "code"),
    [
        ("", "month_missing"),
        ("juin 2027", "month_missing"),
        ("2027-13", "month_missing"),
        ("2026-10", "month_past"),
        ("2032-11", "month_too_far"),
    ],
)
def test_a_month_is_this_one_or_a_later_one_within_six_years(until: str, code: str) -> None:
    with refused(code):
        written(until=until)


def test_the_first_and_the_last_month_that_may_be_chosen_pass() -> None:
    assert (months(TODAY)[0], months(TODAY)[-1]) == ("2026-11", "2032-10")
    assert [written(until=month).until for month in ("2026-11", "2032-10")] == ["2026-11", "2032-10"]


def test_a_step_that_the_craft_does_not_name_is_refused() -> None:
    with refused("unknown_step", step="magie"):
        written(steps=[("La nôtre", "magie")])


def test_the_longest_words_pass_and_one_sign_more_is_refused() -> None:
    assert written(recognised="a" * LONGEST_WORDS, steps=[("b" * LONGEST_STEP, "")])
    with refused("text_too_long", limit=LONGEST_WORDS):
        written(remaining="a" * (LONGEST_WORDS + 1))
    with refused("text_too_long", limit=LONGEST_STEP):
        written(steps=[("b" * (LONGEST_STEP + 1), "")])
    with refused("too_many_steps", most=MOST_STEPS):
        written(steps=[(f"étape {number}", "") for number in range(MOST_STEPS + 1)])


def test_a_version_says_which_parts_it_changes() -> None:
    before = written()
    assert changed(before, before) == ()
    assert changed(before, before._replace(until="2027-09", recognised="Treize ans.")) == ("recognised", "until")
    assert changed(before, written(steps=[("La veillée", "creativite")])) == ("steps",)


def test_the_steps_of_the_craft_that_nothing_stands_beside_are_named() -> None:
    agreed = written(steps=[("a", "detection"), ("b", "creativite"), ("c", "")])
    assert unmatched(fabrique(), agreed) == ("opportunite", "porteur", "faisabilite", "lancement")
