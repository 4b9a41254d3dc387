"""The pieces of a dossier: what each asks for, its versions, and the one that a reader may have."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.actor import Actor
from app.models import Person, Piece, Poll
from app.queries.headings import Heading, opened
from workflows.label import Piece as Asked


@dataclass(frozen=True)
class PieceVersion:
    """One version of a piece; sizes are in bytes."""

    id: str
    version: int
    name: str
    type: str
    size: int
    filed_at: datetime
    filed_by: str


@dataclass(frozen=True)
class PieceOfDossier:
    """A piece that a label asks for, and its versions, the newest first. `open`: it can be filed at this stage."""

    heading: Heading
    asked: Asked
    open: bool
    versions: tuple[PieceVersion, ...]


@dataclass(frozen=True)
class StoredPiece:
    """Where the bytes of one version are, for the door that serves them."""

    id: str
    requirement: str
    name: str
    type: str
    size: int
    digest: str
    stored_as: str


def piece_of_dossier(db: Session, me: Actor, dossier_id: str, key: str) -> PieceOfDossier | None:
    """A piece by its key; nothing when the dossier is not seen or its label asks for no such piece."""
    found = opened(db, me, dossier_id)
    if found is None:
        return None
    asked = next((piece for piece in found.label.pieces if piece.key == key), None)
    if asked is None:
        return None
    rows = db.execute(
        select(Piece, Person.name)
        .join(Person, Person.id == Piece.filed_by)
        .where(Piece.dossier_id == dossier_id, Piece.requirement == key)
        .order_by(Piece.version.desc())
    ).all()
    versions = tuple(
        PieceVersion(piece.id, piece.version, piece.name, piece.type, piece.size, piece.filed_at, person)
        for piece, person in rows
    )
    return PieceOfDossier(found.heading, asked, found.dossier.stage in asked.stages, versions)


def stored_piece(db: Session, dossier_id: str, piece_id: str) -> StoredPiece | None:
    """One version of a piece of a dossier, whichever."""
    piece = db.execute(select(Piece).where(Piece.id == piece_id, Piece.dossier_id == dossier_id)).scalar_one_or_none()
    return stored(piece) if piece else None


def stored_piece_of_poll(db: Session, poll_id: str, piece_id: str) -> StoredPiece | None:
    """A version that the committee reads: the newest of its piece when the committee was convened.

    A poll that was cancelled has nothing left to read.
    """
    row = db.execute(
        select(Piece, Poll.convened_at)
        .join(Poll, Poll.dossier_id == Piece.dossier_id)
        .where(Piece.id == piece_id, Poll.id == poll_id, Poll.status != "cancelled")
    ).one_or_none()
    if row is None:
        return None
    piece, convened_at = row
    newest = db.execute(
        select(Piece.id)
        .where(
            Piece.dossier_id == piece.dossier_id,
            Piece.requirement == piece.requirement,
            Piece.filed_at <= convened_at,
        )
        .order_by(Piece.version.desc())
        .limit(1)
    ).scalar_one_or_none()
    return stored(piece) if newest == piece.id else None


def stored(piece: Piece) -> StoredPiece:
    return StoredPiece(piece.id, piece.requirement, piece.name, piece.type, piece.size, piece.digest, piece.stored_as)


def is_referenced(db: Session, stored_as: str) -> bool:
    """Whether a piece names these bytes."""
    return db.execute(select(Piece.id).where(Piece.stored_as == stored_as)).scalar_one_or_none() is not None
