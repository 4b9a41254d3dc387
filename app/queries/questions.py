"""Questions before the vote, as each may read them: peers and the candidate never see who asked, the team does."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import literal, select
from sqlalchemy.orm import Session

from app.actor import Actor
from app.models import Dossier, Draft, Person, Poll, Question, Structure
from app.queries.polls import PollHeading, phase_of
from workflows.voting import Phase


@dataclass(frozen=True)
class PeerQuestion:
    """A question as the committee reads it. `mine`: one's own structure asked it.

    One that was set aside is shown to its own structure alone, with the reason. `earlier`: of a former invitation.
    """

    id: str
    text: str
    asked_at: datetime
    answer: str | None
    answered_at: datetime | None
    mine: bool
    set_aside_for: str | None
    earlier: bool


@dataclass(frozen=True)
class CandidateQuestion:
    """A question as the candidate reads it, until when it may answer, and what this person has typed so far."""

    id: str
    text: str
    asked_at: datetime
    answer: str | None
    answered_at: datetime | None
    closes_at: datetime
    open: bool
    draft: str

    @property
    def waits(self) -> bool:
        return self.open and self.answer is None


@dataclass(frozen=True)
class AskedQuestion:
    """A question as the team reads it: who asked, and why it was set aside if it was."""

    id: str
    text: str
    structure: str
    person: str
    asked_at: datetime
    answer: str | None
    answered_at: datetime | None
    set_aside_for: str | None

    @property
    def pending(self) -> bool:
        return self.answer is None and self.set_aside_for is None


def peer_questions(db: Session, me: Actor, poll: PollHeading) -> tuple[PeerQuestion, ...]:
    """The questions of a poll, the oldest first, and those answered in the former invitations of its dossier.

    One statement.
    """
    rows = db.execute(
        select(Question)
        .join(Poll, Poll.id == Question.poll_id)
        .where(Poll.dossier_id == poll.dossier_id, Poll.round <= poll.round)
        .order_by(Question.asked_at, Question.id)
    ).scalars()
    mine = me.voices()
    found = (
        PeerQuestion(
            id=row.id,
            text=row.text,
            asked_at=row.asked_at,
            answer=row.answer,
            answered_at=row.answered_at,
            mine=row.structure_id in mine,
            set_aside_for=row.set_aside_for,
            earlier=row.poll_id != poll.id,
        )
        for row in rows
    )
    return tuple(
        one
        for one in found
        if (one.set_aside_for is None or (one.mine and not one.earlier)) and (one.answer or not one.earlier)
    )


def candidate_questions(db: Session, me: Actor, dossier_id: str, at: datetime) -> tuple[CandidateQuestion, ...]:
    """What peers asked of a dossier, the oldest first; nothing of who asked, nor of what was set aside.

    One statement.
    """
    asked = of_candidate(me).where(Poll.dossier_id == dossier_id)
    return tuple(candidate_question(row, at) for row in db.execute(asked).all())


def question_of_candidate(
    db: Session, me: Actor, dossier_id: str, question_id: str, at: datetime
) -> CandidateQuestion | None:
    """One of them, by its identifier."""
    asked = of_candidate(me).where(Poll.dossier_id == dossier_id, Question.id == question_id)
    row = db.execute(asked).one_or_none()
    return candidate_question(row, at) if row else None


def of_candidate(me: Actor) -> Any:
    place = literal("question:") + Question.id
    return (
        select(
            Question.id,
            Question.text,
            Question.asked_at,
            Question.answer,
            Question.answered_at,
            Poll,
            Draft.text.label("draft"),
        )
        .join(Poll, Poll.id == Question.poll_id)
        .outerjoin(Draft, (Draft.person_id == me.id) & (Draft.place == place))
        .where(Question.set_aside_at.is_(None))
        .order_by(Question.asked_at, Question.id)
    )


def candidate_question(row: Any, at: datetime) -> CandidateQuestion:
    return CandidateQuestion(
        id=row.id,
        text=row.text,
        asked_at=row.asked_at,
        answer=row.answer,
        answered_at=row.answered_at,
        closes_at=row.Poll.closes_at,
        open=phase_of(row.Poll, at) in ("convened", "open"),
        draft=row.draft or "",
    )


@dataclass(frozen=True)
class QuestionsDesk:
    """The questions of a poll, as the team reads them."""

    dossier_id: str
    reference: str
    candidate: str
    closes_at: datetime
    phase: Phase
    questions: tuple[AskedQuestion, ...]

    @property
    def open(self) -> bool:
        return self.phase in ("convened", "open")


def questions_desk(db: Session, poll_id: str, at: datetime) -> QuestionsDesk | None:
    """Every question of a poll with who asked it, in two statements; nothing when there is no such poll."""
    row = db.execute(
        select(Poll, Dossier.reference, Structure.name)
        .join(Dossier, Dossier.id == Poll.dossier_id)
        .join(Structure, Structure.id == Dossier.structure_id)
        .where(Poll.id == poll_id)
    ).one_or_none()
    if row is None:
        return None
    poll, reference, candidate = row
    asked = db.execute(
        select(Question, Structure.name.label("structure"), Person.name.label("person"))
        .join(Structure, Structure.id == Question.structure_id)
        .join(Person, Person.id == Question.asked_by)
        .where(Question.poll_id == poll_id)
        .order_by(Question.asked_at, Question.id)
    ).all()
    found = (
        AskedQuestion(
            id=line.Question.id,
            text=line.Question.text,
            structure=line.structure,
            person=line.person,
            asked_at=line.Question.asked_at,
            answer=line.Question.answer,
            answered_at=line.Question.answered_at,
            set_aside_for=line.Question.set_aside_for,
        )
        for line in asked
    )
    return QuestionsDesk(poll.dossier_id, reference, candidate, poll.closes_at, phase_of(poll, at), tuple(found))
