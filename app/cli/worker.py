"""`flask worker`: what time brings, and the letters that leave."""

import signal

import click
from flask import current_app
from flask.cli import with_appcontext

from app.worker import worker


@click.command("worker", help="Close and open polls, deliver messages, clear what has expired.")
@click.option("--once", is_flag=True, help="One round, then stop.")
@with_appcontext
def work(once: bool) -> None:
    """Go round until SIGTERM or SIGINT; what is under way is finished first."""
    mine = worker(current_app._get_current_object())  # type: ignore[attr-defined]  # a proxy's own door
    if once:
        mine.round()
        return
    for asked in (signal.SIGTERM, signal.SIGINT):
        signal.signal(asked, lambda *_: mine.stopping.set())
    click.echo("The worker has begun.")
    mine.run()
    click.echo("The worker has stopped.")
