"""The messages of the house, as the team follows them: to whom, about what, and what became of each."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Message, Person, Structure
from app.models.outbox import Engine
from app.queries.keyset import Page, Where, read_page
from app.queries.labels import labels
from workflows.label import Text

OF_LABEL = "label:"


@dataclass(frozen=True)
class Delivery:
    """One message. `subject` is the label's own, as it is declared; the engine's notices are known by their name."""

    id: str
    notice: str
    subject: Text | None
    structure: str
    person: str
    status: str
    why: str
    tries: int
    written_at: datetime
    sent_at: datetime | None


def deliveries(db: Session, where: Where) -> Page[Delivery]:
    """The messages, the latest first, a page at a time. Three statements.

    Receipts of opinions are left out: their list would tell who takes part in a sealed poll, and how often.
    """
    declared = {notice.key: notice.subject for label in labels(db).values() for notice in label.notices}
    asked = select(Message, Person.name, Message.written_at, Message.id).join(Person, Person.id == Message.person_id)
    asked = asked.where(Message.notice != Engine.BALLOT_RECORDED)
    page = read_page(db, asked, Message.written_at, Message.id, where, descending=True)
    structures = {row[0].values.get("structure") for row in page.items} - {None}
    named = {
        row.id: row.name
        for row in db.execute(select(Structure.id, Structure.name).where(Structure.id.in_(structures))).all()
    }
    lines = tuple(
        Delivery(
            id=message.id,
            notice=message.notice,
            subject=declared.get(message.notice.removeprefix(OF_LABEL)),
            structure=named.get(str(message.values.get("structure")), ""),
            person=name,
            status=message.status,
            why=message.why,
            tries=message.tries,
            written_at=message.written_at,
            sent_at=message.sent_at,
        )
        for message, name, _at, _id in page.items
    )
    return Page(lines, page.previous, page.next)
