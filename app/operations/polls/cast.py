"""Casting a ballot, by a protocol in which nothing is acknowledged that is not committed and nothing counts twice."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, aliased

from app.actor import VOTING, Actor
from app.clock import Clock
from app.keys import RECEIPT, Keys
from app.mail.notices import in_force, people_of_structures, tell
from app.models import Ballot, Dossier, Link, Mandate, Person, Poll, Seat
from app.models.outbox import Engine
from app.operations import journal
from app.operations.locks import lock_poll
from app.operations.polls.frozen import poll_facts, rule_of
from workflows import ledger
from workflows.refused import Refused
from workflows.voting import Choice, SeatFacts, may_cast


@dataclass(frozen=True)
class Opinion:
    """What a form carries: the choice, its reasons, the version it replaces (0 for none), and the form's own key.

    `reasons` are read by peers and by the team; `to_pass_on` by the team alone, which says it in its own words.
    """

    choice: Choice
    reasons: str
    replaces: int
    once: str
    to_pass_on: str = ""

    def digest(self) -> str:
        """One hash of the content: the same key with another content is another opinion.

        A ballot from before there was anything to pass on keeps the digest it was stored with.
        """
        content: list[object] = [self.choice, self.reasons, self.replaces]
        return sha256(ledger.canonical([*content, self.to_pass_on] if self.to_pass_on else content)).hexdigest()


@dataclass(frozen=True)
class Receipt:
    """What a structure keeps of its ballot. It carries the hash of its entry, not its height: that is the turnout."""

    poll_id: str
    structure_id: str
    version: int
    choice: Choice
    cast_at: datetime
    cast_by: str
    hash: str
    code: str
    signature: str


@dataclass(frozen=True)
class UnderLock:
    """What a cast depends on, read in one statement once the poll is locked.

    `known` is the ballot that this very form has already left, with the name of who sent it.
    """

    seat: Seat
    last: Ballot | None
    link_declared: bool
    mandated: bool
    attached: bool
    known: Ballot | None
    known_by: str | None


def cast_ballot(
    db: Session, poll_id: str, structure_id: str, opinion: Opinion, *, by: Actor, clock: Clock, keys: Keys
) -> Receipt:
    """Record a structure's opinion and return its receipt; the caller commits before showing it.

    A key already known returns its receipt, even after the close. Raises `Refused`: `gone`, `same_key_other_content`,
    `unknown_choice`, `reasons_missing` and everything `may_cast` refuses.
    """
    if (known := already_cast(db, poll_id, structure_id, opinion)) is not None:
        return known
    poll = lock_poll(db, poll_id)
    at = clock()
    found = read_under_lock(db, poll, structure_id, once=opinion.once, person_id=str(by.id), at=at)
    if found.known is not None:
        return same_receipt(found.known, structure_id, opinion, cast_by=str(found.known_by))
    refuse(poll, found, opinion, at)
    ballot = record(db, poll, found, opinion, by=by, at=at, keys=keys)
    people = people_of_structures(db, [structure_id], at, VOTING)
    values = {"poll": poll.id, "seat": structure_id}
    tell(db, Engine.BALLOT_RECORDED, people, event=ballot.entry_id, at=at, values=values)
    return receipt(ballot, structure_id, by.name)


def record(
    db: Session, poll: Poll, found: UnderLock, opinion: Opinion, *, by: Actor, at: datetime, keys: Keys
) -> Ballot:
    """Write the seat's next ballot and its chained entry."""
    version = found.last.version + 1 if found.last else 1
    entry = journal.append(
        db,
        poll,
        "ballot_cast",
        at=at,
        private={
            "seat": found.seat.id,
            "choice": opinion.choice.value,
            "version": str(version),
            "person": by.name,
            "reasons": opinion.reasons,
            "to_pass_on": opinion.to_pass_on,
        },
    )
    ballot = Ballot(
        poll_id=poll.id,
        seat_id=found.seat.id,
        version=version,
        choice=opinion.choice.value,
        person_id=str(by.id),
        cast_at=at,
        once=opinion.once,
        once_digest=opinion.digest(),
        entry_id=entry.id,
        entry_hash=entry.hash,
        signature=keys.sign(RECEIPT, entry.hash),
    )
    db.add(ballot)
    return ballot


