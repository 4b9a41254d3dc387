"""Opening a poll: seats, rule version and piece hashes are frozen and hashed in one transaction."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.actor import NOBODY, Actor
from app.clock import Clock
from app.mail.notices import tell, voters
from app.models import Answer, Piece, Poll, Seat
from app.models.outbox import Engine
from app.operations import journal
from app.operations.locks import lock_dossier_then_poll
from app.operations.polls.committee import composition
from app.operations.polls.frozen import named, rule_of
from app.operations.way import remember_instructor
from workflows import committee, ledger
from workflows.refused import Refused
from workflows.voting import may_open


def open_poll(db: Session, poll_id: str, *, clock: Clock, by: Actor = NOBODY) -> Poll:
    """Open a convened poll: links declared hard until now recuse their seats.

    Raises `Refused`: `gone`, `poll_not_convened`, `too_few_seats`, `window_ends_before_it_opens`.
    """
    dossier, poll = lock_dossier_then_poll(db, poll_id)
    at = clock()
    if poll.status != "convened":
        raise Refused("poll_not_convened")
    if at >= poll.closes_at:
        raise Refused("window_ends_before_it_opens")
    roll = composition(db, poll, at)
    recused = [seat for seat in roll if seat.recused_for is not None]
    may_open(rule_of(poll), seats=len(roll), recused=len(recused))
    freeze(db, poll, roll, at)
    body = {
        "rule": poll.rule_digest,
        "file": poll.file_digest,
        "roll": poll.roll_digest,
        "seats": len(roll),
        "recused": len(recused),
    }
    step = journal.advance(db, poll, "open", "poll_opened", at=at, body=body, private=named(by))
    remember_instructor(db, dossier, by)
    tell(db, Engine.POLL_OPENED, voters(db, poll.id, at), event=step.id, at=at, values={"poll": poll.id})
    return poll


def freeze(db: Session, poll: Poll, roll: tuple[committee.Seat, ...], at: datetime) -> None:
    """Write the roll and the hashes of what electors will read."""
    db.add_all(
        Seat(
            poll_id=poll.id,
            structure_id=str(seat.structure),
            number=seat.number,
            recused_for=seat.recused_for,
            recused_at=at if seat.recused_for else None,
        )
        for seat in roll
    )
    poll.opened_at = at
    poll.opens_at = min(poll.opens_at, at)
    poll.file_digest = file_digest(db, poll.dossier_id)
    poll.roll_digest = ledger.digest([[seat.number, seat.structure, seat.recused_for] for seat in roll])


def file_digest(db: Session, dossier_id: str) -> str:
    """One hash over what electors read: each answer, and the newest version of each piece."""
    answers = db.execute(
        select(Answer.criterion, Answer.text).where(Answer.dossier_id == dossier_id).order_by(Answer.criterion)
    ).all()
    pieces = db.execute(
        select(Piece.requirement, Piece.version, Piece.digest)
        .where(Piece.dossier_id == dossier_id)
        .order_by(Piece.requirement, Piece.version)
    ).all()
    newest = {piece.requirement: [piece.version, piece.digest] for piece in pieces}
    return ledger.digest({"answers": [[row.criterion, row.text] for row in answers], "pieces": newest})
