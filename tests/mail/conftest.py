"""Rows of the outbox, and what is in them."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

import config
from app.db import Database
from app.mail.outbox import deliver_next
from app.mail.render import Letter, letter
from app.models import DemoMail, Message, Person
from tests.conftest import Clock

Write = Callable[..., Letter]


@pytest.fixture
def in_context(app: Flask) -> Iterator[Flask]:
    """The worker's own surroundings: an application, no request."""
    with app.app_context():
        yield app


@pytest.fixture
def write(in_context: Flask, session: Session, settings: config.Settings) -> Write:
    """The letter of a row, in a language and a zone."""

    def write(message: Message, locale: str = "fr", zone: str = "Europe/Paris") -> Letter:
        reader = session.get_one(Person, message.person_id)
        reader.locale, reader.zone = locale, zone
        return letter(session, message, reader, settings=settings, keys=in_context.extensions["keys"])

    return write


@pytest.fixture
def deliver(in_context: Flask, database: Database, settings: config.Settings, clock: Clock) -> Callable[..., int]:
    """Send everything that is due, and say how many were tried."""

    def deliver(settings: config.Settings = settings, database: Database = database) -> int:
        sent = 0
        while deliver_next(database, settings=settings, keys=in_context.extensions["keys"], clock=clock):
            sent += 1
        return sent

    return deliver


@pytest.fixture
def mails(database: Database) -> Callable[[], list[DemoMail]]:
    """What arrived in the mailbox of the demonstration."""

    def mails() -> list[DemoMail]:
        with database.session(writes=False) as db:
            return list(db.execute(select(DemoMail).order_by(DemoMail.received_at, DemoMail.id)).scalars())

    return mails


@pytest.fixture
def rows(database: Database) -> Callable[..., list[Message]]:
    """Rows of the outbox, by their notice and their reader."""

    def rows(**asked: Any) -> list[Message]:
        with database.session(writes=False) as db:
            return list(db.execute(select(Message).filter_by(**asked).order_by(Message.written_at)).scalars())

    return rows
