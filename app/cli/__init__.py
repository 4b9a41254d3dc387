"""What whoever runs the house types: `flask db`, `flask labels`, `flask journal`, `flask people`,
`flask demo`, `flask worker`."""

from flask import Flask

from app.cli.db import databases
from app.cli.demo import demo
from app.cli.journal import journal
from app.cli.labels import labels
from app.cli.people import people
from app.cli.worker import work


def init_app(app: Flask) -> None:
    for command in (databases, demo, journal, labels, people, work):
        app.cli.add_command(command)
