"""What is not kept for ever: first contacts that led to no dossier, and who is known by nothing else.

The form says these delays to whoever writes; they follow the minimum that article 5.1.e of the RGPD asks for.
"""

from datetime import datetime, timedelta

from sqlalchemy import and_, delete, or_, select
from sqlalchemy.orm import Session

from app.models import Base, DemoMail, Enquiry, Message, Person
from app.models.outbox import Engine

#: How long a demand is kept once it is settled; one that waits is kept until it is answered.
KEPT = {"set_aside": timedelta(days=30), "closed": timedelta(days=365), "answered": timedelta(days=730)}


def forget_enquiries(db: Session, at: datetime) -> int:
    """Erase the demands whose time has passed, and each person that nothing else ties to the house; says how many."""
    over = or_(
        *(and_(Enquiry.status == status, Enquiry.handled_at <= at - kept) for status, kept in KEPT.items()),
    )
    erased = db.execute(delete(Enquiry).where(over).returning(Enquiry.person_id)).scalars().all()
    for person in sorted(set(erased)):
        forget_person(db, person)
    return len(erased)


def forget_person(db: Session, person_id: str) -> None:
    """Erase a person who has no password and whom no row names any more, the thanks she was sent aside."""
    held = select(Person.password).where(Person.id == person_id).with_for_update()
    if db.execute(held).scalar_one() is not None or named_elsewhere(db, person_id):
        return
    thanks = select(Message.id).where(Message.person_id == person_id, Message.notice == Engine.ENQUIRY_RECEIVED)
    db.execute(delete(DemoMail).where(DemoMail.outbox_id.in_(thanks)))
    db.execute(delete(Message).where(Message.id.in_(thanks)))
    db.execute(delete(Person).where(Person.id == person_id))


def named_elsewhere(db: Session, person_id: str) -> bool:
    """Whether a row of any table names this person, but for the thanks for her demands."""
    for table in Base.metadata.sorted_tables:
        for key in table.foreign_keys:
            if key.column.table.name != Person.__tablename__:
                continue
            rows = select(key.parent).where(key.parent == person_id)
            if table.name == Message.__tablename__:
                rows = rows.where(Message.notice != Engine.ENQUIRY_RECEIVED)
            if db.execute(rows.limit(1)).first() is not None:
                return True
    return False
