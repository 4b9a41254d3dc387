"""The worker: what time brings, and the letters that leave.

It closes the polls that are over, opens those whose hour has come, delivers the outbox and clears what has expired,
each in a transaction of its own. It may be killed at any moment, and several may run: the locks and leases of what it
calls see to it.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

import structlog
from flask import Flask
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.clock import Clock
from app.db import Database
from app.keys import Keys
from app.mail.outbox import deliver_next
from app.operations.due import mail_is_due, polls_to_close, polls_to_open, purge_expired
from app.operations.forgetting import forget_enquiries
from app.operations.polls.close import close_poll
from app.operations.polls.open import open_poll
from config import Settings
from workflows.refused import Refused

log = structlog.get_logger()
PAUSE = 5.0  # seconds between two rounds
PURGE_EVERY = timedelta(minutes=10)


@dataclass
class Worker:
    """One worker, from its start to the moment it is asked to stop."""

    settings: Settings
    database: Database
    keys: Keys
    clock: Clock
    stopping: threading.Event = field(default_factory=threading.Event)
    said: set[tuple[str, str]] = field(default_factory=set)
    purged_at: datetime | None = None

    def run(self) -> None:
        """Go round until asked to stop. What is under way is finished first."""
        while not self.stopping.is_set():
            try:
                self.round()
            except DBAPIError as error:
                log.error("database", kind=type(error.orig).__name__)
            self.stopping.wait(PAUSE)

    def round(self) -> None:
        """Do everything that is due now."""
        self.close_polls()
        self.open_polls()
        self.deliver()
        self.purge()

    def close_polls(self) -> None:
        for poll in self.due(polls_to_close):
            self.act("closing", poll, partial(close_poll, clock=self.clock, keys=self.keys))

    def open_polls(self) -> None:
        for poll in self.due(polls_to_open):
            self.act("opening", poll, partial(open_poll, clock=self.clock))

    def deliver(self) -> None:
        """Send until nothing is due any more."""
        while not self.stopping.is_set() and self.mail_waits():
            if not deliver_next(self.database, settings=self.settings, keys=self.keys, clock=self.clock):
                return

    def purge(self) -> None:
        at = self.clock()
        if self.purged_at is not None and at < self.purged_at + PURGE_EVERY:
            return
        with self.database.session(writes=True) as db:
            purge_expired(db, at, idle=timedelta(seconds=self.settings.session_idle))
            forget_enquiries(db, at)
            db.commit()
        self.purged_at = at

    def due(self, read: Callable[[Session, datetime], list[str]]) -> list[str]:
        with self.database.session(writes=False) as db:
            return read(db, self.clock())

    def mail_waits(self) -> bool:
        with self.database.session(writes=False) as db:
            return mail_is_due(db, self.clock())

    def act(self, what: str, poll: str, make: Callable[[Session, str], object]) -> None:
        """Make one act in its own transaction. A refusal is said once in the log, and stops nothing else."""
        try:
            with self.database.session(writes=True) as db:
                make(db, poll)
                db.commit()
        except Refused as refusal:
            if (poll, refusal.code) not in self.said:
                log.warning("refused", act=what, poll=poll, why=refusal.code)
            self.said.add((poll, refusal.code))
        except DBAPIError as error:
            log.error("database", act=what, poll=poll, kind=type(error.orig).__name__)
        else:
            log.info("done", act=what, poll=poll)


def worker(app: Flask) -> Worker:
    """A worker of this application. It writes letters, so it runs within the application's context."""
    return Worker(app.config["SETTINGS"], app.extensions["database"], app.extensions["keys"], app.config["CLOCK"])
