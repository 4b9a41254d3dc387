"""What is typed and not yet sent: kept for its author alone, and thrown away once it is sent."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Bytewise, Moment, identifier


class Draft(Base):
    """A text as it was last typed by a person, for one place such as `answer:DOSSIER:CRITERION`.

    `seen` is the digest of the text it was written over: when a colleague has written since, both are shown.
    """

    __tablename__ = "draft"
    __table_args__ = (Index("ix_draft_kept_at", "kept_at"),)

    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
    place: Mapped[str] = mapped_column(Bytewise, primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    seen: Mapped[str] = mapped_column(String(64), default="")
    kept_at: Mapped[datetime] = mapped_column(Moment)


class KeptForm(Base):
    """A form that arrived after its session had ended: given back to the same person for a quarter of an hour."""

    __tablename__ = "kept_form"
    __table_args__ = (Index("ix_kept_form_person_id_kept_at", "person_id", "kept_at"),)

    id: Mapped[str] = identifier()
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    path: Mapped[str] = mapped_column(String(500))
    fields: Mapped[list[Any]] = mapped_column(JSON)
    kept_at: Mapped[datetime] = mapped_column(Moment)
