"""The demonstration alone: its mailbox, and signing in as one of its fictional persons."""

from flask import Blueprint

pages = Blueprint("demo", __name__, url_prefix="/demo")

from app.web.demo import mailbox, persons  # noqa: E402, F401  # the views register on `pages`
