"""`flask journal`: proof that history was not rewritten."""

import click
from flask import current_app
from flask.cli import AppGroup

from app.db import database
from app.queries.integrity import verify_journal

journal = AppGroup("journal", help="The journal.")


@journal.command("verify")
@click.option("--receipt", "receipts", multiple=True, help="A hash that somebody kept outside this house.")
def verify(receipts: tuple[str, ...]) -> None:
    """Read every entry again: chains, values, ballots and counts."""
    with database().session(writes=False) as db:
        report = verify_journal(db, current_app.extensions["keys"], receipts)
    for fault in report.faults:
        click.echo(f"FAULT  {fault}")
    erased = f", {report.erased} values erased" if report.erased else ""
    click.echo(f"{report.entries} entries in {report.chains} chains{erased}: {len(report.faults)} faults.")
    if not receipts:
        click.echo("Without a receipt kept outside, entries cut from the end of a chain cannot be seen.")
    raise SystemExit(0 if report.sound else 1)
