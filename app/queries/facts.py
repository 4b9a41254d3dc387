"""What the rules need to know of one dossier, read in three statements."""

from sqlalchemy import literal as lit
from sqlalchemy import select, union_all
from sqlalchemy.orm import Session

from app.models import Answer, Decision, Dossier, Piece, Poll, Strand
from workflows.requirements import Facts


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
        select(Poll.round, Poll.outcome, Decision.outcome.label("decision"))
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
        round=last.round if last else 1,
    )
