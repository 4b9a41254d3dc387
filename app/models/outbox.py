"""Messages to send. A row is written in the transaction of the act it tells; the worker makes it happen once."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Bytewise, Moment, identifier


class Engine(StrEnum):
    """The engine's own notices; each has a template in both languages and a test."""

    INVITATION = "invitation"
    ENQUIRY_RECEIVED = "enquiry_received"
    ENQUIRY_ARRIVED = "enquiry_arrived"
    SITTING_CHANGED = "sitting_changed"
    POLL_CONVENED = "poll_convened"
    POLL_OPENED = "poll_opened"
    POLL_EXTENDED = "poll_extended"
    POLL_CANCELLED = "poll_cancelled"
    POLL_CLOSED = "poll_closed"
    BALLOT_RECORDED = "ballot_recorded"
    SEAT_RECUSED = "seat_recused"
    OTHERS_CALLED = "others_called"
    QUESTION_ASKED = "question_asked"
    QUESTION_ANSWERED = "question_answered"
    QUESTION_SET_ASIDE = "question_set_aside"
    AGREEMENT_TO_CONFIRM = "agreement_to_confirm"
    AGREEMENT_MADE = "agreement_made"
    OFFICER_CHANGED = "officer_changed"
    ARBITRATION_TO_CONFIRM = "arbitration_to_confirm"
    HOLD_TO_CONFIRM = "hold_to_confirm"
    POLL_HELD = "poll_held"
    RESULT_NOTIFIED = "result_notified"
    COLLEAGUE_LEFT = "colleague_left"
    PERSON_LEFT = "person_left"
    TIME_ASKED = "time_asked"
    APPELLATION_ENDED = "appellation_ended"
    TEAM_CHANGED = "team_changed"
    JOINT_JOINED = "joint_joined"
    JOINT_NOTIFIED = "joint_notified"
    SIGN_IN_LINK = "sign_in_link"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105  # nosec B105  # the name of a notice
    INVITATION_REUSED = "invitation_reused"
    SECOND_FACTOR_CHANGED = "second_factor_changed"
    SECOND_FACTOR_LOST = "second_factor_lost"


class Message(Base):
    """One notice to one person about one event: the unique key makes a second run of the same act write none.

    No body and no token is stored: both are made when the worker sends. `lease_until` and `fence` keep two workers
    from marking the same row.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("event", "person_id", "notice"),
        CheckConstraint("status IN ('waiting', 'sent', 'failed', 'cancelled', 'unknown')", name="status"),
        Index("ix_outbox_status_due_at", "status", "due_at"),
    )

    id: Mapped[str] = identifier()
    event: Mapped[str] = mapped_column(Bytewise)
    notice: Mapped[str] = mapped_column(String(80))
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    values: Mapped[dict[str, Any]] = mapped_column(JSON)
    status: Mapped[str] = mapped_column(String(10), default="waiting")
    why: Mapped[str] = mapped_column(String(300), default="")
    tries: Mapped[int] = mapped_column(Integer, default=0)
    written_at: Mapped[datetime] = mapped_column(Moment)
    due_at: Mapped[datetime] = mapped_column(Moment)
    sent_at: Mapped[datetime | None] = mapped_column(Moment)
    lease_until: Mapped[datetime | None] = mapped_column(Moment)
    fence: Mapped[int] = mapped_column(Integer, default=0)


class DemoMail(Base):
    """A mail as its reader would have received it: the mailbox of the demonstration, never used in production."""

    __tablename__ = "demo_mail"
    __table_args__ = (Index("ix_demo_mail_received_at_id", "received_at", "id"),)

    id: Mapped[str] = identifier()
    outbox_id: Mapped[str] = mapped_column(ForeignKey("outbox.id"), unique=True)
    to_name: Mapped[str] = mapped_column(String(120))
    to_email: Mapped[str] = mapped_column(Bytewise)
    subject: Mapped[str] = mapped_column(String(300))
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    message_id: Mapped[str] = mapped_column(String(200), unique=True)
    received_at: Mapped[datetime] = mapped_column(Moment)
