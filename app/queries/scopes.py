"""What a permission needs to know of a dossier or of a poll, and nothing else."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.actor import Actor
from app.models import CoAuthor, Dossier, Instructor, JointFile, Poll
from app.policies import DossierScope, JointScope, PollScope
from app.queries.standing import standing_asked, state_of


def dossier_scope(db: Session, dossier_id: str) -> DossierScope | None:
    """The scope of a dossier; nothing when there is none."""
    rows = db.execute(
        select(Dossier.structure_id, Instructor.person_id)
        .outerjoin(Instructor, Instructor.dossier_id == Dossier.id)
        .where(Dossier.id == dossier_id)
    ).all()
    if not rows:
        return None
    return DossierScope(rows[0].structure_id, frozenset(row.person_id for row in rows if row.person_id))


def joint_scope(db: Session, joint_id: str) -> JointScope | None:
    """The scope of a joint file; nothing when there is none."""
    rows = db.execute(
        select(Dossier.structure_id, CoAuthor.structure_id)
        .select_from(JointFile)
        .outerjoin(Dossier, Dossier.joint_file_id == JointFile.id)
        .outerjoin(CoAuthor, (CoAuthor.joint_file_id == JointFile.id) & CoAuthor.left_at.is_(None))
        .where(JointFile.id == joint_id)
    ).all()
    if not rows:
        return None
    candidates, co_authors = zip(*rows, strict=True)
    return JointScope(frozenset(filter(None, candidates)), frozenset(filter(None, co_authors)))


def poll_scope(db: Session, poll_id: str, me: Actor) -> PollScope | None:
    """The scope of a poll for one person, in one statement; nothing for who carries no voice anywhere."""
    if not me.voices():
        return None
    rows = db.execute(standing_asked(me).where(Poll.id == poll_id)).all()
    return scope_of(db, me, rows[0].dossier_id, rows) if rows else None


def scope_of(db: Session, me: Actor, dossier_id: str, rows: Sequence[Any]) -> PollScope:
    """The scope of a poll, from the rows of a person's structures: the state of each voice she may act for.

    Who instructed the dossier matters to an arbiter alone.
    """
    dossier = dossier_scope(db, dossier_id) if "arbiter" in me.staff else None
    states = {row.structure_id: state for row in rows if (state := state_of(row)) is not None}
    return PollScope(dossier or DossierScope(rows[0].candidate_id), states, kept_away=rows[0].away)
