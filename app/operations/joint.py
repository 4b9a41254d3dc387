"""A joint file: the dossiers of a collective's structures, written together; each keeps its own way and its own letter.

Avise, « 9 nouvelles structures rejoignent la Fabrique à initiatives »: six structures of one collective came together,
one of which had the appellation already. Such a one is co-author: it writes the shared part and asks for nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.actor import Actor
from app.clock import Clock
from app.mail.notices import people_of_structures, tell
from app.models import CoAuthor, Dossier, JointFile, LabelVersion, Structure
from app.models.base import new_id
from app.models.outbox import Engine
from app.operations import journal
from app.operations.collectives import OVER, collective_named, kind_of
from app.operations.content import Filed
from app.operations.joint_parts import share_parts
from app.operations.locks import lock_dossier, lock_joint_file, lock_members, lock_numbering
from app.operations.way import current_status, lock_structure, open_dossier, remember_instructor
from app.operations.writing import lock_joint_writings
from app.queries.labels import label_of
from workflows.label import Label
from workflows.refused import Refused

#: What has gone before the committee, or come to its end, is not written any more: it joins nothing.
TOO_LATE = frozenset({"committee", "decision"})
FEWEST = 2


@dataclass(frozen=True)
class Joining:
    """What structures come in with: the version and the entry of the dossiers still to be opened, and the copies of
    joint pieces, by structure and requirement, kept in the store before the act."""

    version: LabelVersion
    entry: str
    copies: Mapping[tuple[str, str], Filed] = field(default_factory=dict)

    @property
    def label(self) -> Label:
        return label_of(self.version)


def open_joint_file(
    db: Session, collective: str, structures: Iterable[str], joining: Joining, *, by: Actor, clock: Clock
) -> JointFile:
    """Open the joint file of a collective, named here, with its dossiers under way and those it opens.

    All or nothing. Raises `Refused`: `joint_too_small`, `collective_unnamed` and what `enter` refuses.
    """
    chosen = sorted(set(structures))
    if len(chosen) < FEWEST:
        raise Refused("joint_too_small")
    for structure_id in chosen:
        lock_structure(db, structure_id)
    group = collective_named(db, collective)
    found = {structure_id: dossier_of(db, structure_id, joining.label) for structure_id in chosen}
    at = clock()
    joint = JointFile(
        id=new_id(),
        reference=new_id(),
        label=joining.label.slug,
        collective_id=group.id,
        opened_at=at,
        opened_by=str(by.id),
    )
    db.add(joint)
    db.flush()
    entered = {enter(db, joint, one, dossier, joining, by=by, clock=clock) for one, dossier in found.items()}
    if entered == {None}:
        raise Refused("joint_too_small")
    lock_numbering(db)
    joint.reference = next_joint_reference(db, at)
    settle(db, joint, entered, joining, by=by, clock=clock)
    tell_joined(db, joint, chosen, at=at)
    return joint


def add_structure(
    db: Session, joint_id: str, structure_id: str, joining: Joining, *, by: Actor, clock: Clock
) -> JointFile:
    """One structure more: with its dossier, or as co-author when it has the appellation already.

    It receives what is already written together. Raises `Refused`: `gone`, `joint_twice` and what `enter` refuses.
    """
    lock_structure(db, structure_id)
    joint = lock_joint_file(db, joint_id)
    if structure_id in structures_of(db, joint.id):
        raise Refused("joint_twice")
    dossier = dossier_of(db, structure_id, joining.label)
    lock_members(db, joint.id)
    entered = enter(db, joint, structure_id, dossier, joining, by=by, clock=clock)
    settle(db, joint, {entered}, joining, by=by, clock=clock)
    tell_joined(db, joint, [structure_id], at=clock())
    return joint


def dossier_of(db: Session, structure_id: str, label: Label) -> Dossier | None:
    """A structure's dossier under way, under its lock; none where one is to be opened."""
    last = db.execute(
        select(Dossier.id)
        .join(LabelVersion, LabelVersion.id == Dossier.label_version_id)
        .where(Dossier.structure_id == structure_id, LabelVersion.slug == label.slug)
        .order_by(Dossier.opened_at.desc())
        .limit(1)
    ).scalar_one_or_none()
    if last is None:
        return None
    dossier = lock_dossier(db, last)
    return None if kind_of(db, dossier) in OVER else dossier


def enter(
    db: Session,
    joint: JointFile,
    structure_id: str,
    dossier: Dossier | None,
    joining: Joining,
    *,
    by: Actor,
    clock: Clock,
) -> str | None:
    """Bring a structure into a joint file; the dossier it comes with, none for a co-author.

    A member of the committee is not brought in while it examines one of them: nobody is kept out of a vote that way.
    Raises `Refused`: `other_collective`, `joint_elsewhere`, `joint_too_late`, each naming the structure, and
    `joint_examined`.
    """
    structure = db.get_one(Structure, structure_id)
    if structure.collective_id not in (None, joint.collective_id):
        raise Refused("other_collective", structure=structure.name)
    structure.collective_id = joint.collective_id
    status = current_status(db, structure_id, joint.label)
    if status is not None and status.status == "holder":
        if any(kind_of(db, one) in TOO_LATE for one in lock_members(db, joint.id)):
            raise Refused("joint_examined")
        add_co_author(db, joint, structure_id, at=clock())
        return None
    if dossier is None:
        dossier = open_dossier(db, structure_id, joining.version, entry=joining.entry, by=by, clock=clock)
    elif dossier.joint_file_id is not None:
        raise Refused("joint_elsewhere", structure=structure.name)
    elif kind_of(db, dossier) in TOO_LATE:
        raise Refused("joint_too_late", structure=structure.name)
    dossier.joint_file_id = joint.id
    db.flush()
    return dossier.id


