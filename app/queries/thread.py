"""« Reprendre le fil »: what happened to a dossier while somebody was away, what was promised, what is due.

Read from the journal, and no more of it than the structure may know: nothing of a poll, nothing that an arbiter
prepares, no word that was not told.
"""

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.actor import Actor
from app.models import Entry, Mandate, Opening, Person
from app.queries.exchanges import Said, beside
from app.queries.headings import Heading, Opened, opened
from app.queries.my_dossiers import Ahead, ahead
from app.queries.my_history import AGAIN, OPENED, said_by_name, step_of
from workflows.deadlines import due_date
from workflows.label import Stage, Text

JOINED, LEFT = "person_joined", "person_left"
WRITTEN, FILED = "answer_written", "piece_filed"
ASKED = ("time_asked", "call_back_asked", "taken_up_again")
#: Of ten sentences in all: where it stands, what is promised and what is due take the others.
MOST = 6
SAID = 1
AWAY = timedelta(days=7)
NEW = timedelta(days=30)


@dataclass(frozen=True)
class Event:
    """One thing that happened, or several of a kind: `answer_written` and `piece_filed` count theirs.

    `people` are those of the structure or who follow its dossier; never who decides.
    """

    kind: str
    at: datetime
    stage: Stage | None = None
    count: int = 1
    people: tuple[str, ...] = ()
    whom: str = ""


@dataclass(frozen=True)
class Handed:
    """What somebody who left wrote for whoever takes over."""

    name: str
    note: str
    at: datetime


@dataclass(frozen=True)
class Thread:
    """The page of who comes back: `since` is when she was last here, nothing for the whole story."""

    heading: Heading
    awarder: Text
    since: datetime | None
    stage_since: datetime
    waits_on: Text | None
    waits_for_us: bool
    due_on: date | None
    events: tuple[Event, ...]
    said: tuple[Said, ...]
    expected: tuple[Ahead, ...]
    handed: Handed | None


def thread(db: Session, me: Actor, dossier_id: str, since: datetime | None) -> Thread | None:
    """What a person of the structure needs to take a dossier up again, in five statements; nothing if she may not see
    it, or if she is not of its structure."""
    found = opened(db, me, dossier_id)
    if found is None or not me.roles_in(found.dossier.structure_id):
        return None
    label, stage = found.label, found.heading.stage
    role = label.role(stage.waits_on) if stage.waits_on else None
    ours = role is not None and role.held_by == "structure"
    ways = ahead(db, me, found)[0] if ours else ()
    said = beside(db, found.dossier, label).exchanges
    return Thread(
        heading=found.heading,
        awarder=label.words.awarder,
        since=since,
        stage_since=found.dossier.stage_since,
        waits_on=role.name if role else None,
        waits_for_us=ours,
        due_on=due_date(found.dossier.stage_since, stage.working_days) if stage.working_days else None,
        events=happened(db, found, since),
        said=tuple(one for one in said if since is None or one.at > since)[:SAID],
        expected=tuple(way for way in ways if way.transition.tone == "main"),
        handed=handed(db, found.dossier.structure_id, since),
    )


def happened(db: Session, found: Opened, since: datetime | None) -> tuple[Event, ...]:
    """The latest things that happened, the oldest of them first; texts and pieces are counted day by day."""
    label = found.label
    shown = {OPENED, AGAIN, JOINED, LEFT, WRITTEN, FILED, *ASKED, *(move.name for move in label.transitions)}
    asked = (
        select(Entry.id, Entry.type, Entry.body, Entry.at, Opening.name, Opening.value)
        .outerjoin(Opening, (Opening.entry_id == Entry.id) & Opening.name.in_(("person", "whom")))
        .where(Entry.chain == f"dossier:{found.dossier.id}", Entry.type.in_(shown))
        .order_by(Entry.height)
    )
    rows = db.execute(asked if since is None else asked.where(Entry.at > since)).all()
    events = [event for _, lines in groupby(rows, lambda row: row.id) if (event := read(found, list(lines)))]
    return gathered(events)[-MOST:]


def read(found: Opened, lines: list[Any]) -> Event | None:
    """One entry; nothing for one that moves the dossier nowhere and is not told."""
    entry = lines[0]
    said = {line.name: line.value or "" for line in lines if line.name}
    person = (said["person"],) if said.get("person") else ()
    if entry.type in {JOINED, LEFT, WRITTEN, FILED, *ASKED}:
        return Event(entry.type, entry.at, people=person, whom=said.get("whom", ""))
    body = json.loads(entry.body)
    step = step_of(found.label, entry.type, entry.at, body, person[0] if person else None, None)
    if step is None:
        return None
    made = next((t for t in found.label.exits.get(body.get("from", ""), ()) if t.name == entry.type), None)
    named = made is None or said_by_name(found.label, made)
    return Event("stage", entry.at, stage=step.stage, people=person if named and step.person else ())


def gathered(events: list[Event]) -> tuple[Event, ...]:
    """The same, texts and pieces between two other events told in one sentence each."""
    told: list[Event] = []
    for kind, lines in groupby(events, lambda event: event.kind if event.kind in {WRITTEN, FILED} else object()):
        some = list(lines)
        people = tuple(dict.fromkeys(name for event in some for name in event.people))
        told += [Event(str(kind), some[-1].at, count=len(some), people=people)] if kind in {WRITTEN, FILED} else some
    return tuple(told)


def handed(db: Session, structure_id: str, since: datetime | None) -> Handed | None:
    """The last note of somebody who left since then, in one statement."""
    row = db.execute(
        select(Person.name, Mandate.note, Mandate.until)
        .join(Mandate, Mandate.person_id == Person.id)
        .where(Mandate.structure_id == structure_id, Mandate.until.is_not(None), Mandate.note != "")
        .order_by(Mandate.until.desc())
        .limit(1)
    ).one_or_none()
    fresh = row is not None and (since is None or row.until > since)
    return Handed(row.name, row.note, row.until) if row and fresh else None


def is_new(joined_at: datetime, opened_at: datetime, at: datetime) -> bool:
    """Whether somebody came to a dossier less than thirty days ago, and after it had begun."""
    return joined_at > opened_at + timedelta(days=1) and joined_at > at - NEW
