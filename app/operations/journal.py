"""The only door through which a state changes.

Status is stored, history is appended: each call here changes a dossier or a poll and adds one entry to its chain, in
the transaction of its caller, who holds the subject's lock. What is personal enters as a salted commitment whose value
sits in `opening` and can be erased one day without breaking the chain.
"""

import json
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Dossier, Entry, Opening, Poll
from app.models.base import new_id
from workflows import ledger


def chain_of(subject: Dossier | Poll) -> str:
    return f"{'poll' if isinstance(subject, Poll) else 'dossier'}:{subject.id}"


def head(db: Session, chain: str) -> tuple[int, str]:
    """Height and hash of a chain's last entry; height 0 and the genesis hash before the first."""
    last = db.execute(
        select(Entry.height, Entry.hash).where(Entry.chain == chain).order_by(Entry.height.desc()).limit(1)
    ).one_or_none()
    return (last.height, last.hash) if last else (0, ledger.GENESIS)


def append(
    db: Session,
    subject: Dossier | Poll,
    type: str,
    *,
    at: datetime,
    body: Mapping[str, Any] | None = None,
    private: Mapping[str, str] | None = None,
) -> Entry:
    """Add one entry to the subject's chain. The caller holds the subject's lock.

    `private` values (names, seats, choices, reasons) enter the hash as commitments under 32 random bytes each.
    """
    chain = chain_of(subject)
    height, parent = head(db, chain)
    openings = {name: (value, secrets.token_bytes(ledger.SALT_BYTES)) for name, value in (private or {}).items()}
    content = {
        "at": at.isoformat(timespec="microseconds"),
        **(body or {}),
        ledger.COMMITMENTS: {name: ledger.commit(name, value, salt) for name, (value, salt) in openings.items()},
    }
    entry = Entry(
        id=new_id(),
        chain=chain,
        height=height + 1,
        parent=parent,
        type=type,
        body=ledger.canonical(content).decode(),
        hash=ledger.entry_hash(domain=chain, parent=parent, height=height + 1, type=type, body=content),
        at=at,
    )
    db.add(entry)
    db.flush()
    db.add_all(
        Opening(entry_id=entry.id, name=name, value=value, salt=salt.hex()) for name, (value, salt) in openings.items()
    )
    return entry


def advance(
    db: Session,
    subject: Dossier | Poll,
    to: str,
    type: str,
    *,
    at: datetime,
    body: Mapping[str, Any] | None = None,
    private: Mapping[str, str] | None = None,
) -> Entry:
    """Move a dossier to a stage, or a poll to a status, and append the entry that says so."""
    if isinstance(subject, Poll):
        before, subject.status = subject.status, to
    else:
        before, subject.stage = subject.stage, to
        subject.stage_since = at
    return append(db, subject, type, at=at, body={"from": before, "to": to, **(body or {})}, private=private)


def content(entry: Entry) -> dict[str, Any]:
    """What an entry says, as it was hashed."""
    found: dict[str, Any] = json.loads(entry.body)
    return found
