"""The second entry: what a structure and the team agree on, written down and confirmed by both."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Moment, identifier


class Agreement(Base):
    """A version of the agreed way in. A later version is another row, and asks both for their word again.

    `until` is the month until which what remains is experimented, written `2027-06`; `steps` puts the structure's own
    steps beside those of the label: a list of {own, step}.
    """

    __tablename__ = "agreement"
    __table_args__ = (UniqueConstraint("dossier_id", "version"), CheckConstraint("version >= 1", name="version"))

    id: Mapped[str] = identifier()
    dossier_id: Mapped[str] = mapped_column(ForeignKey("dossier.id"))
    version: Mapped[int] = mapped_column(Integer)
    recognised: Mapped[str] = mapped_column(Text)
    remaining: Mapped[str] = mapped_column(Text)
    until: Mapped[str] = mapped_column(String(7))
    steps: Mapped[list[Any]] = mapped_column(JSON)
    written_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    written_at: Mapped[datetime] = mapped_column(Moment)
    structure_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    structure_at: Mapped[datetime | None] = mapped_column(Moment)
    team_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    team_at: Mapped[datetime | None] = mapped_column(Moment)
