"""A demand for information: somebody asks, without an account, and it binds her to nothing."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Moment, identifier


class Enquiry(Base):
    """What somebody wrote at first contact. Her words stay as she wrote them; the team turns them into a dossier
    with the structure, never alone.

    `person_id` is who is known by the address she left: a person without mandate nor password has no account.
    """

    __tablename__ = "enquiry"
    __table_args__ = (
        CheckConstraint("status IN ('waiting', 'answered', 'opened', 'closed', 'set_aside')", name="status"),
        CheckConstraint("(dossier_id IS NULL) = (status <> 'opened')", name="opened"),
        Index("ix_enquiry_status_received_at_id", "status", "received_at", "id"),
    )

    id: Mapped[str] = identifier()
    label: Mapped[str] = mapped_column(String(80))
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    phone: Mapped[str] = mapped_column(String(40), default="")
    structure: Mapped[str] = mapped_column(String(200), default="")
    unborn: Mapped[bool]
    territory: Mapped[str] = mapped_column(String(200))
    brings: Mapped[str] = mapped_column(Text)
    call_back: Mapped[bool]
    entry: Mapped[str] = mapped_column(String(40), default="")
    locale: Mapped[str] = mapped_column(String(2))
    received_at: Mapped[datetime] = mapped_column(Moment)
    status: Mapped[str] = mapped_column(String(10))
    handled_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    handled_at: Mapped[datetime | None] = mapped_column(Moment)
    note: Mapped[str] = mapped_column(String(1000), default="")
    dossier_id: Mapped[str | None] = mapped_column(ForeignKey("dossier.id"))


class Greeter(Base):
    """Who answers first contacts for a label: her first name is promised in the acknowledgement."""

    __tablename__ = "greeter"

    label: Mapped[str] = mapped_column(String(80), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    since: Mapped[datetime] = mapped_column(Moment)
