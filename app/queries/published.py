"""Published definitions, as anybody may read them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import LabelVersion
from app.queries.labels import label_of
from workflows.label import BACK, Entry, Label, Stage


@dataclass(frozen=True)
class Version:
    """One published version of a definition, known by the hash of its content."""

    number: int
    digest: str
    published_at: datetime


@dataclass(frozen=True)
class Definition:
    """A version of a definition, and those that were published before and after it."""

    label: Label
    version: Version
    versions: tuple[Version, ...]


@dataclass(frozen=True)
class Way:
    """One way in: its entry, and the stages that lead from there to what every way shares."""

    entry: Entry
    stages: tuple[Stage, ...]


def main_label(db: Session) -> Label | None:
    """The label of this house: the newest version of the first that was published; nothing before."""
    first = select(LabelVersion.slug).order_by(LabelVersion.published_at, LabelVersion.slug).limit(1).scalar_subquery()
    newest = select(LabelVersion).where(LabelVersion.slug == first).order_by(LabelVersion.number.desc()).limit(1)
    found = db.execute(newest).scalar_one_or_none()
    return label_of(found) if found else None


def definition(db: Session, slug: str, number: int | None = None) -> Definition | None:
    """A version of a label, the newest unless a number says which; nothing when it was never published."""
    rows = db.execute(
        select(LabelVersion.id, LabelVersion.number, LabelVersion.digest, LabelVersion.published_at)
        .where(LabelVersion.slug == slug)
        .order_by(LabelVersion.number.desc())
    ).all()
    asked = next((row for row in rows if number in (None, row.number)), None)
    if asked is None:
        return None
    versions = tuple(Version(row.number, row.digest, row.published_at) for row in rows)
    chosen = next(one for one in versions if one.number == asked.number)
    return Definition(label_of(db.get_one(LabelVersion, asked.id)), chosen, versions)


def ways(label: Label) -> tuple[tuple[Way, ...], tuple[Stage, ...]]:
    """Each way in with its own stages, then the stages that all of them share, in order."""
    walked = {entry.key: walk(label, entry.stage) for entry in label.entries}
    shared = set.intersection(*(set(keys) for keys in walked.values()))
    own = tuple(
        Way(entry, tuple(label.stage(key) for key in walked[entry.key] if key not in shared)) for entry in label.entries
    )
    common = tuple(label.stage(key) for key in walked[label.entries[0].key] if key in shared)
    return own, common


def walk(label: Label, first: str) -> tuple[str, ...]:
    """The stages of the main road from a stage: at each one, the first transition of the main tone."""
    road = [first]
    while True:
        onward = (t.target for t in label.exits[road[-1]] if t.tone == "main" and t.target != BACK)
        target = next((key for key in onward if key not in road), None)
        if target is None:
            return tuple(road)
        road.append(target)
