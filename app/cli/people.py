"""`flask people`: the first administrator, and the last resort when a code is lost and nobody else is left."""

import click
import structlog
from flask import current_app
from flask.cli import AppGroup

from app.db import database
from app.mail.links import invitation_address
from app.operations.mandates import administrators
from app.operations.people import invite, newest_invitation, person_of
from app.operations.second_factor import remove_second_factor
from workflows.refused import Refused

log = structlog.get_logger()
people = AppGroup("people", help="Who administers the site.")


@people.command("first-administrator")
@click.argument("email")
@click.argument("name")
def first_administrator(email: str, name: str) -> None:
    """Invite the first person who administers the site, and print her link once: seven days, one use."""
    settings, keys = current_app.config["SETTINGS"], current_app.extensions["keys"]
    with database().session(writes=True) as db:
        if administrators(db):
            raise click.ClickException("Somebody administers the site already: she invites the others.")
        try:
            person = invite(db, name=name, email=email, role="administrator", clock=current_app.config["CLOCK"])
        except Refused as error:
            raise click.ClickException(f"Refused: {error.code}.") from error
        invitation = newest_invitation(db, person.id)
        db.commit()
    if invitation is None:
        click.echo("She has an access already: she signs in as before.")
        return
    log.info("first_administrator_invited", person=person.id)
    click.echo(invitation_address(invitation, settings, keys))


@people.command("remove-second-factor")
@click.argument("email")
def remove_lost_factor(email: str) -> None:
    """Take a lost second factor away, where no two administrators can: she is told by mail."""
    with database().session(writes=True) as db:
        try:
            person = person_of(db, email)
            remove_second_factor(db, person.id, clock=current_app.config["CLOCK"])
        except Refused as error:
            raise click.ClickException(f"Refused: {error.code}.") from error
        db.commit()
    log.info("second_factor_removed", person=person.id, by="command line")
    click.echo("Taken away. She is told by mail, and adds another when she signs in.")
