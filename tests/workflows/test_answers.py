"""Answers of every kind: what is typed is read once, stored once, and shown again as it was meant."""

from datetime import date
from typing import get_args

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from app.words_refusals import REFUSALS
from tests.workflows.definitions import fabrique, village
from workflows.answers import (
    LONGEST_LINE,
    LONGEST_TEXT,
    MOST_ROWS,
    READERS,
    Raw,
    Said,
    Value,
    given,
    read,
    said,
    types_in,
    words_of,
)
from workflows.label import Criterion, Label, Text
from workflows.label_parts import AnswerKind
from workflows.refused import Refused

LABELS = {
    "partenaires": fabrique(),
    "partenaires_types": fabrique(),
    "etapes_menees": fabrique(),
    "depuis": fabrique(),
    "temps_equipe": fabrique(),
    "territoires": fabrique(),
    "arbres": village(),
    "marche": village(),
    "sol": village(),
    "devise": village(),
}


def asked(key: str) -> tuple[Label, Criterion]:
    return LABELS[key], LABELS[key].criterion(key)


def sent(key: str, raw: Raw) -> Value:
    return read(*asked(key), raw)


def refusal(key: str, raw: Raw) -> Refused:
    with pytest.raises(Refused) as caught:
        sent(key, raw)
    return caught.value


def test_the_two_definitions_ask_in_every_kind_there_is() -> None:
    assert {asked(key)[1].kind for key in LABELS} == set(READERS) == set(get_args(AnswerKind))


@pytest.mark.parametrize(
    ("key", "raw", "stored"),
    [
        ("partenaires", "  e\u0301te\u0301\r\n\r\nDeux ans.\n", "été\n\nDeux ans."),
        ("devise", " Sous le\ntilleul,  tout va. ", "Sous le tilleul, tout va."),
        ("temps_equipe", "12", "12"),
        ("temps_equipe", " 0 ", "0"),
        ("temps_equipe", "0007", "7"),
        ("arbres", "4 0\u202f0", "400"),
        ("marche", "2027-05-12", "2027-05-12"),
        ("marche", "12/5/2027", "2027-05-12"),
        ("marche", "29/02/2028", "2028-02-29"),
        ("depuis", "2019-03", "2019-03"),
        ("depuis", "3/2019", "2019-03"),
        ("sol", "terre", "terre"),
        ("etapes_menees", ("porteur", "detection", "porteur"), '["detection","porteur"]'),
        (
            "partenaires_types",
            (("", ""), ("ess", " Les  Amis "), ("ess", "Les Amis"), ("etat", "L’État")),
            '[["ess","Les Amis"],["etat","L’État"]]',
        ),
        ("territoires", (("commune", "Ormeval"),), '[["commune","Ormeval"]]'),
    ],
)
def test_what_is_typed_is_stored_in_one_form(key: str, raw: Raw, stored: str) -> None:
    value = sent(key, raw)
    assert value == Value(stored, words_of(stored) if asked(key)[1].worded else 1)


@pytest.mark.parametrize("key", LABELS)
def test_nothing_given_is_nothing_stored(key: str) -> None:
    nothing: Raw = () if asked(key)[1].kind in ("choices", "partners", "territories") else " "
    nothing = "" if key == "sol" else nothing
    assert sent(key, nothing) == Value("", 0)
    assert said(*asked(key), "") == Said("text", ())


#: The catalogue of hostile times and numbers: none is a date, a month or a number of ours.
TIMES = (
    "0001-01-01", "9999-12-31", "2027-02-29", "2027-05-12T24:00", "2027-05-12+99:99", "1899-12-31", "2101-01-01",
    "NaN", "1e309", "٢٠٢٧-٠٥-١٢", "12 mai 2027", "2027-05-12 10:00", "2016-12-31T23:59:60Z", "-1", "2027-13-01",
    "00/00/2027", "2027-5-1", "２０２７-05-12",
)  # fmt: skip
NUMBERS = (
    "NaN",
    "Infinity",
    "1e3",
    "1e309",
    "٣",
    "３",
    "12,5",
    "12.5",
    "0x10",
    "--1",
    "1-",
    "douze",
    "1_000",
    "½",
    "²",
)


@pytest.mark.parametrize("typed", TIMES)
def test_what_is_no_date_is_refused(typed: str) -> None:
    assert refusal("marche", typed).code == "date_malformed"


@pytest.mark.parametrize("typed", [*TIMES, "2027-00", "2027-13", "mai 2027", "13/2027", "2027", "0000-01"])
def test_what_is_no_month_is_refused(typed: str) -> None:
    assert refusal("depuis", typed).code == "month_malformed"


@pytest.mark.parametrize("typed", NUMBERS)
def test_what_is_no_integer_is_refused(typed: str) -> None:
    assert refusal("temps_equipe", typed).code == "number_malformed"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("501", "number_too_big"),
        ("9" * 4500, "number_too_big"),
        ("-1", "number_too_small"),
        ("-" + "9" * 4500, "number_too_small"),
    ],
)
def test_a_number_out_of_its_bounds_is_refused_with_them(typed: str, code: str) -> None:
    error = refusal("temps_equipe", typed)
    assert error.code == code
    assert set(error.values.values()) <= {0, 500}


