"""The canonical form, what enters a hash, commitments and their openings, receipts and anchors."""

import hashlib
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workflows.ledger import (
    ALPHABET,
    GENESIS,
    Fault,
    append,
    canonical,
    commit,
    count_erased,
    digest,
    entry_hash,
    head_of_heads,
    receipt_code,
    verify,
    verify_openings,
)

SALT = bytes(range(32))
OTHER_SALT = bytes(32)
POLL = "poll/7"

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)


# The canonical form


def test_the_canonical_form_sorts_keys_and_has_no_spaces():
    assert (
        canonical({"b": [1, True, None], "a": {"é": "œ", "Z": -2}})
        == '{"a":{"Z":-2,"é":"œ"},"b":[1,true,null]}'.encode()
    )


def test_the_canonical_form_leaves_strings_as_they_are():
    composed, decomposed = "é", "e\u0301"
    assert canonical(composed) != canonical(decomposed)
    assert canonical("\u2028") == '"\u2028"'.encode()


@pytest.mark.parametrize(
    "value", [1.0, float("nan"), {"a": [0.5]}, {1: "a"}, {None: 1}, (1, 2), b"a", {1}, object(), {"a": {"b": (1,)}}]
)
def test_a_float_or_anything_that_is_not_plain_has_no_canonical_form(value):
    with pytest.raises(TypeError):
        canonical(value)


def test_a_lone_surrogate_has_no_canonical_form():
    with pytest.raises(ValueError, match="surrogates"):
        canonical("\ud800")


@settings(max_examples=200, deadline=None)
@given(values)
def test_the_canonical_form_reads_back_and_does_not_depend_on_the_order_of_keys(value):
    assert json.loads(canonical(value)) == value
    assert canonical(shuffled(value)) == canonical(value)


@settings(max_examples=200, deadline=None)
@given(values, values)
def test_two_values_have_one_canonical_form_only_when_they_are_one(one, other):
    assert (canonical(one) == canonical(other)) is (repr(shuffled(one, True)) == repr(shuffled(other, True)))


def shuffled(value, in_order=False):
    if isinstance(value, dict):
        keys = sorted(value) if in_order else reversed(list(value))
        return {key: shuffled(value[key], in_order) for key in keys}
    return [shuffled(each, in_order) for each in value] if isinstance(value, list) else value


# Hashes and commitments


def test_an_entry_hashes_to_the_digits_that_another_program_finds():
    parts = [b"poll/7", b"0" * 64, b"1", b"opened", b'{"seats":18}']
    written = b"".join(len(part).to_bytes(8, "big") + part for part in parts)
    found = entry_hash(domain="poll/7", parent=GENESIS, height=1, type="opened", body={"seats": 18})
    assert found == hashlib.sha256(written).hexdigest()
    assert found == "872cee6715505e9bd88fa95ccbd626961e92b80bf9ccf3ef4fa0672cc5b8a804"


CHANGES = {"domain": "poll/8", "parent": "1" * 64, "height": 2, "type": "closed", "body": {"seats": 19}}


@pytest.mark.parametrize("part", CHANGES)
def test_every_part_of_an_entry_enters_its_hash(part):
    parts = {"domain": "poll/7", "parent": GENESIS, "height": 1, "type": "opened", "body": {"seats": 18}}
    assert entry_hash(**parts) != entry_hash(**(parts | {part: CHANGES[part]}))


def test_no_two_entries_share_one_input_by_moving_a_letter_from_part_to_part():
    parts = {"parent": GENESIS, "height": 1, "body": {}}
    assert entry_hash(domain="poll/7", type="opened", **parts) != entry_hash(domain="poll/", type="7opened", **parts)
    assert commit("ab", "c", SALT) != commit("a", "bc", SALT)


@pytest.mark.parametrize("parent", ["", "0" * 63, "0" * 65, "G" * 64, "A" * 64, "0" * 64 + "\n"])
def test_a_parent_is_64_hexadecimal_digits(parent):
    with pytest.raises(ValueError, match="64 hexadecimal digits"):
        entry_hash(domain=POLL, parent=parent, height=1, type="cast", body={})


def test_heights_start_at_one():
    with pytest.raises(ValueError, match="start at 1"):
        entry_hash(domain=POLL, parent=GENESIS, height=0, type="cast", body={})


