"""Devices a person has signed in from: a cookie that proves it, and nothing on our side to steal."""

import hmac
import secrets
from datetime import timedelta

from flask import Response, current_app, request

from app.web.doors import keys, now

LASTS = timedelta(days=180)
LONGEST = 200
PURPOSE = "device"


def cookie() -> str:
    return "__Host-appareil" if current_app.config["SETTINGS"].https else "appareil"


def known_device(person_id: str | None) -> str | None:
    """The name of this device, when its cookie proves that this person has signed in from it."""
    written = request.cookies.get(cookie(), "")
    parts = written.split(".")
    if not person_id or len(written) > LONGEST or len(parts) != 3 or not parts[0].isdecimal():
        return None
    expires, nonce, token = int(parts[0]), parts[1], parts[2]
    expected = keys().token(PURPOSE, person_id, expires, nonce)
    proved = hmac.compare_digest(expected.encode(), token.encode())
    return nonce if proved and expires > now().timestamp() else None


def remember_device(answer: Response, person_id: str) -> None:
    """Give the device its proof, for half a year."""
    expires, nonce = int((now() + LASTS).timestamp()), secrets.token_urlsafe(16)
    answer.set_cookie(
        cookie(),
        f"{expires}.{nonce}.{keys().token(PURPOSE, person_id, expires, nonce)}",
        max_age=LASTS,
        httponly=True,
        samesite="Lax",
        path="/",
        secure=current_app.config["SETTINGS"].https,
    )
