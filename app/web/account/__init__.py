"""The door of the house and what lies behind it for each person: signing in, an invitation, her own page."""

from flask import Blueprint

pages = Blueprint("account", __name__)

from app.web.account import access, account, colleagues, invitation, links, proof, resumed, second_factor  # noqa: E402, F401  # the views register on `pages`
