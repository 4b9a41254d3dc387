"""Who may act, from the desk: inviting a person in a role, inviting her again, ending what she held."""

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from app.actor import Actor
from app.clock import Clock
from app.mail.notices import staff, tell
from app.models import Mandate, Person, Structure
from app.models.outbox import Engine
from app.operations.people import canonical_email, end_sessions, invite, send_invitation
from app.operations.presence import JOINED, LEFT, lock_ways, write_presence
from app.operations.structures import end_mandate
from workflows.refused import Refused

ADMINISTRATOR = "administrator"
FICTIONAL = "fictional"


def invite_to_structure(
    db: Session,
    structure_id: str,
    *,
    name: str,
    email: str,
    function: str,
    role: str,
    by: Actor,
    clock: Clock,
    reason: str = "",
) -> Person:
    """Invite a person to act for a structure; the history of its dossiers under way says so, with the reason if any.

    Raises `Refused`: `gone`, `mandate_held`, and what `invite` refuses.
    """
    ways = lock_ways(db, structure_id)
    structure = db.get_one(Structure, structure_id)
    refuse_second(db, email, role, structure_id, clock)
    person = invite(
        db,
        name=name,
        email=email,
        role=role,
        structure_id=structure_id,
        fictional=structure.register == FICTIONAL,
        clock=clock,
    )
    if function.strip() and not person.function:
        person.function = function.strip()
        db.flush()
    write_presence(db, ways, JOINED, role, whom=person.name, by=by, at=clock(), reason=reason)
    return person


def name_person(
    db: Session,
    structure_id: str,
    *,
    name: str,
    email: str,
    function: str,
    role: str,
    reason: str,
    by: Actor,
    clock: Clock,
) -> Person:
    """The team gives a structure a person. Where nobody is left to answer for it, it says how it was checked.

    Raises `Refused`: `check_missing`, and what `invite_to_structure` refuses.
    """
    if not reason.strip() and not anybody(db, structure_id):
        raise Refused("check_missing")
    return invite_to_structure(
        db,
        structure_id,
        name=name,
        email=email,
        function=function,
        role=role,
        by=by,
        clock=clock,
        reason=reason,
    )


def anybody(db: Session, structure_id: str) -> bool:
    """Whether somebody active holds a mandate of a structure, or ever held one: a new structure has nobody yet."""
    held = select(Mandate.until, Person.active).join(Person, Person.id == Mandate.person_id)
    rows = db.execute(held.where(Mandate.structure_id == structure_id)).all()
    return not rows or any(row.until is None and row.active for row in rows)


def invite_to_team(db: Session, *, name: str, email: str, role: str, by: Actor, clock: Clock) -> Person:
    """Invite a person in the team. Nobody gives herself a role, and every arbiter is told of one that was given.

    Raises `Refused`: `own_role`, `mandate_held`, and what `invite` refuses.
    """
    if canonical_email(email) == by.email:
        raise Refused("own_role")
    refuse_second(db, email, role, None, clock)
    person = invite(db, name=name, email=email, role=role, clock=clock)
    at = clock()
    event, values = f"team:{person.id}:{role}:{at.isoformat()}", {"person": person.id, "role": role}
    tell(db, Engine.TEAM_CHANGED, staff(db, "arbiter", at), event=event, at=at, values=values)
    return person


def refuse_second(db: Session, email: str, role: str, structure_id: str | None, clock: Clock) -> None:
    """Refuse to give a person what she holds already. Raises `Refused`: `email_malformed`, `mandate_held`."""
    at = clock()
    held = (
        select(Mandate.id)
        .join(Person, Person.id == Mandate.person_id)
        .where(
            Person.email == canonical_email(email),
            Mandate.role == role,
            Mandate.structure_id == structure_id if structure_id else Mandate.structure_id.is_(None),
            Mandate.since <= at,
            or_(Mandate.until.is_(None), Mandate.until > at),
        )
    )
    if db.execute(held.limit(1)).scalar_one_or_none() is not None:
        raise Refused("mandate_held")


def invite_again(db: Session, person_id: str, *, structure_id: str | None, clock: Clock) -> None:
    """Send a new invitation to who has not come in yet; the earlier one stops working.

    Raises `Refused`: `gone` for who holds nothing there, `invitation_used` for who has come in.
    """
    at = clock()
    person = db.execute(
        select(Person)
        .join(Mandate, Mandate.person_id == Person.id)
        .where(
            Person.id == person_id,
            Mandate.structure_id == structure_id if structure_id else Mandate.structure_id.is_(None),
            or_(Mandate.until.is_(None), Mandate.until > at),
        )
        .limit(1)
    ).scalar_one_or_none()
    if person is None:
        raise Refused("gone")
    if person.password is not None:
        raise Refused("invitation_used")
    send_invitation(db, person, at=at, structure_id=structure_id)


def end_held_mandate(db: Session, mandate_id: str, *, structure_id: str | None, by: Actor, clock: Clock) -> None:
    """End a mandate of this structure, or of the team, and the sessions of who held it.

    Raises `Refused`: `gone` for a mandate of anybody else, `last_administrator`.
    """
    ways = lock_ways(db, structure_id) if structure_id else ()
    held = db.execute(select(Mandate).where(Mandate.id == mandate_id)).scalar_one_or_none()
    if held is None or held.structure_id != structure_id:
        raise Refused("gone")
    if held.role == ADMINISTRATOR and administrators(db) <= 1:
        raise Refused("last_administrator")
    person = db.get_one(Person, end_mandate(db, mandate_id, clock=clock))
    end_sessions(db, person.id)
    write_presence(db, ways, LEFT, held.role, whom=person.name, by=by, at=clock())


def administrators(db: Session) -> int:
    """How many mandates of administration have not ended."""
    asked = select(func.count()).select_from(Mandate)
    return db.execute(asked.where(Mandate.role == ADMINISTRATOR, Mandate.until.is_(None))).scalar_one()
