"""The dossiers under way by stage, with their age and those whose announced delay has passed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, false, func, or_, select
from sqlalchemy.orm import Session

from app.models import Dossier
from app.queries.labels import labels, waited
from workflows.deadlines import longest_ago
from workflows.label import Label, Role, Stage, Text


@dataclass(frozen=True)
class StageLine:
    """How many dossiers are at a stage, since when the oldest is, and how many are past the delay it announces."""

    key: str
    name: Text
    waits_for: Role | None
    count: int
    late: int
    oldest: datetime


@dataclass(frozen=True)
class Pipeline:
    """Every stage where a dossier stands, in the order of the newest definition; and the entries one may ask for."""

    stages: tuple[StageLine, ...]
    entries: tuple[tuple[str, Text], ...]

    @property
    def count(self) -> int:
        return sum(line.count for line in self.stages)

    @property
    def late(self) -> int:
        return sum(line.late for line in self.stages)


def pipeline(db: Session, at: datetime, *, officer_id: str | None = None, entry: str = "") -> Pipeline:
    """Where the dossiers stand: all, those that one person follows, those of one entry. Two statements."""
    versions = labels(db)
    asked = select(
        Dossier.stage,
        func.count().label("dossiers"),
        func.sum(case((is_late(versions, at), 1), else_=0)).label("late"),
        func.min(Dossier.stage_since).label("oldest"),
    ).group_by(Dossier.stage)
    if officer_id is not None:
        asked = asked.where(Dossier.officer_id == officer_id)
    entries = {one.key: one.name for label in reversed(versions.values()) for one in label.entries}
    if entry in entries:
        asked = asked.where(Dossier.entry == entry)
    found = {row.stage: row for row in db.execute(asked).all()}
    known: dict[str, tuple[Label, Stage]] = {}
    for label in reversed(versions.values()):
        for stage in label.stages:
            known.setdefault(stage.key, (label, stage))
    lines = (line(label, stage, found[key]) for key, (label, stage) in known.items() if key in found)
    return Pipeline(tuple(one for one in lines if one is not None), tuple(entries.items()))


def line(label: Label, stage: Stage, row: Any) -> StageLine | None:
    """A stage where dossiers stand; nothing for the one where they end."""
    if stage.final:
        return None
    return StageLine(stage.key, stage.name, waited(label, stage), row.dossiers, int(row.late), row.oldest)


def is_late(versions: dict[str, Label], at: datetime) -> ColumnElement[bool]:
    """Whether a dossier is past the delay that its stage announces in its own version, as a condition."""
    passed = [
        and_(
            Dossier.label_version_id == version,
            Dossier.stage == stage.key,
            Dossier.stage_since < longest_ago(stage.working_days, at),
        )
        for version, label in versions.items()
        for stage in label.stages
        if stage.working_days
    ]
    return or_(false(), *passed)
