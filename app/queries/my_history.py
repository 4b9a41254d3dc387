"""The life of a dossier as its structure may read it: the stages it came to, and nothing of the committee's own.

An entry of a vote is in the chain of its poll, which is not read here. What a stage was reached by is said no more
than its structure was told: an arbitration reads like any other decision.
"""

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Entry, Opening
from app.queries.passing import readers
from workflows.label import Label, Stage, Transition

OPENED = "opened"
PERSON, NOTE = "person", "note"


@dataclass(frozen=True)
class Step:
    """A stage that a dossier came to.

    `person` is who brought it there, where this person is the structure's or follows its dossier; `note` is what the
    structure was told with it.
    """

    at: datetime
    stage: Stage
    person: str | None
    note: str | None


def my_history(db: Session, dossier_id: str, label: Label) -> tuple[Step, ...]:
    """The steps of a dossier, the newest first, in one statement."""
    shown = {OPENED, *(transition.name for transition in label.transitions)}
    rows = db.execute(
        select(Entry.id, Entry.type, Entry.body, Entry.at, Opening.name, Opening.value)
        .outerjoin(Opening, (Opening.entry_id == Entry.id) & Opening.name.in_((PERSON, NOTE)))
        .where(Entry.chain == f"dossier:{dossier_id}", Entry.type.in_(shown))
        .order_by(Entry.height.desc())
    ).all()
    entries = {row.id: row for row in rows}
    private = {(row.id, row.name): row.value for row in rows if row.name}
    return tuple(
        step
        for row in entries.values()
        if (
            step := step_of(
                label,
                row.type,
                row.at,
                json.loads(row.body),
                private.get((row.id, PERSON)),
                private.get((row.id, NOTE)),
            )
        )
    )


def step_of(
    label: Label, type: str, at: datetime, body: dict[str, str], person: str | None, note: str | None
) -> Step | None:
    """One entry as a step; nothing for an entry that moves the dossier nowhere."""
    if type == OPENED:
        return Step(at, label.stage(body["stage"]), person, None)
    if "to" not in body:
        return None
    made = next((t for t in label.exits.get(body["from"], ()) if t.name == type), None)
    return Step(
        at,
        label.stage(body["to"]),
        person if made and said_by_name(label, made) else None,
        note if made and told(label, made) else None,
    )


def said_by_name(label: Label, transition: Transition) -> bool:
    """Whether the structure knows who made it: one of its own, or who follows its dossier; never who decides."""
    by_structure = label.hands(transition) == {"structure"}
    return by_structure or (transition.act is None and label.hands(transition) <= {"structure", "officer"})


def told(label: Label, transition: Transition) -> bool:
    """Whether the structure received the words that went with it."""
    return transition.act is None and "structure" in readers(label, transition)
