"""A consultation, as the team reads it: who has taken part, and what was said once it is closed.

While a poll is open, this reads whether a voice has taken part and nothing of what it said.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import and_, exists, select
from sqlalchemy.orm import Session, aliased

from app.actor import VOTING
from app.models import Ballot, Decision, Link, Mandate, Opening, Person, Poll, Seat, Structure
from app.queries.committee_desk import (
    Committee,
    Voice,
    committee_of,
    holders,
    in_force,
    is_renewed,
    voices_of,
)
from app.queries.counts import Count, count_of, is_held
from app.queries.dossiers import Head, head_of
from app.queries.facts import notice
from app.queries.polls import end_of
from workflows.voting import CastBallot, Choice, Phase, Rule, Status, effective, phase, tally


@dataclass(frozen=True)
class Opinion:
    """What a structure said, read once the poll is closed. `person` is who gave it, `version` which of its ballots."""

    structure: str
    person: str
    choice: str
    reasons: str
    version: int
    void: bool
    ended: bool


@dataclass(frozen=True)
class PollPage:
    """A consultation, for the team. `opinions` and `count` are empty until it is closed.

    `notice` is which notice of its request it is; `held`, that an irregularity was raised and waits for its end;
    `set_aside`, that its outcome does not count any more.
    """

    id: str
    head: Head
    rule: Rule
    notice: int
    phase: Phase
    convened_at: datetime
    opens_at: datetime
    closes_at: datetime
    opened_at: datetime | None
    closed_at: datetime | None
    committee: Committee
    count: Count | None
    opinions: tuple[Opinion, ...]
    recounted: bool
    code: str
    decided: bool
    superseded: bool
    held: bool

    @property
    def set_aside(self) -> bool:
        return self.phase == "cancelled" and self.closed_at is not None

    @property
    def ended_at(self) -> datetime:
        """When the window ends: as it was announced, or at an early close."""
        return end_of(self.closes_at, self.closed_at)

    @property
    def everyone_took_part(self) -> bool:
        return self.committee.taken >= self.committee.taking_part > 0

    @property
    def can_close(self) -> bool:
        """Whether the count may be made now: the window is over, or every voice has taken part and the rule allows."""
        early = self.rule.early_close != "never" and self.everyone_took_part
        return self.phase == "over" or (self.phase == "open" and early)

    @property
    def settled(self) -> bool:
        """Whether the committee answered the question itself."""
        return self.count is not None and self.count.outcome in {
            "favourable",
            "favourable_reserves",
            "unfavourable",
        }

    @property
    def again(self) -> bool:
        """Whether the committee is to be invited once more."""
        renewed = self.count is not None and is_renewed(self.rule, self.count.outcome, self.notice)
        return (renewed or self.set_aside) and not self.superseded and self.head.stage.kind == "committee"


def poll_row(db: Session, poll_id: str) -> Any:
    """A consultation, its decision, and what stands beside it: a later round, a hold."""
    later = aliased(Poll)
    after = exists().where(later.dossier_id == Poll.dossier_id, later.round > Poll.round)
    asked = (Poll, Decision.settled_at, after.label("superseded"), notice().label("notice"), is_held().label("held"))
    found = select(*asked).outerjoin(Decision, Decision.poll_id == Poll.id).where(Poll.id == poll_id)
    return db.execute(found).one_or_none()


def poll_page(db: Session, poll_id: str, at: datetime) -> PollPage | None:
    """A consultation in at most five statements; the sealed part is read only once it is closed."""
    row = poll_row(db, poll_id)
    if row is None:
        return None
    poll: Poll = row[0]
    found = head_of(db, poll.dossier_id)
    if found is None:
        return None
    head = found[0]
    rule = Rule.model_validate_json(poll.rule)
    voices = voices_now(db, poll, head, at)
    count = count_of(poll, row.notice)
    rows = ballots(db, poll.id) if count else []
    return PollPage(
        id=poll.id,
        head=head,
        rule=rule,
        notice=row.notice,
        phase=phase(cast(Status, poll.status), poll.opens_at, poll.closes_at, at),
        convened_at=poll.convened_at,
        opens_at=poll.opens_at,
        closes_at=poll.closes_at,
        opened_at=poll.opened_at,
        closed_at=poll.closed_at,
        committee=committee_of(rule, voices, row.notice),
        count=count,
        opinions=opinions(rows),
        recounted=count is not None and same_count(count, rows),
        code=poll.head or "",
        decided=row[1] is not None,
        superseded=bool(row.superseded),
        held=bool(row.held),
    )


def voices_now(db: Session, poll: Poll, head: Head, at: datetime) -> tuple[Voice, ...]:
    """The frozen roll; before the opening, the one there would be. Two statements."""
    said = last_links(db, poll.id)
    if poll.opened_at is not None:
        return seated(db, poll.id, said, at)
    return voices_of(holders(db, head.structure_id, head.label.slug, at), head.structure_id, said, at)


def last_links(db: Session, poll_id: str) -> dict[str, Any]:
    """What each structure said last of its links with the candidate."""
    rows = db.execute(
        select(Link.structure_id, Link.kind, Link.hard, Link.words)
        .where(Link.poll_id == poll_id, Link.personal.is_(False))
        .order_by(Link.version)
    ).all()
    return {row.structure_id: row for row in rows}


def seated(db: Session, poll_id: str, said: dict[str, Any], at: datetime) -> tuple[Voice, ...]:
    """The frozen roll: whether each voice has taken part, never what it said."""
    taken = exists().where(Ballot.seat_id == Seat.id)
    acting = exists().where(Mandate.structure_id == Seat.structure_id, Mandate.role.in_(VOTING), in_force(at))
    rows = db.execute(
        select(Seat, Structure.name, taken.label("taken"), acting.label("acting"))
        .join(Structure, Structure.id == Seat.structure_id)
        .where(Seat.poll_id == poll_id)
        .order_by(Seat.number)
    ).all()
    return tuple(
        Voice(
            structure=row.name,
            recused_for=row.Seat.recused_for if row.Seat.recused_at else None,
            link=said[row.Seat.structure_id].kind if row.Seat.structure_id in said else "",
            words=said[row.Seat.structure_id].words if row.Seat.structure_id in said else "",
            people=int(row.acting),
            taken_part=bool(row.taken) and row.Seat.recused_at is None,
            ended=row.Seat.ended_at is not None,
        )
        for row in rows
    )


def ballots(db: Session, poll_id: str) -> list[Any]:
    """The ballots of a closed poll with the reasons that are still kept, each voice's newest last."""
    return list(
        db.execute(
            select(
                Ballot.seat_id,
                Ballot.version,
                Ballot.choice,
                Structure.name.label("structure"),
                Seat.recused_at,
                Seat.ended_at,
                Person.name.label("person"),
                Opening.value.label("reasons"),
            )
            .join(Seat, Seat.id == Ballot.seat_id)
            .join(Structure, Structure.id == Seat.structure_id)
            .join(Person, Person.id == Ballot.person_id)
            .outerjoin(Opening, and_(Opening.entry_id == Ballot.entry_id, Opening.name == "reasons"))
            .where(Ballot.poll_id == poll_id)
            .order_by(Seat.number, Ballot.version)
        ).all()
    )


def opinions(rows: Iterable[Any]) -> tuple[Opinion, ...]:
    """The newest ballot of each voice, a recused one's marked void."""
    newest = {row.seat_id: row for row in rows}
    return tuple(
        Opinion(
            structure=row.structure,
            person=row.person,
            choice=row.choice,
            reasons=row.reasons or "",
            version=row.version,
            void=row.recused_at is not None,
            ended=row.ended_at is not None,
        )
        for row in newest.values()
    )


def same_count(count: Count, rows: Iterable[Any]) -> bool:
    """Whether the ballots give today the count that was stored."""
    cast_ballots = (CastBallot(r.seat_id, r.version, Choice(r.choice), r.recused_at is not None) for r in rows)
    today = tally(ballot.choice for ballot in effective(cast_ballots))
    kept = (count.pour, count.reserves, count.against, count.abstention, count.objection)
    return kept == (today.pour, today.reserves, today.against, today.abstention, today.objection)
