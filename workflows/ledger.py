"""The ledger: a canonical form, chains of hashes and salted commitments, all checkable without the server.

No clock and no randomness: salts and signatures come in as values.
"""

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

Json: TypeAlias = bool | int | str | list["Json"] | dict[str, "Json"] | None

GENESIS = "0" * 64
SALT_BYTES = 32
COMMITMENTS = "commitments"
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
RECEIPT_GROUPS = 4


def canonical(value: object) -> bytes:
    """The one form of a value that is hashed: JSON in UTF-8, keys sorted by code point, no spaces, strings as they are.

    Raises TypeError for anything but None, bool, int, str, list and dict with string keys (a float first of all), and
    ValueError for a lone surrogate, which UTF-8 cannot hold.
    """
    _check(value)
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))
    return text.encode("utf-8")


def digest(value: object) -> str:
    """SHA-256 of the canonical form, in hexadecimal. Raises as `canonical` does."""
    return hashlib.sha256(canonical(value)).hexdigest()


def commit(name: str, value: object, salt: bytes) -> str:
    """A commitment to a named value: it says nothing of the value until salt and value are shown together.

    The salt is 32 random bytes: a bare hash of one choice among four is a guess. Raises ValueError for another length.
    """
    if len(salt) != SALT_BYTES:
        raise ValueError(f"a salt has {SALT_BYTES} bytes")
    return _hash(b"commitment", salt, name.encode("utf-8"), canonical(value))


def entry_hash(*, domain: str, parent: str, height: int, type: str, body: Mapping[str, Json]) -> str:
    """SHA-256 of domain ‖ parent ‖ height ‖ type ‖ canonical body, in hexadecimal.

    Each part follows its own length in bytes (8 bytes, big-endian), so that no two entries share one input; the height
    is written in decimal. The domain is the name of the chain. Raises ValueError unless the parent is 64 hexadecimal
    digits and the height 1 or more.
    """
    if height < 1:
        raise ValueError("heights start at 1")
    parts = (domain.encode("utf-8"), _hexadecimal(parent).encode("ascii"), str(height).encode("ascii"))
    return _hash(*parts, type.encode("utf-8"), canonical(dict(body)))


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a chain, as stored: `hash` is the stored one, so that it can be found wrong.

    Heights start at 1, on a parent of 64 zeros. Salted commitments to personal values sit, by name, under
    `body["commitments"]`.
    """

    chain: str
    height: int
    parent: str
    type: str
    body: Mapping[str, Json]
    hash: str


@dataclass(frozen=True, slots=True)
class Fault:
    """What a check found: bad_hash, bad_parent, missing_height, duplicate_height, bad_opening or known_hash_missing.

    `height` is None where the fault has no place of its own; `name` is the opening's name, or the hash that is missing.
    """

    chain: str
    height: int | None
    code: str
    name: str | None = None


def append(chain: str, head: Entry | None, type: str, body: Mapping[str, Json]) -> Entry:
    """The entry that follows `head` in its chain, or the first one."""
    parent, height = (head.hash, head.height + 1) if head else (GENESIS, 1)
    hashed = entry_hash(domain=chain, parent=parent, height=height, type=type, body=body)
    return Entry(chain, height, parent, type, body, hashed)


def verify(entries: Iterable[Entry]) -> list[Fault]:
    """The first bad entry of each chain, in the order chains appear; empty when all hold. Entries come in any order.

    Entries cut from the end, and a chain rewritten whole, leave no fault here: give `verify_known` a hash kept outside.
    """
    faults = (_first_fault(chain, sorted(of_chain, key=_height)) for chain, of_chain in _chains(entries).items())
    return [fault for fault in faults if fault]


def verify_known(entries: Iterable[Entry], known: Mapping[str, Collection[str]]) -> list[Fault]:
    """Hashes kept outside the server (receipts, anchors), by chain, that no entry of that chain bears any more."""
    chains = _chains(entries)
    return [
        Fault(chain, None, "known_hash_missing", kept)
        for chain, hashes in known.items()
        for kept in hashes
        if kept not in {entry.hash for entry in chains.get(chain, ())}
    ]


def verify_openings(entry: Entry, openings: Iterable[tuple[str, object, bytes]]) -> list[Fault]:
    """Openings that do not open a commitment of this entry: another value, another salt, or a name it does not have."""
    committed = _commitments(entry)
    return [
        Fault(entry.chain, entry.height, "bad_opening", name)
        for name, value, salt in openings
        if name not in committed or committed[name] != commit(name, value, salt)
    ]


def count_erased(entry: Entry, openings: Iterable[tuple[str, object, bytes]]) -> int:
    """How many commitments of this entry have no opening left: erased values, counted and no fault."""
    return len(_commitments(entry).keys() - {name for name, _, _ in openings})


def receipt_code(hash: str) -> str:
    """A code to read aloud for an entry's hash: its first 80 bits, four groups of four, without O, 0, I and 1.

    Raises ValueError unless the hash is 64 hexadecimal digits.
    """
    bits = int(_hexadecimal(hash)[:20], 16)
    letters = [ALPHABET[bits >> shift & 31] for shift in range(75, -1, -5)]
    return "-".join("".join(letters[group * 4 : group * 4 + 4]) for group in range(RECEIPT_GROUPS))


def head_of_heads(heads: Mapping[str, str]) -> str:
    """One hash for the heads of all chains (chain → hash), in whatever order they come: the daily anchor."""
    return _hash(b"heads", canonical({chain: _hexadecimal(head) for chain, head in heads.items()}))


def _check(value: object) -> None:
    if isinstance(value, dict):
        for key, inner in value.items():
            if not isinstance(key, str):
                raise TypeError(f"a key is a string, not {key!r}")
            _check(inner)
    elif isinstance(value, list):
        for inner in value:
            _check(inner)
    elif not (value is None or isinstance(value, bool | int | str)):
        raise TypeError(f"no canonical form for {value.__class__.__name__}")


def _hash(*parts: bytes) -> str:
    return hashlib.sha256(b"".join(len(part).to_bytes(8, "big") + part for part in parts)).hexdigest()


def _hexadecimal(hash: str) -> str:
    if not re.fullmatch(r"[0-9a-f]{64}", hash):
        raise ValueError("a hash is 64 hexadecimal digits in lower case")
    return hash


def _height(entry: Entry) -> int:
    return entry.height


def _chains(entries: Iterable[Entry]) -> dict[str, list[Entry]]:
    chains: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        chains[entry.chain].append(entry)
    return chains


def _commitments(entry: Entry) -> dict[str, Json]:
    committed = entry.body.get(COMMITMENTS)
    return committed if isinstance(committed, dict) else {}


def _first_fault(chain: str, entries: list[Entry]) -> Fault | None:
    before = Entry(chain, 0, "", "", {}, GENESIS)
    for previous, entry in pairwise([before, *entries]):
        if entry.height != previous.height + 1:
            behind = entry.height <= previous.height
            code = "duplicate_height" if behind else "missing_height"
            return Fault(chain, entry.height if behind else previous.height + 1, code)
        if entry.parent != previous.hash:
            return Fault(chain, entry.height, "bad_parent")
        if entry.hash != _recomputed(entry):
            return Fault(chain, entry.height, "bad_hash")
    return None


def _recomputed(entry: Entry) -> str | None:
    try:
        return entry_hash(
            domain=entry.chain, parent=entry.parent, height=entry.height, type=entry.type, body=entry.body
        )
    except (TypeError, ValueError):
        return None
