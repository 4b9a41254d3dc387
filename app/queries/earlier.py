"""What a structure gave in the dossiers before this one: its texts and its pieces, to be taken up again."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from app.actor import Actor
from app.models import Answer, Dossier, LabelVersion, Piece
from app.policies import Act, may
from app.queries.headings import Heading, Opened, opened
from app.queries.labels import label_of
from app.queries.pieces import StoredPiece, stored
from workflows.answers import Said, said
from workflows.comparison import Change, Part, changes
from workflows.label import Criterion, Label, Text

#: A dossier of the same structure and the same label, opened before.
Before = aliased(Dossier)
Version = aliased(LabelVersion)


@dataclass(frozen=True)
class Earlier:
    """A text that was written under the same question, in a dossier before.

    `wanted`: this dossier asks for it now, and has nothing of its own there yet.
    """

    key: str
    name: Text
    text: str
    said: Said
    at: datetime
    reference: str
    wanted: bool = True


@dataclass(frozen=True)
class EarlierPiece:
    """A piece filed in a dossier before. `wanted`: this dossier asks for it now, and has none of its own yet."""

    id: str
    key: str
    name: Text
    file: str
    size: int
    at: datetime
    dossier_id: str
    reference: str
    wanted: bool


@dataclass(frozen=True)
class EarlierPage:
    """All that was given before, and what this version of the label asks otherwise."""

    heading: Heading
    answers: tuple[Earlier, ...]
    pieces: tuple[EarlierPiece, ...]
    changes: tuple[Change, ...]


def before_of(dossier_id: str) -> Any:
    """The dossiers before one, as conditions: of the same structure, under the same label."""
    here, version = aliased(Dossier), aliased(LabelVersion)
    return (
        select(Before.id)
        .join(Version, Version.id == Before.label_version_id)
        .join(here, here.structure_id == Before.structure_id)
        .join(version, version.id == here.label_version_id)
        .where(here.id == dossier_id, here.opened_at > Before.opened_at, version.slug == Version.slug)
    )


def earlier_answer(db: Session, heading: Heading, criterion: Criterion) -> Earlier | None:
    """The last answer to a question in a dossier before this one, which the caller has seen. One statement, or none for
    a first dossier; what is read as it was asked then."""
    if not heading.again:
        return None
    row = db.execute(
        select(Answer.text, Answer.written_at, Dossier.reference, LabelVersion)
        .join(Dossier, Dossier.id == Answer.dossier_id)
        .join(LabelVersion, LabelVersion.id == Dossier.label_version_id)
        .where(Answer.dossier_id.in_(before_of(heading.id)), Answer.criterion == criterion.key, Answer.text != "")
        .order_by(Answer.written_at.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    older = label_of(row.LabelVersion)
    asked = next((part for part in older.criteria if part.key == criterion.key), criterion)
    told = said(older, asked, row.text)
    return Earlier(criterion.key, criterion.name, row.text, told, row.written_at, row.reference)


def earlier_page(db: Session, me: Actor, dossier_id: str) -> EarlierPage | None:
    """All that a structure gave before; nothing when the dossier is not seen, or is the first one. Five statements."""
    found = opened(db, me, dossier_id)
    if found is None or found.dossier.previous_id is None or not may(me, Act.WRITE_ANSWERS, found.heading.scope):
        return None
    older = older_label(db, found)
    return EarlierPage(
        found.heading,
        answers_before(db, found, older),
        pieces_before(db, found, older),
        changes(older, found.label),
    )


def older_label(db: Session, found: Opened) -> Label:
    """The label as it was for the dossier just before."""
    version = db.execute(
        select(LabelVersion)
        .join(Dossier, Dossier.label_version_id == LabelVersion.id)
        .where(Dossier.id == found.dossier.previous_id)
    ).scalar_one()
    return label_of(version)


def answers_before(db: Session, found: Opened, older: Label) -> tuple[Earlier, ...]:
    """The last text of each question, in the order of the label; those asked no more come last."""
    rows = db.execute(
        select(Answer, Dossier.reference)
        .join(Dossier, Dossier.id == Answer.dossier_id)
        .where(Answer.dossier_id.in_(before_of(found.dossier.id)) | (Answer.dossier_id == found.dossier.id))
        .order_by(Answer.written_at)
    ).all()
    given = {row.Answer.criterion for row in rows if row.Answer.dossier_id == found.dossier.id and row.Answer.words}
    last = {row.Answer.criterion: row for row in rows if row.Answer.dossier_id != found.dossier.id and row.Answer.text}
    asked = {part.key for part in found.label.criteria if found.dossier.stage in part.stages}
    parts = {part.key: (older, part) for part in older.criteria} | {
        part.key: (found.label, part) for part in found.label.criteria
    }
    return tuple(
        Earlier(
            key,
            name,
            row.Answer.text,
            said(*parts[key], row.Answer.text),
            row.Answer.written_at,
            row.reference,
            key in asked - given,
        )
        for key, name in names(found.label.criteria, older.criteria).items()
        for row in (last.get(key),)
        if row is not None
    )


def pieces_before(db: Session, found: Opened, older: Label) -> tuple[EarlierPiece, ...]:
    """The newest version of each piece, in the order of the label; those asked no more come last."""
    rows = db.execute(
        select(Piece, Dossier.reference)
        .join(Dossier, Dossier.id == Piece.dossier_id)
        .where(Piece.dossier_id.in_(before_of(found.dossier.id)) | (Piece.dossier_id == found.dossier.id))
        .order_by(Piece.filed_at, Piece.version)
    ).all()
    here = {row.Piece.requirement for row in rows if row.Piece.dossier_id == found.dossier.id}
    last = {row.Piece.requirement: row for row in rows if row.Piece.dossier_id != found.dossier.id}
    asked = {part.key for part in found.label.pieces if found.dossier.stage in part.stages}
    return tuple(
        EarlierPiece(
            row.Piece.id,
            key,
            name,
            row.Piece.name,
            row.Piece.size,
            row.Piece.filed_at,
            row.Piece.dossier_id,
            row.reference,
            key in asked - here,
        )
        for key, name in names(found.label.pieces, older.pieces).items()
        for row in (last.get(key),)
        if row is not None
    )


def names(now: Iterable[Part], before: Iterable[Part]) -> dict[str, Text]:
    """The name of each part by its key: as it is said now, then what is asked no more."""
    known = {part.key: part.name for part in now}
    return known | {part.key: part.name for part in before if part.key not in known}


def earlier_piece(db: Session, me: Actor, dossier_id: str, piece_id: str) -> tuple[Opened, StoredPiece] | None:
    """A piece of a dossier before, for who files in this one; nothing for any other piece. Two statements."""
    found = opened(db, me, dossier_id)
    if found is None:
        return None
    piece = db.execute(
        select(Piece).where(Piece.id == piece_id, Piece.dossier_id.in_(before_of(dossier_id)))
    ).scalar_one_or_none()
    if piece is None or not any(asked.key == piece.requirement for asked in found.label.pieces):
        return None
    return found, stored(piece)
