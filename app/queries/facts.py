"""What the rules need to know of one dossier, read in three statements."""

from typing import Any

from sqlalchemy import func, select, union_all
from sqlalchemy import literal as lit
from sqlalchemy.orm import Session, aliased

from app.models import Answer, Decision, Dossier, Piece, Poll, Strand
from workflows.requirements import Facts


def notice() -> Any:
    """Which notice of one request a poll is, as an expression: 1, and 2 or more after a round that settled nothing.

    A poll's number runs through the whole life of its dossier. The rule counts rounds within one request: a request
    that was decided or withdrawn is behind, and the next one begins with a quorum again.
    """
    earlier = aliased(Poll)
    settled = (
        select(func.coalesce(func.max(earlier.round), 0))
        .where(earlier.dossier_id == Poll.dossier_id, earlier.round < Poll.round, earlier.status != "closed")
        .correlate(Poll)
        .scalar_subquery()
    )
    return Poll.round - settled


def notice_of(db: Session, poll_id: str) -> int:
    """Which notice of its request a poll is, from 1."""
    return int(db.execute(select(notice()).where(Poll.id == poll_id)).scalar_one())


def facts_of(db: Session, dossier: Dossier, *, commitments_accepted: bool = False) -> Facts:
    """The facts of a dossier, as its machine reads them."""
    rows = db.execute(
        union_all(
            select(lit("piece"), Piece.requirement, lit(0)).where(Piece.dossier_id == dossier.id),
            select(lit("answer"), Answer.criterion, Answer.words).where(Answer.dossier_id == dossier.id),
            select(lit("strand"), Strand.strand, lit(0)).where(Strand.dossier_id == dossier.id),
        )
    ).all()
    last = db.execute(
        select(notice().label("notice"), Poll.outcome, Decision.outcome.label("decision"))
        .outerjoin(Decision, (Decision.poll_id == Poll.id) & Decision.settled_at.is_not(None))
        .where(Poll.dossier_id == dossier.id, Poll.status != "cancelled")
        .order_by(Poll.round.desc())
        .limit(1)
    ).one_or_none()
    return Facts(
        stage=dossier.stage,
        entry=dossier.entry,
        paused_in=dossier.paused_in,
        pieces=frozenset(key for kind, key, _ in rows if kind == "piece"),
        criteria={key: words for kind, key, words in rows if kind == "answer"},
        strands=frozenset(key for kind, key, _ in rows if kind == "strand"),
        outcome=last.decision if last else None,
        poll=last.outcome if last else None,
        commitments_accepted=commitments_accepted,
        round=last.notice if last else 1,
    )
