"""What a structure has written, ticked and filed, beside what its label asks for at this stage."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import literal as lit
from sqlalchemy import select, union_all
from sqlalchemy.orm import Session

from app.actor import Actor
from app.models import Answer, Person, Piece, Strand
from app.queries.drafts import KeptDraft, answer_place, draft_at
from app.queries.headings import Heading, opened
from workflows.answers import Said, said
from workflows.label import Criterion, Label
from workflows.label import Piece as AskedPiece
from workflows.label import Strand as AskedStrand

#: What the team asks to complete, each with its sentence; nothing where all that the stage asks for may change.
Wanted = Mapping[str, str] | None


@dataclass(frozen=True)
class AnswerLine:
    """A question, and how long its answer is; `asked`: it can be answered at this stage.

    `wanted` is what the team says it lacks, in a file to be completed.
    """

    criterion: Criterion
    asked: bool
    words: int
    at: datetime | None
    by: str | None
    wanted: str = ""


@dataclass(frozen=True)
class PieceLine:
    """A piece, and its newest version; `asked`: it can be filed at this stage. Its size is in bytes.

    `wanted` is what the team says it lacks, in a file to be completed.
    """

    piece: AskedPiece
    asked: bool
    version: int
    name: str
    size: int
    at: datetime | None
    by: str | None
    wanted: str = ""


@dataclass(frozen=True)
class StrandLine:
    """A line of the stage's checklist, and who ticked it."""

    strand: AskedStrand
    at: datetime | None
    by: str | None


@dataclass(frozen=True)
class Content:
    """All of it, in the order of the label: what is asked now, and what was given before."""

    answers: tuple[AnswerLine, ...]
    pieces: tuple[PieceLine, ...]
    strands: tuple[StrandLine, ...]


@dataclass(frozen=True)
class AnswerPage:
    """One question with its answer, what I was typing there, and the other questions of the stage."""

    heading: Heading
    label: Label
    line: AnswerLine
    text: str
    said: Said
    digest: str
    draft: KeptDraft | None
    others: tuple[AnswerLine, ...]


@dataclass(frozen=True)
class StrandsPage:
    """The checklist of the stage."""

    heading: Heading
    strands: tuple[StrandLine, ...]


@dataclass(frozen=True)
class Given:
    """One thing given: how many words, which version, when, by whom."""

    count: int = 0
    name: str = ""
    size: int = 0
    at: datetime | None = None
    by: str | None = None


def text_digest(text: str) -> str:
    """The SHA-256 of a text, by which its author says which one she was shown."""
    return sha256(text.encode()).hexdigest()


def my_content(db: Session, dossier_id: str, label: Label, stage: str, wanted: Wanted = None) -> Content:
    """What a dossier holds, in one statement; `wanted` is what alone may change in a file to be completed."""
    rows = db.execute(
        union_all(
            select(lit("answer"), Answer.criterion, Answer.words, lit(""), lit(0), Answer.written_at, Person.name)
            .join(Person, Person.id == Answer.written_by)
            .where(Answer.dossier_id == dossier_id),
            select(lit("piece"), Piece.requirement, Piece.version, Piece.name, Piece.size, Piece.filed_at, Person.name)
            .join(Person, Person.id == Piece.filed_by)
            .where(Piece.dossier_id == dossier_id),
            select(lit("strand"), Strand.strand, lit(0), lit(""), lit(0), Strand.done_at, Person.name)
            .join(Person, Person.id == Strand.done_by)
            .where(Strand.dossier_id == dossier_id),
        ).order_by("words")
    ).all()
    given = {(row[0], row[1]): Given(row[2], row[3], row[4], row[5], row[6]) for row in rows}
    return Content(
        answers=answers_of(label, stage, given, wanted),
        pieces=pieces_of(label, stage, given, wanted),
        strands=strands_of(label, stage, given),
    )


def answers_of(
    label: Label, stage: str, given: dict[tuple[str, str], Given], wanted: Wanted = None
) -> tuple[AnswerLine, ...]:
    lines = (
        AnswerLine(
            criterion=criterion,
            asked=stage in criterion.stages and is_wanted(f"answer:{criterion.key}", wanted),
            words=one.count,
            at=one.at,
            by=one.by,
            wanted=(wanted or {}).get(f"answer:{criterion.key}", ""),
        )
        for criterion in label.criteria
        for one in (given.get(("answer", criterion.key), Given()),)
    )
    return tuple(line for line in lines if line.asked or line.at)


def pieces_of(
    label: Label, stage: str, given: dict[tuple[str, str], Given], wanted: Wanted = None
) -> tuple[PieceLine, ...]:
    lines = (
        PieceLine(
            piece=piece,
            asked=stage in piece.stages and is_wanted(f"piece:{piece.key}", wanted),
            version=one.count,
            name=one.name,
            size=one.size,
            at=one.at,
            by=one.by,
            wanted=(wanted or {}).get(f"piece:{piece.key}", ""),
        )
        for piece in label.pieces
        for one in (given.get(("piece", piece.key), Given()),)
    )
    return tuple(line for line in lines if line.asked or line.version)


def is_wanted(thing: str, wanted: Wanted) -> bool:
    """Whether this may change: all may, unless the team asked to complete some of it."""
    return wanted is None or thing in wanted


def strands_of(label: Label, stage: str, given: dict[tuple[str, str], Given]) -> tuple[StrandLine, ...]:
    lines = ((strand, given.get(("strand", strand.key), Given())) for strand in label.strands if strand.stage == stage)
    return tuple(StrandLine(strand, one.at, one.by) for strand, one in lines)


def answer_page(db: Session, me: Actor, dossier_id: str, key: str) -> AnswerPage | None:
    """One question of a dossier; nothing when the dossier is not seen or its label asks no such question."""
    found = opened(db, me, dossier_id)
    criterion = next((each for each in found.label.criteria if each.key == key), None) if found else None
    if found is None or criterion is None:
        return None
    rows = db.execute(
        select(Answer, Person.name).join(Person, Person.id == Answer.written_by).where(Answer.dossier_id == dossier_id)
    ).all()
    given = {("answer", each.criterion): Given(each.words, at=each.written_at, by=by) for each, by in rows}
    text = next((each.text for each, _by in rows if each.criterion == key), "")
    lines = answers_of(found.label, found.dossier.stage, given, found.dossier.asked)
    line = next((each for each in lines if each.criterion.key == key), AnswerLine(criterion, False, 0, None, None))
    place = answer_place(dossier_id, key)
    draft = draft_at(db, me, place, since=found.dossier.stage_since) if line.asked else None
    return AnswerPage(
        heading=found.heading,
        label=found.label,
        line=line,
        text=text,
        said=said(found.label, criterion, text),
        digest=text_digest(text),
        draft=draft,
        others=tuple(each for each in lines if each.asked),
    )


def strands_page(db: Session, me: Actor, dossier_id: str) -> StrandsPage | None:
    """The checklist of a dossier's stage; nothing when the dossier is not seen."""
    found = opened(db, me, dossier_id)
    if found is None:
        return None
    content = my_content(db, dossier_id, found.label, found.dossier.stage, found.dossier.asked)
    return StrandsPage(found.heading, content.strands)
