"""M1: the memory of a web process of the real server, request after request."""

import http.client
import re
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path

import config
from app.clock import utc_now
from app.db import Database
from app.keys import create_signing_key, read_keys
from bench.table import Line, judged
from tests.database import Server as DatabaseServer
from tests.faults.forms import Browser
from tests.faults.ground import COOKIE, session_of
from tests.faults.server import Server, members
from tests.make import Make

WARM, REQUESTS = 2_000, 10_000
MOST, GROWTH = 150, 5  # megabytes, percent
GOAL = f"< {MOST} MB, flat, after {REQUESTS:,} requests"


def measure(database: DatabaseServer, folder: Path) -> list[Line]:
    """One worker, so that every request is its; pages of all audiences, the same ones over and over."""
    with database.fresh() as url:
        server = Server(folder, url, workers=1)
        visits = prepared(server, url)
        server.start()
        try:
            statuses = visit(visits, WARM)
            warm = resident(server)
            statuses |= visit(visits, REQUESTS - WARM)
            last = resident(server)
        finally:
            server.kill()
    growth = 100 * (last - warm) / warm
    odd = f", answers {sorted(statuses)}" if statuses != {200} else ""
    figure = f"{last:.0f} MB after {REQUESTS:,} requests, {warm:.0f} MB after {WARM:,}: {growth:+.1f} %{odd}"
    return [judged("M1", figure, GOAL, last < MOST and growth <= GROWTH and statuses == {200})]


def prepared(server: Server, url: str) -> Iterator[tuple[Browser, str]]:
    """Who reads what: a visitor, an elector before her poll, an officer before her lists."""
    settings = config.parsed(server.environment)
    create_signing_key(settings.signing_key_file)
    keys, opened = read_keys(settings.secret_key, settings.signing_key_file), Database(url)
    with opened.session(writes=True) as db:
        world = Make(db, utc_now, keys).poll(electors=12)
        cookies = [f"{COOKIE}={session_of(db, one.id)}" for one in (world.members[0].person, world.officer)]
        db.commit()
    opened.engine.dispose()
    visitor, elector, officer = (Browser(server.port, cookie) for cookie in ("", *cookies))
    poll, dossier = world.poll.id, world.dossier.id
    return cycle(
        [
            (visitor, "/"),
            (visitor, "/reseau"),
            (elector, "/comite"),
            (elector, f"/comite/consultations/{poll}/avis"),
            (officer, "/avise"),
            (officer, "/avise/dossiers"),
            (officer, f"/avise/dossiers/{dossier}"),
        ]
    )


def visit(visits: Iterator[tuple[Browser, str]], number: int) -> set[int]:
    """Read so many pages; gives the statuses they were answered with."""
    found = set()
    for browser, path in islice(visits, number):
        try:
            found.add(browser.get(path).status)
        except (OSError, http.client.HTTPException):
            found.add(0)
    return found


def resident(server: Server) -> float:
    """The resident memory of the server's largest process, in megabytes."""
    assert server.process is not None
    status = [Path(f"/proc/{pid}/status").read_text() for pid in members(server.process.pid)]
    return max(int(re.findall(r"VmRSS:\s+(\d+)", text)[0]) / 1000 for text in status)
