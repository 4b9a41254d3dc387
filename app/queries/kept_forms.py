"""A form that arrived after its session had ended, as its author alone may see it again."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.actor import Actor
from app.models import KeptForm

LASTING = timedelta(minutes=15)


@dataclass(frozen=True)
class Kept:
    """What she was sending, to which page, until when it is kept."""

    id: str
    path: str
    fields: tuple[tuple[str, str], ...]
    until: datetime


def kept_form(db: Session, me: Actor, form_id: str, at: datetime) -> Kept | None:
    """My own form, for a quarter of an hour; nobody else's."""
    asked = select(KeptForm).where(KeptForm.id == form_id, KeptForm.person_id == me.id, KeptForm.kept_at > at - LASTING)
    found = db.execute(asked).scalar_one_or_none()
    if found is None:
        return None
    fields = tuple((str(name), str(value)) for name, value in found.fields)
    return Kept(found.id, found.path, fields, found.kept_at + LASTING)
