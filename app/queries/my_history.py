"""The life of a dossier as its structure may read it: the stages it came to, and nothing of the committee's own.

An entry of a vote is in the chain of its poll, which is not read here. What a stage was reached by is said no more
than its structure was told: an arbitration reads like any other decision.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Enquiry, Entry, Opening
from app.queries.enquiries import FirstWords
from app.queries.passing import readers
from workflows.label import Label, Stage, Transition

OPENED = "opened"
#: The committee begins again: its structure reads that the examination goes on, never why.
AGAIN = "hold_confirmed"
TAKEN_UP, TIME_ASKED, CALL_BACK = "taken_up_again", "time_asked", "call_back_asked"
PERSON, NOTE = "person", "note"
#: What a structure is told by a page: a passage without an act of its own, and what is asked to complete its file.
TOLD = frozenset({None, "ask"})


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


@dataclass(frozen=True)
class History:
    """The steps of a dossier, the newest first, and what was asked since the last of them.

    `taken_up_in` is the dossier that follows this one; `call_back_on` a day in Paris; `first_words` what was written
    before there was a dossier; `examined` whether it ever came before a committee.
    """

    steps: tuple[Step, ...]
    taken_up_in: str | None
    time_asked_at: datetime | None
    call_back_on: date | None
    first_words: FirstWords | None
    examined: bool


def my_history(db: Session, dossier_id: str, label: Label) -> History:
    """The life of a dossier, in one statement."""
    shown = {OPENED, AGAIN, TAKEN_UP, TIME_ASKED, CALL_BACK, *(transition.name for transition in label.transitions)}
    rows = db.execute(
        select(
            Entry.id,
            Entry.type,
            Entry.body,
            Entry.at,
            Opening.name,
            Opening.value,
            Enquiry.name.label("asked_by"),
            Enquiry.brings,
            Enquiry.territory,
            Enquiry.received_at,
        )
        .outerjoin(Opening, (Opening.entry_id == Entry.id) & Opening.name.in_((PERSON, NOTE)))
        .outerjoin(Enquiry, (Entry.type == OPENED) & (Enquiry.dossier_id == dossier_id))
        .where(Entry.chain == f"dossier:{dossier_id}", Entry.type.in_(shown))
        .order_by(Entry.height.desc())
    ).all()
    entries = {row.id: row for row in rows}
    private = {(row.id, row.name): row.value for row in rows if row.name}
    steps = tuple(step for row in entries.values() if (step := read_step(label, row, private)))
    last = steps[0].at if steps else None
    since = [row for row in entries.values() if last is None or row.at >= last]
    opening = next((row for row in entries.values() if row.brings), None)
    return History(
        steps=steps,
        taken_up_in=next((json.loads(row.body)["dossier"] for row in since if row.type == TAKEN_UP), None),
        time_asked_at=next((row.at for row in since if row.type == TIME_ASKED), None),
        call_back_on=call_back(since),
        first_words=first_words(opening),
        examined=any(step.stage.kind == "committee" for step in steps),
    )


def call_back(rows: Iterable[Any]) -> date | None:
    """The day after which the structure asked to be called again."""
    return next((date.fromisoformat(json.loads(row.body)["after"]) for row in rows if row.type == CALL_BACK), None)


def first_words(row: Any) -> FirstWords | None:
    return FirstWords(row.asked_by, row.brings, row.territory, row.received_at) if row else None


def read_step(label: Label, row: Any, private: Mapping[tuple[str, str], str | None]) -> Step | None:
    said = json.loads(row.body)
    return step_of(label, row.type, row.at, said, private.get((row.id, PERSON)), private.get((row.id, NOTE)))


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
    return by_structure or (transition.act in TOLD and label.hands(transition) <= {"structure", "officer"})


def told(label: Label, transition: Transition) -> bool:
    """Whether the structure received the words that went with it."""
    return transition.act in TOLD and "structure" in readers(label, transition)
