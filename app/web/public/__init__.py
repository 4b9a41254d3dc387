"""Pages that anybody reads: what the appellation is, the network, and how one joins."""

from flask import Blueprint

pages = Blueprint("public", __name__)

from app.web.public import enquiries, house, labels, network  # noqa: E402, F401  # the views register themselves on `pages`
