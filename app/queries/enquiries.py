"""First contacts, as the team reads them, and as the structure finds her own words again."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from app.models import Dossier, Enquiry, Person
from app.queries.greeters import Host, host_of, promised_days
from app.queries.keyset import Page, Where, read_page
from app.queries.labels import current_version, label_of, labels
from workflows.deadlines import due_date, overdue
from workflows.label import Label, Text

WAITING = "waiting"
#: What the team lists, in the order it is shown.
STATUSES = ("waiting", "answered", "opened", "closed", "set_aside")
UNSETTLED = ("waiting", "answered")


@dataclass(frozen=True)
class EnquiryLine:
    """A demand in the list. `due` is the last day, in Paris, of the delay that was promised while it waits."""

    id: str
    name: str
    structure: str
    unborn: bool
    territory: str
    call_back: bool
    received_at: datetime
    due: date | None
    late: bool


@dataclass(frozen=True)
class EnquiryPage:
    """One demand, with what was made of it. `entry` is empty for who did not know which was hers."""

    line: EnquiryLine
    email: str
    phone: str
    brings: str
    entry: Text | None
    entry_key: str
    locale: str
    status: str
    note: str
    handled_by: str
    handled_at: datetime | None
    dossier_id: str | None
    reference: str

    @property
    def can_open(self) -> bool:
        """Whether a dossier may still come of it."""
        return self.status in UNSETTLED


@dataclass(frozen=True)
class EnquiryTold:
    """A demand, as the letters speak of it. `due` is the last day, in Paris, of the delay that was promised."""

    name: str
    structure: str
    unborn: bool
    territory: str
    brings: str
    phone: str
    call_back: bool
    awarder: Text
    host: Host | None
    days: int | None
    due: date | None


@dataclass(frozen=True)
class FirstWords:
    """What somebody had written before there was a dossier."""

    name: str
    brings: str
    territory: str
    received_at: datetime


def enquiry_list(db: Session, at: datetime, *, status: str, where: Where) -> Page[EnquiryLine]:
    """Those that wait, the oldest first; those of another status, the newest first. Two statements."""
    known = {label.slug: label for label in labels(db).values()}
    page = read_page(
        db,
        columns().where(Enquiry.status == status),
        Enquiry.received_at,
        Enquiry.id,
        where,
        descending=status != WAITING,
    )
    return Page(tuple(line(row, known.get(row.label), at) for row in page.items), page.previous, page.next)


def columns() -> Any:
    return select(
        Enquiry.id,
        Enquiry.label,
        Enquiry.name,
        Enquiry.structure,
        Enquiry.unborn,
        Enquiry.territory,
        Enquiry.call_back,
        Enquiry.entry,
        Enquiry.status,
        Enquiry.received_at,
    )


def line(row: Any, label: Label | None, at: datetime) -> EnquiryLine:
    days = promised_days(label, row.entry) if label and row.status == WAITING else None
    return EnquiryLine(
        id=row.id,
        name=row.name,
        structure=row.structure,
        unborn=row.unborn,
        territory=row.territory,
        call_back=row.call_back,
        received_at=row.received_at,
        due=due_date(row.received_at, days) if days else None,
        late=bool(days) and overdue(row.received_at, days or 0, at),
    )


def enquiry_page(db: Session, enquiry_id: str, at: datetime) -> EnquiryPage | None:
    """One demand, in two statements."""
    handler = aliased(Person)
    row = db.execute(
        select(Enquiry, Person.email, handler.name.label("handler"), Dossier.reference)
        .join(Person, Person.id == Enquiry.person_id)
        .outerjoin(handler, handler.id == Enquiry.handled_by)
        .outerjoin(Dossier, Dossier.id == Enquiry.dossier_id)
        .where(Enquiry.id == enquiry_id)
    ).one_or_none()
    if row is None:
        return None
    enquiry: Enquiry = row.Enquiry
    version = current_version(db, enquiry.label)
    label = label_of(version) if version else None
    entry = next((one for one in label.entries if one.key == enquiry.entry), None) if label else None
    return EnquiryPage(
        line=line(enquiry, label, at),
        email=row.email,
        phone=enquiry.phone,
        brings=enquiry.brings,
        entry=entry.name if entry else None,
        entry_key=entry.key if entry else "",
        locale=enquiry.locale,
        status=enquiry.status,
        note=enquiry.note,
        handled_by=row.handler or "",
        handled_at=enquiry.handled_at,
        dossier_id=enquiry.dossier_id,
        reference=row.reference or "",
    )


def enquiry_told(db: Session, enquiry_id: str) -> EnquiryTold:
    """A demand with what was promised when it came."""
    enquiry = db.get_one(Enquiry, enquiry_id)
    version = current_version(db, enquiry.label)
    if version is None:
        raise LookupError(enquiry.label)
    label = label_of(version)
    days = promised_days(label, enquiry.entry)
    return EnquiryTold(
        name=enquiry.name,
        structure=enquiry.structure,
        unborn=enquiry.unborn,
        territory=enquiry.territory,
        brings=enquiry.brings,
        phone=enquiry.phone,
        call_back=enquiry.call_back,
        awarder=label.words.awarder,
        host=host_of(db, enquiry.label, enquiry.received_at),
        days=days,
        due=due_date(enquiry.received_at, days) if days else None,
    )


def first_words(db: Session, dossier_id: str) -> FirstWords | None:
    """The words that a dossier began with, in one statement; nothing when no first contact led to it."""
    row = db.execute(
        select(Enquiry.name, Enquiry.brings, Enquiry.territory, Enquiry.received_at)
        .where(Enquiry.dossier_id == dossier_id)
        .order_by(Enquiry.received_at)
        .limit(1)
    ).one_or_none()
    return FirstWords(*row) if row else None
