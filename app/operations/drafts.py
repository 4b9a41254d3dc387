"""What is typed and not yet sent, kept for its author alone: it costs no entry, and nobody else ever reads it.

A ballot is never kept so: what a voice is about to say is itself a secret.
"""

from datetime import datetime, timedelta

from sqlalchemy import delete, func, literal, select
from sqlalchemy.orm import Session

from app.models import Dossier, Draft
from app.queries.drafts import ANSWER
from workflows.answers import LONGEST_TEXT
from workflows.refused import Refused

KEPT = timedelta(days=91)


def keep_draft(db: Session, person_id: str, place: str, text: str, *, seen: str, at: datetime) -> None:
    """Keep a text as it is typed now, in the place of what was kept there. Nothing typed is still a draft: it says so.

    `seen` is the digest of the text it is written over. Raises `Refused("text_too_long")`.
    """
    if len(text) > LONGEST_TEXT:
        raise Refused("text_too_long", limit=LONGEST_TEXT)
    draft = db.get(Draft, (person_id, place))
    if draft is None:
        draft = Draft(person_id=person_id, place=place)
        db.add(draft)
    draft.text, draft.seen, draft.kept_at = text, seen, at
    db.flush()


def forget_draft(db: Session, person_id: str, place: str) -> None:
    """Throw a draft away: it is saved, or its author does not want it."""
    db.execute(delete(Draft).where(Draft.person_id == person_id, Draft.place == place))


def purge_drafts(db: Session, at: datetime) -> None:
    """Throw away the drafts of three months ago, and those of dossiers that have gone on to another stage since."""
    start = len(ANSWER) + 1
    gone_on = (
        select(literal(1))
        .where(
            Draft.place.startswith(ANSWER, autoescape=True),
            Dossier.id == func.substr(Draft.place, start, func.length(Dossier.id)),
            Dossier.stage_since > Draft.kept_at,
        )
        .exists()
    )
    db.execute(delete(Draft).where((Draft.kept_at < at - KEPT) | gone_on))
