"""Chains of entries: what breaks them, where it is found, and what only a hash kept outside can tell."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from workflows.ledger import GENESIS, Entry, Fault, append, entry_hash, verify, verify_known

POLL = "poll/7"
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
bodies = st.dictionaries(texts, st.none() | st.booleans() | st.integers() | texts | st.lists(texts), max_size=2)


def chain(*types, name=POLL):
    entries = []
    for number, kind in enumerate(types):
        entries.append(append(name, entries[-1] if entries else None, kind, {"number": number}))
    return entries


OPENED = chain("opened", "cast", "cast", "extended", "closed")


def test_a_chain_starts_at_height_one_on_a_parent_of_zeros():
    assert (OPENED[0].height, OPENED[0].parent) == (1, GENESIS)
    assert [entry.parent for entry in OPENED[1:]] == [entry.hash for entry in OPENED[:-1]]


def test_an_untouched_ledger_has_no_fault_in_whatever_order_it_is_read():
    ledger = OPENED + chain("asked", "granted", name="dossier/3")
    assert verify(ledger) == []
    assert verify(reversed(ledger)) == []
    assert verify([]) == []


def test_a_changed_body_is_found_where_it_is():
    ledger = list(OPENED)
    ledger[2] = replace(ledger[2], body={"number": 9})
    assert verify(ledger) == [Fault(POLL, 3, "bad_hash")]


def test_a_changed_type_is_found_where_it_is():
    ledger = list(OPENED)
    ledger[1] = replace(ledger[1], type="voided")
    assert verify(ledger) == [Fault(POLL, 2, "bad_hash")]


def test_a_body_that_has_no_canonical_form_is_a_bad_hash_and_breaks_nothing():
    ledger = list(OPENED)
    ledger[2] = replace(ledger[2], body={"number": 2.0})
    assert verify(ledger) == [Fault(POLL, 3, "bad_hash")]


def test_a_changed_entry_hashed_anew_is_found_in_the_next():
    ledger = list(OPENED)
    ledger[2] = append(POLL, ledger[1], "cast", {"number": 9})
    assert verify(ledger) == [Fault(POLL, 4, "bad_parent")]


def test_a_deleted_entry_is_found_by_its_height():
    assert verify(OPENED[:2] + OPENED[3:]) == [Fault(POLL, 3, "missing_height")]
    assert verify(OPENED[1:]) == [Fault(POLL, 1, "missing_height")]


def test_an_inserted_entry_is_found_by_its_height():
    forged = append(POLL, OPENED[1], "cast", {"number": 9})
    assert verify([*OPENED, forged]) == [Fault(POLL, 3, "duplicate_height")]
    assert verify([replace(forged, height=0), *OPENED]) == [Fault(POLL, 0, "duplicate_height")]


def test_two_entries_that_change_places_are_found():
    ledger = list(OPENED)
    ledger[2], ledger[3] = replace(ledger[3], height=3), replace(ledger[2], height=4)
    assert verify(ledger) == [Fault(POLL, 3, "bad_parent")]


def test_an_entry_moved_to_another_chain_is_found():
    moved = [replace(entry, chain="poll/8") for entry in OPENED]
    assert verify(moved) == [Fault("poll/8", 1, "bad_hash")]


def test_a_chain_that_starts_on_another_parent_is_found():
    first = Entry(POLL, 1, "1" * 64, "opened", {}, "")
    first = replace(first, hash=entry_hash(domain=POLL, parent="1" * 64, height=1, type="opened", body={}))
    assert verify([first]) == [Fault(POLL, 1, "bad_parent")]


def test_only_the_first_bad_entry_of_each_chain_is_named():
    ledger = [replace(entry, hash=GENESIS) for entry in OPENED]
    other = chain("asked", "granted", name="dossier/3")
    assert verify(ledger + other[1:]) == [Fault(POLL, 1, "bad_hash"), Fault("dossier/3", 1, "missing_height")]


def test_entries_cut_from_the_end_are_seen_only_with_a_hash_kept_outside():
    cut = OPENED[:-1]
    assert verify(cut) == []
    receipt = OPENED[-1].hash
    assert verify_known(cut, {POLL: [OPENED[0].hash, receipt]}) == [Fault(POLL, None, "known_hash_missing", receipt)]
    assert verify_known(OPENED, {POLL: [receipt]}) == []


def test_a_chain_rewritten_whole_is_seen_only_with_a_hash_kept_outside():
    rewritten = chain("opened", "cast", "closed")
    rewritten[1:] = [append(POLL, rewritten[0], "voided", {})]
    assert verify(rewritten) == []
    assert verify_known(rewritten, {POLL: [OPENED[1].hash]})[0].code == "known_hash_missing"


def test_a_chain_deleted_whole_is_seen_by_its_anchor():
    assert verify_known([], {POLL: [GENESIS]}) == [Fault(POLL, None, "known_hash_missing", GENESIS)]


@settings(max_examples=100, deadline=None)
@given(st.lists(bodies, min_size=1, max_size=6), st.data())
def test_any_change_of_one_entry_is_found_at_it_or_just_after(written, data):
    ledger = []
    for body in written:
        ledger.append(append(POLL, ledger[-1] if ledger else None, "cast", body))
    assert verify(ledger) == []
    at = data.draw(st.integers(0, len(ledger) - 1))
    change = data.draw(st.sampled_from(["body", "type", "parent", "hash", "gone"]))
    if change == "gone":
        del ledger[at]
        assert verify(ledger) == ([Fault(POLL, at + 1, "missing_height")] if at < len(ledger) else [])
        return
    changes = {"body": {"forged": 1, "x" * 9: 2}, "type": "forged", "parent": "f" * 64, "hash": "f" * 64}
    ledger[at] = replace(ledger[at], **{change: changes[change]})
    assert [(fault.chain, fault.height) for fault in verify(ledger)] == [(POLL, at + 1)]
