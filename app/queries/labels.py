"""Reading published definitions back: each version once for a process."""

from functools import lru_cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Dossier, LabelVersion
from workflows.label import Label, Role, Stage, load


@lru_cache(maxsize=64)
def label_of_source(source: str) -> Label:
    """The definition written in a TOML text. Raises `Faults`."""
    return load(source)


def label_of(version: LabelVersion) -> Label:
    """The definition that a published version holds."""
    return label_of_source(version.source)


def label_for(db: Session, dossier: Dossier) -> Label:
    """The definition that a dossier was opened under, or was moved to since."""
    return label_of(db.get_one(LabelVersion, dossier.label_version_id))


def current_version(db: Session, slug: str) -> LabelVersion | None:
    """The newest published version of a label."""
    return db.execute(
        select(LabelVersion).where(LabelVersion.slug == slug).order_by(LabelVersion.number.desc()).limit(1)
    ).scalar_one_or_none()


def labels(db: Session) -> dict[str, Label]:
    """Every published version by its identifier, the newest last."""
    rows = db.execute(select(LabelVersion.id, LabelVersion.source).order_by(LabelVersion.published_at)).all()
    return {row.id: label_of_source(row.source) for row in rows}


def waited(label: Label, stage: Stage) -> Role | None:
    """Who is expected to act."""
    return label.role(stage.waits_on) if stage.waits_on else None
