"""The calendar of committees: when the peers meet, and before which day a dossier must be complete."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Moment, identifier


class Sitting(Base):
    """A date announced to the structures. Days are days in Paris; a dossier must be complete by the end of its own."""

    __tablename__ = "sitting"
    __table_args__ = (
        CheckConstraint("status IN ('planned', 'cancelled')", name="status"),
        CheckConstraint("complete_by < held_on", name="complete_before"),
        Index("ix_sitting_label_held_on", "label", "held_on"),
    )

    id: Mapped[str] = identifier()
    label: Mapped[str] = mapped_column(String(80))
    held_on: Mapped[date] = mapped_column(Date)
    complete_by: Mapped[date] = mapped_column(Date)
    place: Mapped[str] = mapped_column(String(200), default="")
    note: Mapped[str] = mapped_column(String(500), default="")
    status: Mapped[str] = mapped_column(String(10))
    created_at: Mapped[datetime] = mapped_column(Moment)
    created_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
