"""The structure's own pages: where its dossier stands, what it lacks, what it writes and files, what it decides."""

from flask import Blueprint, abort

from app.web.doors import me

pages = Blueprint("candidate", __name__, url_prefix="/dossiers")


@pages.before_request
def sign_in_first() -> None:
    """A link in a letter leads to the way in, then back to its page: whether the dossier exists is said to nobody."""
    if me().is_anonymous:
        abort(401)


from app.web.candidate import (  # noqa: E402, F401  # they fill `pages`
    again,
    agreements,
    answers,
    dossiers,
    exchanges,
    joint,
    passages,
    pieces,
    questions,
    strands,
)
