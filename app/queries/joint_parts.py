"""What the dossiers of a joint file hold together: the newest of each joint piece, and where copies of it are due."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Dossier, LabelVersion, Piece
from app.queries.labels import label_of
from app.queries.pieces import StoredPiece, stored


@dataclass(frozen=True)
class Due:
    """A copy to keep in the store for one structure, before it joins: of which piece, from which bytes."""

    structure_id: str
    requirement: str
    source: StoredPiece


def shared_by(db: Session, dossier_id: str, kind: str, key: str) -> str | None:
    """The joint file that gives an answer or a piece of a dossier once for all, in one statement; nothing otherwise."""
    row = db.execute(
        select(Dossier.joint_file_id, LabelVersion)
        .join(LabelVersion, LabelVersion.id == Dossier.label_version_id)
        .where(Dossier.id == dossier_id, Dossier.joint_file_id.is_not(None))
    ).one_or_none()
    if row is None:
        return None
    label = label_of(row[1])
    parts = label.joint_criteria if kind == "answer" else label.joint_pieces
    return str(row[0]) if any(part.key == key for part in parts) else None


def newest_piece(db: Session, dossiers: Iterable[str], requirement: str) -> Piece | None:
    """The version last filed for one requirement in any of these dossiers."""
    return db.execute(
        select(Piece)
        .where(Piece.dossier_id.in_(list(dossiers)), Piece.requirement == requirement)
        .order_by(Piece.filed_at.desc(), Piece.dossier_id)
        .limit(1)
    ).scalar_one_or_none()


def copies_due(db: Session, joint_id: str | None, structures: Iterable[str], slug: str) -> tuple[Due, ...]:
    """The copies that the act of joining will ask for, in one statement.

    A piece that the file has is for each structure that comes in; one that they bring is for all.
    """
    coming = set(structures)
    rows = db.execute(
        select(Dossier, LabelVersion, Piece)
        .join(LabelVersion, LabelVersion.id == Dossier.label_version_id)
        .outerjoin(Piece, Piece.dossier_id == Dossier.id)
        .where(LabelVersion.slug == slug, Dossier.structure_id.in_(coming) | (Dossier.joint_file_id == joint_id))
        .order_by(Piece.filed_at.desc(), Piece.dossier_id)
    ).all()
    inside = {row.Dossier.structure_id for row in rows if joint_id and row.Dossier.joint_file_id == joint_id}
    found: dict[str, tuple[Piece, set[str]]] = {}
    for row in sorted(rows, key=lambda row: row.Dossier.structure_id not in inside):
        joint = {each.key for each in label_of(row.LabelVersion).joint_pieces}
        if row.Piece is not None and row.Piece.requirement in joint:
            held = row.Dossier.structure_id in inside
            found.setdefault(row.Piece.requirement, (row.Piece, coming if held else coming | inside))
    return tuple(
        Due(structure_id, requirement, stored(piece))
        for requirement, (piece, targets) in found.items()
        for structure_id in sorted(targets)
        if structure_id != holder_of(rows, piece)
    )


def holder_of(rows: Iterable[Any], piece: Piece) -> str:
    """The structure whose piece it is: it needs no copy of its own."""
    holder: str = next(row.Dossier.structure_id for row in rows if row.Dossier.id == piece.dossier_id)
    return holder
