"""Questions of peers to a candidate before the vote, and its answers: read by every member at the same moment.

The candidate never learns who asks: the author is a salted commitment in the poll's chain, and no letter names her.
"""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.actor import VOTING, Actor
from app.clock import Clock
from app.mail.notices import people_of_structures, tell
from app.models import Dossier, Draft, Link, Poll, Question
from app.models.base import new_id
from app.models.outbox import Engine
from app.operations import journal
from app.operations.locks import lock_dossier_then_poll, lock_poll
from app.operations.polls.link import LIVE, called_seat
from app.operations.polls.mandates import acts_for, attached
from app.operations.polls.window import called
from app.operations.way import remember_instructor
from workflows.refused import Refused

#: A question asked later would leave the candidate no working day to answer, nor peers to read.
LAST_HOURS = timedelta(hours=24)
LONGEST_QUESTION = 1_000  # characters
LONGEST_ANSWER = 4_000  # characters


def place_of(question_id: str) -> str:
    """Where the draft of an answer is kept for its author."""
    return f"question:{question_id}"


def refuse_when_frozen(poll: Poll, at: datetime) -> None:
    """Questions and answers stay as they are from the end of the window on."""
    if poll.status not in LIVE:
        raise Refused("poll_cancelled" if poll.status == "cancelled" else "poll_closed")
    if at >= poll.closes_at:
        raise Refused("poll_over", ended_at=poll.closes_at)


def whole(text: str, longest: int) -> str:
    """A text as it is kept: plain line ends, nothing around it, not empty and not too long."""
    kept = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if not kept:
        raise Refused("text_missing")
    if len(kept) > longest:
        raise Refused("text_too_long", limit=longest)
    return kept


def ask_question(db: Session, poll_id: str, structure_id: str, text: str, *, by: Actor, clock: Clock) -> Question:
    """Ask the candidate something, for a voice that takes part, until the last 24 hours of the window.

    Raises `Refused`: `gone`, `text_missing`, `text_too_long`, `poll_cancelled`, `poll_closed`, `poll_over`,
    `question_too_late`, `no_mandate`, `person_attached`, `seat_recused`, `seat_ended`, `link_not_declared`.
    """
    kept = whole(text, LONGEST_QUESTION)
    poll = lock_poll(db, poll_id)
    at = clock()
    refuse_when_frozen(poll, at)
    if at > poll.closes_at - LAST_HOURS:
        raise Refused("question_too_late", until=poll.closes_at - LAST_HOURS)
    dossier = db.get_one(Dossier, poll.dossier_id)
    refuse_author(db, poll, dossier, structure_id, by=by, at=at)
    question = Question(
        id=new_id(), poll_id=poll.id, structure_id=structure_id, text=kept, asked_by=str(by.id), asked_at=at
    )
    db.add(question)
    db.flush()
    private = {"seat": structure_id, "person": by.name, "text": kept}
    entry = journal.append(db, poll, "question_asked", at=at, body={"question": question.id}, private=private)
    people = people_of_structures(db, [dossier.structure_id], at)
    tell(db, Engine.QUESTION_ASKED, people, event=entry.id, at=at, values={"poll": poll.id, "dossier": dossier.id})
    return question


def refuse_author(db: Session, poll: Poll, dossier: Dossier, structure_id: str, *, by: Actor, at: datetime) -> None:
    """Only a voice that takes part asks, by a person who has declared her links, as her structure has."""
    if not acts_for(db, by, structure_id, at):
        raise Refused("no_mandate")
    if attached(db, by, poll, dossier.structure_id, at):
        raise Refused("person_attached")
    called_seat(db, poll, structure_id, at)
    said = select(Link.id).where(Link.poll_id == poll.id).limit(1)
    both = (Link.structure_id == structure_id) & Link.personal.is_(False), Link.declared_by == by.id
    if any(db.execute(said.where(one)).scalar_one_or_none() is None for one in both):
        raise Refused("link_not_declared")


def lock_question(db: Session, question_id: str) -> tuple[Question, Dossier, Poll]:
    """A question read again under the locks of its dossier and its poll."""
    poll_id = db.execute(select(Question.poll_id).where(Question.id == question_id)).scalar_one_or_none()
    if poll_id is None:
        raise Refused("gone")
    dossier, poll = lock_dossier_then_poll(db, poll_id)
    question = db.get_one(Question, question_id, populate_existing=True)
    return question, dossier, poll


def refuse_when_settled(question: Question) -> None:
    """A question is answered once, or set aside once."""
    if question.set_aside_at is not None:
        raise Refused("question_set_aside")
    if question.answered_at is not None:
        raise Refused("question_answered")


def answer_question(db: Session, question_id: str, text: str, *, by: Actor, clock: Clock) -> Question:
    """Answer, once and for all: every member that takes part reads question and answer from this moment.

    Raises `Refused`: `gone`, `text_missing`, `text_too_long`, `poll_cancelled`, `poll_closed`, `poll_over`,
    `question_set_aside`, `question_answered`.
    """
    kept = whole(text, LONGEST_ANSWER)
    question, _, poll = lock_question(db, question_id)
    at = clock()
    refuse_when_frozen(poll, at)
    refuse_when_settled(question)
    question.answer, question.answered_by, question.answered_at = kept, str(by.id), at
    db.flush()
    forget_draft(db, question_id, by)
    private = {"person": by.name, "text": kept}
    entry = journal.append(db, poll, "question_answered", at=at, body={"question": question.id}, private=private)
    people = called(db, poll, at)
    tell(db, Engine.QUESTION_ANSWERED, people, event=entry.id, at=at, values={"poll": poll.id})
    return question


def set_question_aside(db: Session, question_id: str, reason: str, *, by: Actor, clock: Clock) -> Question:
    """Take an improper question out of what the candidate and peers read; its author is told why.

    Raises `Refused`: `gone`, `reason_missing`, `poll_cancelled`, `poll_closed`, `poll_over`, `question_set_aside`,
    `question_answered`.
    """
    if not reason.strip():
        raise Refused("reason_missing")
    question, dossier, poll = lock_question(db, question_id)
    at = clock()
    refuse_when_frozen(poll, at)
    refuse_when_settled(question)
    question.set_aside_at, question.set_aside_for = at, reason.strip()
    db.flush()
    remember_instructor(db, dossier, by)
    private = {"person": by.name, "reason": reason.strip()}
    entry = journal.append(db, poll, "question_set_aside", at=at, body={"question": question.id}, private=private)
    people = people_of_structures(db, [question.structure_id], at, VOTING)
    values = {"poll": poll.id, "seat": question.structure_id, "reason": reason.strip()}
    tell(db, Engine.QUESTION_SET_ASIDE, people, event=entry.id, at=at, values=values)
    return question


def keep_draft(db: Session, question_id: str, text: str, *, by: Actor, clock: Clock) -> None:
    """Keep an answer as it was last typed, for its author alone. Raises `Refused("text_too_long")`."""
    if len(text) > LONGEST_ANSWER:
        raise Refused("text_too_long", limit=LONGEST_ANSWER)
    draft = Draft(person_id=str(by.id), place=place_of(question_id), text=text, seen="", kept_at=clock())
    db.merge(draft)
    db.flush()


def forget_draft(db: Session, question_id: str, by: Actor) -> None:
    draft = db.get(Draft, (str(by.id), place_of(question_id)))
    if draft is not None:
        db.delete(draft)
        db.flush()
