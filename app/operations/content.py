"""What a structure writes, ticks and files, each under its dossier's lock and each one entry of its history.

The label says at which stages a question may be answered and a piece filed: a dossier that has gone on is never
changed behind the back of who reads it. Texts and file names stay out of the chain, which holds their digests.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.actor import Actor
from app.clock import Clock
from app.models import Answer, Piece, Strand
from app.models.base import new_id
from app.operations import journal
from app.operations.way import remember_instructor
from app.operations.writing import Writing, lock_for_writing, lock_sharing, open_at, takes
from app.queries.my_content import text_digest
from workflows.answers import Raw, counted, read
from workflows.refused import Refused


@dataclass(frozen=True)
class Filed:
    """A file that was checked and is in the store: its shown name, its type, its size in bytes, its SHA-256."""

    name: str
    type: str
    size: int
    digest: str
    stored_as: str


def write_answer(
    db: Session,
    dossier_id: str,
    criterion: str,
    raw: Raw,
    *,
    by: Actor,
    clock: Clock,
    replaces: str | None = None,
) -> Answer | None:
    """Write what a structure answers to one criterion. The same answer again changes nothing; nothing yet is None.

    In a joint file, what the label says is joint is written for every structure that may still write it. `replaces` is
    the digest of the text its author was shown: when a colleague has written since, nothing is lost. Raises `Refused`:
    `gone`, `unknown_criterion`, `not_at_this_stage`, `answer_changed`, `joint_changed`, and what `answers.read` does.
    """
    writings = lock_sharing(db, dossier_id, "answer", criterion, clock)
    found = writings[0]
    open_at(found, found.label.criterion(criterion).stages, f"answer:{criterion}")
    write_for_all(db, writings, criterion, raw, by=by, replaces=replaces)
    return db.get(Answer, (found.dossier.id, criterion))


def write_for_all(
    db: Session, writings: Sequence[Writing], criterion: str, raw: Raw, *, by: Actor, replaces: str | None
) -> None:
    """Write one answer into every dossier that may still hold it, their locks held."""
    label = writings[0].label
    kept = read(label, label.criterion(criterion), raw).stored
    known = newest_answer(db, [found.dossier.id for found in writings], criterion)
    before = known.text if known else ""
    if kept != before and replaces is not None and replaces != text_digest(before):
        raise Refused("answer_changed")
    for found in writings:
        if takes(found, found.label.criterion(criterion).stages, f"answer:{criterion}"):
            put_answer(db, found, criterion, kept, by=by)


def newest_answer(db: Session, dossiers: Iterable[str], criterion: str) -> Answer | None:
    """What was last written to one criterion in any of these dossiers: for those of a joint file, their common text."""
    return db.execute(
        select(Answer)
        .where(Answer.dossier_id.in_(list(dossiers)), Answer.criterion == criterion)
        .order_by(Answer.written_at.desc(), Answer.dossier_id)
        .limit(1)
        .execution_options(populate_existing=True)
    ).scalar_one_or_none()


def put_answer(db: Session, found: Writing, criterion: str, kept: str, *, by: Actor, keeps: bool = False) -> None:
    """Keep a text in one dossier, with its entry; the text it had already changes nothing.

    `keeps` says that the text it replaces stays readable in the journal: its authors did not choose to lose it.
    """
    answer = db.get(Answer, (found.dossier.id, criterion), populate_existing=True)
    before = answer.text if answer else ""
    if kept == before:
        return
    if answer is None:
        answer = Answer(dossier_id=found.dossier.id, criterion=criterion)
        db.add(answer)
    answer.text, answer.words = kept, counted(found.label.criterion(criterion), kept)
    answer.written_at, answer.written_by = found.at, str(by.id)
    db.flush()
    body = {"criterion": criterion, "words": answer.words, "digest": text_digest(kept)}
    private = {"person": by.name, **({"replaced": before} if keeps and before else {})}
    told = {**body, **found.said_of("answer", criterion)}
    journal.append(db, found.dossier, "answer_written", at=found.at, body=told, private=private)


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


def file_piece(
    db: Session,
    dossier_id: str,
    requirement: str,
    filed: Filed,
    *,
    by: Actor,
    clock: Clock,
    copies: Mapping[str, Filed] | None = None,
) -> Piece:
    """File the next version of a named piece; earlier ones stay. The same file again is the version there is.

    The bytes are already checked and stored, outside any transaction. In a joint file, a joint piece is filed for every
    structure that may still file it: `copies` are its bytes kept once more for each of the other dossiers, so that each
    lives its own life. Raises `Refused`: `gone`, `unknown_piece`, `not_at_this_stage`, `joint_changed`.
    """
    writings = lock_sharing(db, dossier_id, "piece", requirement, clock)
    found = writings[0]
    open_at(found, found.label.piece(requirement).stages, f"piece:{requirement}")
    file_for_all(db, writings, requirement, {**(copies or {}), dossier_id: filed}, by=by)
    piece = last_piece(db, dossier_id, requirement)
    if piece is None:
        raise Refused("gone")
    return piece


def file_for_all(
    db: Session, writings: Sequence[Writing], requirement: str, copies: Mapping[str, Filed], *, by: Actor
) -> None:
    """File one piece in every dossier that may still hold it, their locks held; each with bytes of its own."""
    for found in writings:
        if not takes(found, found.label.piece(requirement).stages, f"piece:{requirement}"):
            continue
        if found.dossier.id not in copies:
            raise Refused("joint_changed")
        put_piece(db, found, requirement, copies[found.dossier.id], by=by)


def last_piece(db: Session, dossier_id: str, requirement: str) -> Piece | None:
    return db.execute(
        select(Piece)
        .where(Piece.dossier_id == dossier_id, Piece.requirement == requirement)
        .order_by(Piece.version.desc())
        .limit(1)
    ).scalar_one_or_none()


def put_piece(db: Session, found: Writing, requirement: str, filed: Filed, *, by: Actor) -> None:
    """Keep the next version of a piece in one dossier, with its entry; the version it had already changes nothing."""
    last = last_piece(db, found.dossier.id, requirement)
    if last is not None and (last.digest, last.name) == (filed.digest, filed.name):
        return
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
    body = {"requirement": requirement, "version": piece.version, "size": piece.size, "digest": piece.digest}
    journal.append(
        db,
        found.dossier,
        "piece_filed",
        at=found.at,
        body={**body, **found.said_of("piece", requirement)},
        private={"person": by.name, "name": piece.name},
    )
