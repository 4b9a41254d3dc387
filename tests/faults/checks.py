"""The five checks after a fault: acknowledged means kept, once, told once, chained and counted, in a sound database."""

from collections import Counter
from collections.abc import Iterable, Iterator

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app.actor import VOTING
from app.clock import utc_now
from app.db import Database
from app.keys import Keys
from app.mail.notices import people_of_structures
from app.models import Ballot as Kept
from app.models import Base, Entry, Invitation, Message, Poll, Seat
from app.models.outbox import Engine
from app.operations.polls.close import close_poll
from tests.faults.cast import Acknowledged
from tests.faults.ground import Ballot
from tests.faults.server import Server
from workflows.refused import Refused


def faults(database: Database, server: Server, keys: Keys, acknowledged: Iterable[Ballot]) -> list[str]:
    """Everything that does not hold. Closes the polls of the campaign on its way."""
    told = list(acknowledged)
    with database.session(writes=False) as db:
        found = [*lost(db, told), *doubled(db), *messages(db)]
    found += close(database, keys, {ballot.poll_id for ballot in told})
    with database.session(writes=False) as db:
        found += [*miscounted(db, told), *unsound(db, database)]
    verified = server.flask("journal", "verify")
    if verified.returncode != 0:
        found.append(f"journal verify: {verified.stdout[-1000:]}{verified.stderr[-1000:]}")
    return found


def lost(db: Session, told: list[Ballot]) -> Iterator[str]:
    """First check: each acknowledged opinion is there with its choice, and nothing else is."""
    rows = db.execute(select(Kept.poll_id, Seat.structure_id, Kept.choice).join(Seat, Seat.id == Kept.seat_id)).all()
    kept = {(row.poll_id, row.structure_id): row.choice for row in rows}
    asked = {(ballot.poll_id, ballot.structure_id): ballot.choice for ballot in told}
    for place, choice in asked.items():
        if kept.get(place) != choice:
            yield f"acknowledged {choice}, kept {kept.get(place)}: {place}"
    yield from (f"never acknowledged: {place}" for place in kept.keys() - asked.keys())


def committed_before(db: Session, told: Iterable[Acknowledged]) -> int:
    """The ballots that were committed before the form that was answered had been sent: an earlier try's, unanswered."""
    rows = db.execute(select(Kept.poll_id, Seat.structure_id, Kept.cast_at).join(Seat, Seat.id == Kept.seat_id)).all()
    kept = {(row.poll_id, row.structure_id): row.cast_at for row in rows}
    places = ((kept.get((one.ballot.poll_id, one.ballot.structure_id)), one.sent_at) for one in told)
    return sum(cast_at is not None and cast_at < sent_at for cast_at, sent_at in places)


def doubled(db: Session) -> Iterator[str]:
    """Second check: no seat twice. Nobody changed an opinion, so that each seat has one version, the first."""
    twice = select(Kept.seat_id, func.count().label("ballots")).group_by(Kept.seat_id).having(func.count() > 1)
    yield from (f"seat {row.seat_id} has {row.ballots} ballots" for row in db.execute(twice))
    later = select(Kept.seat_id).where(Kept.version != 1)
    yield from (f"seat {row.seat_id} has a later version" for row in db.execute(later))


def messages(db: Session) -> Iterator[str]:
    """Third check: each opinion told once to each person who acts for its voice, and no message without its event."""
    at = utc_now()
    structures = db.execute(select(Seat.structure_id).distinct()).scalars().all()
    people = {structure: set(people_of_structures(db, [structure], at, VOTING)) for structure in structures}
    rows = db.execute(
        select(Message.event, Message.person_id).where(Message.notice == Engine.BALLOT_RECORDED.value)
    ).all()
    sent = Counter((row.event, row.person_id) for row in rows)
    ballots = db.execute(select(Kept.entry_id, Seat.structure_id).join(Seat, Seat.id == Kept.seat_id)).all()
    promised = Counter((row.entry_id, person) for row in ballots for person in people[row.structure_id])
    yield from (f"promised and not written: {message}" for message in (promised - sent))
    yield from (f"written and not promised: {message}" for message in (sent - promised))
    events = set(db.execute(select(Message.event).distinct()).scalars())
    known = set(db.execute(select(Entry.id)).scalars())
    known |= {f"invitation:{made}" for made in db.execute(select(Invitation.id)).scalars()}
    yield from (f"a message without its event: {event}" for event in events - known)


def close(database: Database, keys: Keys, polls: set[str]) -> Iterator[str]:
    """Count and close: every voice has taken part, or the rule refuses to close before the end."""
    for poll in sorted(polls):
        with database.session(writes=True) as db:
            try:
                close_poll(db, poll, clock=utc_now, keys=keys)
            except Refused as refused:
                yield f"poll {poll} cannot be closed: {refused.code}"
            db.commit()


def miscounted(db: Session, told: list[Ballot]) -> Iterator[str]:
    """Fourth check, beside the journal's own: what each close stored is what its electors were acknowledged."""
    asked = Counter((ballot.poll_id, ballot.choice) for ballot in told)
    for poll in db.execute(select(Poll)).scalars():
        stored = {"for": poll.pour, "reserves": poll.reserves, "against": poll.against, "abstention": poll.abstention}
        wanted = {choice: asked[poll.id, choice] for choice in stored}
        if stored != wanted:
            yield f"poll {poll.id} stored {stored} for {wanted}"


def unsound(db: Session, database: Database) -> Iterator[str]:
    """Fifth check: the file is whole (SQLite says so itself), and no row points at a row that is not there."""
    if database.sqlite:
        said = db.execute(text("PRAGMA integrity_check")).scalars().all()
        yield from (f"integrity: {line}" for line in said if line != "ok")
    for table in Base.metadata.sorted_tables:
        for key in table.foreign_keys:
            other = key.column.table.alias()
            present = other.c[key.column.name]
            orphans = (
                select(func.count())
                .select_from(table.outerjoin(other, present == key.parent))
                .where(key.parent.is_not(None), present.is_(None))
            )
            if number := db.execute(orphans).scalar_one():
                yield f"{number} rows of {table.name} without their {key.column.table.name}"
