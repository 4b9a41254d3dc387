"""The mailbox of the demonstration: every mail that would have left, newest first."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from app.models import DemoMail

PAGE = 30


@dataclass(frozen=True)
class Line:
    """A mail in the list."""

    id: str
    to_name: str
    to_email: str
    subject: str
    received_at: datetime


@dataclass(frozen=True)
class Mail(Line):
    """A mail, opened."""

    text: str


@dataclass(frozen=True)
class Mailbox:
    """A page of the list; `after` is the key of what follows, when something does."""

    lines: tuple[Line, ...]
    readers: tuple[tuple[str, str], ...]
    after: str = ""


def mailbox(db: Session, *, to: str = "", after: str = "") -> Mailbox:
    """The mails to one address, or to everybody, that come after the key of another."""
    columns = (DemoMail.id, DemoMail.to_name, DemoMail.to_email, DemoMail.subject, DemoMail.received_at)
    asked = select(*columns).order_by(DemoMail.received_at.desc(), DemoMail.id.desc()).limit(PAGE + 1)
    if to:
        asked = asked.where(DemoMail.to_email == to)
    if after:
        last = select(DemoMail.received_at).where(DemoMail.id == after).scalar_subquery()
        older = and_(DemoMail.received_at == last, DemoMail.id < after)
        asked = asked.where(or_(DemoMail.received_at < last, older))
    found = [Line(*row) for row in db.execute(asked).all()]
    readers = db.execute(select(DemoMail.to_email, DemoMail.to_name).distinct().order_by(DemoMail.to_name)).all()
    more = found[PAGE - 1].id if len(found) > PAGE else ""
    return Mailbox(tuple(found[:PAGE]), tuple((row.to_email, row.to_name) for row in readers), more)


def mail(db: Session, mail_id: str) -> Mail | None:
    """One mail as its reader would have received it."""
    row = db.execute(
        select(
            DemoMail.id, DemoMail.to_name, DemoMail.to_email, DemoMail.subject, DemoMail.received_at, DemoMail.text
        ).where(DemoMail.id == mail_id)
    ).one_or_none()
    return Mail(*row) if row else None
