"""A campaign: electors give their opinions while the whole server is killed, again and again."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import config
from app.db import Database
from app.keys import create_signing_key, read_keys
from tests.faults import checks
from tests.faults.cast import Acknowledged, cast
from tests.faults.forms import Browser
from tests.faults.ground import Elector, prepare
from tests.faults.server import Server

LULL = (0.0, 0.1)  # seconds between a threshold of acknowledgements and the kill
EVERY = 0.005


@dataclass(frozen=True)
class Plan:
    """How many polls, electors, client threads and kills; `seconds` is the longest the casting may take."""

    polls: int
    electors: int
    threads: int
    kills: int
    seconds: float
    seed: int = 20261102

    @property
    def ballots(self) -> int:
        return self.polls * self.electors


@dataclass
class Log:
    """What the clients know: the truth of a campaign."""

    acknowledged: list[Acknowledged] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Figures:
    """What a campaign found. `cut` ballots had to be sent again with the same key; `unanswered` are those of them that
    were committed already, their answer lost. `seconds` is how long the casting took."""

    database: str
    acknowledged: int
    kills: int
    cut: int
    unanswered: int
    seconds: float
    faults: list[str]
    errors: list[str]

    def line(self) -> str:
        return (
            f"{self.database}: {self.acknowledged} acknowledged under {self.kills} kills in {self.seconds:.0f} s, "
            f"{self.cut} cut and sent again with the same key ({self.unanswered} of them committed already), "
            f"{len(self.faults)} faults, {len(self.errors)} errors"
        )


def run(folder: Path, database_url: str, plan: Plan) -> Figures:
    """Prepare, cast under kills, and look at what is left."""
    server = Server(folder, database_url)
    settings = config.parsed(server.environment)
    create_signing_key(settings.signing_key_file)
    keys = read_keys(settings.secret_key, settings.signing_key_file)
    with opened(settings.database_url) as database:
        with database.session(writes=True) as db:
            electors = prepare(db, keys, polls=plan.polls, electors=plan.electors, seed=plan.seed)
        log, killed, seconds = cast_under_kills(server, plan, electors)
        told = log.acknowledged
        found = checks.faults(database, server, keys, [one.ballot for one in told])
        with database.session(writes=False) as db:
            unanswered = checks.committed_before(db, told)
        kind = "SQLite" if database.sqlite else "PostgreSQL"
    cut = sum(one.cut > 0 for one in told)
    return Figures(kind, len(told), killed, cut, unanswered, seconds, found, log.errors)


@contextmanager
def opened(url: str) -> Iterator[Database]:
    database = Database(url)
    try:
        yield database
    finally:
        database.engine.dispose()


def cast_under_kills(server: Server, plan: Plan, electors: list[Elector]) -> tuple[Log, int, float]:
    """Let the electors loose, kill and start again at even steps of what they were acknowledged; stop everything."""
    log, begun = Log(), time.monotonic()
    until = begun + plan.seconds
    shares = [electors[first :: plan.threads] for first in range(plan.threads)]
    threads = [threading.Thread(target=vote, args=(server.port, share, log, until)) for share in shares]
    server.start()
    try:
        for thread in threads:
            thread.start()
        killed = kill_often(server, plan, log, threads)
        for thread in threads:
            thread.join()
    finally:
        server.kill()
    return log, killed, time.monotonic() - begun


def vote(port: int, electors: list[Elector], log: Log, until: float) -> None:
    """One client: its electors take turns, each with her own session, which thus never falls asleep."""
    browsers = [Browser(port, elector.cookie) for elector in electors]
    try:
        for turn in zip(*(elector.ballots for elector in electors), strict=True):
            for browser, ballot in zip(browsers, turn, strict=True):
                log.acknowledged.append(cast(browser, ballot, until=until))
    except Exception as error:
        log.errors.append(f"{type(error).__name__}: {error}")
    finally:
        for browser in browsers:
            browser.close()


def kill_often(server: Server, plan: Plan, log: Log, threads: list[threading.Thread]) -> int:
    """Kill the whole group each time another share of the ballots is acknowledged, and start it again at once."""
    random, killed = Random(plan.seed), 0
    for kill in range(1, plan.kills + 1):
        while len(log.acknowledged) < plan.ballots * kill // (plan.kills + 1):
            if not all(thread.is_alive() for thread in threads) and log.errors:
                return killed
            time.sleep(EVERY)
        time.sleep(random.uniform(*LULL))
        server.kill()
        killed += 1
        server.start()
    return killed
