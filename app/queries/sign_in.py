"""A mailed link, for the page it leads to and for the browser that asked."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Person, SignInLink


@dataclass(frozen=True)
class Mailed:
    """A link of somebody whose access has not ended. `nonce` proves it and is shown nowhere."""

    id: str
    nonce: str
    browser: str
    name: str
    expires_at: datetime
    used: bool
    tries: int


def mailed_link(db: Session, link_id: str) -> Mailed | None:
    row = db.execute(
        select(SignInLink, Person.name)
        .join(Person, Person.id == SignInLink.person_id)
        .where(SignInLink.id == link_id, Person.active)
    ).one_or_none()
    if row is None:
        return None
    link: SignInLink = row.SignInLink
    return Mailed(link.id, link.nonce, link.browser, row.name, link.expires_at, link.used_at is not None, link.tries)


def link_of_browser(db: Session, browser: str) -> str:
    """The link that a browser asked for last, by the hash of its cookie; no link's name when it asked for nobody."""
    asked = select(SignInLink.id).where(SignInLink.browser == browser).order_by(SignInLink.created_at.desc()).limit(1)
    return db.execute(asked).scalar_one_or_none() or ""