@pytest.mark.parametrize("typed", ["gazon", "pave ", "PAVE", "pave,terre", "\x00"])
def test_a_choice_is_one_of_those_proposed(typed: str) -> None:
    assert refusal("sol", typed).code == "choice_unknown"


def test_choices_are_among_those_proposed() -> None:
    assert refusal("etapes_menees", ("detection", "autre")).code == "choice_unknown"


@pytest.mark.parametrize(
    ("key", "raw", "code"),
    [
        ("partenaires_types", (("", "Les Amis"),), "partner_type_unknown"),
        ("partenaires_types", (("commune", "Les Amis"),), "partner_type_unknown"),
        ("partenaires_types", (("ess", " "),), "partner_name_missing"),
        ("territoires", (("ess", "Ormeval"),), "territory_kind_unknown"),
        ("territoires", (("commune", ""),), "territory_name_missing"),
        ("territoires", tuple(("commune", f"Ormeval {n}") for n in range(MOST_ROWS + 1)), "too_many_rows"),
        ("territoires", (("commune", "a" * (LONGEST_LINE + 1)),), "text_too_long"),
        ("devise", "a" * (LONGEST_LINE + 1), "text_too_long"),
        ("partenaires", "a" * (LONGEST_TEXT + 1), "text_too_long"),
    ],
)
def test_a_list_says_what_is_wrong_with_its_lines(key: str, raw: Raw, code: str) -> None:
    assert refusal(key, raw).code == code


@pytest.mark.parametrize("key", LABELS)
def test_a_list_is_no_scalar_and_a_scalar_no_list(key: str) -> None:
    wrong: tuple[Raw, ...] = ((), ("12",), (("commune", "Ormeval"),))
    if asked(key)[1].kind == "choices":
        wrong = ("detection", (("commune", "Ormeval"),))
    if asked(key)[1].kind in ("partners", "territories"):
        wrong = ("commune", ("commune",))
    assert [refusal(key, raw).code for raw in wrong] == ["answer_malformed"] * len(wrong)


def test_every_refusal_of_an_answer_has_its_sentence() -> None:
    lines = (read.__doc__ or "").split("Raises `Refused`:")[1]
    codes = {word.strip("`,.\n ") for word in lines.split()}
    assert len(codes) == 13
    assert codes <= set(REFUSALS)


WORDS = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=60)
ROWS = st.lists(st.tuples(st.sampled_from(["ess", "etat", "habitants"]), WORDS.filter(lambda s: s.strip())), max_size=8)
TYPED = st.one_of(
    st.tuples(st.just("partenaires"), WORDS),
    st.tuples(st.just("devise"), WORDS),
    st.tuples(st.just("temps_equipe"), st.integers(0, 500).map(str)),
    st.tuples(st.just("marche"), st.dates(date(1900, 1, 1), date(2100, 12, 31)).map(str)),
    st.tuples(st.just("depuis"), st.dates(date(1900, 1, 1), date(2100, 12, 31)).map(lambda day: str(day)[:7])),
    st.tuples(st.just("sol"), st.sampled_from(["pave", "terre", ""])),
    st.tuples(st.just("etapes_menees"), st.lists(st.sampled_from(["detection", "porteur"])).map(tuple)),
    st.tuples(st.just("partenaires_types"), ROWS.map(tuple)),
)


@drawn(TYPED)
def test_what_is_shown_again_in_a_form_is_stored_again_as_the_same(typed: tuple[str, Raw]) -> None:
    key, raw = typed
    stored = sent(key, raw).stored
    assert sent(key, given(asked(key)[1], stored)).stored == stored


@drawn(st.text(max_size=40), st.sampled_from(sorted(LABELS)))
def test_whatever_is_stored_can_be_read(stored: str, key: str) -> None:
    assert all(isinstance(line, Text | str) for line in said(*asked(key), stored).lines)
    assert given(asked(key)[1], stored) is not None


@pytest.mark.parametrize("stored", ["[", "[[", "[1]", '[["a"]]', '[["a",1]]', "[" * 5000, '{"a":1}', "[null]"])
def test_a_list_that_is_none_is_shown_as_it_is_written(stored: str) -> None:
    assert said(*asked("territoires"), stored) == Said("text", (stored,))
    assert given(asked("territoires")[1], stored) == ()
    assert types_in(stored) == 0


def test_an_answer_is_said_in_words() -> None:
    assert said(*asked("partenaires"), "Deux\n\nans") == Said("text", ("Deux\n\nans",))
    assert said(*asked("depuis"), "2019-03") == Said("date", ("2019-03",))
    assert said(*asked("temps_equipe"), "12") == Said("list", (Text(fr="12 jours par semaine", en="12 days a week"),))
    assert said(*asked("sol"), "terre") == Said("list", (Text(fr="Terre battue", en="Beaten earth"),))
    assert said(*asked("etapes_menees"), '["porteur","oubliee"]') == Said(
        "list", (Text(fr="Identification d’un porteur", en="Finding who carries the project"), "oubliee")
    )
    assert said(*asked("territoires"), '[["commune","Ormeval"],["lune","Là"]]') == Said(
        "list", (Text(fr="Ormeval (Commune)", en="Ormeval (Commune)"), Text(fr="Là (lune)", en="Là (lune)"))
    )


def test_types_are_counted_once_each() -> None:
    assert types_in('[["ess","a"],["ess","b"],["etat","c"]]') == 2
    assert types_in("") == types_in("Deux communes") == 0
