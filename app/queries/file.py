"""The file of a candidate, as the committee reads it: what it was when the committee was called, and nothing since."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import literal as lit
from sqlalchemy import null, select, union_all
from sqlalchemy.orm import Session

from app.models import Answer, NetworkStatus, Piece, Territory
from app.queries.polls import PollHeading
from workflows.label import Criterion, Label, Text

WORDS_A_MINUTE = 200


@dataclass(frozen=True)
class Chapter:
    """One question of the label and its answer; `changed` when it was rewritten since the committee was called."""

    key: str
    name: Text
    question: Text
    text: str
    changed: bool = False


@dataclass(frozen=True)
class FiledPiece:
    """A piece as the committee reads it; its size is in bytes."""

    id: str
    name: Text
    type: str
    size: int
    first_read: bool


@dataclass(frozen=True)
class File:
    """What a member of the committee reads. `chapters` answer the request, `earlier` what came before it.

    `since` is when the structure's experimentation began, as precisely as it is public.
    """

    chapters: tuple[Chapter, ...]
    earlier: tuple[Chapter, ...]
    pieces: tuple[FiledPiece, ...]
    territories: tuple[str, ...]
    since: str | None

    @property
    def minutes(self) -> int:
        """The time to read the chapters, in minutes."""
        words = sum(len(chapter.text.split()) for chapter in self.chapters)
        return max(1, -(-words // WORDS_A_MINUTE))


def file_of(db: Session, poll: PollHeading) -> File:
    """The file of a poll, in one statement."""
    rows = db.execute(asked(poll)).all()
    chapters = chapters_of(poll, [row for row in rows if row.kind == "answer"])
    request = {criterion.key for criterion in poll.label.criteria if criterion.required_for}
    begun = [row.text for row in rows if row.kind == "status" and row.text]
    return File(
        chapters=tuple(chapter for chapter in chapters if chapter.key in request),
        earlier=tuple(chapter for chapter in chapters if chapter.key not in request),
        pieces=pieces_of(poll, [row for row in rows if row.kind == "piece"]),
        territories=tuple(sorted(row.key for row in rows if row.kind == "territory")),
        since=max(begun) if begun else None,
    )


def asked(poll: PollHeading) -> Any:
    """Answers, pieces, territories and the beginning of the experimentation: each row says which it is."""
    answers = select(
        lit("answer").label("kind"),
        Answer.criterion.label("key"),
        Answer.text.label("text"),
        lit("").label("id"),
        lit(0).label("version"),
        lit(0).label("size"),
        Answer.written_at.label("at"),
    ).where(Answer.dossier_id == poll.dossier_id)
    pieces = select(
        lit("piece"), Piece.requirement, Piece.type, Piece.id, Piece.version, Piece.size, Piece.filed_at
    ).where(Piece.dossier_id == poll.dossier_id)
    territories = select(lit("territory"), Territory.name, lit(""), lit(""), lit(0), lit(0), null()).where(
        Territory.structure_id == poll.candidate_id
    )
    status = select(lit("status"), NetworkStatus.status, NetworkStatus.since, lit(""), lit(0), lit(0), null()).where(
        NetworkStatus.structure_id == poll.candidate_id,
        NetworkStatus.label == poll.label.slug,
        NetworkStatus.status == "experimenting",
    )
    return union_all(answers, pieces, territories, status)


def chapters_of(poll: PollHeading, rows: Iterable[Any]) -> tuple[Chapter, ...]:
    """The answers in the label's order. One rewritten after the committee was called is not what it was called on."""
    found = {row.key: row for row in rows}
    return tuple(chapter(criterion, found[criterion.key], poll.convened_at) for criterion in ordered(poll.label, found))


def ordered(label: Label, found: Iterable[str]) -> tuple[Criterion, ...]:
    keys = set(found)
    return tuple(criterion for criterion in label.criteria if criterion.key in keys)


def chapter(criterion: Criterion, row: Any, convened_at: datetime) -> Chapter:
    changed = row.at > convened_at
    return Chapter(criterion.key, criterion.name, criterion.question, "" if changed else row.text, changed)


def pieces_of(poll: PollHeading, rows: Iterable[Any]) -> tuple[FiledPiece, ...]:
    """The newest version of each piece when the committee was called, those to read first before the others."""
    newest: dict[str, Any] = {}
    for row in sorted(rows, key=lambda row: int(row.version)):
        if row.at <= poll.convened_at:
            newest[row.key] = row
    pieces = (
        FiledPiece(newest[piece.key].id, piece.name, newest[piece.key].text, newest[piece.key].size, piece.first_read)
        for piece in poll.label.pieces
        if piece.key in newest
    )
    return tuple(sorted(pieces, key=lambda piece: not piece.first_read))
