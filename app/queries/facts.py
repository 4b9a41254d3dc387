"""What the rules need to know of one dossier, read in three statements."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import case, func, select, union_all
from sqlalchemy import literal as lit
from sqlalchemy.orm import Session, aliased

from app.actor import SIGNING
from app.models import Agreement, Answer, Decision, Dossier, Mandate, Person, Piece, Poll, Strand
from workflows.answers import types_in
from workflows.requirements import Facts

PERSON = "person"
AGREED = "agreed"


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


def facts_of(db: Session, dossier: Dossier, *, commitments_accepted: bool = False, polled: bool = True) -> Facts:
    """The facts of a dossier, as its machine reads them; without its polls for who needs nothing of them."""
    rows = db.execute(union_all(*held_in(dossier))).all()
    last = last_poll(db, dossier.id) if polled else None
    return facts_from(dossier, rows, last, commitments_accepted=commitments_accepted)


def held_in(dossier: Dossier) -> tuple[Any, ...]:
    """What a dossier holds, as lines: a kind, its key, a number, a list where it is one."""
    return (
        select(lit("piece"), Piece.requirement, lit(0), lit("")).where(Piece.dossier_id == dossier.id),
        select(lit("answer"), Answer.criterion, Answer.words, listed()).where(Answer.dossier_id == dossier.id),
        select(lit("strand"), Strand.strand, lit(0), lit("")).where(Strand.dossier_id == dossier.id),
        persons_of(dossier.structure_id),
        agreed_in(dossier.id),
    )


def facts_from(dossier: Dossier, rows: Iterable[Any], last: Any, *, commitments_accepted: bool = False) -> Facts:
    """The facts of a dossier, from its lines and its newest poll, if it has one."""
    held = [tuple(row) for row in rows]
    return Facts(
        stage=dossier.stage,
        entry=dossier.entry,
        paused_in=dossier.paused_in,
        pieces=frozenset(key for kind, key, *_ in held if kind == "piece"),
        criteria={key: words for kind, key, words, _ in held if kind == "answer"},
        kinds={key: types_in(text) for kind, key, _, text in held if kind == "answer" and text},
        strands=frozenset(key for kind, key, *_ in held if kind == "strand"),
        outcome=last.decision if last else None,
        poll=last.outcome if last else None,
        commitments_accepted=commitments_accepted,
        round=last.notice if last else 1,
        persons=sum(kind == PERSON for kind, *_ in held),
        binding=sum(binds for kind, _, binds, _ in held if kind == PERSON),
        agreed=any(kind == AGREED for kind, *_ in held),
    )


def last_poll(db: Session, dossier_id: str) -> Any:
    """The newest poll of a dossier and what was decided of it; nothing where there is none, or it was cancelled."""
    last = db.execute(
        select(notice().label("notice"), Poll.status, Poll.outcome, Decision.outcome.label("decision"))
        .outerjoin(Decision, (Decision.poll_id == Poll.id) & Decision.settled_at.is_not(None))
        .where(Poll.dossier_id == dossier_id)
        .order_by(Poll.round.desc())
        .limit(1)
    ).one_or_none()
    return None if last is None or last.status == "cancelled" else last


def listed() -> Any:
    """The text of an answer that is a list of lines, as an expression; nothing for one written in words."""
    return case((Answer.text.startswith("[["), Answer.text), else_="")


def persons_of(structure_id: str) -> Any:
    """The active persons who hold a mandate of a structure, as lines: who, and 1 where she may bind it."""
    binds = func.max(case((Mandate.role.in_(SIGNING), 1), else_=0))
    return (
        select(lit(PERSON), Mandate.person_id, binds, lit(""))
        .join(Person, Person.id == Mandate.person_id)
        .where(Mandate.structure_id == structure_id, Mandate.until.is_(None), Person.active)
        .group_by(Mandate.person_id)
    )


def agreed_in(dossier_id: str) -> Any:
    """The newest version of a dossier's agreement, as a line, once both sides have confirmed it."""
    newest = select(func.max(Agreement.version)).where(Agreement.dossier_id == dossier_id).scalar_subquery()
    return select(lit(AGREED), Agreement.id, Agreement.version, lit("")).where(
        Agreement.dossier_id == dossier_id,
        Agreement.version == newest,
        Agreement.structure_at.is_not(None),
        Agreement.team_at.is_not(None),
    )
