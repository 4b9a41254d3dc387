"""The dossiers that one act of writing changes: one, or for what is joint all those of a joint file."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clock import Clock
from app.models import Dossier, LabelVersion
from app.operations.locks import lock_dossier, lock_members
from app.queries.labels import label_for, label_of
from workflows.label import Label
from workflows.refused import Refused


@dataclass(frozen=True)
class Writing:
    """A dossier under its lock, its label, and the moment read after the lock."""

    dossier: Dossier
    label: Label
    at: datetime

    def said_of(self, kind: str, key: str) -> dict[str, str]:
        """What its entry says of the joint file for which a criterion or a piece was given, if it was."""
        joint = self.dossier.joint_file_id
        return {"joint": joint} if joint and shares(self.label, kind, key) else {}


def shares(label: Label, kind: str, key: str) -> bool:
    """Whether a label asks for this criterion or piece once for a whole joint file."""
    parts = label.joint_criteria if kind == "answer" else label.joint_pieces
    return any(part.key == key for part in parts)


def lock_for_writing(db: Session, dossier_id: str, clock: Clock) -> Writing:
    dossier = lock_dossier(db, dossier_id)
    return Writing(dossier, label_for(db, dossier), clock())


def lock_sharing(db: Session, dossier_id: str, kind: str, key: str, clock: Clock) -> list[Writing]:
    """A dossier under its lock, first; then, for what is joint, the other dossiers of its joint file that ask for it.

    Raises `Refused`: `gone`, and `joint_changed` when the dossier has just joined or left a joint file.
    """
    joint_id = db.execute(select(Dossier.joint_file_id).where(Dossier.id == dossier_id)).scalar_one_or_none()
    if joint_id is None or not asked_once(db, dossier_id, kind, key):
        alone = lock_for_writing(db, dossier_id, clock)
        if joint_id is None and alone.said_of(kind, key):
            raise Refused("joint_changed")
        return [alone]
    found = lock_joint_writings(db, joint_id, clock)
    own = [each for each in found if each.dossier.id == dossier_id]
    if not own:
        raise Refused("joint_changed")
    return own + [each for each in found if each not in own and shares(each.label, kind, key)]


def asked_once(db: Session, dossier_id: str, kind: str, key: str) -> bool:
    """Whether the definition of a dossier asks for this once for a whole joint file."""
    version = db.execute(
        select(LabelVersion).join(Dossier, Dossier.label_version_id == LabelVersion.id).where(Dossier.id == dossier_id)
    ).scalar_one()
    return shares(label_of(version), kind, key)


def lock_joint_writings(db: Session, joint_id: str, clock: Clock) -> list[Writing]:
    """Every dossier of a joint file under its lock, and the moment read after the last. Raises `Refused("gone")`."""
    dossiers = lock_members(db, joint_id)
    at = clock()
    return [Writing(each, label_for(db, each), at) for each in dossiers]


def open_at(found: Writing, stages: tuple[str, ...], thing: str = "") -> None:
    """Refuse what does not change at the dossier's stage, and in a file to be completed what the team did not ask.

    `thing` is `answer:KEY` or `piece:KEY`; nothing for what nobody asks to complete. Raises `Refused`:
    `not_at_this_stage`, `not_asked`.
    """
    if found.dossier.stage not in stages:
        raise Refused("not_at_this_stage")
    if not takes(found, stages, thing):
        raise Refused("not_asked")


def takes(found: Writing, stages: tuple[str, ...], thing: str = "") -> bool:
    """Whether a part of a dossier may change now."""
    asked = found.dossier.asked
    return found.dossier.stage in stages and (not thing or asked is None or thing in asked)
