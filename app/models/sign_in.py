"""Ways to sign in for people who come twice a year, and the second factor of the team."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Bytewise, Moment, identifier


class SignInLink(Base):
    """A link and a six-digit code in one mail: ten minutes, once.

    Nothing usable is stored: both are derived from `nonce` when the mail is written. The link opens only the browser
    whose cookie has the hash `browser`; the code serves in another one, a few tries in all.
    """

    __tablename__ = "sign_in_link"
    __table_args__ = (Index("ix_sign_in_link_expires_at", "expires_at"),)

    id: Mapped[str] = identifier()
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    nonce: Mapped[str] = mapped_column(String(43))
    browser: Mapped[str] = mapped_column(String(64))
    tries: Mapped[int] = mapped_column(Integer, default=0)
    created_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    used_at: Mapped[datetime | None] = mapped_column(Moment)


class SecondFactor(Base):
    """A time-based code (RFC 6238: six digits, thirty seconds) and the recovery codes, each usable once.

    The secret is kept ciphered with a key of the house; `last_step` is the last time step that served. `removal_by` is
    the administrator who asked to take it away, because it was lost: another one confirms.
    """

    __tablename__ = "second_factor"

    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
    secret: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(Moment)
    confirmed_at: Mapped[datetime | None] = mapped_column(Moment)
    last_step: Mapped[int] = mapped_column(Integer, default=0)
    recovery: Mapped[list[Any]] = mapped_column(JSON)
    removal_by: Mapped[str | None] = mapped_column(Bytewise)
    removal_at: Mapped[datetime | None] = mapped_column(Moment)
