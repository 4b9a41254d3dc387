"""The life of one dossier, for the team: what it holds, whom it waits for, what may be made of it, what happened."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import Select, literal, null, or_, select, union_all
from sqlalchemy.orm import Session

from app.actor import Actor
from app.models import Answer, Decision, Dossier, Enquiry, Entry, Mandate, Opening, Person, Piece, Poll, Strand
from app.queries.dossiers import Head, announced, head_of
from app.queries.enquiries import FirstWords
from app.queries.exchanges import Beside, beside_of, latest, standing
from app.queries.passages import Passage, passages_of
from workflows.answers import Said, said
from workflows.label import Label, Stage, Text
from workflows.voting import Phase, Status, phase

#: Steps of writing and filing: the journal has them, the life of a dossier does not.
SMALL = ("answer_written", "piece_filed", "strand_ticked", "strand_unticked", "exchange_noted")


@dataclass(frozen=True)
class PersonLine:
    """Somebody of the structure; `came` says whether she has an access yet."""

    name: str
    function: str
    email: str
    role: str
    came: bool


@dataclass(frozen=True)
class AnswerLine:
    name: Text
    said: Said
    written_at: datetime


@dataclass(frozen=True)
class PieceLine:
    """The newest version of a piece."""

    id: str
    name: Text
    filed_as: str
    version: int
    size: int
    filed_at: datetime


@dataclass(frozen=True)
class StrandLine:
    key: str
    name: Text
    hint: Text
    done_at: datetime | None


@dataclass(frozen=True)
class PollLine:
    """A consultation of this dossier; `outcome` is empty until it is closed."""

    id: str
    round: int
    phase: Phase
    opens_at: datetime
    closes_at: datetime
    closed_at: datetime | None
    outcome: str
    decision: str
    settled: bool
    notified_at: datetime | None


@dataclass(frozen=True)
class Step:
    """A step of the dossier's life: the stage it came to, if any; the type of its entry; by whom while it is kept."""

    type: str
    at: datetime
    by: str
    stage: Text | None


@dataclass(frozen=True)
class DossierPage:
    """The life of a dossier, for the team."""

    head: Head
    due: date | None
    late: bool
    people: tuple[PersonLine, ...]
    answers: tuple[AnswerLine, ...]
    pieces: tuple[PieceLine, ...]
    strands: tuple[StrandLine, ...]
    polls: tuple[PollLine, ...]
    passages: tuple[Passage, ...]
    life: tuple[Step, ...]
    previous_id: str | None
    joint_file_id: str | None
    first_words: FirstWords | None
    beside: Beside


def dossier_page(db: Session, me: Actor, dossier_id: str, at: datetime) -> DossierPage | None:
    """One dossier with all it holds: six statements, whatever it holds."""
    found = head_of(db, dossier_id)
    if found is None:
        return None
    head, dossier = found
    due, late = announced(head.stage, head.since, at)
    held = contents(db, dossier, at)
    return DossierPage(
        head=head,
        due=due,
        late=late,
        people=tuple(
            PersonLine(row.words, row.who, row.more, row.key, row.number == 1) for row in held if row.kind == "person"
        ),
        answers=answer_lines(head.label, held),
        pieces=piece_lines(head.label, held),
        strands=strand_lines(head.label, head.stage, held),
        polls=poll_lines(db, dossier_id, at),
        passages=passages_of(db, me, dossier, head.label, head.scope),
        life=life(db, dossier_id, head.label),
        previous_id=dossier.previous_id,
        joint_file_id=dossier.joint_file_id,
        first_words=next(
            (FirstWords(row.who, row.words, row.more, row.at) for row in held if row.kind == "first"), None
        ),
        beside=beside_of(held, dossier, head.label),
    )


def contents(db: Session, dossier: Dossier, at: datetime) -> list[Any]:
    """What a dossier holds and who may act for its structure, in one statement of like columns."""
    asked = (*written(dossier), people(dossier, at), latest(dossier, inside=True), standing(dossier.id))
    return list(db.execute(union_all(*asked)).all())


