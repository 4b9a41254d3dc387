"""The appellation itself: it begins once, under its number, and may end, polls under way included."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from app.actor import Actor
from app.clock import Clock
from app.mail.notices import people_of_structures, tell
from app.models import Appellation, Ballot, Dossier, LabelVersion, NetworkStatus, Poll, Seat
from app.models.base import new_id
from app.models.outbox import Engine
from app.operations import journal
from app.operations.locks import lock_dossier, lock_numbering
from app.operations.way import current_status, lock_structure
from workflows.label import Label
from workflows.refused import Refused

#: Given up by the structure, over at its term, or taken back.
ENDINGS = ("given_up", "expired", "withdrawn")


def begin_appellation(
    db: Session,
    dossier: Dossier,
    label: Label,
    *,
    by: str | None,
    at: datetime,
    public_on: date | None = None,
) -> Appellation:
    """Begin the appellation that a dossier leads to, in this month. The caller holds the dossier's lock.

    `by` is the person who accepted its commitments, if it has any. The structure holds it from now on; the public
    reads so from `public_on`, a day in Paris, or at once.
    """
    if public_on is not None and (status := current_status(db, dossier.structure_id, label.slug)) is not None:
        status.public_on = public_on
    lock_numbering(db)
    appellation = Appellation(
        id=new_id(),
        number=next_number(db, label, at),
        structure_id=dossier.structure_id,
        label=label.slug,
        dossier_id=dossier.id,
        since=at.strftime("%Y-%m"),
        status="active",
        begun_at=at,
        accepted_by=by,
    )
    db.add(appellation)
    db.flush()
    return appellation


def next_number(db: Session, label: Label, at: datetime) -> str:
    """The next number of the year, such as FI-2026-0031."""
    prefix = f"{label.numbering}-{at.year}-"
    last = db.execute(
        select(Appellation.number)
        .where(Appellation.number.startswith(prefix))
        .order_by(func.length(Appellation.number).desc(), Appellation.number.desc())
        .limit(1)
    ).scalar()
    return f"{prefix}{int(last.removeprefix(prefix)) + 1 if last else 1:04d}"


def lock_active(db: Session, structure_id: str, label: str) -> Appellation | None:
    """What a structure holds of a label now, under its lock."""
    return db.execute(
        select(Appellation)
        .where(Appellation.structure_id == structure_id, Appellation.label == label, Appellation.status == "active")
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).scalar_one_or_none()


def end_appellation(
    db: Session,
    structure_id: str,
    label: str,
    *,
    reason: str,
    by: Actor,
    clock: Clock,
    ending: str = "withdrawn",
    stays: bool = False,
) -> tuple[str, ...]:
    """End what a structure holds, this month; no committee to come counts on its voice.

    `ending` says which of the three ways it is; the structure `stays` a member of the network, or leaves it. In a poll
    under way its seat ends too: an opinion already given stays, flagged; a seat without one leaves the base. Its people
    are told. Returns the open polls whose seat ended. Raises `Refused`: `gone`, `reason_missing`, `unknown_ending`,
    `appellation_missing`.
    """
    lock_structure(db, structure_id)
    held = lock_active(db, structure_id, label)
    dossier = lock_dossier(db, held.dossier_id) if held is not None and held.dossier_id else None
    polls = lock_polls_alive(db, label)
    at = clock()
    if not reason.strip():
        raise Refused("reason_missing")
    if ending not in ENDINGS:
        raise Refused("unknown_ending")
    event = leave_holders(db, structure_id, label, stays=stays, at=at)
    private = {"seat": structure_id, "person": by.name, "reason": reason.strip()}
    if held is not None:
        held.status, held.ended_at = "ended", at
    if dossier is not None:
        body = {"ending": ending, "stays": stays}
        event = journal.append(db, dossier, "appellation_ended", at=at, body=body, private=private).id
    values = {"structure": structure_id, "ending": ending, "stays": stays, "reason": reason.strip()}
    tell(db, Engine.APPELLATION_ENDED, people_of_structures(db, [structure_id], at), event=event, at=at, values=values)
    return end_seats(db, polls, structure_id, private, at=at)


def lock_polls_alive(db: Session, label: str) -> Sequence[Poll]:
    """Every poll of a label that is convened or open, locked in one order: none opens on a roll about to change."""
    return (
        db.execute(
            select(Poll)
            .join(Dossier, Dossier.id == Poll.dossier_id)
            .join(LabelVersion, LabelVersion.id == Dossier.label_version_id)
            .where(LabelVersion.slug == label, Poll.status.in_(("convened", "open")))
            .order_by(Poll.id)
            .with_for_update(of=Poll, key_share=True)
            .execution_options(populate_existing=True)
        )
        .scalars()
        .all()
    )


def leave_holders(db: Session, structure_id: str, label: str, *, stays: bool, at: datetime) -> str:
    """The structure is no holder any more, from this month: a member, or one that has left.

    Returns the identifier of what it is now. Raises `Refused("appellation_missing")`.
    """
    status = current_status(db, structure_id, label)
    if status is None or status.status != "holder":
        raise Refused("appellation_missing")
    month = at.strftime("%Y-%m")
    status.until = month
    then = NetworkStatus(
        id=new_id(),
        structure_id=structure_id,
        label=label,
        status="member" if stays else "left",
        since=month,
        recorded_at=at,
    )
    db.add(then)
    db.flush()
    return then.id


def end_seats(
    db: Session, polls: Sequence[Poll], structure_id: str, private: dict[str, str], *, at: datetime
) -> tuple[str, ...]:
    """End a structure's seat in each open poll where it takes part; each poll's own chain says so."""
    alive = {poll.id: poll for poll in polls}
    cast = exists().where(Ballot.seat_id == Seat.id)
    rows = db.execute(
        select(Seat, cast.label("kept"))
        .where(
            Seat.poll_id.in_(alive),
            Seat.structure_id == structure_id,
            Seat.recused_at.is_(None),
            Seat.ended_at.is_(None),
        )
        .order_by(Seat.poll_id)
        .execution_options(populate_existing=True)
    ).all()
    for seat, kept in rows:
        seat.ended_at = at
        journal.append(db, alive[seat.poll_id], "seat_ended", at=at, body={"kept": kept}, private=private)
    return tuple(seat.poll_id for seat, _ in rows)
