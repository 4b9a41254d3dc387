"""First contacts: somebody asks, without an account, and it binds her to nothing; the team answers her."""

import hashlib
import re
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.actor import Actor
from app.clock import Clock
from app.mail.notices import staff, tell
from app.models import Enquiry, Person
from app.models.base import new_id
from app.models.outbox import Engine
from app.operations.locks import locked
from app.operations.people import canonical_email
from app.queries.greeters import host_of
from workflows.label import Label
from workflows.refused import Refused

MOST_LINKS = 3
LINK = re.compile(r"://|\bwww\.", re.IGNORECASE)
PHONE = re.compile(r"\+?[0-9(][0-9 .()/-]{5,38}", re.ASCII)
#: From which states each other one is reached; a dossier is opened by an act of its own.
MOVES = {
    "waiting": {"answered", "closed", "set_aside"},
    "answered": {"waiting"},
    "closed": {"waiting", "answered"},
    "set_aside": {"waiting", "answered"},
}
UNSETTLED = ("waiting", "answered")


@dataclass(frozen=True)
class Asked:
    """What somebody writes at first contact. `entry` is empty when she does not know which is hers."""

    name: str
    email: str
    territory: str
    brings: str
    structure: str = ""
    unborn: bool = False
    phone: str = ""
    call_back: bool = False
    entry: str = ""
    locale: str = "fr"


def faults(label: Label, asked: Asked) -> Iterator[tuple[str, Refused]]:
    """What keeps a demand from being received, each with the field that mends it."""
    try:
        canonical_email(asked.email)
    except Refused as refused:
        yield "email", refused
    if asked.call_back and not asked.phone.strip():
        yield "phone", Refused("phone_missing")
    if asked.phone.strip() and not PHONE.fullmatch(asked.phone.strip()):
        yield "phone", Refused("phone_malformed")
    if not asked.unborn and not asked.structure.strip():
        yield "structure", Refused("structure_missing")
    for field in ("name", "structure", "territory"):
        if LINK.search(getattr(asked, field)):
            yield field, Refused("link_here")
    if len(LINK.findall(asked.brings)) > MOST_LINKS:
        yield "brings", Refused("too_many_links")
    if asked.entry and asked.entry not in {entry.key for entry in label.entries}:
        yield "entry", Refused("unknown_entry")


def ask(db: Session, label: Label, asked: Asked, *, once: str, fictional: bool = False, clock: Clock) -> str:
    """Receive a demand for information, thank whoever wrote it and tell who answers; returns its identifier.

    She gets neither mandate nor password, and what is known of a person with that address does not change. `once`
    names this demand: a second sending of the same form writes nothing. Raises the first of `faults`.
    """
    for _field, refused in faults(label, asked):
        raise refused
    at = clock()
    person = person_of(db, asked, at=at, fictional=fictional)
    enquiry = enquiry_id(once)
    made = insert(db, Enquiry).values(
        id=enquiry,
        label=label.slug,
        person_id=person,
        name=line(asked.name),
        phone=line(asked.phone),
        structure=line(asked.structure),
        unborn=asked.unborn,
        territory=line(asked.territory),
        brings=asked.brings.replace("\r\n", "\n").strip(),
        call_back=asked.call_back,
        entry=asked.entry,
        locale=asked.locale,
        received_at=at,
        status="waiting",
        note="",
    )
    fresh = db.execute(made.on_conflict_do_nothing(index_elements=[Enquiry.id]).returning(Enquiry.id))
    if fresh.scalar_one_or_none() is None:
        return enquiry
    host = host_of(db, label.slug, at)
    event, values = f"enquiry:{enquiry}", {"enquiry": enquiry}
    tell(db, Engine.ENQUIRY_RECEIVED, [person], event=event, at=at, values=values)
    readers = [host.person_id] if host else staff(db, "officer", at)
    tell(db, Engine.ENQUIRY_ARRIVED, readers, event=event, at=at, values=values)
    return enquiry


def enquiry_id(once: str) -> str:
    """The identifier of the demand that a form names."""
    return urlsafe_b64encode(hashlib.sha256(once.encode()).digest()[:16]).decode().rstrip("=")


def person_of(db: Session, asked: Asked, *, at: datetime, fictional: bool) -> str:
    """Whoever has this address: the person who is known, untouched, or a new one without any right."""
    address = canonical_email(asked.email)
    made = insert(db, Person).values(
        id=new_id(),
        email=address,
        name=line(asked.name),
        locale=asked.locale,
        active=True,
        fictional=fictional,
        created_at=at,
    )
    db.execute(made.on_conflict_do_nothing(index_elements=[Person.email]))
    return db.execute(select(Person.id).where(Person.email == address).with_for_update(key_share=True)).scalar_one()


def insert(db: Session, table: type[Any]) -> Any:
    """An insertion that may find its row there already, in the words of this database."""
    return (postgresql.insert if db.get_bind().dialect.name == "postgresql" else sqlite.insert)(table)


def line(text: str) -> str:
    """A text on one line."""
    return " ".join(text.split())


def lock_enquiry(db: Session, enquiry_id: str) -> Enquiry:
    """Read a demand again, under its lock, which comes before that of any dossier. Raises `Refused("gone")`."""
    return locked(db, Enquiry, enquiry_id)


def note_enquiry(db: Session, enquiry_id: str, note: str) -> None:
    """Keep what was said, for the team alone. Raises `Refused`: `gone`."""
    lock_enquiry(db, enquiry_id).note = note.strip()
    db.flush()


def settle_enquiry(db: Session, enquiry_id: str, to: str, *, note: str, by: Actor, clock: Clock) -> None:
    """Say that a demand is answered, closed or set aside, or that it waits again after all.

    Closing one asks for a word. Raises `Refused`: `gone`, `enquiry_settled`, `word_missing`.
    """
    enquiry = lock_enquiry(db, enquiry_id)
    at = clock()
    if enquiry.status not in MOVES[to]:
        raise Refused("enquiry_settled")
    if to == "closed" and not note.strip():
        raise Refused("word_missing")
    enquiry.status, enquiry.note = to, note.strip()
    enquiry.handled_by, enquiry.handled_at = by.id, at
    db.flush()


def take_up(db: Session, enquiry_id: str) -> Enquiry:
    """Hold a demand whose dossier is being opened: of two persons who open one, the second finds it settled.

    Raises `Refused`: `gone`, `enquiry_settled`.
    """
    enquiry = lock_enquiry(db, enquiry_id)
    if enquiry.status not in UNSETTLED:
        raise Refused("enquiry_settled")
    return enquiry


def turn_into_dossier(db: Session, enquiry_id: str, dossier_id: str, *, by: Actor, clock: Clock) -> None:
    """Tie a demand to the dossier it became. Raises `Refused`: `gone`, `enquiry_settled`."""
    enquiry = take_up(db, enquiry_id)
    enquiry.status, enquiry.dossier_id = "opened", dossier_id
    enquiry.handled_by, enquiry.handled_at = by.id, clock()
    db.flush()