def written(dossier: Dossier) -> tuple[Select[*tuple[Any, ...]], ...]:
    """Answers, pieces, strands, and the words of the first contact."""
    empty, zero = literal(""), literal(0)
    answers = select(
        literal("answer").label("kind"),
        empty.label("id"),
        Answer.criterion.label("key"),
        Answer.text.label("words"),
        empty.label("who"),
        empty.label("more"),
        zero.label("number"),
        zero.label("size"),
        Answer.written_at.label("at"),
    ).where(Answer.dossier_id == dossier.id)
    pieces = select(
        literal("piece"),
        Piece.id,
        Piece.requirement,
        Piece.name,
        empty,
        empty,
        Piece.version,
        Piece.size,
        Piece.filed_at,
    ).where(Piece.dossier_id == dossier.id)
    strands = select(literal("strand"), empty, Strand.strand, empty, empty, empty, zero, zero, Strand.done_at).where(
        Strand.dossier_id == dossier.id
    )
    first = select(
        literal("first"),
        Enquiry.id,
        empty,
        Enquiry.brings,
        Enquiry.name,
        Enquiry.territory,
        zero,
        zero,
        Enquiry.received_at,
    ).where(Enquiry.dossier_id == dossier.id)
    return answers, pieces, strands, first


def people(dossier: Dossier, at: datetime) -> Select[*tuple[Any, ...]]:
    """Who may act for the structure now; `number` is 1 for who has come in."""
    came = Person.password.is_not(null()).cast(Piece.size.type)
    return (
        select(
            literal("person"),
            Mandate.id,
            Mandate.role,
            Person.name,
            Person.function,
            Person.email,
            came,
            literal(0),
            Mandate.since,
        )
        .join(Person, Person.id == Mandate.person_id)
        .where(
            Mandate.structure_id == dossier.structure_id,
            Mandate.since <= at,
            or_(Mandate.until.is_(None), Mandate.until > at),
        )
    )


def answer_lines(label: Label, held: list[Any]) -> tuple[AnswerLine, ...]:
    """The answers, in the order of the label's questions."""
    written = {row.key: row for row in held if row.kind == "answer" and row.words}
    return tuple(
        AnswerLine(criterion.name, said(label, criterion, row.words), row.at)
        for criterion in label.criteria
        if (row := written.get(criterion.key)) is not None
    )


def piece_lines(label: Label, held: list[Any]) -> tuple[PieceLine, ...]:
    """The newest version of each piece, in the order of the label."""
    newest: dict[str, Any] = {}
    for row in held:
        if row.kind == "piece" and (row.key not in newest or newest[row.key].number < row.number):
            newest[row.key] = row
    return tuple(
        PieceLine(row.id, piece.name, row.words, row.number, row.size, row.at)
        for piece in label.pieces
        if (row := newest.get(piece.key)) is not None
    )


def strand_lines(label: Label, stage: Stage, held: list[Any]) -> tuple[StrandLine, ...]:
    """The checklist of the stage, done or not."""
    done = {row.key: row.at for row in held if row.kind == "strand"}
    return tuple(
        StrandLine(strand.key, strand.name, strand.hint, done.get(strand.key))
        for strand in label.strands
        if strand.stage == stage.key
    )


def poll_lines(db: Session, dossier_id: str, at: datetime) -> tuple[PollLine, ...]:
    """The consultations of a dossier with their decisions, the newest first."""
    rows = db.execute(
        select(Poll, Decision.outcome, Decision.settled_at, Decision.notified_at)
        .outerjoin(Decision, Decision.poll_id == Poll.id)
        .where(Poll.dossier_id == dossier_id)
        .order_by(Poll.round.desc())
    ).all()
    return tuple(
        PollLine(
            id=poll.id,
            round=poll.round,
            phase=phase(cast(Status, poll.status), poll.opens_at, poll.closes_at, at),
            opens_at=poll.opens_at,
            closes_at=poll.closes_at,
            closed_at=poll.closed_at,
            outcome=poll.outcome or "",
            decision=decided or "",
            settled=settled is not None,
            notified_at=notified,
        )
        for poll, decided, settled, notified in rows
    )


def life(db: Session, dossier_id: str, label: Label) -> tuple[Step, ...]:
    """The steps of a dossier, the latest first, with the name of who made each while it is kept."""
    rows = db.execute(
        select(Entry.type, Entry.at, Entry.body, Opening.value)
        .outerjoin(Opening, (Opening.entry_id == Entry.id) & (Opening.name == "person"))
        .where(Entry.chain == f"dossier:{dossier_id}", Entry.type.not_in(SMALL))
        .order_by(Entry.height.desc())
        .limit(60)
    ).all()
    return tuple(Step(row.type, row.at, row.value or "", arrival(row.body, label)) for row in rows)


def arrival(body: str, label: Label) -> Text | None:
    """The stage an entry brought the dossier to."""
    said = json.loads(body)
    key = said.get("to") or said.get("stage")
    return label.stage(key).name if key else None
