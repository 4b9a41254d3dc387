"""The journal: chained entries, the erasable values behind their commitments, and who has read what."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Bytewise, Moment, identifier


class Entry(Base):
    """A step of a chain: `dossier:ID` or `poll:ID`. Appended under its subject's lock, never changed, never deleted.

    `body` is the canonical JSON that was hashed; what is personal in it is a salted commitment.
    """

    __tablename__ = "entry"
    __table_args__ = (UniqueConstraint("chain", "height"), Index("ix_entry_at_id", "at", "id"))

    id: Mapped[str] = identifier()
    chain: Mapped[str] = mapped_column(Bytewise)
    height: Mapped[int] = mapped_column(Integer)
    parent: Mapped[str] = mapped_column(String(64))
    type: Mapped[str] = mapped_column(String(60))
    body: Mapped[str] = mapped_column(Text)
    hash: Mapped[str] = mapped_column(String(64), unique=True)
    at: Mapped[datetime] = mapped_column(Moment)


class Opening(Base):
    """The value behind a commitment, with its salt. Erasing it leaves the chain whole and the commitment mute."""

    __tablename__ = "opening"

    entry_id: Mapped[str] = mapped_column(ForeignKey("entry.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[str | None] = mapped_column(Text)
    salt: Mapped[str | None] = mapped_column(String(64))
    erased_at: Mapped[datetime | None] = mapped_column(Moment)


class Access(Base):
    """A reading worth remembering: the team looking at who has taken part, or at the opinions after the close."""

    __tablename__ = "access"
    __table_args__ = (Index("ix_access_subject", "subject"),)

    id: Mapped[str] = identifier()
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    subject: Mapped[str] = mapped_column(Bytewise)
    what: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(Moment)
