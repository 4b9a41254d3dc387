"""Where a letter leads: always the configured address of the site, never what a request said."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import current_app
from sqlalchemy.orm import Session

from app.keys import Keys
from app.models import Message
from app.queries import letters
from config import Settings

Link = Callable[[Session, Message, Settings, Keys], str]
INVITATION = "invitation"


def address(settings: Settings, endpoint: str, values: Mapping[str, Any]) -> str:
    """The address of a page."""
    path: str = current_app.url_map.bind("").build(endpoint, values)
    return settings.base_url + path


def page(endpoint: str, **named: str) -> Link:
    """A page of the site; `named` says which value of a row fills which part of its address."""

    def link(_db: Session, message: Message, settings: Settings, _keys: Keys) -> str:
        return address(settings, endpoint, {part: message.values[value] for part, value in named.items()})

    return link


def invitation_link(db: Session, message: Message, settings: Settings, keys: Keys) -> str:
    """An invitation's own address, whose token is made here: nothing usable is stored."""
    invitation = letters.invitation_sent(db, message.values["invitation"])
    expires = int(invitation.expires_at.timestamp())
    token = keys.token(INVITATION, invitation.id, expires, invitation.nonce)
    values = {"invitation_id": invitation.id, "expires": expires, "token": token}
    return address(settings, "account.invitation", values)
