"""Who comes to a structure and who leaves it, written in the history of its dossiers under way."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.actor import Actor
from app.models import Dossier, LabelVersion
from app.operations import journal
from app.operations.way import lock_structure
from app.queries.labels import label_of

JOINED, LEFT = "person_joined", "person_left"


def lock_ways(db: Session, structure_id: str) -> tuple[Dossier, ...]:
    """Lock a structure, then its dossiers under way: one change at a time of who acts for it. Raises `Refused("gone")`.

    Two persons who leave at once cannot each count on the other.
    """
    lock_structure(db, structure_id)
    rows = db.execute(
        select(Dossier, LabelVersion)
        .join(LabelVersion, LabelVersion.id == Dossier.label_version_id)
        .where(Dossier.structure_id == structure_id)
        .order_by(Dossier.id)
        .with_for_update(of=Dossier, key_share=True)
        .execution_options(populate_existing=True)
    ).all()
    return tuple(dossier for dossier, version in rows if not label_of(version).stage(dossier.stage).final)


def write_presence(
    db: Session,
    dossiers: Sequence[Dossier],
    type: str,
    role: str,
    *,
    whom: str,
    by: Actor,
    at: datetime,
    reason: str = "",
) -> None:
    """Say in each of these histories that somebody came in a role, or left it; names and reasons stay erasable."""
    private = {"person": by.name, "whom": whom, **({"reason": reason.strip()} if reason.strip() else {})}
    for dossier in dossiers:
        journal.append(db, dossier, type, at=at, body={"role": role}, private=private)
