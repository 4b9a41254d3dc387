"""What a structure writes, ticks and files, each under its dossier's lock and each one entry of its history.

The label says at which stages a question may be answered and a piece filed: a dossier that has gone on is never
changed behind the back of who reads it. Texts and file names stay out of the chain, which holds their digests.
"""

import unicodedata
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clock import Clock
from app.models import Answer, Dossier, LabelVersion, Piece, Strand
from app.models.base import new_id
from app.operations import journal
from app.operations.locks import lock_dossier
from app.operations.way import remember_instructor
from app.policies import Actor
from app.queries.labels import label_of
from app.queries.my_content import text_digest
from workflows.label import Label
from workflows.refused import Refused

LONGEST_TEXT = 20_000  # characters


@dataclass(frozen=True)
class Filed:
    """A file that was checked and is in the store: its shown name, its type, its size in bytes, its SHA-256."""

    name: str
    type: str
    size: int
    digest: str
    stored_as: str


@dataclass(frozen=True)
class Writing:
    """A dossier under its lock, its label, and the moment read after the lock."""

    dossier: Dossier
    label: Label
    at: datetime


def lock_for_writing(db: Session, dossier_id: str, clock: Clock) -> Writing:
    dossier = lock_dossier(db, dossier_id)
    return Writing(dossier, label_of(db.get_one(LabelVersion, dossier.label_version_id)), clock())


def open_at(found: Writing, stages: tuple[str, ...]) -> None:
    """Refuse what the label does not ask at the dossier's stage."""
    if found.dossier.stage not in stages:
        raise Refused("not_at_this_stage")


def as_written(text: str) -> str:
    """A text as it is kept: composed letters, plain line ends, nothing around it. Raises `Refused("text_too_long")`."""
    kept = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if len(kept) > LONGEST_TEXT:
        raise Refused("text_too_long", limit=LONGEST_TEXT)
    return kept


def words_of(text: str) -> int:
    """How many words a text counts: what stands between two spaces, signs alone left out."""
    return sum(any(sign.isalnum() for sign in word) for word in text.split())


def write_answer(
    db: Session,
    dossier_id: str,
    criterion: str,
    text: str,
    *,
    by: Actor,
    clock: Clock,
    replaces: str | None = None,
) -> Answer | None:
    """Write what a structure answers to one criterion. The same text again changes nothing; nothing yet is None.

    `replaces` is the digest of the text its author was shown: when a colleague has written since, nothing is lost.
    Raises `Refused`: `gone`, `unknown_criterion`, `not_at_this_stage`, `text_too_long`, `answer_changed`.
    """
    found = lock_for_writing(db, dossier_id, clock)
    open_at(found, found.label.criterion(criterion).stages)
    kept = as_written(text)
    answer = db.get(Answer, (found.dossier.id, criterion), populate_existing=True)
    before = answer.text if answer else ""
    if kept == before:
        return answer
    if replaces is not None and replaces != text_digest(before):
        raise Refused("answer_changed")
    if answer is None:
        answer = Answer(dossier_id=found.dossier.id, criterion=criterion)
        db.add(answer)
    answer.text, answer.words = kept, words_of(kept)
    answer.written_at, answer.written_by = found.at, str(by.id)
    db.flush()
    journal.append(
        db,
        found.dossier,
        "answer_written",
        at=found.at,
        body={"criterion": criterion, "words": answer.words, "digest": text_digest(kept)},
        private={"person": by.name},
    )
    return answer


def tick_strand(db: Session, dossier_id: str, strand: str, *, by: Actor, clock: Clock) -> None:
    """Say that a line of the stage's checklist is done; said twice, it is done once.

    Raises `Refused`: `gone`, `strand_unknown`, `not_at_this_stage`.
    """
    found = lock_for_writing(db, dossier_id, clock)
    refuse_strand(found, strand)
    if db.get(Strand, (found.dossier.id, strand)) is not None:
        return
    db.add(Strand(dossier_id=found.dossier.id, strand=strand, done_at=found.at, done_by=str(by.id)))
    journal.append(
        db, found.dossier, "strand_ticked", at=found.at, body={"strand": strand}, private={"person": by.name}
    )
    remember_instructor(db, found.dossier, by)


def untick_strand(db: Session, dossier_id: str, strand: str, *, by: Actor, clock: Clock) -> None:
    """Take a line back to what is still to be done.

    Raises `Refused`: `gone`, `strand_unknown`, `not_at_this_stage`.
    """
    found = lock_for_writing(db, dossier_id, clock)
    refuse_strand(found, strand)
    done = db.get(Strand, (found.dossier.id, strand))
    if done is None:
        return
    db.delete(done)
    journal.append(
        db, found.dossier, "strand_unticked", at=found.at, body={"strand": strand}, private={"person": by.name}
    )
    remember_instructor(db, found.dossier, by)


def refuse_strand(found: Writing, strand: str) -> None:
    stages = tuple(each.stage for each in found.label.strands if each.key == strand)
    if not stages:
        raise Refused("strand_unknown")
    open_at(found, stages)


def file_piece(db: Session, dossier_id: str, requirement: str, filed: Filed, *, by: Actor, clock: Clock) -> Piece:
    """File the next version of a named piece; earlier ones stay. The same file again is the version there is.

    The bytes are already checked and stored, outside any transaction. Raises `Refused`: `gone`, `unknown_piece`,
    `not_at_this_stage`.
    """
    found = lock_for_writing(db, dossier_id, clock)
    open_at(found, found.label.piece(requirement).stages)
    last = db.execute(
        select(Piece)
        .where(Piece.dossier_id == found.dossier.id, Piece.requirement == requirement)
        .order_by(Piece.version.desc())
        .limit(1)
    ).scalar_one_or_none()
    if last is not None and (last.digest, last.name) == (filed.digest, filed.name):
        return last
    piece = Piece(
        id=new_id(),
        dossier_id=found.dossier.id,
        requirement=requirement,
        version=last.version + 1 if last else 1,
        name=filed.name,
        type=filed.type,
        size=filed.size,
        digest=filed.digest,
        stored_as=filed.stored_as,
        filed_at=found.at,
        filed_by=str(by.id),
    )
    db.add(piece)
    db.flush()
    journal.append(
        db,
        found.dossier,
        "piece_filed",
        at=found.at,
        body={"requirement": requirement, "version": piece.version, "size": piece.size, "digest": piece.digest},
        private={"person": by.name, "name": piece.name},
    )
    return piece
