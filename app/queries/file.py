"""The file of a candidate, as the committee reads it: what it was when the committee was called, and nothing since."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, null, select, union_all
from sqlalchemy import literal as lit
from sqlalchemy.orm import Session

from app.actor import Actor
from app.models import Answer, Draft, NetworkStatus, Piece, Poll, Territory
from app.queries.polls import PollHeading
from workflows.answers import Said, said, words_of
from workflows.label import Criterion, Text

WORDS_A_MINUTE = 200


@dataclass(frozen=True)
class FiledPiece:
    """A piece as the committee reads it; its size is in bytes. `renewed`: filed since the former invitation."""

    id: str
    key: str
    name: Text
    type: str
    size: int
    first_read: bool
    renewed: bool


@dataclass(frozen=True)
class Chapter:
    """One question of the label and its answer, with the piece to read first beside it.

    `changed` when it was rewritten since the committee was called; `renewed` since the former invitation.
    """

    criterion: Criterion
    text: str
    said: Said
    piece: FiledPiece | None
    changed: bool
    renewed: bool

    @property
    def key(self) -> str:
        return self.criterion.key

    @property
    def words(self) -> int:
        """How many words it counts; nothing for an answer that is no text."""
        return words_of(self.text) if self.criterion.worded else 0


@dataclass(frozen=True)
class File:
    """What a member of the committee reads. `chapters` answer the request, `earlier` what came before it.

    `since` is when the structure's experimentation began, as precisely as it is public; `former` when the committee
    was called before, if it was; `mark` the chapter at which this person stopped.
    """

    chapters: tuple[Chapter, ...]
    earlier: tuple[Chapter, ...]
    pieces: tuple[FiledPiece, ...]
    territories: tuple[str, ...]
    since: str | None
    former: datetime | None
    again: bool
    mark: Chapter | None

    @property
    def minutes(self) -> int:
        """The time to read the chapters, in minutes."""
        return max(1, -(-sum(chapter.words for chapter in self.chapters) // WORDS_A_MINUTE))

    @property
    def first(self) -> tuple[FiledPiece, ...]:
        """The pieces to read first."""
        return tuple(piece for piece in self.pieces if piece.first_read)

    @property
    def renewed(self) -> tuple[Text, ...]:
        """What has changed since the former invitation, or the former request."""
        chapters = (one.criterion.name for one in (*self.chapters, *self.earlier) if one.renewed or one.changed)
        return (*chapters, *(piece.name for piece in self.pieces if piece.renewed))


def mark_of(poll_id: str) -> str:
    """Where a person's bookmark in a file is kept."""
    return f"reading:{poll_id}"


def file_of(db: Session, me: Actor, poll: PollHeading) -> File:
    """The file of a poll, in one statement."""
    rows = db.execute(asked(me, poll)).all()
    of_kind = {kind: [row for row in rows if row.kind == kind] for kind in {row.kind for row in rows}}
    former = next((row.at for row in of_kind.get("former", ()) if row.at), None)
    pieces = pieces_of(poll, of_kind.get("piece", ()), former)
    before = {row.key: row.text for row in of_kind.get("before", ())}
    chapters = chapters_of(poll, of_kind.get("answer", ()), pieces, former, before)
    request = {criterion.key for criterion in poll.label.criteria if criterion.required_for}
    mark = next((row.text for row in of_kind.get("mark", ())), None)
    begun = [row.text for row in of_kind.get("status", ()) if row.text]
    return File(
        chapters=tuple(chapter for chapter in chapters if chapter.key in request),
        earlier=tuple(chapter for chapter in chapters if chapter.key not in request),
        pieces=pieces,
        territories=tuple(sorted(row.key for row in of_kind.get("territory", ()))),
        since=max(begun) if begun else None,
        former=former,
        again=former is not None or bool(before),
        mark=next((chapter for chapter in chapters if chapter.key == mark), None),
    )


def asked(me: Actor, poll: PollHeading) -> Any:
    """Answers, pieces, territories, the beginning of the experimentation, what came before: each row says its kind."""
    none, zero = lit(""), lit(0)
    answers = select(
        lit("answer").label("kind"),
        Answer.criterion.label("key"),
        Answer.text.label("text"),
        none.label("id"),
        zero.label("version"),
        zero.label("size"),
        Answer.written_at.label("at"),
    ).where(Answer.dossier_id == poll.dossier_id)
    before = select(lit("before"), Answer.criterion, Answer.text, none, zero, zero, null()).where(
        Answer.dossier_id == (poll.previous_id or "")
    )
    pieces = select(
        lit("piece"), Piece.requirement, Piece.type, Piece.id, Piece.version, Piece.size, Piece.filed_at
    ).where(Piece.dossier_id == poll.dossier_id)
    territories = select(lit("territory"), Territory.name, none, none, zero, zero, null()).where(
        Territory.structure_id == poll.candidate_id
    )
    status = select(lit("status"), NetworkStatus.status, NetworkStatus.since, none, zero, zero, null()).where(
        NetworkStatus.structure_id == poll.candidate_id,
        NetworkStatus.label == poll.label.slug,
        NetworkStatus.status == "experimenting",
    )
    former = select(lit("former"), none, none, none, zero, zero, func.max(Poll.convened_at)).where(
        Poll.dossier_id == poll.dossier_id, Poll.round < poll.round
    )
    mark = select(lit("mark"), none, Draft.text, none, zero, zero, null()).where(
        Draft.person_id == me.id, Draft.place == mark_of(poll.id)
    )
    return union_all(answers, before, pieces, territories, status, former, mark)


def chapters_of(
    poll: PollHeading,
    rows: Iterable[Any],
    pieces: tuple[FiledPiece, ...],
    former: datetime | None,
    before: Mapping[str, str],
) -> tuple[Chapter, ...]:
    """The answers in the label's order. One rewritten after the committee was called is not what it was called on."""
    found = {row.key: row for row in rows}
    filed = {piece.key: piece for piece in pieces}
    return tuple(
        chapter(poll, criterion, found[criterion.key], filed.get(criterion.read_first or ""), former, before)
        for criterion in poll.label.criteria
        if criterion.key in found
    )


def chapter(
    poll: PollHeading,
    criterion: Criterion,
    row: Any,
    piece: FiledPiece | None,
    former: datetime | None,
    before: Mapping[str, str],
) -> Chapter:
    changed = row.at > poll.convened_at
    text = "" if changed else row.text
    renewed = (former is not None and row.at > former) or (bool(before) and before.get(row.key) != row.text)
    return Chapter(criterion, text, said(poll.label, criterion, text), piece, changed, renewed and not changed)


def pieces_of(poll: PollHeading, rows: Iterable[Any], former: datetime | None) -> tuple[FiledPiece, ...]:
    """The newest version of each piece when the committee was called, those to read first before the others."""
    newest: dict[str, Any] = {}
    for row in sorted(rows, key=lambda row: int(row.version)):
        if row.at <= poll.convened_at:
            newest[row.key] = row
    pieces = (
        FiledPiece(
            id=newest[piece.key].id,
            key=piece.key,
            name=piece.name,
            type=newest[piece.key].text,
            size=newest[piece.key].size,
            first_read=piece.first_read,
            renewed=former is not None and newest[piece.key].at > former,
        )
        for piece in poll.label.pieces
        if piece.key in newest
    )
    return tuple(sorted(pieces, key=lambda piece: not piece.first_read))
