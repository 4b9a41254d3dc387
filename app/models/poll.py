"""The committee's vote on one dossier: its rule, its window, its seats and what each declared."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base, Moment, identifier
from app.models.dossier import Dossier
from app.models.person import Person
from app.models.structure import Structure


class Poll(Base):
    """One poll for a dossier and a round.

    `rule` is frozen at convening, seats and piece hashes at opening. The counts stay empty until `close_poll` stores
    them under the lock; nothing shows or uses one before.
    """

    __tablename__ = "poll"
    __table_args__ = (
        UniqueConstraint("dossier_id", "round"),
        CheckConstraint("closes_at > opens_at", name="window"),
        CheckConstraint("status IN ('convened', 'open', 'closed', 'decided', 'notified', 'cancelled')", name="status"),
        CheckConstraint("(outcome IS NULL) = (closed_at IS NULL)", name="outcome_at_close"),
        Index("ix_poll_status_closes_at", "status", "closes_at"),
    )

    id: Mapped[str] = identifier()
    dossier_id: Mapped[str] = mapped_column(ForeignKey("dossier.id"))
    round: Mapped[int] = mapped_column(Integer)
    status: Mapped[str] = mapped_column(String(10))
    rule: Mapped[str] = mapped_column(Text)
    rule_digest: Mapped[str] = mapped_column(String(64))
    convened_at: Mapped[datetime] = mapped_column(Moment)
    convened_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    opens_at: Mapped[datetime] = mapped_column(Moment)
    closes_at: Mapped[datetime] = mapped_column(Moment)
    opened_at: Mapped[datetime | None] = mapped_column(Moment)
    file_digest: Mapped[str | None] = mapped_column(String(64))
    roll_digest: Mapped[str | None] = mapped_column(String(64))
    closed_at: Mapped[datetime | None] = mapped_column(Moment)
    seats: Mapped[int | None] = mapped_column(Integer)
    recused: Mapped[int | None] = mapped_column(Integer)
    quorum_needed: Mapped[int | None] = mapped_column(Integer)
    pour: Mapped[int | None] = mapped_column(Integer)
    reserves: Mapped[int | None] = mapped_column(Integer)
    against: Mapped[int | None] = mapped_column(Integer)
    abstention: Mapped[int | None] = mapped_column(Integer)
    objection: Mapped[int | None] = mapped_column(Integer)
    outcome: Mapped[str | None] = mapped_column(String(24))
    head: Mapped[str | None] = mapped_column(String(64))
    head_signature: Mapped[str | None] = mapped_column(String(128))

    dossier: Mapped[Dossier] = relationship(lazy="raise")


class Seat(Base):
    """A voice on the roll. It belongs to the structure; a person acts for it.

    Seats are frozen at opening and only ever subtracted, by an entry: `recused_for` (its ballot is void) or `ended_at`
    (the appellation ended: a ballot already cast stays, flagged).
    """

    __tablename__ = "seat"
    __table_args__ = (UniqueConstraint("poll_id", "structure_id"), UniqueConstraint("poll_id", "number"))

    id: Mapped[str] = identifier()
    poll_id: Mapped[str] = mapped_column(ForeignKey("poll.id"))
    structure_id: Mapped[str] = mapped_column(ForeignKey("structure.id"), index=True)
    number: Mapped[int] = mapped_column(Integer)
    recused_for: Mapped[str | None] = mapped_column(String(40))
    recused_at: Mapped[datetime | None] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)

    structure: Mapped[Structure] = relationship(lazy="raise")


class Link(Base):
    """What a structure says of its links with the candidate, before it reads: none, or of which kind.

    A hard kind recuses; a soft one is told to the team, which pins or lifts it with a reason. A personal link keeps
    its author away from this poll and says nothing of the structure: another person acts for it.
    """

    __tablename__ = "link"
    __table_args__ = (UniqueConstraint("poll_id", "structure_id", "version"),)

    id: Mapped[str] = identifier()
    poll_id: Mapped[str] = mapped_column(ForeignKey("poll.id"))
    structure_id: Mapped[str] = mapped_column(ForeignKey("structure.id"))
    version: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(String(40))
    hard: Mapped[bool]
    personal: Mapped[bool] = mapped_column(default=False)
    words: Mapped[str] = mapped_column(String(1000), default="")
    declared_at: Mapped[datetime] = mapped_column(Moment)
    declared_by: Mapped[str] = mapped_column(ForeignKey("person.id"))

    person: Mapped[Person] = relationship(lazy="raise")


class Ballot(Base):
    """One version of a structure's opinion: never updated, never deleted.

    The highest version of a seat counts, unless the seat is recused. `once` is the key of the form that sent it, so
    that the same click never counts twice; `once_digest` says whether it carried the same content.
    """

    __tablename__ = "ballot"
    __table_args__ = (
        UniqueConstraint("poll_id", "seat_id", "version"),
        UniqueConstraint("poll_id", "seat_id", "once"),
        CheckConstraint("version >= 1", name="version"),
        CheckConstraint("choice IN ('for', 'reserves', 'against', 'abstention', 'objection')", name="choice"),
    )

    id: Mapped[str] = identifier()
    poll_id: Mapped[str] = mapped_column(ForeignKey("poll.id"))
    seat_id: Mapped[str] = mapped_column(ForeignKey("seat.id"))
    version: Mapped[int] = mapped_column(Integer)
    choice: Mapped[str] = mapped_column(String(12))
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    cast_at: Mapped[datetime] = mapped_column(Moment)
    once: Mapped[str] = mapped_column(String(43))
    once_digest: Mapped[str] = mapped_column(String(64))
    entry_id: Mapped[str] = mapped_column(ForeignKey("entry.id"))
    entry_hash: Mapped[str] = mapped_column(String(64))
    signature: Mapped[str] = mapped_column(String(128))
