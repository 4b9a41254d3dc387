"""A joint file: the dossiers of a collective, one a structure, written together and notified together."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Bytewise, Moment, identifier


class JointFile(Base):
    """What groups the dossiers of a collective. Each keeps its own stage, poll, outcome and letter."""

    __tablename__ = "joint_file"

    id: Mapped[str] = identifier()
    reference: Mapped[str] = mapped_column(Bytewise, unique=True)
    label: Mapped[str] = mapped_column(String(80))
    collective_id: Mapped[str] = mapped_column(ForeignKey("collective.id"), index=True)
    opened_at: Mapped[datetime] = mapped_column(Moment)
    opened_by: Mapped[str] = mapped_column(ForeignKey("person.id"))


class CoAuthor(Base):
    """A structure of the collective that holds the appellation already: it writes the shared part, asks for nothing,
    and has no voice on the others."""

    __tablename__ = "co_author"

    joint_file_id: Mapped[str] = mapped_column(ForeignKey("joint_file.id"), primary_key=True)
    structure_id: Mapped[str] = mapped_column(ForeignKey("structure.id"), primary_key=True, index=True)
    joined_at: Mapped[datetime] = mapped_column(Moment)
    left_at: Mapped[datetime | None] = mapped_column(Moment)
