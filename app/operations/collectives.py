"""Collectives: finding one by its name, and leaving one."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.actor import Actor
from app.clock import Clock
from app.models import CoAuthor, Collective, Dossier, JointFile, Structure
from app.models.base import new_id
from app.operations import journal
from app.operations.locks import lock_dossier
from app.operations.way import lock_structure, remember_instructor
from app.queries.labels import label_for
from workflows.refused import Refused

#: The ends of a way: what is there joins nothing and waits for nothing.
OVER = frozenset({"closed", "granted"})


def kind_of(db: Session, dossier: Dossier) -> str:
    """The kind of the stage where a dossier stands."""
    return label_for(db, dossier).stage(dossier.stage).kind


def leave_collective(db: Session, structure_id: str, *, by: Actor, clock: Clock) -> None:
    """A structure leaves its collective, from now on: committees convened later no longer keep them apart.

    A roll that is frozen stays as it is, and what each holds is its own. Raises `Refused`: `gone`, `no_collective`,
    `still_in_joint_file`.
    """
    lock_structure(db, structure_id)
    structure = db.get_one(Structure, structure_id, populate_existing=True)
    if structure.collective_id is None:
        raise Refused("no_collective")
    if (reference := joint_file_of(db, structure_id)) is not None:
        raise Refused("still_in_joint_file", reference=reference)
    left = db.get_one(Collective, structure.collective_id)
    asked = select(Dossier.id).where(Dossier.structure_id == structure_id).order_by(Dossier.id)
    dossiers = [lock_dossier(db, one) for one in db.execute(asked).scalars().all()]
    at = clock()
    structure.collective_id = None
    db.flush()
    for dossier in dossiers:
        body = {"collective": left.id}
        journal.append(db, dossier, "collective_left", at=at, body=body, private={"person": by.name})
        remember_instructor(db, dossier, by)


def joint_file_of(db: Session, structure_id: str) -> str | None:
    """The reference of a joint file that a structure is still in, with a dossier under way or as co-author."""
    rows = db.execute(
        select(Dossier, JointFile.reference)
        .join(JointFile, JointFile.id == Dossier.joint_file_id)
        .where(Dossier.structure_id == structure_id)
    ).all()
    for dossier, reference in rows:
        if kind_of(db, dossier) not in OVER:
            return str(reference)
    return db.execute(
        select(JointFile.reference)
        .join(CoAuthor, CoAuthor.joint_file_id == JointFile.id)
        .where(CoAuthor.structure_id == structure_id, CoAuthor.left_at.is_(None))
        .limit(1)
    ).scalar_one_or_none()


def collective_named(db: Session, name: str) -> Collective:
    """The collective of that name, new if nobody bears it. Raises `Refused("collective_unnamed")`."""
    kept = " ".join(name.split())
    if not kept:
        raise Refused("collective_unnamed")
    known = db.execute(select(Collective).where(func.lower(Collective.name) == kept.lower())).scalar_one_or_none()
    if known is not None:
        return known
    made = Collective(id=new_id(), name=kept)
    db.add(made)
    db.flush()
    return made
