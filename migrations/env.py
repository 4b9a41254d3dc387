"""Alembic's way in: a migration runs on the connection it is given, or on the configured database."""

from alembic import context
from sqlalchemy import Connection

import config
from app.db import Database, prepare
from app.models import Base


def migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


if (given := context.config.attributes.get("connection")) is not None:
    migrate(given)
else:
    with Database(config.read().database_url).engine.connect() as own:
        prepare(own, writes=True)
        migrate(own)
        own.commit()
