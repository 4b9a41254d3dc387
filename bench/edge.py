"""S1: a hello through every middleware of the house, beside a hello of bare Flask, in process."""

from collections.abc import Callable, Iterable
from statistics import median

from flask import Flask
from werkzeug.test import create_environ, run_wsgi_app

from bench.house import House
from bench.rounds import Seconds, interleaved, timed
from bench.table import BESIDE, Line, judged

HELLOS, ROUNDS = 200, 7
SHARE = 40  # percent of bare Flask
GOAL = f"≥ {SHARE} % of bare Flask"


def hello() -> str:
    return "hello"


def bare_flask() -> Flask:
    app = Flask("bare")
    app.add_url_rule("/hello", view_func=hello)
    return app


def asked(app: Flask, cookie: str = "") -> Callable[[], Seconds]:
    """Requests through the WSGI door, answers read to their end."""

    def ask() -> None:
        environ = create_environ("/hello", "http://127.0.0.1/")
        if cookie:
            environ["HTTP_COOKIE"] = cookie
        answer: tuple[Iterable[bytes], str, object] = run_wsgi_app(app, environ)
        assert (b"".join(answer[0]), answer[1]) == (b"hello", "200 OK")

    return lambda: timed(ask, HELLOS)


def measure(house: House) -> list[Line]:
    house.app.add_url_rule("/hello", view_func=hello)
    with house.making() as make:
        person = make.holder().person.id
    found = interleaved(
        {
            "bare": asked(bare_flask()),
            "house": asked(house.app),
            "signed in": asked(house.app, house.signed_in(person)),
        },
        ROUNDS,
    )
    bare, ours, signed = (1e6 * median(median(one) for one in found[name]) for name in ("bare", "house", "signed in"))
    share = 100 * bare / ours
    figure = f"{ours:.0f} µs for {bare:.0f} µs: {share:.0f} %"
    beside = f"signed in, session and identity read: {signed:.0f} µs, {100 * bare / signed:.0f} %"
    return [judged("S1", figure, GOAL, share >= SHARE), Line("S1", beside, "", BESIDE)]
