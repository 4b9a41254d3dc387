"""Reading published definitions back: each version once for a process."""

from functools import lru_cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import LabelVersion
from workflows.label import Label, load


@lru_cache(maxsize=64)
def label_of_source(source: str) -> Label:
    """The definition written in a TOML text. Raises `Faults`."""
    return load(source)


def label_of(version: LabelVersion) -> Label:
    """The definition that a published version holds."""
    return label_of_source(version.source)


def current_version(db: Session, slug: str) -> LabelVersion | None:
    """The newest published version of a label."""
    return db.execute(
        select(LabelVersion).where(LabelVersion.slug == slug).order_by(LabelVersion.number.desc()).limit(1)
    ).scalar_one_or_none()
