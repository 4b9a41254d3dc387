"""Coming in by a mailed link: asked for, used once, dead after ten minutes, five wrong codes or a newer link."""

import hmac
import secrets
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import JSON, ColumnElement, Integer, String, insert, literal, null, or_, select, update
from sqlalchemy.orm import Session

from app.clock import Clock
from app.keys import Keys
from app.mail.links import SIGN_IN
from app.models import STAFF_ROLES, Mandate, Message, Person, SignInLink
from app.models.base import Moment, new_id
from app.models.outbox import Engine
from workflows.refused import Refused

LINK_LASTS = timedelta(minutes=10)
MOST_TRIES = 5


def comes_by_link(at: datetime) -> ColumnElement[bool]:
    """Whoever has opened her access; never the team, which comes in by a password and a second factor.

    Somebody who never accepted her invitation does not: a link would open an access that nobody opened.
    """
    in_team = select(Mandate.id).where(
        Mandate.person_id == Person.id,
        Mandate.role.in_(STAFF_ROLES),
        or_(Mandate.until.is_(None), Mandate.until > at),
    )
    return Person.active & Person.password.is_not(null()) & ~in_team.exists()


def ask_link(db: Session, email: str, browser: str, *, clock: Clock) -> bool:
    """Write a link for whoever may come in by one, and its letter; the links before it die. `browser` is a hash.

    The same statements run whatever the address: how long they take says nothing of who has an access here. The answer
    is for the log alone.
    """
    at = clock()
    asked = select(Person.id).where(Person.email == email, comes_by_link(at))
    db.execute(end_live(at).where(SignInLink.person_id.in_(asked)))
    link = new_id()
    values: dict[str, Any] = {
        "id": literal(link, String),
        "person_id": Person.id,
        "nonce": literal(secrets.token_urlsafe(32), String),
        "browser": literal(browser, String),
        "tries": literal(0, Integer),
        "created_at": literal(at, Moment),
        "expires_at": literal(at + LINK_LASTS, Moment),
    }
    chosen = select(*values.values()).where(Person.email == email, comes_by_link(at))
    asked_for = insert(SignInLink).from_select(list(values), chosen, include_defaults=False)
    written = db.execute(asked_for.returning(SignInLink.id)).scalar_one_or_none()
    tell_link(db, link, at)
    return written is not None


def tell_link(db: Session, link: str, at: datetime) -> None:
    """One row of the outbox for a link that was written, in the one statement that also runs for none."""
    values: dict[str, Any] = {
        "id": literal(new_id(), String),
        "event": literal(f"sign_in:{link}", String),
        "notice": literal(str(Engine.SIGN_IN_LINK), String),
        "person_id": SignInLink.person_id,
        "values": literal({"sign_in": link}, JSON),
        "status": literal("waiting", String),
        "why": literal("", String),
        "tries": literal(0, Integer),
        "written_at": literal(at, Moment),
        "due_at": literal(at, Moment),
        "fence": literal(0, Integer),
    }
    chosen = select(*values.values()).where(SignInLink.id == link)
    db.execute(insert(Message).from_select(list(values), chosen, include_defaults=False))


def end_live(at: datetime) -> Any:
    """The statement that ends the links still alive, to be narrowed."""
    live = (SignInLink.used_at.is_(None), SignInLink.expires_at > at)
    return update(SignInLink).where(*live).values(expires_at=at).execution_options(synchronize_session=False)


def end_links(db: Session, person_id: str, at: datetime) -> None:
    """End a person's links: a new password, or the end of an access, leaves none behind."""
    db.execute(end_live(at).where(SignInLink.person_id == person_id))


def enter_by_link(db: Session, link_id: str, *, clock: Clock) -> str:
    """Use a link, whose token and browser were checked. Returns whose it is. Raises `Refused("link_over")`."""
    link = lock_link(db, link_id, clock())
    at = clock()
    if link is None or not alive(link, at):
        raise Refused("link_over")
    link.used_at = at
    db.flush()
    return link.person_id


def enter_by_code(db: Session, link_id: str, code: str, *, keys: Keys, clock: Clock) -> str | None:
    """Use a link by its code. Returns whose it is; nobody for a wrong code, and that try is counted.

    The caller commits either way. A link that does not exist costs the same statements as one that does.
    """
    link = lock_link(db, link_id, clock())
    at = clock()
    right = keys.code(SIGN_IN, link_id, seconds(link.expires_at if link else at), link.nonce if link else "")
    found = hmac.compare_digest(right.encode(), code.encode()) and link is not None and alive(link, at)
    used = {"used_at": at} if found else {}
    tried = update(SignInLink).where(SignInLink.id == link_id).values(tries=SignInLink.tries + 1, **used)
    db.execute(tried.execution_options(synchronize_session=False))
    return link.person_id if link and found else None


def lock_link(db: Session, link_id: str, at: datetime) -> SignInLink | None:
    """Read a link again, under its lock, if its person still comes in this way."""
    return db.execute(
        select(SignInLink)
        .where(SignInLink.id == link_id, SignInLink.person_id.in_(select(Person.id).where(comes_by_link(at))))
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).scalar_one_or_none()


def alive(link: SignInLink, at: datetime) -> bool:
    return link.used_at is None and link.expires_at > at and link.tries < MOST_TRIES


def seconds(at: datetime) -> int:
    """Since 1970, UTC: what a token says of its end."""
    return int(at.timestamp())
