"""What every view does before it acts: know who asks, let in or not, read the clock."""

from datetime import datetime
from typing import NoReturn, TypeVar

from flask import abort, current_app, g

from app.actor import NOBODY, Actor
from app.clock import Clock
from app.keys import Keys
from app.policies import Act, Make, Thing, may

Found = TypeVar("Found")


def me() -> Actor:
    """Who is asking."""
    found: Actor = g.get("me", NOBODY)
    return found


def clock() -> Clock:
    """The one source of time."""
    found: Clock = current_app.config["CLOCK"]
    return found


def now() -> datetime:
    """The moment this page is read at."""
    return clock()()


def keys() -> Keys:
    found: Keys = current_app.extensions["keys"]
    return found


def found_or_404(thing: Found | None) -> Found:
    """The thing, or the page of what does not exist: what is invisible looks the same as what is not."""
    if thing is None:
        missing()
    return thing


def missing() -> NoReturn:
    abort(404)


def allow(act: Act | Make, thing: Thing = None) -> None:
    """Let in who may; 403 for the others, and the way to sign in for who has not said who she is."""
    if may(me(), act, thing):
        return
    abort(401 if me().is_anonymous else 403)
