"""Whether answers and pieces are those whose digests their dossier's chain holds."""

import json
from hashlib import sha256
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Answer, Entry, Piece

FILED = ("requirement", "version", "size", "digest")


def verify_files(db: Session) -> list[str]:
    """Every answer is the last one written, every piece one that was filed, and none is missing."""
    return [*verify_answers(db), *verify_pieces(db)]


def verify_answers(db: Session) -> list[str]:
    written: dict[tuple[str, str], str] = {}
    for dossier, body in entries(db, "answer_written"):
        written[dossier, str(body.get("criterion"))] = str(body.get("digest"))
    stored = {
        (answer.dossier_id, answer.criterion): sha256(answer.text.encode()).hexdigest()
        for answer in db.execute(select(Answer)).scalars()
    }
    return [
        f"dossier:{dossier} answer {criterion}: not the text its chain says"
        for dossier, criterion in sorted(written.keys() | stored.keys())
        if written.get((dossier, criterion)) != stored.get((dossier, criterion))
    ]


def verify_pieces(db: Session) -> list[str]:
    filed = {(dossier, *(body.get(name) for name in FILED)) for dossier, body in entries(db, "piece_filed")}
    stored = {
        (piece.dossier_id, *(getattr(piece, name) for name in FILED)) for piece in db.execute(select(Piece)).scalars()
    }
    return [
        f"dossier:{dossier} piece {requirement} version {version}: not the file its chain says"
        for dossier, requirement, version in sorted({one[:3] for one in filed ^ stored}, key=str)
    ]


def said(body: str) -> dict[str, Any]:
    """What a stored entry says. A body that is no JSON object any more says nothing: its hash will be wrong."""
    try:
        found = json.loads(body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def entries(db: Session, type: str) -> list[tuple[str, dict[str, Any]]]:
    """Each entry of a type, with its dossier, the newest last."""
    rows = db.execute(
        select(Entry.chain, Entry.body).where(Entry.type == type).order_by(Entry.chain, Entry.height)
    ).all()
    return [(row.chain.removeprefix("dossier:"), said(row.body)) for row in rows]
