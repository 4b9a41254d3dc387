"""What a structure may ask besides its request, from where its dossier stands."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.actor import Actor
from app.queries.headings import Heading, opened
from app.queries.labels import current_version, label_of
from workflows.label import Entry
from workflows.roads import may_ask_time


@dataclass(frozen=True)
class Asides:
    """A dossier that somebody may see. `entries` are those of the label as it is now, `entry` the one it began by."""

    heading: Heading
    entry: str
    entries: tuple[Entry, ...]
    closed: bool
    paused: bool
    time: bool


def asides(db: Session, me: Actor, dossier_id: str) -> Asides | None:
    """What may be asked of a dossier, in two statements; nothing when it is not seen."""
    found = opened(db, me, dossier_id)
    version = current_version(db, found.label.slug) if found else None
    if found is None or version is None:
        return None
    kind = found.heading.stage.kind
    return Asides(
        heading=found.heading,
        entry=found.dossier.entry,
        entries=label_of(version).entries,
        closed=kind == "closed",
        paused=kind == "paused",
        time=may_ask_time(found.label, found.dossier.stage),
    )
