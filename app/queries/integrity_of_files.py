"""Whether answers, pieces and agreements are those whose digests their dossier's chain holds."""

import json
from collections.abc import Iterable
from hashlib import sha256
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Agreement, Answer, Entry, Piece
from app.queries.agreements import terms_of
from workflows import ledger

FILED = ("requirement", "version", "size", "digest")


def verify_files(db: Session) -> list[str]:
    """Every answer is the last one written, every piece one that was filed, every agreement what was written and
    confirmed, and none is missing."""
    return [*verify_answers(db), *verify_pieces(db), *verify_agreements(db)]


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


def verify_agreements(db: Session) -> list[str]:
    """Every version says what its entry hashed, and bears the words that were given to it, no more and no less."""
    written: dict[tuple[str, Any], Any] = {
        (dossier, body.get("version")): body.get("digest") for dossier, body in entries(db, "agreement_written")
    }
    given = {(dossier, body.get("version"), body.get("side")) for dossier, body in entries(db, "agreement_confirmed")}
    kept = list(db.execute(select(Agreement)).scalars())
    stored: dict[tuple[str, Any], Any] = {
        (one.dossier_id, one.version): ledger.digest(terms_of(one).kept()) for one in kept
    }
    words = {
        (one.dossier_id, one.version, side)
        for one in kept
        for side, at in (("structure", one.structure_at), ("team", one.team_at))
        if at
    }
    changed = {key for key in written.keys() | stored.keys() if written.get(key) != stored.get(key)}
    false_words = {key[:2] for key in given ^ words}
    return [
        *(
            f"dossier:{one} agreement version {number}: not the terms its chain says"
            for one, number in ordered(changed)
        ),
        *(
            f"dossier:{one} agreement version {number}: not the words its chain says"
            for one, number in ordered(false_words)
        ),
    ]


def ordered(found: Iterable[tuple[str, Any]]) -> list[tuple[str, Any]]:
    return sorted(found, key=str)


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
