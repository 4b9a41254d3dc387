"""Who is told what. A notice becomes rows of the outbox, in the transaction of the act it tells.

A label declares the notices of its events; the engine has its own (`Engine`). A row holds identifiers and a few words,
never a body nor a token: both are made when the worker sends.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.actor import VOTING
from app.models import Dossier, Mandate, Message, Person, Seat, Structure
from workflows.label import Label, Notice


def tell(
    db: Session,
    notice: str,
    people: Iterable[str],
    *,
    event: str,
    at: datetime,
    values: Mapping[str, Any] | None = None,
) -> None:
    """Write one row for each person. The same event never tells one person the same thing twice."""
    db.add_all(
        Message(
            event=event,
            notice=str(notice),
            person_id=person,
            values=dict(values or {}),
            written_at=at,
            due_at=at,
            status="waiting",
            tries=0,
            fence=0,
            why="",
        )
        for person in sorted(set(people))
    )
    db.flush()


def tell_label(
    db: Session,
    label: Label,
    dossier: Dossier,
    notices: Iterable[Notice],
    *,
    event: str,
    at: datetime,
    reason: str = "",
) -> None:
    """Tell what the definition declares, to the persons who hold each role on this dossier."""
    for notice in notices:
        people = people_of_role(db, label.role(notice.to).held_by, dossier, at)
        values = {"dossier": dossier.id, "structure": dossier.structure_id, "reason": reason}
        tell(db, f"label:{notice.key}", people, event=event, at=at, values=values)


def in_force(at: datetime) -> Any:
    """Mandates in force at a moment, as a condition."""
    return (Mandate.since <= at) & or_(Mandate.until.is_(None), Mandate.until > at)


def people_of_role(db: Session, held_by: str, dossier: Dossier, at: datetime) -> list[str]:
    """The persons that a role of a label means, for one dossier: its own officer, or every one when she has left."""
    if held_by == "structure":
        return people_of_structures(db, [dossier.structure_id], at)
    if held_by not in {"officer", "arbiter"}:
        return []
    team = staff(db, held_by, at)
    return [dossier.officer_id] if held_by == "officer" and dossier.officer_id in team else team


def staff(db: Session, role: str, at: datetime) -> list[str]:
    """The active persons of the team in a role."""
    asked = (
        select(Mandate.person_id)
        .join(Person, Person.id == Mandate.person_id)
        .where(Mandate.role == role, in_force(at), Person.active)
        .distinct()
    )
    return list(db.execute(asked).scalars())


def people_of_structures(
    db: Session, structures: Iterable[str], at: datetime, roles: Iterable[str] | None = None
) -> list[str]:
    """The active persons with a mandate in force for any of these structures, in any role unless told which."""
    asked = (
        select(Mandate.person_id)
        .join(Person, Person.id == Mandate.person_id)
        .where(Mandate.structure_id.in_(list(structures)), in_force(at), Person.active)
        .distinct()
    )
    if roles is not None:
        asked = asked.where(Mandate.role.in_(list(roles)))
    return list(db.execute(asked).scalars())


def voters(db: Session, poll_id: str, at: datetime) -> list[str]:
    """The persons who may act for a voice of this poll that takes part."""
    seats = select(Seat.structure_id).where(Seat.poll_id == poll_id, Seat.recused_at.is_(None), Seat.ended_at.is_(None))
    return people_of_structures(db, db.execute(seats).scalars().all(), at, VOTING)


def name_of(db: Session, structure_id: str) -> str:
    """The name of a structure, for a letter."""
    return db.execute(select(Structure.name).where(Structure.id == structure_id)).scalar_one()
