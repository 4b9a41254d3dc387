"""Pages of a structure that holds the appellation: what is expected of it, its opinion, and what came of it."""

from flask import Blueprint

pages = Blueprint("member", __name__, url_prefix="/comite")

from app.web.member import (  # noqa: E402  # the views register themselves on `pages`
    ballots,
    expected,
    links,
    polls,
    questions,
    reading,
    receipts,
    results,
    sheet,
)

__all__ = [
    "ballots",
    "expected",
    "links",
    "pages",
    "polls",
    "questions",
    "reading",
    "receipts",
    "results",
    "sheet",
]
