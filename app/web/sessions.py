"""Sessions of the site: a row in the database, known by the hash of its cookie.

A signed cookie alone would still open the door after sign-out; a row can be deleted. Its identifier changes at
sign-in, and it ends after half an hour without a click or twelve hours in all.
"""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any

from flask import Flask, Request, Response, current_app, request
from flask.sessions import SessionInterface, SessionMixin
from sqlalchemy import delete, select, update
from sqlalchemy.exc import OperationalError
from werkzeug.datastructures import CallbackDict

from app import db
from app.models import WebSession
from config import Settings

TOUCH_AFTER = timedelta(minutes=1)
PERSON = "_user_id"


class DatabaseSession(CallbackDict[str, Any], SessionMixin):
    """What a visitor's session holds; `token` is the secret of her cookie, absent until something is kept."""

    def __init__(self, data: dict[str, Any] | None = None, *, token: str | None = None) -> None:
        def changed(_self: Any) -> None:
            self.modified = True

        super().__init__(data or {}, changed)
        self.token = token
        self.modified = False
        self.renewed = False
        self.seen_at: datetime | None = None
        self.expires_at: datetime | None = None

    def lasts(self, settings: Settings, now: datetime) -> tuple[int, int]:
        """In how many seconds it ends: without a click, and in any case."""
        whole = settings.session_absolute
        if self.expires_at is not None and not self.renewed:
            whole = max(0, int((self.expires_at - now).total_seconds()))
        return settings.session_idle, whole

    def renew(self) -> None:
        """Give the session a new identifier: at sign-in, and at any change of rights."""
        self.renewed = True
        self.modified = True


def hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


class DatabaseSessions(SessionInterface):
    """Reads a session with the identity of its person, writes it after the view in a short transaction."""

    def open_session(self, app: Flask, request: Request) -> DatabaseSession:
        token = request.cookies.get(self.get_cookie_name(app))
        if not token or len(token) > 100 or request.path.startswith("/static/"):
            return DatabaseSession()
        now = app.config["CLOCK"]()
        with db.short_transaction(writes=False) as own:
            row = own.execute(
                select(WebSession).where(WebSession.id == hashed(token), WebSession.expires_at > now)
            ).scalar_one_or_none()
            if row is None or row.seen_at < now - timedelta(seconds=app.config["SETTINGS"].session_idle):
                return DatabaseSession()
            session = DatabaseSession(dict(row.data), token=token)
            session.seen_at, session.expires_at = row.seen_at, row.expires_at
            if row.person_id:
                session.setdefault(PERSON, row.person_id)
                session.modified = False
        return session

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if not isinstance(session, DatabaseSession):
            return
        now = app.config["CLOCK"]()
        idle = session.seen_at is not None and session.seen_at < now - TOUCH_AFTER
        if not session.modified and not idle:
            return
        try:
            self._write(app, session, response, now)
        except OperationalError:
            if response.status_code < 500:
                raise
            db.forget_connection()

    def _write(self, app: Flask, session: DatabaseSession, response: Response, now: datetime) -> None:
        name = self.get_cookie_name(app)
        with db.short_transaction(writes=True) as own:
            if session.token and (session.renewed or not session):
                own.execute(delete(WebSession).where(WebSession.id == hashed(session.token)))
            if not session:
                response.delete_cookie(name, **self._cookie(app))
                return
            if session.token and not session.renewed:
                own.execute(
                    update(WebSession)
                    .where(WebSession.id == hashed(session.token))
                    .values(data=dict(session), seen_at=now)
                )
                return
            token = secrets.token_urlsafe(32)
            lifetime = timedelta(seconds=app.config["SETTINGS"].session_absolute)
            own.add(
                WebSession(
                    id=hashed(token),
                    person_id=session.get(PERSON),
                    data=dict(session),
                    created_at=now,
                    seen_at=now,
                    expires_at=now + lifetime,
                )
            )
        response.set_cookie(name, token, **self._cookie(app))
        response.headers.add("Vary", "Cookie")

    def _cookie(self, app: Flask) -> dict[str, Any]:
        return {"httponly": True, "samesite": "Lax", "path": "/", "secure": app.config["SETTINGS"].https}


def ended_person() -> str | None:
    """Whose session this cookie was, when it has ended by its age or for want of a click; nobody for any other cookie.

    A row that was deleted, at sign-out or at a change of rights, says nothing.
    """
    token = request.cookies.get(current_app.config["SESSION_COOKIE_NAME"])
    if not token or len(token) > 100:
        return None
    now, idle = current_app.config["CLOCK"](), timedelta(seconds=current_app.config["SETTINGS"].session_idle)
    with db.short_transaction(writes=False) as own:
        row = own.execute(select(WebSession).where(WebSession.id == hashed(token))).scalar_one_or_none()
    if row is None or (row.expires_at > now and row.seen_at >= now - idle):
        return None
    return row.person_id or row.data.get(PERSON)


def init_app(app: Flask) -> None:
    https = app.config["SETTINGS"].https
    app.config["SESSION_COOKIE_NAME"] = "__Host-appellation" if https else "appellation"
    app.session_interface = DatabaseSessions()
