"""What time brings: the polls that are over, those whose hour has come, and what has expired."""

from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from app.models import Message, Poll, SignInLink, Throttle, WebSession
from app.operations.drafts import purge_drafts
from app.operations.kept_forms import purge_forms
from app.operations.throttle import WINDOW

LINKS_KEPT = timedelta(days=1)
SAID_ENDED = timedelta(days=3)


def polls_to_close(db: Session, at: datetime) -> list[str]:
    """Open polls whose end has passed, the oldest first."""
    over = select(Poll.id).where(Poll.status == "open", Poll.closes_at <= at).order_by(Poll.closes_at, Poll.id)
    return list(db.execute(over).scalars())


def polls_to_open(db: Session, at: datetime) -> list[str]:
    """Convened polls whose window has begun and is not over, the oldest first."""
    begun = (
        select(Poll.id)
        .where(Poll.status == "convened", Poll.opens_at <= at, Poll.closes_at > at)
        .order_by(Poll.opens_at, Poll.id)
    )
    return list(db.execute(begun).scalars())


def mail_is_due(db: Session, at: datetime) -> bool:
    """Whether a message waits to be sent."""
    waiting = select(Message.id).where(Message.status.in_(("waiting", "unknown")), Message.due_at <= at).limit(1)
    return db.execute(waiting).scalar_one_or_none() is not None


def purge_expired(db: Session, at: datetime, *, idle: timedelta) -> None:
    """Delete what has had its time: sessions, mailed links, counts of old tries, drafts, forms of a lost session.

    A session stays `SAID_ENDED` longer than it lasts, left aside for longer than `idle` included: it opens nothing any
    more, and says whose form has just arrived.
    """
    ended = or_(WebSession.expires_at <= at - SAID_ENDED, WebSession.seen_at < at - idle - SAID_ENDED)
    db.execute(delete(WebSession).where(ended))
    db.execute(delete(SignInLink).where(SignInLink.expires_at <= at - LINKS_KEPT))
    db.execute(delete(Throttle).where(Throttle.started_at <= at - WINDOW))
    purge_drafts(db, at)
    purge_forms(db, at)
