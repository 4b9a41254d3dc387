"""A published version of a label definition: immutable, known by the hash of its content."""

from datetime import datetime

from sqlalchemy import ForeignKey, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Moment, identifier


class LabelVersion(Base):
    __tablename__ = "label_version"
    __table_args__ = (UniqueConstraint("slug", "number"), UniqueConstraint("slug", "digest"))

    id: Mapped[str] = identifier()
    slug: Mapped[str] = mapped_column(String(80))
    number: Mapped[int] = mapped_column(Integer)
    digest: Mapped[str] = mapped_column(String(64))
    source: Mapped[str] = mapped_column(Text)
    published_at: Mapped[datetime] = mapped_column(Moment)
    published_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
