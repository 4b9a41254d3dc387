"""Appellation: label applications decided by a committee of peers."""

from flask import Flask
from whitenoise import WhiteNoise

import config
from app import cli, db, errors, health, keys, logs, web, words
from app.clock import Clock, utc_now
from app.mail import postman
from app.retries import House

__version__ = "0.1.0"


def create_app(settings: config.Settings | None = None, clock: Clock = utc_now) -> Flask:
    """Build the application. Raises `config.Unsafe` when production would start on dangerous settings."""
    settings = settings or config.read()
    app = House(__name__)
    app.config.update(
        SETTINGS=settings,
        CLOCK=clock,
        SECRET_KEY=settings.secret_key,
        TESTING=settings.testing,
        DEBUG=settings.debug,
        PROVIDE_AUTOMATIC_OPTIONS=False,
    )
    if settings.demo:
        keys.create_signing_key(settings.signing_key_file)
    app.extensions["keys"] = keys.read_keys(settings.secret_key, settings.signing_key_file)
    logs.init_app(app)
    db.init_app(app)
    words.init_app(app)
    postman.init_app(app)
    errors.init_app(app)
    health.init_app(app)
    web.init_app(app)
    cli.init_app(app)
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]  # the way to wrap a Flask application
        app.wsgi_app, root=app.static_folder, prefix="static/", max_age=0 if settings.debug else 31536000
    )
    return app
