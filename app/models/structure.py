"""A structure: the legal body that asks for the appellation, holds it, and has a voice in the committee."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base, Bytewise, Moment, identifier


class Collective(Base):
    """A group of structures with a common method; its members do not examine one another's requests."""

    __tablename__ = "collective"

    id: Mapped[str] = identifier()
    name: Mapped[str] = mapped_column(String(200), unique=True)


class Structure(Base):
    """A legal body, or one yet unborn: its SIRET may be absent.

    `register` says which of the two networks it belongs to: the real one, of public facts only, or the fictional one.
    """

    __tablename__ = "structure"
    __table_args__ = (
        CheckConstraint("register IN ('live', 'public', 'fictional')", name="register"),
        Index("ix_structure_sort_key_id", "sort_key", "id"),
    )

    id: Mapped[str] = identifier()
    slug: Mapped[str] = mapped_column(Bytewise, unique=True)
    name: Mapped[str] = mapped_column(String(200))
    sort_key: Mapped[str] = mapped_column(Bytewise)
    siret: Mapped[str | None] = mapped_column(String(14), unique=True)
    about: Mapped[str] = mapped_column(String(1000), default="")
    contact: Mapped[str] = mapped_column(String(200), default="")
    source: Mapped[str] = mapped_column(String(400), default="")
    register: Mapped[str] = mapped_column(String(10), default="live")
    collective_id: Mapped[str | None] = mapped_column(ForeignKey("collective.id"))
    created_at: Mapped[datetime] = mapped_column(Moment)

    collective: Mapped[Collective | None] = relationship(lazy="raise")


class StructureName(Base):
    """A trade name in use, or a name the structure no longer bears."""

    __tablename__ = "structure_name"
    __table_args__ = (CheckConstraint("kind IN ('trade', 'former')", name="kind"),)

    id: Mapped[str] = identifier()
    structure_id: Mapped[str] = mapped_column(ForeignKey("structure.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    name: Mapped[str] = mapped_column(String(200))
    until: Mapped[str | None] = mapped_column(String(10))


class Territory(Base):
    """Where a structure works: a département, a group of communes, a pays, a former region, or any free unit.

    Two structures may cover the same ground; nothing forbids it, an overlap is only shown.
    """

    __tablename__ = "territory"
    __table_args__ = (
        CheckConstraint("kind IN ('departement', 'region', 'epci', 'pays', 'qpv', 'free')", name="kind"),
        UniqueConstraint("structure_id", "kind", "name"),
    )

    id: Mapped[str] = identifier()
    structure_id: Mapped[str] = mapped_column(ForeignKey("structure.id"))
    kind: Mapped[str] = mapped_column(String(12))
    code: Mapped[str | None] = mapped_column(String(5))
    name: Mapped[str] = mapped_column(String(120))
    since: Mapped[str | None] = mapped_column(String(10))


class NetworkStatus(Base):
    """What a structure is in the network from a date on, known to the year, the month or the day.

    `since` and `until` are written `2017`, `2017-10` or `2017-10-03`; what is not known is not invented. The public
    reads it from `public_on`, a day in Paris; none means at once. Until then it reads the status before.
    """

    __tablename__ = "network_status"
    __table_args__ = (
        CheckConstraint(
            "status IN ('candidate', 'experimenting', 'holder', 'member', 'left')",
            name="status",
        ),
        Index("ix_network_status_structure_id_until", "structure_id", "until"),
    )

    id: Mapped[str] = identifier()
    structure_id: Mapped[str] = mapped_column(ForeignKey("structure.id"))
    label: Mapped[str] = mapped_column(String(80))
    status: Mapped[str] = mapped_column(String(14))
    since: Mapped[str | None] = mapped_column(String(10))
    until: Mapped[str | None] = mapped_column(String(10))
    note: Mapped[str] = mapped_column(String(300), default="")
    recorded_at: Mapped[datetime] = mapped_column(Moment)
    public_on: Mapped[date | None] = mapped_column(Date)
