"""A dossier: one structure's way from first contact to the appellation and beyond."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base, Bytewise, Moment, identifier
from app.models.label_version import LabelVersion
from app.models.person import Person
from app.models.structure import Structure


class Dossier(Base):
    """`stage` is stored, its history is in the journal; only `journal.advance` changes it.

    A dossier keeps the version of the label it was opened under. `paused_in` is the stage a paused one comes back to.
    `asked` is what the team asks to complete, each with its sentence: `piece:KEY` or `answer:KEY`; nothing else may
    change then.
    """

    __tablename__ = "dossier"
    __table_args__ = (
        Index("ix_dossier_stage_since_id", "stage", "stage_since", "id"),
        Index("ix_dossier_opened_at_id", "opened_at", "id"),
        Index("ix_dossier_structure_id", "structure_id"),
    )

    id: Mapped[str] = identifier()
    reference: Mapped[str] = mapped_column(Bytewise, unique=True)
    structure_id: Mapped[str] = mapped_column(ForeignKey("structure.id"))
    label_version_id: Mapped[str] = mapped_column(ForeignKey("label_version.id"))
    entry: Mapped[str] = mapped_column(String(40))
    stage: Mapped[str] = mapped_column(String(40))
    stage_since: Mapped[datetime] = mapped_column(Moment)
    paused_in: Mapped[str | None] = mapped_column(String(40))
    officer_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    previous_id: Mapped[str | None] = mapped_column(ForeignKey("dossier.id"))
    joint_file_id: Mapped[str | None] = mapped_column(ForeignKey("joint_file.id"), index=True)
    asked: Mapped[dict[str, str] | None] = mapped_column(JSON(none_as_null=True))
    opened_at: Mapped[datetime] = mapped_column(Moment)

    structure: Mapped[Structure] = relationship(lazy="raise")
    label_version: Mapped[LabelVersion] = relationship(lazy="raise")
    officer: Mapped[Person | None] = relationship(lazy="raise")


class Instructor(Base):
    """Whoever acted for the team on a dossier, even once: she will not arbitrate it."""

    __tablename__ = "instructor"

    dossier_id: Mapped[str] = mapped_column(ForeignKey("dossier.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)


class Answer(Base):
    """What a structure writes under one criterion of its label."""

    __tablename__ = "answer"

    dossier_id: Mapped[str] = mapped_column(ForeignKey("dossier.id"), primary_key=True)
    criterion: Mapped[str] = mapped_column(String(60), primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    words: Mapped[int] = mapped_column(Integer)
    written_at: Mapped[datetime] = mapped_column(Moment)
    written_by: Mapped[str] = mapped_column(ForeignKey("person.id"))


class Strand(Base):
    """A line of a checklist that somebody has ticked; none gates another."""

    __tablename__ = "strand"

    dossier_id: Mapped[str] = mapped_column(ForeignKey("dossier.id"), primary_key=True)
    strand: Mapped[str] = mapped_column(String(60), primary_key=True)
    done_at: Mapped[datetime] = mapped_column(Moment)
    done_by: Mapped[str] = mapped_column(ForeignKey("person.id"))


class Piece(Base):
    """A document filed for a requirement of the label, with its versions; the newest holds.

    The bytes are in the file store under `stored_as`, never under the name their owner gave them.
    """

    __tablename__ = "piece"
    __table_args__ = (UniqueConstraint("dossier_id", "requirement", "version"),)

    id: Mapped[str] = identifier()
    dossier_id: Mapped[str] = mapped_column(ForeignKey("dossier.id"))
    requirement: Mapped[str] = mapped_column(String(60))
    version: Mapped[int] = mapped_column(Integer)
    name: Mapped[str] = mapped_column(String(255))
    type: Mapped[str] = mapped_column(String(10))
    size: Mapped[int] = mapped_column(Integer)
    digest: Mapped[str] = mapped_column(String(64))
    stored_as: Mapped[str] = mapped_column(String(43), unique=True)
    filed_at: Mapped[datetime] = mapped_column(Moment)
    filed_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
