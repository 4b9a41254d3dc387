"""Two bare pages for who runs the site: alive, and ready."""

from flask import Flask
from sqlalchemy import text

from app import db


def init_app(app: Flask) -> None:
    @app.get("/healthz")
    def healthz() -> tuple[str, int]:
        """The process answers."""
        return "ok\n", 200

    @app.get("/readyz")
    def readyz() -> tuple[str, int]:
        """The database answers, and its tables are there."""
        db.session().execute(text("SELECT 1 FROM label_version LIMIT 1"))
        return "ready\n", 200
