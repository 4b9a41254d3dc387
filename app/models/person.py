"""A person, what entitles her to act, and how she comes in."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Boolean, CheckConstraint, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base, Bytewise, Moment, identifier
from app.models.structure import Structure


class Person(Base):
    """An access. `email` is canonical: one account for an address, whatever its case."""

    __tablename__ = "person"

    id: Mapped[str] = identifier()
    email: Mapped[str] = mapped_column(Bytewise, unique=True)
    name: Mapped[str] = mapped_column(String(120))
    function: Mapped[str] = mapped_column(String(120), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    locale: Mapped[str] = mapped_column(String(2), default="fr")
    zone: Mapped[str] = mapped_column(String(40), default="Europe/Paris")
    password: Mapped[str | None] = mapped_column(String(200))
    active: Mapped[bool] = mapped_column(Boolean, default=True)
    fictional: Mapped[bool] = mapped_column(Boolean, default=False)
    created_at: Mapped[datetime] = mapped_column(Moment)
    signed_in_at: Mapped[datetime | None] = mapped_column(Moment)


STAFF_ROLES = ("officer", "arbiter", "administrator")
STRUCTURE_ROLES = ("titulaire", "suppleance", "contribution", "signature")


class Mandate(Base):
    """A dated right to act: for a structure, or in the team of the body that runs the label.

    A person of the team holds no mandate of a structure while she is in it; the operation that gives one sees to it.
    `note` is what she who leaves writes to whoever takes over.
    """

    __tablename__ = "mandate"
    __table_args__ = (
        CheckConstraint(
            "(structure_id IS NULL AND role IN ('officer', 'arbiter', 'administrator')) OR "
            "(structure_id IS NOT NULL AND role IN ('titulaire', 'suppleance', 'contribution', 'signature'))",
            name="role",
        ),
        Index("ix_mandate_person_id", "person_id"),
        Index("ix_mandate_structure_id", "structure_id"),
    )

    id: Mapped[str] = identifier()
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    structure_id: Mapped[str | None] = mapped_column(ForeignKey("structure.id"))
    role: Mapped[str] = mapped_column(String(14))
    since: Mapped[datetime] = mapped_column(Moment)
    until: Mapped[datetime | None] = mapped_column(Moment)
    note: Mapped[str] = mapped_column(String(2000), default="")

    person: Mapped[Person] = relationship(lazy="raise")
    structure: Mapped[Structure | None] = relationship(lazy="raise")


class Invitation(Base):
    """A single-use way in. Nothing usable is stored: its token is derived from `nonce` when the mail is written."""

    __tablename__ = "invitation"

    id: Mapped[str] = identifier()
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    nonce: Mapped[str] = mapped_column(String(43))
    created_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    used_at: Mapped[datetime | None] = mapped_column(Moment)


class WebSession(Base):
    """A session of the site, known by the hash of its cookie, dead at sign-out and at any change of rights."""

    __tablename__ = "web_session"

    id: Mapped[str] = mapped_column(Bytewise, primary_key=True)
    person_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"), index=True)
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(Moment)
    seen_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment, index=True)


class Throttle(Base):
    """How many times something was tried since the start of a window."""

    __tablename__ = "throttle"

    key: Mapped[str] = mapped_column(Bytewise, primary_key=True)
    count: Mapped[int] = mapped_column(Integer)
    started_at: Mapped[datetime] = mapped_column(Moment, index=True)