def test_a_commitment_depends_on_name_value_and_salt():
    one = commit("choice", "for", SALT)
    others = {commit("choice", "against", SALT), commit("seat", "for", SALT), commit("choice", "for", OTHER_SALT)}
    assert len(others | {one}) == 4


@pytest.mark.parametrize("salt", [b"", bytes(31), bytes(33)])
def test_a_commitment_without_a_whole_salt_is_refused(salt):
    with pytest.raises(ValueError, match="32 bytes"):
        commit("choice", "for", salt)


def test_a_digest_is_the_hash_of_the_canonical_form():
    assert digest({"b": 1, "a": 2}) == hashlib.sha256(b'{"a":2,"b":1}').hexdigest()


# Openings


OPENED = append(POLL, None, "opened", {"seats": 18})
CAST = append(
    POLL,
    OPENED,
    "cast",
    {"version": 1, "commitments": {"seat": commit("seat", 4, SALT), "choice": commit("choice", "for", OTHER_SALT)}},
)


def test_openings_that_open_have_no_fault():
    assert verify_openings(CAST, [("seat", 4, SALT), ("choice", "for", OTHER_SALT)]) == []
    assert verify_openings(CAST, []) == []


@pytest.mark.parametrize(
    "opening", [("choice", "against", OTHER_SALT), ("choice", "for", SALT), ("comment", "for", OTHER_SALT)]
)
def test_another_value_another_salt_or_an_unknown_name_opens_nothing(opening):
    assert verify_openings(CAST, [opening]) == [Fault(POLL, 2, "bad_opening", opening[0])]


def test_an_erased_value_is_counted_and_is_no_fault():
    assert count_erased(CAST, [("seat", 4, SALT), ("choice", "for", OTHER_SALT)]) == 0
    assert count_erased(CAST, [("seat", 4, SALT)]) == 1
    assert count_erased(CAST, []) == 2
    assert verify([OPENED, CAST]) == []


def test_an_entry_without_commitments_has_nothing_to_open():
    assert count_erased(OPENED, []) == 0
    assert verify_openings(OPENED, [("seat", 4, SALT)]) == [Fault(POLL, 1, "bad_opening", "seat")]


# Receipts and anchors


def test_a_receipt_code_has_four_groups_of_four_letters_that_cannot_be_misread():
    assert receipt_code("0" * 64) == "2222-2222-2222-2222"
    assert receipt_code("f" * 64) == "ZZZZ-ZZZZ-ZZZZ-ZZZZ"
    assert receipt_code("0123456789abcdef0123" + "0" * 44) == "26KN-CTWB-PH8Y-Y2B5"
    assert (len(set(ALPHABET)), set("OI01") & set(ALPHABET)) == (32, set())


@settings(max_examples=100, deadline=None)
@given(st.binary(min_size=32, max_size=32))
def test_a_receipt_code_says_the_first_80_bits_of_the_hash(hashed):
    letters = receipt_code(hashed.hex()).replace("-", "")
    number = 0
    for letter in letters:
        number = number * 32 + ALPHABET.index(letter)
    assert number.to_bytes(10, "big") == hashed[:10]


def test_a_receipt_code_is_made_of_a_whole_hash_only():
    with pytest.raises(ValueError, match="64 hexadecimal digits"):
        receipt_code("0" * 20)


def test_the_daily_anchor_does_not_depend_on_the_order_of_chains():
    heads = {"poll/7": OPENED.hash, "dossier/3": GENESIS}
    assert head_of_heads(heads) == head_of_heads(dict(reversed(heads.items())))


def test_the_daily_anchor_changes_with_any_head_any_chain_and_any_absence():
    heads = {"poll/7": OPENED.hash, "dossier/3": GENESIS}
    others = [
        heads | {"dossier/3": "f" * 64},
        heads | {"dossier/4": GENESIS},
        {"poll/7": OPENED.hash},
        {"dossier/3": OPENED.hash, "poll/7": GENESIS},
        {},
    ]
    assert len({head_of_heads(each) for each in [heads, *others]}) == 6


def test_the_daily_anchor_is_made_of_whole_hashes_only():
    with pytest.raises(ValueError, match="64 hexadecimal digits"):
        head_of_heads({"poll/7": "abc"})