def add_co_author(db: Session, joint: JointFile, structure_id: str, *, at: datetime) -> None:
    """A structure that has the appellation already writes with the others; one that had left comes back."""
    known = db.get(CoAuthor, (joint.id, structure_id))
    if known is None:
        db.add(CoAuthor(joint_file_id=joint.id, structure_id=structure_id, joined_at=at))
    else:
        known.joined_at, known.left_at = at, None
    db.flush()


def settle(
    db: Session, joint: JointFile, entered: Iterable[str | None], joining: Joining, *, by: Actor, clock: Clock
) -> None:
    """Write in each chain who has come in, and give everybody what is written together."""
    came = set(entered)
    writings = lock_joint_writings(db, joint.id, clock)
    co_authors = co_authors_of(db, joint.id)
    for found in writings:
        if found.dossier.id in came:
            note(db, found.dossier, joint, "joint_file_joined", {"co_authors": co_authors}, at=found.at, by=by)
        elif None in came:
            note(db, found.dossier, joint, "co_author_joined", {"co_authors": co_authors}, at=found.at, by=by)
    share_parts(db, writings, {one for one in came if one}, joining.copies, by=by)


def note(
    db: Session,
    dossier: Dossier,
    joint: JointFile,
    type: str,
    body: Mapping[str, object],
    *,
    at: datetime,
    by: Actor,
    words: str = "",
) -> None:
    """One entry about the joint file in the chain of one of its dossiers."""
    private = {"person": by.name, **({"note": words.strip()} if words.strip() else {})}
    whole = {"joint": joint.id, "reference": joint.reference, **body}
    journal.append(db, dossier, type, at=at, body=whole, private=private)
    remember_instructor(db, dossier, by)


def leave_joint_file(db: Session, dossier_id: str, *, words: str, by: Actor, clock: Clock) -> Dossier:
    """A structure goes on alone, saying why: its dossier keeps what was written together, and nobody waits for it.

    As long as it belongs to the collective, their members still take no part in each other's examination. Raises
    `Refused`: `gone`, `not_in_joint_file`, `reason_missing`.
    """
    joint_id = db.execute(select(Dossier.joint_file_id).where(Dossier.id == dossier_id)).scalar_one_or_none()
    if joint_id is None:
        raise Refused("not_in_joint_file")
    joint = lock_joint_file(db, joint_id)
    dossier = lock_dossier(db, dossier_id)
    if dossier.joint_file_id != joint.id:
        raise Refused("not_in_joint_file")
    if not words.strip():
        raise Refused("reason_missing")
    dossier.joint_file_id = None
    db.flush()
    note(db, dossier, joint, "joint_file_left", {}, at=clock(), by=by, words=words)
    return dossier


def end_co_author(db: Session, joint_id: str, structure_id: str, *, by: Actor, clock: Clock) -> None:
    """A co-author writes no more in a joint file. Raises `Refused`: `gone`, `not_in_joint_file`."""
    dossiers = lock_members(db, joint_id)
    joint, known = db.get_one(JointFile, joint_id), db.get(CoAuthor, (joint_id, structure_id))
    if known is None or known.left_at is not None:
        raise Refused("not_in_joint_file")
    at = clock()
    known.left_at = at
    db.flush()
    for dossier in dossiers:
        note(db, dossier, joint, "co_author_left", {"co_authors": co_authors_of(db, joint_id)}, at=at, by=by)


def structures_of(db: Session, joint_id: str) -> set[str]:
    """The structures of a joint file: those with a dossier in it, and its co-authors."""
    asked = select(Dossier.structure_id).where(Dossier.joint_file_id == joint_id)
    return {*db.execute(asked).scalars(), *co_authors_of(db, joint_id)}


def co_authors_of(db: Session, joint_id: str) -> list[str]:
    asked = select(CoAuthor.structure_id).where(CoAuthor.joint_file_id == joint_id, CoAuthor.left_at.is_(None))
    return list(db.execute(asked.order_by(CoAuthor.structure_id)).scalars())


def next_joint_reference(db: Session, at: datetime) -> str:
    """The next reference of the year, such as 2026-C03."""
    year = f"{at.year}-C"
    last = db.execute(
        select(JointFile.reference)
        .where(JointFile.reference.startswith(year))
        .order_by(func.length(JointFile.reference).desc(), JointFile.reference.desc())
        .limit(1)
    ).scalar()
    return f"{year}{int(last.removeprefix(year)) + 1 if last else 1:02d}"


def tell_joined(db: Session, joint: JointFile, structures: Iterable[str], *, at: datetime) -> None:
    """Tell the people of these structures that they write together."""
    people = people_of_structures(db, structures, at)
    tell(db, Engine.JOINT_JOINED, people, event=f"joint:{new_id()}", at=at, values={"joint": joint.id})
