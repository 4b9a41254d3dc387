"""Whom the team calls today: who asked to be called back, who should hear a no before reading it, who has nobody left,
and whose day has come."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case, select
from sqlalchemy.orm import Session

from app.models import Dossier, Enquiry, Mandate, Person
from app.queries.colleagues import Deserted
from app.queries.desk_tasks import Task
from app.queries.exchanges import SeenAgain

ADVERSE = frozenset({"not_granted", "deferred"})
MOST = 100


@dataclass(frozen=True)
class Call:
    """Somebody to call: why (`enquiry`, `adverse`, `alone`, `again`), since when, at which number where it is known."""

    why: str
    structure: str
    since: datetime | None
    dossier_id: str = ""
    structure_id: str = ""
    enquiry_id: str = ""
    reference: str = ""
    person: str = ""
    phone: str = ""
    words: str = ""


@dataclass(frozen=True)
class WaitingEnquiry:
    """A first contact that waits for an answer."""

    id: str
    name: str
    structure: str
    phone: str
    call_back: bool
    received_at: datetime

    def task(self) -> Task:
        """What it asks of the team when she did not ask to be called."""
        return Task(
            code="do_enquiry", structure=self.structure or self.name, since=self.received_at, enquiry_id=self.id
        )

    def call(self) -> Call:
        return Call(
            why="enquiry",
            structure=self.structure or self.name,
            since=self.received_at,
            enquiry_id=self.id,
            person=self.name,
            phone=self.phone,
        )


def enquiries_waiting(db: Session) -> tuple[WaitingEnquiry, ...]:
    """The first contacts that wait, the oldest first, in one statement."""
    rows = db.execute(
        select(Enquiry).where(Enquiry.status == "waiting").order_by(Enquiry.received_at, Enquiry.id).limit(MOST)
    ).scalars()
    return tuple(
        WaitingEnquiry(one.id, one.name, one.structure, one.phone, one.call_back, one.received_at) for one in rows
    )


def calls_of(
    db: Session,
    enquiries: Iterable[WaitingEnquiry],
    dossiers: Iterable[Any],
    alone: Iterable[Deserted],
    again: Iterable[SeenAgain],
) -> tuple[Call, ...]:
    """Everybody to call, the hard letters first, with the number of who answers for each structure; one statement."""
    hard = [row for row in dossiers if is_hard(row)]
    seen = list(again)
    known = numbers(db, {row.Dossier.id for row in hard} | {one.dossier_id for one in seen})
    calls = [adverse(row, known) for row in hard]
    calls += [one.call() for one in enquiries if one.call_back]
    calls += [
        Call("alone", one.name, one.since, one.dossier_id or "", one.id, reference=one.reference or "") for one in alone
    ]
    for one in seen:
        person, phone = known.get(one.dossier_id, ("", ""))
        calls.append(
            Call(
                why="again",
                structure=one.structure,
                since=None,
                dossier_id=one.dossier_id,
                reference=one.reference,
                person=person,
                phone=phone,
                words=one.words,
            )
        )
    return tuple(calls)


def is_hard(row: Any) -> bool:
    """Whether a decision that is no yes is recorded, not notified, and nobody has noted a call since."""
    decision = row.Decision
    if decision is None or decision.settled_at is None or decision.notified_at is not None or row.held:
        return False
    return decision.outcome in ADVERSE and not row.called


def adverse(row: Any, known: dict[str, tuple[str, str]]) -> Call:
    person, phone = known.get(row.Dossier.id, ("", ""))
    return Call(
        why="adverse",
        structure=row.structure,
        since=row.Decision.settled_at,
        dossier_id=row.Dossier.id,
        reference=row.Dossier.reference,
        person=person,
        phone=phone,
    )


def numbers(db: Session, dossiers: Sequence[str] | set[str]) -> dict[str, tuple[str, str]]:
    """Who answers for the structure of each dossier and at which number, those with a number first."""
    rows = db.execute(
        select(Dossier.id, Person.name, Person.phone)
        .join(Mandate, Mandate.structure_id == Dossier.structure_id)
        .join(Person, Person.id == Mandate.person_id)
        .where(Dossier.id.in_(dossiers), Mandate.until.is_(None), Person.active)
        .order_by(case((Person.phone == "", 1), else_=0), case((Mandate.role == "titulaire", 0), else_=1), Person.name)
    ).all()
    known: dict[str, tuple[str, str]] = {}
    for dossier, person, phone in rows:
        known.setdefault(dossier, (person, phone))
    return known
