"""Whether a file is complete, apart from its merit: each piece and each answer that the request holds, one by one."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, literal, select, union_all
from sqlalchemy.orm import Session, aliased

from app.models import Answer, Piece
from app.queries.dossiers import Head, head_of
from workflows.label import Text, Transition


@dataclass(frozen=True)
class Thing:
    """A piece or an answer. `there` since when, or nothing; `needed`: the request waits for it. `count` is the version
    of a piece or the words of an answer."""

    key: str
    kind: str
    name: Text
    needed: bool
    there: datetime | None
    count: int
    piece_id: str


@dataclass(frozen=True)
class Completeness:
    """A dossier, the transition by which something is asked, and all that may be asked."""

    head: Head
    transition: Transition | None
    things: tuple[Thing, ...]


def completeness(db: Session, dossier_id: str) -> Completeness | None:
    """What a file holds and what it lacks, in two statements."""
    found = head_of(db, dossier_id)
    if found is None:
        return None
    head = found[0]
    asking = next((t for t in head.label.exits[head.stage.key] if t.act == "ask"), None)
    if asking is None:
        return Completeness(head, None, ())
    given = held(db, dossier_id)
    pieces = (
        Thing(
            key=f"piece:{piece.key}",
            kind="piece",
            name=piece.name,
            needed=bool(piece.required_for),
            there=given[key].at if (key := ("piece", piece.key)) in given else None,
            count=given[key].count if key in given else 0,
            piece_id=given[key].id if key in given else "",
        )
        for piece in head.label.pieces
        if asking.target in piece.stages
    )
    answers = (
        Thing(
            key=f"answer:{one.key}",
            kind="answer",
            name=one.name,
            needed=bool(one.required_for),
            there=given[key].at if (key := ("answer", one.key)) in given else None,
            count=given[key].count if key in given else 0,
            piece_id="",
        )
        for one in head.label.criteria
        if asking.target in one.stages
    )
    return Completeness(head, asking, (*pieces, *answers))


@dataclass(frozen=True)
class Given:
    """One thing that a file holds."""

    id: str
    count: int
    at: datetime


def held(db: Session, dossier_id: str) -> dict[tuple[str, str], Given]:
    """The newest version of each piece, and each answer that says something, in one statement."""
    other = aliased(Piece)
    newest = (
        select(func.max(other.version))
        .where(other.dossier_id == Piece.dossier_id, other.requirement == Piece.requirement)
        .correlate(Piece)
        .scalar_subquery()
    )
    rows = db.execute(
        union_all(
            select(
                literal("piece").label("kind"),
                Piece.requirement.label("key"),
                Piece.id.label("id"),
                Piece.version.label("number"),
                Piece.filed_at.label("at"),
            ).where(Piece.dossier_id == dossier_id, Piece.version == newest),
            select(literal("answer"), Answer.criterion, literal(""), Answer.words, Answer.written_at).where(
                Answer.dossier_id == dossier_id, Answer.words > 0
            ),
        )
    ).all()
    return {(row.kind, row.key): Given(row.id, row.number, row.at) for row in rows}
