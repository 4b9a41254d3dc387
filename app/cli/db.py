"""`flask db`: the tables."""

from pathlib import Path

import click
from alembic import command
from alembic.config import Config
from flask.cli import AppGroup

from app.db import database, prepare

MIGRATIONS = Path(__file__).parent.parent.parent / "migrations"

databases = AppGroup("db", help="The tables.")


@databases.command("upgrade")
def upgrade() -> None:
    """Bring the tables to this version of the house."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with database().engine.connect() as connection:
        prepare(connection, writes=True)
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.commit()
    click.echo("The tables are up to date.")
