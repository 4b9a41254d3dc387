"""What was said outside the site: a call, a mail, a visit, noted in twenty seconds."""

from datetime import date, datetime

from sqlalchemy import Boolean, CheckConstraint, Date, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Moment, identifier


class Exchange(Base):
    """`shared` says that the structure reads it too; `next_on` brings the dossier back to the desk on that day."""

    __tablename__ = "exchange"
    __table_args__ = (
        CheckConstraint("kind IN ('call', 'mail', 'meeting', 'note')", name="kind"),
        Index("ix_exchange_dossier_id_at_id", "dossier_id", "at", "id"),
    )

    id: Mapped[str] = identifier()
    dossier_id: Mapped[str] = mapped_column(ForeignKey("dossier.id"))
    kind: Mapped[str] = mapped_column(String(10))
    words: Mapped[str] = mapped_column(String(2000))
    shared: Mapped[bool] = mapped_column(Boolean)
    next_on: Mapped[date | None] = mapped_column(Date)
    at: Mapped[datetime] = mapped_column(Moment)
    by: Mapped[str] = mapped_column(ForeignKey("person.id"))
