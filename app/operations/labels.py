"""Publishing a version of a label: it never changes afterwards."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.clock import Clock
from app.models import LabelVersion
from workflows.label import load


def publish_label(db: Session, source: str, *, clock: Clock, by: str | None = None) -> LabelVersion:
    """Publish a definition as a new version. The same content again is the version that exists already.

    Raises `Faults` when the definition has faults.
    """
    label = load(source)
    known = db.execute(
        select(LabelVersion).where(LabelVersion.slug == label.slug, LabelVersion.digest == label.digest)
    ).scalar_one_or_none()
    if known is not None:
        return known
    last = db.execute(select(func.max(LabelVersion.number)).where(LabelVersion.slug == label.slug)).scalar()
    version = LabelVersion(
        slug=label.slug,
        number=(last or 0) + 1,
        digest=label.digest,
        source=source,
        published_at=clock(),
        published_by=by,
    )
    db.add(version)
    db.flush()
    return version
