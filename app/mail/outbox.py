"""Sending what was promised, once: a row is leased, its reader's rights are asked again, it leaves, it is marked.

Each worker takes one row at a time. `fence` grows with each lease, so that a worker that wakes after its lease has
ended marks nothing. The identifier of a message comes from its row: a copy sent after a broken line is the same
message to its reader's mailbox.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import structlog
from flask import current_app
from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from app.clock import Clock
from app.db import Database
from app.keys import Keys
from app.mail.postman import AFTER_THE_DOT, AcknowledgementLost, Postman, Undeliverable
from app.mail.render import LABEL, Letter, letter
from app.mail.rights import of_label
from app.mail.told import TOLD
from app.models import DemoMail, Message, Person
from app.models.outbox import Engine
from app.queries.actors import actor
from config import Settings

log = structlog.get_logger()
LEASE = timedelta(seconds=AFTER_THE_DOT) + timedelta(minutes=2)
FIRST_WAIT = timedelta(minutes=5)
LONGEST_WAIT = timedelta(hours=6)
MOST_TRIES = 10
UNKNOWN_WAIT = timedelta(minutes=10)
LIVE = ("waiting", "unknown")


@dataclass(frozen=True)
class Leased:
    """A row this worker may send and mark while its fence stands."""

    id: str
    fence: int
    tries: int
    status: str


@dataclass(frozen=True)
class Ready:
    """A letter and whom it is for."""

    letter: Letter
    name: str
    email: str


@dataclass(frozen=True)
class Mark:
    """What became of a row."""

    status: str
    why: str = ""
    wait: timedelta | None = None
    delivered: Ready | None = None


def deliver_next(database: Database, *, settings: Settings, keys: Keys, clock: Clock) -> bool:
    """Send the next message that is due. False when none is."""
    with database.session(writes=True) as db:
        leased = claim(db, clock())
        db.commit()
    if leased is None:
        return False
    marked = attempt(database, leased, settings=settings, keys=keys, clock=clock)
    with database.session(writes=True) as db:
        if mark(db, leased, marked, settings=settings, at=clock()):
            db.commit()
        else:
            log.warning("lease_lost", message=leased.id)
    log.info("mail", message=leased.id, status=marked.status)
    return True


def claim(db: Session, at: datetime) -> Leased | None:
    """Lease the oldest message that is due and that no other worker holds; a notice this version does not know stays.

    On PostgreSQL a row another worker is claiming is skipped; on SQLite writers come one after the other.
    """
    known = or_(Message.notice.in_([str(notice) for notice in Engine]), Message.notice.startswith(LABEL))
    free = or_(Message.lease_until.is_(None), Message.lease_until <= at)
    oldest = (
        select(Message.id)
        .where(Message.status.in_(LIVE), Message.due_at <= at, free, known)
        .order_by(Message.due_at, Message.written_at, Message.id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .cte("oldest")
    )
    row = db.execute(
        update(Message)
        .where(Message.id.in_(select(oldest.c.id)))
        .values(lease_until=at + LEASE, fence=Message.fence + 1, tries=Message.tries + 1)
        .returning(Message.id, Message.fence, Message.tries, Message.status)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    return Leased(*row) if row else None


def attempt(database: Database, leased: Leased, *, settings: Settings, keys: Keys, clock: Clock) -> Mark:
    """Write the letter and send it, outside any transaction."""
    try:
        with database.session(writes=False) as db:
            message = db.get_one(Message, leased.id)
            if why := refused(db, message, clock()):
                return Mark("cancelled", why)
            reader = db.get_one(Person, message.person_id)
            written = letter(db, message, reader, settings=settings, keys=keys)
            ready = Ready(written, reader.name, reader.email)
    except Exception as error:
        # One message that cannot be written must not hold up the others.
        log.exception("letter", message=leased.id)
        return later(leased, type(error).__name__)
    return carry(ready, leased, settings)


def refused(db: Session, message: Message, at: datetime) -> str:
    """Why a message must not leave any more, as a key of `rights.REASONS`; empty when it may."""
    reader = actor(db, message.person_id, at)
    if reader is None:
        return "access_ended"
    asked = of_label if message.notice.startswith(LABEL) else TOLD[Engine(message.notice)].right
    return asked(db, reader, message, at)


def carry(ready: Ready, leased: Leased, settings: Settings) -> Mark:
    """Hand a letter to the mail server, when there is one, and say what became of it."""
    sent = Mark("sent", delivered=ready)
    if settings.mail_server is None:
        return sent
    postman: Postman = current_app.extensions["postman"]
    identifier = message_id(leased.id, settings)
    try:
        postman.carry(ready.letter, to=ready.email, message_id=identifier, reply_to=settings.mail_reply_to)
    except Undeliverable as error:
        return Mark("failed", str(error))
    except AcknowledgementLost:
        twice = leased.status == "unknown"
        return Mark("failed" if twice else "unknown", "acknowledgement_lost", None if twice else UNKNOWN_WAIT)
    except OSError as error:
        return later(leased, f"{type(error).__name__} {error}")
    return sent


def later(leased: Leased, why: str) -> Mark:
    """Try again after a wait that doubles, until it has been tried enough."""
    if leased.tries >= MOST_TRIES:
        return Mark("failed", why)
    return Mark(leased.status, why, min(FIRST_WAIT * 2 ** (leased.tries - 1), LONGEST_WAIT))


def mark(db: Session, leased: Leased, marked: Mark, *, settings: Settings, at: datetime) -> bool:
    """Store what became of a row, if its lease is still this worker's; a demonstration keeps the mail itself too."""
    values: dict[str, Any] = {"status": marked.status, "why": printable(marked.why), "lease_until": None}
    if marked.wait is not None:
        values["due_at"] = at + marked.wait
    if marked.delivered is not None:
        values["sent_at"] = at
    held = db.execute(
        update(Message)
        .where(Message.id == leased.id, Message.fence == leased.fence)
        .values(values)
        .returning(Message.id)
        .execution_options(synchronize_session=False)
    ).scalar_one_or_none()
    if held and marked.delivered and not settings.production:
        db.add(demo_mail(leased, marked.delivered, settings, at))
    return held is not None


def demo_mail(leased: Leased, ready: Ready, settings: Settings, at: datetime) -> DemoMail:
    return DemoMail(
        outbox_id=leased.id,
        to_name=ready.name,
        to_email=ready.email,
        subject=ready.letter.subject[:300],
        text=ready.letter.text,
        html=ready.letter.html,
        message_id=message_id(leased.id, settings),
        received_at=at,
    )


def message_id(row: str, settings: Settings) -> str:
    """The same for every copy of one message."""
    return f"<{row}@{urlsplit(settings.base_url).hostname}>"


def printable(why: str) -> str:
    return "".join(sign if sign.isprintable() else " " for sign in why)[:300]
