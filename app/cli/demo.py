"""`flask demo`: the demonstration, never in production."""

import secrets

import click
from flask import current_app
from flask.cli import AppGroup

from app.db import database
from app.demo.load import load_demo
from app.files.store import store_for
from app.operations.people import hash_password

demo = AppGroup("demo", help="The demonstration.")


@demo.command("load")
def load() -> None:
    """Load the real register and a fictional network with its history; loaded already, nothing changes."""
    settings = current_app.config["SETTINGS"]
    if settings.production:
        raise click.ClickException("The demonstration is never loaded in production. Set DEMO=1 to try the house.")
    password = secrets.token_urlsafe(12)
    hashed = hash_password(password)
    now, keys = current_app.config["CLOCK"](), current_app.extensions["keys"]
    with database().session(writes=True) as db:
        loaded = load_demo(db, store=store_for(settings), keys=keys, now=now, password=hashed)
        db.commit()
    if loaded is None:
        click.echo("The demonstration is loaded already.")
        return
    click.echo(
        f"{loaded.known} structures of the public register; in the fictional network, {loaded.structures} structures, "
        f"{loaded.people} persons and {loaded.dossiers} dossiers. Everybody’s password: {password}"
    )
