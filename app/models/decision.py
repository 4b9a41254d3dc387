"""What is recorded and notified, the promises attached to a yes, and the appellation that follows."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Bytewise, Moment, identifier


class Decision(Base):
    """The decision on one poll.

    With a binding vote it is the committee's own outcome. What the committee left open is arbitrated by two persons:
    `recorded_by` proposes, `second_id` confirms; the decision holds from `settled_at`. `derogation` is the reason why
    it holds without a second one, where the team is too small for two. `publish_on` is the day, in Paris, from which
    the public reads the result; none means at once.
    """

    __tablename__ = "decision"
    __table_args__ = (
        CheckConstraint("outcome IN ('granted', 'granted_reserves', 'deferred', 'not_granted')", name="outcome"),
        CheckConstraint("second_id IS NULL OR second_id <> recorded_by", name="two_persons"),
    )

    id: Mapped[str] = identifier()
    poll_id: Mapped[str] = mapped_column(ForeignKey("poll.id"), unique=True)
    dossier_id: Mapped[str] = mapped_column(ForeignKey("dossier.id"), index=True)
    outcome: Mapped[str] = mapped_column(String(18))
    arbitrated: Mapped[bool]
    reason: Mapped[str] = mapped_column(Text, default="")
    letter: Mapped[str] = mapped_column(Text, default="")
    recorded_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime] = mapped_column(Moment)
    second_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    settled_at: Mapped[datetime | None] = mapped_column(Moment)
    derogation: Mapped[str] = mapped_column(Text, default="")
    publish_on: Mapped[date | None] = mapped_column(Date)
    notified_at: Mapped[datetime | None] = mapped_column(Moment)


class Reserve(Base):
    """A promise attached to a yes: what, by whom, before when; its evidence comes later."""

    __tablename__ = "reserve"

    id: Mapped[str] = identifier()
    decision_id: Mapped[str] = mapped_column(ForeignKey("decision.id"), index=True)
    promise: Mapped[str] = mapped_column(String(600))
    owner: Mapped[str] = mapped_column(String(200))
    due_on: Mapped[date] = mapped_column(Date)


class Appellation(Base):
    """The granted label. It begins when the structure has accepted its commitments; its date is known to the month."""

    __tablename__ = "appellation"
    __table_args__ = (
        CheckConstraint("status IN ('active', 'ended')", name="status"),
        Index("ix_appellation_status_since", "status", "since"),
    )

    id: Mapped[str] = identifier()
    number: Mapped[str | None] = mapped_column(Bytewise, unique=True)
    structure_id: Mapped[str] = mapped_column(ForeignKey("structure.id"), index=True)
    label: Mapped[str] = mapped_column(String(80))
    dossier_id: Mapped[str | None] = mapped_column(ForeignKey("dossier.id"), unique=True)
    since: Mapped[str | None] = mapped_column(String(10))
    status: Mapped[str] = mapped_column(String(10))
    begun_at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    accepted_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
