"""V1: a cast with everything on beside one raw transaction of the driver, on PostgreSQL, durable."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import count
from statistics import median
from time import perf_counter
from typing import Any

import psycopg
from sqlalchemy import event

from app.clock import utc_now
from app.keys import RECEIPT
from app.models.base import new_id
from app.operations.polls.cast import Opinion, cast_ballot
from app.policies import Act, may
from app.queries.actors import actor
from app.queries.scopes import poll_scope
from bench.house import House
from bench.rounds import Seconds, interleaved, percentile, timed, together
from bench.table import BESIDE, Line, judged
from tests.make import World
from workflows.voting import Choice

CLIENTS, CASTS, ROUNDS = 8, 40, 5
ONE, EIGHT = 20, 13  # percent of the floor
GOAL_ONE, GOAL_EIGHT, GOAL_TAIL = f"≥ {ONE} % of raw", f"≥ {EIGHT} % of raw", "p99 ≤ 3 × p50"


class Voter:
    """A person before one poll, who changes her mind at each turn."""

    def __init__(self, house: House, world: World) -> None:
        self.house, self.world = house, world
        self.member = world.members[0]
        self.version = 0

    def cast(self) -> None:
        """Who asks, may she, the act, the commit: what the view of a cast does once the form is read."""
        poll, person = self.world.poll.id, self.member.person.id
        opinion = Opinion(Choice("for"), "Le savoir-faire est là.", self.version, new_id())
        with self.house.database.session(writes=True) as db:
            me = actor(db, person, utc_now())
            assert me is not None
            assert may(me, Act.CAST_BALLOT, poll_scope(db, poll, me))
            structure, keys = self.member.structure.id, self.house.keys
            self.version = cast_ballot(db, poll, structure, opinion, by=me, clock=utc_now, keys=keys).version
            db.commit()


class Raw:
    """The floor: one UPDATE, one INSERT, one commit, on a connection that stays open."""

    def __init__(self, address: str, number: int, numbers: Iterator[int]) -> None:
        self.connection = psycopg.connect(address)
        self.number, self.numbers = number, numbers

    def cast(self) -> None:
        self.connection.execute("UPDATE raw_poll SET votes = votes + 1 WHERE id = %s", (self.number,))
        vote = (next(self.numbers), self.number, "for", "Le savoir-faire est là.")
        self.connection.execute("INSERT INTO raw_vote (id, poll, choice, reasons) VALUES (%s, %s, %s, %s)", vote)
        self.connection.commit()


def raw_voters(address: str, stack: ExitStack) -> list[Raw]:
    with psycopg.connect(address, autocommit=True) as admin:
        admin.execute("CREATE TABLE raw_poll (id integer PRIMARY KEY, votes integer NOT NULL)")
        admin.execute("CREATE TABLE raw_vote (id integer PRIMARY KEY, poll integer, choice text, reasons text)")
        admin.execute("INSERT INTO raw_poll SELECT n, 0 FROM generate_series(0, 100) n")
    numbers = count(1)
    voters = [Raw(address, number, numbers) for number in range(CLIENTS)]
    for voter in voters:
        stack.enter_context(voter.connection)
    return voters


def measure(house: House) -> list[Line]:
    with house.making() as make:
        worlds = [make.poll_of([make.holder() for _ in range(3)]) for _ in range(CLIENTS)]
    voters = [Voter(house, world) for world in worlds]
    with ExitStack() as stack:
        address = house.database.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        floor = raw_voters(address, stack)
        rates: dict[str, list[float]] = {"raw 8": [], "cast 8": []}
        found = interleaved(
            {
                "raw 1": alone(floor[0]),
                "cast 1": alone(voters[0]),
                "raw 8": crowd(floor, rates["raw 8"]),
                "cast 8": crowd(voters, rates["cast 8"]),
            },
            ROUNDS,
        )
    lines = one_client(found["raw 1"], found["cast 1"]) + crowded(rates, found["cast 8"])
    missed = any(line.verdict == "missed" for line in lines)
    return lines + ([layers(house, voters[0])] if missed else [])


def alone(voter: Voter | Raw) -> Callable[[], Seconds]:
    return lambda: timed(voter.cast, CASTS)


def crowd(voters: list[Voter] | list[Raw], rates: list[float]) -> Callable[[], Seconds]:
    def run() -> Seconds:
        durations, elapsed = together([alone(voter) for voter in voters])
        rates.append(len(durations) / elapsed)
        return durations

    return run


def one_client(raw: list[Seconds], cast: list[Seconds]) -> list[Line]:
    floor, ours = (1 / median(median(one) for one in rounds) for rounds in (raw, cast))
    share = 100 * ours / floor
    figure = f"1 client: {ours:,.0f}/s for {floor:,.0f}/s raw: {share:.0f} %"
    return [judged("V1", figure, GOAL_ONE, share >= ONE), tail("1 client", cast)]


def crowded(rates: dict[str, list[float]], cast: list[Seconds]) -> list[Line]:
    floor, ours = (median(rates[name][1:]) for name in ("raw 8", "cast 8"))
    share = 100 * ours / floor
    figure = f"{CLIENTS} clients: {ours:,.0f}/s for {floor:,.0f}/s raw: {share:.0f} %"
    return [judged("V1", figure, GOAL_EIGHT, share >= EIGHT), tail(f"{CLIENTS} clients", cast)]


def tail(who: str, rounds: list[Seconds]) -> Line:
    every = [one for durations in rounds for one in durations]
    half, last = percentile(every, 50) * 1000, percentile(every, 99) * 1000
    return judged(
        "V1", f"{who}: p50 {half:.1f} ms, p99 {last:.1f} ms: × {last / half:.1f}", GOAL_TAIL, last <= 3 * half
    )


def layers(house: House, voter: Voter) -> Line:
    """Where the time of a cast goes, in percent: what to look at when the goal is missed."""
    with watched(house) as spent:
        whole = sum(timed(voter.cast, CASTS))
    signing = sum(timed(lambda: house.keys.sign(RECEIPT, "0" * 64), CASTS))
    known = {"driver and database": spent["statements"], "commit": spent["commit"], "signature": signing}
    known["Python: mapping, rules, chain"] = whole - sum(known.values())
    shares = " · ".join(f"{name} {100 * part / whole:.0f} %" for name, part in known.items())
    figure = f"{spent['number'] / CASTS:.0f} statements a cast: {shares}"
    return Line("V1", figure, "the share of each layer", BESIDE)


@contextmanager
def watched(house: House) -> Iterator[dict[str, float]]:
    """The time spent in statements and in commits, and the number of statements."""
    spent, since = {"statements": 0.0, "commit": 0.0, "number": 0.0}, [0.0]
    engine, dialect = house.database.engine, house.database.engine.dialect
    commit = dialect.do_commit

    def before(*_: Any) -> None:
        since[0] = perf_counter()

    def after(*_: Any) -> None:
        spent["statements"] += perf_counter() - since[0]
        spent["number"] += 1

    def timed_commit(connection: Any) -> None:
        begun = perf_counter()
        commit(connection)
        spent["commit"] += perf_counter() - begun

    event.listen(engine, "before_cursor_execute", before)
    event.listen(engine, "after_cursor_execute", after)
    dialect.do_commit = timed_commit  # type: ignore[assignment, method-assign]  # taken back below
    try:
        yield spent
    finally:
        dialect.do_commit = commit  # type: ignore[method-assign]
        event.remove(engine, "before_cursor_execute", before)
        event.remove(engine, "after_cursor_execute", after)
