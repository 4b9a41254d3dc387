"""A question of a peer to a candidate before the vote: answered once, read by every elector at the same moment."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Moment, identifier


class Question(Base):
    """The candidate reads the question, never who asks it.

    An improper one is set aside with a reason: its author alone still reads it, with the reason.
    """

    __tablename__ = "question"
    __table_args__ = (
        CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name="answered"),
        Index("ix_question_poll_id_asked_at_id", "poll_id", "asked_at", "id"),
    )

    id: Mapped[str] = identifier()
    poll_id: Mapped[str] = mapped_column(ForeignKey("poll.id"))
    structure_id: Mapped[str] = mapped_column(ForeignKey("structure.id"))
    text: Mapped[str] = mapped_column(Text)
    asked_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime] = mapped_column(Moment)
    answer: Mapped[str | None] = mapped_column(Text)
    answered_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime | None] = mapped_column(Moment)
    set_aside_at: Mapped[datetime | None] = mapped_column(Moment)
    set_aside_for: Mapped[str | None] = mapped_column(Text)
