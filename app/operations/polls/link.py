"""Links of interest: declared before a file opens, at any moment afterwards, with all their effects."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.actor import VOTING, Actor
from app.clock import Clock
from app.mail.notices import people_of_structures, tell
from app.models import Dossier, LabelVersion, Link, Poll, Seat
from app.models.outbox import Engine
from app.operations import journal
from app.operations.locks import lock_poll
from app.operations.polls.committee import composition
from app.operations.polls.mandates import acts_for, attached
from app.queries.labels import label_of
from workflows.refused import Refused

NONE = "none"
LIVE = {"convened", "open"}


@dataclass(frozen=True)
class Declaration:
    """What is said of one poll: `none` or a kind of the label, in a few words.

    `own`: the person answers for herself alone, her structure having already answered.
    """

    kind: str
    words: str = ""
    own: bool = False


def declare_link(
    db: Session, poll_id: str, structure_id: str, kind: str, *, words: str, by: Actor, clock: Clock, own: bool = False
) -> Link:
    """Record what a structure says of its links with the candidate, or its person of her own: `none`, or a kind.

    A hard kind recuses the seat from that moment: a ballot already cast is void, and it is not undone by the structure
    itself. A personal kind keeps its author away and calls the other persons of her structure. Raises `Refused`:
    `poll_over`, `poll_closed`, `poll_cancelled`, `no_mandate`, `person_attached`, `unknown_link`, `seat_recused`,
    `seat_ended`.
    """
    said = Declaration(kind, words, own)
    poll = lock_poll(db, poll_id)
    at = clock()
    if poll.status not in LIVE:
        raise Refused("poll_cancelled" if poll.status == "cancelled" else "poll_closed")
    if at >= poll.closes_at:
        raise Refused("poll_over", ended_at=poll.closes_at)
    dossier = db.get_one(Dossier, poll.dossier_id)
    if not acts_for(db, by, structure_id, at):
        raise Refused("no_mandate")
    if attached(db, by, poll, dossier.structure_id, at):
        raise Refused("person_attached")
    personal, hard = effects(db, dossier, said)
    seat = called_seat(db, poll, structure_id, at)
    link, event = record(db, poll, structure_id, said, hard=hard, personal=personal, by=by, at=at)
    if hard:
        recuse(seat, kind, at)
    tell_effects(db, poll, link, event, by=by, at=at)
    return link


def declare_links(
    db: Session, structure_id: str, said: Mapping[str, Declaration], *, by: Actor, clock: Clock
) -> tuple[Link, ...]:
    """Record what a structure says of several polls in one act: all of it, or nothing when one is refused.

    Polls are locked in one order, whoever asks. Raises what `declare_link` refuses.
    """
    return tuple(
        declare_link(
            db, poll, structure_id, said[poll].kind, words=said[poll].words, by=by, clock=clock, own=said[poll].own
        )
        for poll in sorted(said)
    )


def record(
    db: Session,
    poll: Poll,
    structure_id: str,
    said: Declaration,
    *,
    hard: bool,
    personal: bool,
    by: Actor,
    at: datetime,
) -> tuple[Link, str]:
    """Write a declaration and its entry, whose identifier comes second."""
    link = Link(
        poll_id=poll.id,
        structure_id=structure_id,
        version=next_version(db, poll.id, structure_id),
        kind=said.kind,
        hard=hard,
        personal=personal,
        words=said.words.strip(),
        declared_at=at,
        declared_by=str(by.id),
    )
    db.add(link)
    db.flush()
    step = journal.append(
        db,
        poll,
        "link_declared",
        at=at,
        body={"hard": hard, "personal": personal},
        private={"seat": structure_id, "kind": said.kind, "words": link.words, "person": by.name},
    )
    return link, step.id


def effects(db: Session, dossier: Dossier, said: Declaration) -> tuple[bool, bool]:
    """Whether a declaration is of the person alone, and whether it recuses the structure."""
    if said.kind == NONE:
        return said.own, False
    found = label_of(db.get_one(LabelVersion, dossier.label_version_id)).link(said.kind)
    if said.own and found.scope != "person":
        raise Refused("unknown_link")
    return found.scope == "person", found.hard and found.scope == "structure"


def next_version(db: Session, poll_id: str, structure_id: str) -> int:
    last = select(func.max(Link.version)).where(Link.poll_id == poll_id, Link.structure_id == structure_id)
    return (db.execute(last).scalar() or 0) + 1


def tell_effects(db: Session, poll: Poll, link: Link, event: str, *, by: Actor, at: datetime) -> None:
    """Tell a recused structure's people, or call the others of a structure whose representative keeps away."""
    people = set(people_of_structures(db, [link.structure_id], at, VOTING))
    values = {"poll": poll.id, "seat": link.structure_id}
    if link.hard:
        tell(db, Engine.SEAT_RECUSED, people, event=event, at=at, values=values)
    elif link.personal and link.kind != NONE:
        tell(db, Engine.OTHERS_CALLED, people - {str(by.id)}, event=event, at=at, values=values)


def called_seat(db: Session, poll: Poll, structure_id: str, at: datetime) -> Seat | None:
    """The structure's seat once the poll is open; before, only that it would have one. Either takes part."""
    if poll.status == "convened":
        expected = {seat.structure: seat.recused_for for seat in composition(db, poll, at)}
        if structure_id not in expected:
            raise Refused("no_mandate")
        if expected[structure_id] is not None:
            raise Refused("seat_recused")
        return None
    seat = db.execute(
        select(Seat)
        .where(Seat.poll_id == poll.id, Seat.structure_id == structure_id)
        .execution_options(populate_existing=True)
    ).scalar_one_or_none()
    if seat is None:
        raise Refused("no_mandate")
    if seat.recused_at is not None:
        raise Refused("seat_recused")
    if seat.ended_at is not None:
        raise Refused("seat_ended")
    return seat


def recuse(seat: Seat | None, kind: str, at: datetime) -> None:
    """Take a seat out of the base. Before the opening there is none yet: the roll will read the link itself."""
    if seat is not None:
        seat.recused_for = kind
        seat.recused_at = at
