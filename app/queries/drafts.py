"""What somebody has typed and not yet sent, read by her alone."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.actor import Actor
from app.models import Draft

ANSWER = "answer:"


@dataclass(frozen=True)
class KeptDraft:
    """A text as it was last typed; `seen` is the digest of the text it was written over."""

    text: str
    seen: str
    at: datetime


def answer_place(dossier_id: str, criterion: str) -> str:
    """The place of what somebody writes under one criterion of a dossier."""
    return f"{ANSWER}{dossier_id}:{criterion}"


def draft_at(db: Session, me: Actor, place: str, *, since: datetime | None = None) -> KeptDraft | None:
    """My own draft for a place, unless it is older than `since`; nobody else's."""
    asked = select(Draft).where(Draft.person_id == me.id, Draft.place == place)
    draft = db.execute(asked).scalar_one_or_none()
    if draft is None or (since is not None and draft.kept_at < since):
        return None
    return KeptDraft(draft.text, draft.seen, draft.kept_at)
