"""What the persons of a structure decide of one another: inviting a colleague, ending what she held, leaving."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.actor import SIGNING, Actor
from app.clock import Clock
from app.mail.notices import in_force, people_of_role, people_of_structures, staff, tell
from app.models import Dossier, Mandate, Person
from app.models.outbox import Engine
from app.operations.mandates import invite_to_structure
from app.operations.people import end_sessions
from app.operations.presence import JOINED, LEFT, lock_ways, write_presence
from app.operations.structures import give_mandate
from workflows.refused import Refused

LONGEST_NOTE = 2000  # characters


@dataclass(frozen=True)
class Newcomer:
    """Somebody to invite: who takes over and has no access yet."""

    name: str
    email: str
    function: str = ""


@dataclass(frozen=True)
class Successor:
    """Who takes over: a colleague by her identifier, somebody to invite, or nobody yet."""

    person_id: str | None = None
    newcomer: Newcomer | None = None


def end_colleague(db: Session, structure_id: str, mandate_id: str, *, by: Actor, clock: Clock) -> None:
    """End what a colleague holds for a structure, and her sessions.

    Raises `Refused`: `gone`, `own_mandate` for one's own (leaving has its page), `last_binding` when nobody would be
    left to bind the structure.
    """
    ways = lock_ways(db, structure_id)
    at = clock()
    held = mandates_in_force(db, structure_id, at)
    ended = next((mandate for mandate in held if mandate.id == mandate_id), None)
    if ended is None:
        raise Refused("gone")
    if ended.person_id == by.id:
        raise Refused("own_mandate")
    refuse_last_binding(held, [ended])
    end_all(db, [ended], ways, by=by, at=at)
    end_sessions(db, ended.person_id)
    tell_team(db, structure_id, ways, ended, at=at)


def leave_structure(
    db: Session,
    structure_id: str,
    *,
    by: Actor,
    clock: Clock,
    successor: Successor | None = None,
    note: str = "",
    here: str | None = None,
) -> None:
    """Leave a structure today: what one held ends, a colleague or somebody invited holds it from now on.

    `note` is for whoever takes over. Every session but `here` ends; the others of the structure and the team are told.
    Raises `Refused`: `gone` for who holds nothing there, `text_too_long`, `successor_missing` for an unknown colleague,
    and what `invite` refuses.
    """
    if len(note.strip()) > LONGEST_NOTE:
        raise Refused("text_too_long", limit=LONGEST_NOTE)
    ways = lock_ways(db, structure_id)
    at = clock()
    held = mandates_in_force(db, structure_id, at)
    mine = [mandate for mandate in held if mandate.person_id == by.id]
    if not mine:
        raise Refused("gone")
    hand_over(db, structure_id, mine, held, successor or Successor(), ways, by=by, clock=clock)
    mine[0].note = note.strip()
    end_all(db, mine, ways, by=by, at=at)
    end_sessions(db, str(by.id), but=here)
    others = people_of_structures(db, [structure_id], at)
    values = {"structure": structure_id, "mandate": mine[0].id}
    tell(db, Engine.COLLEAGUE_LEFT, set(others) - {str(by.id)}, event=left(mine[0]), at=at, values=values)
    tell_team(db, structure_id, ways, mine[0], at=at)


def mandates_in_force(db: Session, structure_id: str, at: datetime) -> Sequence[Mandate]:
    """What the active persons of a structure hold, the strongest role first."""
    rows = db.execute(
        select(Mandate)
        .join(Person, Person.id == Mandate.person_id)
        .where(Mandate.structure_id == structure_id, in_force(at), Person.active)
        .execution_options(populate_existing=True)
    ).scalars()
    order = ("titulaire", "signature", "suppleance", "contribution")
    return sorted(rows, key=lambda mandate: (order.index(mandate.role), mandate.since, mandate.id))


def refuse_last_binding(held: Iterable[Mandate], ended: Sequence[Mandate]) -> None:
    """Refuse an end that leaves nobody to bind the structure, where somebody does. Raises `Refused("last_binding")`."""
    gone = {mandate.id for mandate in ended}
    binding = {mandate.id for mandate in held if mandate.role in SIGNING}
    if binding and not binding - gone:
        raise Refused("last_binding")


def hand_over(
    db: Session,
    structure_id: str,
    mine: Sequence[Mandate],
    held: Sequence[Mandate],
    successor: Successor,
    ways: Sequence[Dossier],
    *,
    by: Actor,
    clock: Clock,
) -> None:
    """Give what somebody held to who takes over, for each role she has not already."""
    newcomer = successor.newcomer
    if newcomer is not None:
        for mandate in mine:
            invite_to_structure(
                db,
                structure_id,
                name=newcomer.name,
                email=newcomer.email,
                function=newcomer.function,
                role=mandate.role,
                by=by,
                clock=clock,
            )
    elif successor.person_id is not None:
        colleague = next((m.person_id for m in held if m.person_id == successor.person_id != by.id), None)
        if colleague is None:
            raise Refused("successor_missing")
        has = {m.role for m in held if m.person_id == colleague}
        person = db.get_one(Person, colleague)
        for mandate in mine:
            if mandate.role not in has:
                give_mandate(db, person, mandate.role, structure_id=structure_id, at=clock())
                write_presence(db, ways, JOINED, mandate.role, whom=person.name, by=by, at=clock())
        end_sessions(db, colleague)


def end_all(db: Session, ended: Sequence[Mandate], ways: Sequence[Dossier], *, by: Actor, at: datetime) -> None:
    """End mandates now; each is an entry of the dossiers under way."""
    whom = db.get_one(Person, ended[0].person_id).name
    for mandate in ended:
        mandate.until = at
    db.flush()
    for mandate in ended:
        write_presence(db, ways, LEFT, mandate.role, whom=whom, by=by, at=at)


def left(mandate: Mandate) -> str:
    return f"left:{mandate.id}"


def tell_team(db: Session, structure_id: str, ways: Sequence[Dossier], ended: Mandate, *, at: datetime) -> None:
    """Tell who follows the structure; everybody who follows dossiers where none is under way or nobody is left."""
    alone = not people_of_structures(db, [structure_id], at)
    following = [person for dossier in ways for person in people_of_role(db, "officer", dossier, at)]
    readers = staff(db, "officer", at) if alone or not following else following
    values = {"structure": structure_id, "mandate": ended.id}
    tell(db, Engine.PERSON_LEFT, readers, event=left(ended), at=at, values=values)
