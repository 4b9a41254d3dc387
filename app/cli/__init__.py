"""What whoever runs the house types: `flask db`, `flask labels`, `flask journal`, `flask demo`, `flask worker`."""

from flask import Flask

from app.cli.db import databases
from app.cli.journal import journal
from app.cli.labels import labels


def init_app(app: Flask) -> None:
    for command in (databases, journal, labels):
        app.cli.add_command(command)