def already_cast(db: Session, poll_id: str, structure_id: str, opinion: Opinion) -> Receipt | None:
    """The receipt of a form already received; the same key with another content is refused."""
    row = db.execute(
        select(Ballot, Person.name)
        .join(Seat, Seat.id == Ballot.seat_id)
        .join(Person, Person.id == Ballot.person_id)
        .where(Ballot.poll_id == poll_id, Seat.structure_id == structure_id, Ballot.once == opinion.once)
    ).one_or_none()
    return same_receipt(row[0], structure_id, opinion, cast_by=row[1]) if row else None


def same_receipt(ballot: Ballot, structure_id: str, opinion: Opinion, *, cast_by: str) -> Receipt:
    """The receipt of a form already received, if it carried the same content."""
    if ballot.once_digest != opinion.digest():
        raise Refused("same_key_other_content", recorded=ballot.choice, sent=opinion.choice.value)
    return receipt(ballot, structure_id, cast_by)


def read_under_lock(
    db: Session, poll: Poll, structure_id: str, *, once: str, person_id: str, at: datetime
) -> UnderLock:
    """The seat, its newest ballot, the ballot of this form, both declarations and the mandates, as they stand now.

    Raises `Refused`: `poll_not_open` before the roll exists, `no_mandate` off the roll.
    """
    candidate = select(Dossier.structure_id).where(Dossier.id == poll.dossier_id).scalar_subquery()
    held = select(Mandate.id).where(Mandate.person_id == person_id, in_force(at))
    said = select(Link.id).where(Link.poll_id == poll.id)
    own = said.where(Link.declared_by == person_id)
    known, sender = aliased(Ballot), aliased(Person)
    row = db.execute(
        select(
            Seat,
            Ballot,
            and_(said.where(Link.structure_id == structure_id, Link.personal.is_(False)).exists(), own.exists()),
            held.where(Mandate.structure_id == structure_id, Mandate.role.in_(VOTING)).exists(),
            or_(
                held.where(Mandate.structure_id == candidate).exists(),
                own.where(Link.personal, Link.kind != "none").exists(),
            ),
            known,
            sender.name,
        )
        .outerjoin(Ballot, Ballot.seat_id == Seat.id)
        .outerjoin(known, (known.seat_id == Seat.id) & (known.once == once))
        .outerjoin(sender, sender.id == known.person_id)
        .where(Seat.poll_id == poll.id, Seat.structure_id == structure_id)
        .order_by(Ballot.version.desc())
        .limit(1)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None and poll.status == "convened":
        raise Refused("poll_not_open", opens_at=poll.opens_at)
    if row is None:
        raise Refused("no_mandate")
    return UnderLock(*row)


def refuse(poll: Poll, found: UnderLock, opinion: Opinion, at: datetime) -> None:
    """Everything that may stand in the way, judged by the rules."""
    rule = rule_of(poll)
    may_cast(
        at,
        poll_facts(poll),
        SeatFacts(
            recused=found.seat.recused_at is not None,
            ended=found.seat.ended_at is not None,
            link_declared=found.link_declared,
            mandated=found.mandated,
            attached_to_candidate=found.attached,
            voted=found.last is not None,
            expected_version=opinion.replaces,
            version=found.last.version if found.last else 0,
            change_until_close=rule.change_until_close,
        ),
    )
    if opinion.choice not in rule.choices:
        raise Refused("unknown_choice")
    if rule.needs_reason(opinion.choice) and not opinion.reasons.strip():
        raise Refused("reasons_missing")


def receipt(ballot: Ballot, structure_id: str, cast_by: str) -> Receipt:
    return Receipt(
        poll_id=ballot.poll_id,
        structure_id=structure_id,
        version=ballot.version,
        choice=Choice(ballot.choice),
        cast_at=ballot.cast_at,
        cast_by=cast_by,
        hash=ballot.entry_hash,
        code=ledger.receipt_code(ballot.entry_hash),
        signature=ballot.signature,
    )
