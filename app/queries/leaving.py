"""A dossier that may leave its joint file."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.actor import Actor
from app.models import Collective, JointFile
from app.queries.headings import Heading, opened
from app.queries.joint import JointLine


@dataclass(frozen=True)
class Leaving:
    """A dossier, and the joint file it is in."""

    heading: Heading
    joint: JointLine


def leaving(db: Session, me: Actor, dossier_id: str) -> Leaving | None:
    """One dossier in a joint file; nothing when it is not seen, or goes alone already."""
    found = opened(db, me, dossier_id)
    joint = joint_line(db, found.dossier.joint_file_id) if found and found.dossier.joint_file_id else None
    return Leaving(found.heading, joint) if found and joint else None


def joint_line(db: Session, joint_id: str) -> JointLine:
    """The name of a joint file, in one statement."""
    row = db.execute(
        select(JointFile.id, JointFile.reference, Collective.name)
        .join(Collective, Collective.id == JointFile.collective_id)
        .where(JointFile.id == joint_id)
    ).one()
    return JointLine(*row)
