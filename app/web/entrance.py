"""Letting somebody in: nothing of the session before it is kept but the language, and its identifier changes.

What the session then holds: `since`, when she came in before this time (ISO 8601, UTC; absent at her first time);
`proof`, how and when she last proved who she is; `browser`, its family.
"""

from datetime import datetime, timedelta
from typing import cast

import structlog
from flask import g, request, session
from flask_login import login_user

from app import db
from app.actor import Actor
from app.operations.account import make_room, note_sign_in
from app.queries.actors import actor
from app.web.browsers import family
from app.web.doors import now
from app.web.sessions import DatabaseSession

log = structlog.get_logger()
FRESH = timedelta(minutes=10)
LINK = "link"


def let_in(person_id: str, *, by: str = "") -> Actor | None:
    """Sign a person in; nobody when her access has ended meanwhile. `by` is what she proved who she is with."""
    at = now()
    with db.short_transaction(writes=True) as own:
        person = actor(own, person_id, at)
        make_room(own, person_id)
        before = note_sign_in(own, person_id, at)
    if person is None:
        return None
    start_again()
    if before:
        session["since"] = before.isoformat()
    session["browser"] = family(request.headers.get("User-Agent", "")[:300])
    login_user(person)
    g.me = person
    session.pop("_id", None)
    if by:
        prove(by)
    log.info("signed_in", person=person.id, by=by)
    return person


def start_again() -> None:
    """Empty the session but for its language, under a new identifier."""
    language = session.get("language")
    session.clear()
    if language:
        session["language"] = language
    opened().renew()


def prove(by: str) -> None:
    """Remember how she has just proved who she is."""
    session["proof"] = {"by": by, "at": now().isoformat()}


def proved_by() -> str:
    """How she proved who she is within the last ten minutes; empty when that was longer ago."""
    proof = session.get("proof")
    if not proof or datetime.fromisoformat(proof["at"]) <= now() - FRESH:
        return ""
    return str(proof["by"])


def opened() -> DatabaseSession:
    """The session of this request."""
    return cast(DatabaseSession, session._get_current_object())  # type: ignore[attr-defined]  # a proxy's own door
