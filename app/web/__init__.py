"""The site: five audiences behind one edge."""

from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from flask import Flask, Response, current_app, flash, g, redirect, request, session, url_for
from flask_babel import Babel
from flask_babel import gettext as _
from flask_login import LoginManager, current_user
from flask_wtf.csrf import CSRFError, CSRFProtect
from werkzeug.exceptions import Unauthorized

from app import db
from app.actor import NOBODY, Actor
from app.clock import Clock
from app.errors import page
from app.queries.actors import actor
from app.web import account, candidate, demo, edge, member, public, sessions, staff
from app.web.entrance import opened
from app.web.lost_sessions import kept_page
from app.web.navigation import navigation

LANGUAGES = ("fr", "en")


def init_app(app: Flask) -> None:
    sessions.init_app(app)
    edge.init_app(app)
    CSRFProtect(app)
    Babel(app, locale_selector=language, timezone_selector=lambda: "Europe/Paris")
    identity(app)
    fresh_files(app)
    pages(app)
    for audience in (public, account, candidate, member, staff):
        app.register_blueprint(audience.pages)
    if app.config["SETTINGS"].demo:
        app.register_blueprint(demo.pages)


def language() -> str:
    """French first: what was chosen on this session, then what the person prefers, then French."""
    chosen = session.get("language")
    if chosen in LANGUAGES:
        return str(chosen)
    me: Actor = g.get("me", NOBODY)
    return me.locale if me.locale in LANGUAGES else "fr"


def identity(app: Flask) -> None:
    """Read who is asking, in a read transaction of its own that has ended before the act begins."""
    login = LoginManager(app)
    login.session_protection = None

    @login.user_loader  # type: ignore[untyped-decorator]  # Flask-Login has no types
    def load(person_id: str) -> Actor | None:
        clock: Clock = current_app.config["CLOCK"]
        with db.short_transaction(writes=False) as own:
            return actor(own, person_id, clock())

    @app.before_request
    def who() -> None:
        if request.endpoint == "static":
            return
        found = current_user._get_current_object()
        g.me = found if isinstance(found, Actor) else NOBODY

    @app.errorhandler(Unauthorized)
    def sign_in_first(_error: Unauthorized) -> Any:
        back = request.path if request.method == "GET" else "/"
        return given_back() or redirect(url_for("account.sign_in", next=back))

    @app.errorhandler(CSRFError)
    def stale_form(_error: CSRFError) -> Any:
        return given_back() or page(400)


def given_back() -> Any:
    """The way in, then back to what somebody was sending when her session ended; nothing where nothing is kept."""
    kept = kept_page()
    if kept is None:
        return None
    flash(
        _("Votre session avait pris fin. Votre saisie est gardée 15 minutes : connectez-vous pour l’envoyer."), "warn"
    )
    return redirect(url_for("account.sign_in", next=kept), 303)


def fresh_files(app: Flask) -> None:
    """A style sheet or a script that changes changes its address: browsers may keep the old one for a year."""

    @cache
    def version(filename: str) -> str:
        return sha256((Path(str(app.static_folder)) / filename).read_bytes()).hexdigest()[:10]

    @app.url_defaults
    def dated(endpoint: str, values: dict[str, Any]) -> None:
        filename = values.get("filename", "")
        if endpoint == "static" and filename.endswith((".css", ".js")):
            values["v"] = version(filename)


def pages(app: Flask) -> None:
    @app.context_processor
    def context() -> dict[str, Any]:
        other = "en" if language() == "fr" else "fr"
        return {
            "me": g.get("me", NOBODY),
            "locale": language(),
            "demo": app.config["SETTINGS"].demo,
            "navigation": navigation(g.get("me", NOBODY)),
            "language_url": url_for("public.choose_language", code=other, next=request.path),
            "links": links(),
            "staying": staying(),
        }

    def staying() -> dict[str, Any]:
        """How long a session lasts, for the page to say it and to warn two minutes before: nothing for a stranger."""
        if g.get("me", NOBODY).is_anonymous:
            return {}
        idle, whole = opened().lasts(app.config["SETTINGS"], app.config["CLOCK"]())
        return {"idle": idle, "whole": whole, "minutes": idle // 60, "url": url_for("account.stay")}

    def links() -> dict[str, str]:
        """The addresses that every page carries."""
        return {
            "home": url_for("public.home"),
            "sign_in": url_for("account.sign_in"),
            "sign_out": url_for("account.sign_out"),
            "help": url_for("public.help_page"),
            "accessibility": url_for("public.accessibility"),
            "privacy": url_for("public.privacy"),
            "legal": url_for("public.legal"),
        }

    @app.after_request
    def private_pages(response: Response) -> Response:
        if request.endpoint != "static":
            response.headers.setdefault("Cache-Control", "no-store")
        return response
