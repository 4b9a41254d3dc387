"""An outcome held for an irregularity: it leads to a new round, never to the opposite decision."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Moment, identifier


class Hold(Base):
    """Raised by one arbiter with a reason, confirmed by a second one, or lifted.

    `derogation` is the reason why it stands without a second one, where the team is too small for two.
    """

    __tablename__ = "hold"
    __table_args__ = (
        CheckConstraint("second_id IS NULL OR second_id <> raised_by", name="two_persons"),
        CheckConstraint("confirmed_at IS NULL OR lifted_at IS NULL", name="one_end"),
        Index("ix_hold_poll_id", "poll_id"),
    )

    id: Mapped[str] = identifier()
    poll_id: Mapped[str] = mapped_column(ForeignKey("poll.id"))
    reason: Mapped[str] = mapped_column(Text)
    raised_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    raised_at: Mapped[datetime] = mapped_column(Moment)
    second_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    derogation: Mapped[str] = mapped_column(Text, default="")
    confirmed_at: Mapped[datetime | None] = mapped_column(Moment)
    lifted_at: Mapped[datetime | None] = mapped_column(Moment)
