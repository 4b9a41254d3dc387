"""Where a letter leads: always the configured address of the site, never what a request said."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import current_app
from sqlalchemy.orm import Session

from app.keys import Keys
from app.models import Invitation, Message
from app.queries import letters
from config import Settings

Link = Callable[[Session, Message, Settings, Keys], str]
INVITATION = "invitation"
SIGN_IN = "sign_in"


def address(settings: Settings, endpoint: str, values: Mapping[str, Any]) -> str:
    """The address of a page."""
    path: str = current_app.url_map.bind("").build(endpoint, values)
    return settings.base_url + path


def page(endpoint: str, **named: str) -> Link:
    """A page of the site; `named` says which value of a row fills which part of its address."""

    def link(_db: Session, message: Message, settings: Settings, _keys: Keys) -> str:
        return address(settings, endpoint, {part: message.values[value] for part, value in named.items()})

    return link


def agreement_link(_db: Session, message: Message, settings: Settings, _keys: Keys) -> str:
    """The agreement of a dossier, on the desk or among the structure's own pages, by the side that is told."""
    endpoint = "staff.agreement" if of_team(message) else "candidate.agreement"
    return address(settings, endpoint, {"dossier_id": message.values["dossier"]})


def of_team(message: Message) -> bool:
    """Whether a notice that both sides receive is told here to the team."""
    return message.values.get("side") == "team"


def invitation_link(db: Session, message: Message, settings: Settings, keys: Keys) -> str:
    return invitation_address(letters.invitation_sent(db, message.values["invitation"]), settings, keys)


def invitation_address(invitation: Invitation, settings: Settings, keys: Keys) -> str:
    """An invitation's own address, whose token is made here: nothing usable is stored."""
    expires = int(invitation.expires_at.timestamp())
    token = keys.token(INVITATION, invitation.id, expires, invitation.nonce)
    values = {"invitation_id": invitation.id, "expires": expires, "token": token}
    return address(settings, "account.invitation", values)


def sign_in_link(db: Session, message: Message, settings: Settings, keys: Keys) -> str:
    """The address that lets a person in from the browser that asked for it."""
    link = letters.sign_in_asked(db, message.values["sign_in"])
    expires = int(link.expires_at.timestamp())
    token = keys.token(SIGN_IN, link.id, expires, link.nonce)
    values = {"link_id": link.id, "expires": expires, "token": token}
    return address(settings, "account.follow_link", values)


def sign_in_code(db: Session, message: Message, keys: Keys) -> str:
    """The same in six digits, « 123 456 », for another browser."""
    link = letters.sign_in_asked(db, message.values["sign_in"])
    code = keys.code(SIGN_IN, link.id, int(link.expires_at.timestamp()), link.nonce)
    return f"{code[:3]} {code[3:]}"
