"""Two worlds that differ in one secret and in nothing else: the same draws, the same moments, the same acts."""

import hashlib
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask

import config
from app import create_app
from app.mail.outbox import deliver_next
from tests.conftest import Clock, Visitor
from tests.database import Server
from tests.make import Make
from tests.personas import Cast, cast, end

Secret = Callable[[Make, Cast], None]


def voted(choice: str | None) -> Secret:
    """The last voice gives an opinion, or does not: that is the secret."""

    def act(make: Make, made: Cast) -> None:
        if choice is not None:
            make.cast(made.world, made.world.members[-1], choice)

    return act


class Draws:
    """What `secrets` would draw, from a seed: two worlds draw the same, even after an act that only one of them did."""

    def __init__(self, seed: str) -> None:
        self.sow(seed)

    def sow(self, seed: str) -> None:
        self.seed, self.drawn = seed, 0

    def bytes(self, size: int | None = None) -> bytes:
        self.drawn += 1
        return hashlib.shake_256(f"{self.seed}/{self.drawn}".encode()).digest(size or 32)

    def hex(self, size: int | None = None) -> str:
        return self.bytes(size).hex()

    def urlsafe(self, size: int | None = None) -> str:
        return self.hex(size)[: (4 * (size or 32) + 2) // 3]


@contextmanager
def same_draws(seed: str) -> Iterator[Draws]:
    draws = Draws(seed)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(secrets, "token_bytes", draws.bytes)
        patch.setattr(secrets, "token_hex", draws.hex)
        patch.setattr(secrets, "token_urlsafe", draws.urlsafe)
        yield draws


@dataclass
class Twin:
    """One of the two worlds."""

    app: Flask
    made: Cast
    draws: Draws


@contextmanager
def twin(
    server: Server, folder: Path, key: Path, secret: Secret, *, ended: bool, maker: type[Make] = Make
) -> Iterator[Twin]:
    """Build a world around a secret; each later step draws from a seed of its own."""
    clock = Clock(datetime(2026, 11, 2, 9, 0, tzinfo=UTC))
    with server.fresh() as url, same_draws("before") as draws:
        settings = config.Settings(
            base_url="http://localhost",
            data_dir=folder,
            database_url=url,
            secret_key="a secret for the tests alone, of more than 32 characters",
            signing_key_file=key,
            testing=True,
            mail_sender="reseau@fabrique.example",
        )
        app = create_app(settings, clock)
        app.config["WTF_CSRF_ENABLED"] = False
        app.config["PROPAGATE_EXCEPTIONS"] = False
        app.test_client_class = Visitor
        database = app.extensions["database"]
        with database.session(writes=True) as session:
            make = maker(session, clock, app.extensions["keys"])
            made = cast(make, all_vote=False)
            clock.forward(minutes=7)
            draws.sow("secret")
            secret(make, made)
            draws.sow("after")
            clock.forward(minutes=7)
            if ended:
                end(make, made)
            make.commit()
        with app.app_context():
            while deliver_next(database, settings=settings, keys=app.extensions["keys"], clock=clock):
                pass
        yield Twin(app, made, draws)
        database.engine.dispose()
