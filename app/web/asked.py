"""Which browser asked for a link to sign in: a cookie of ten minutes, whose hash alone is stored with the link."""

import secrets

from flask import Response, current_app, request

from app.operations.sign_in import LINK_LASTS
from app.web.sessions import hashed

LONGEST = 100


def cookie() -> str:
    return "__Host-lien" if https() else "lien"


def https() -> bool:
    return bool(current_app.config["SETTINGS"].https)


def new_browser() -> str:
    """What a browser is given when it asks."""
    return secrets.token_urlsafe(32)


def remember_browser(answer: Response, given: str) -> None:
    answer.set_cookie(cookie(), given, max_age=LINK_LASTS, path="/", httponly=True, samesite="Lax", secure=https())


def forget_browser(answer: Response) -> None:
    answer.delete_cookie(cookie(), path="/", httponly=True, samesite="Lax", secure=https())


def this_browser() -> str:
    """The hash of what this browser was given; empty when it did not ask, or too long ago."""
    given = request.cookies.get(cookie(), "")
    return hashed(given) if 0 < len(given) <= LONGEST else ""
