"""Letting somebody in: nothing of the session before it is kept but the language, and its identifier changes."""

from typing import cast

import structlog
from flask import session
from flask_login import login_user

from app import db
from app.operations.account import make_room
from app.policies import Actor
from app.queries.actors import actor
from app.web.doors import now
from app.web.sessions import DatabaseSession

log = structlog.get_logger()


def let_in(person_id: str) -> Actor | None:
    """Sign a person in; nobody when her access has ended meanwhile."""
    with db.short_transaction(writes=True) as own:
        person = actor(own, person_id, now())
        make_room(own, person_id)
    if person is None:
        return None
    language = session.get("language")
    session.clear()
    if language:
        session["language"] = language
    login_user(person)
    session.pop("_id", None)
    opened().renew()
    log.info("signed_in", person=person.id)
    return person


def opened() -> DatabaseSession:
    """The session of this request."""
    return cast(DatabaseSession, session._get_current_object())  # type: ignore[attr-defined]  # a proxy's own door
