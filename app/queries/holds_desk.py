"""An outcome held for an irregularity, as those who may hold it read it."""

from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, aliased

from app.models import Decision, Hold, Person, Poll
from app.queries.counts import Count, count_of
from app.queries.decisions_desk import able_arbiters
from app.queries.dossiers import Head, head_of
from workflows.voting import Phase, Rule, Status, phase

#: An outcome may be held from the close to the notification.
HELD_IN = frozenset({"closed", "decided"})


@dataclass(frozen=True)
class HoldLine:
    """A hold: who raised it and why; who made it stand, alone for `derogation`; or when it was lifted."""

    reason: str
    by_id: str
    by: str
    at: datetime
    second: str
    derogation: str
    confirmed_at: datetime | None
    lifted_at: datetime | None

    @property
    def pending(self) -> bool:
        return self.confirmed_at is None and self.lifted_at is None


@dataclass(frozen=True)
class HoldPage:
    """A closed poll with its holds, the newest first. `able` counts the persons who may hold it; `decision` is the
    outcome that is recorded, and would go."""

    poll_id: str
    head: Head
    rule: Rule
    phase: Phase
    count: Count | None
    decision: str
    able: int
    superseded: bool
    holds: tuple[HoldLine, ...]

    @property
    def pending(self) -> HoldLine | None:
        return next((hold for hold in self.holds if hold.pending), None)

    @property
    def possible(self) -> bool:
        """Whether the outcome may be held now."""
        return self.phase in HELD_IN and not self.superseded and self.pending is None


def hold_page(db: Session, poll_id: str, at: datetime) -> HoldPage | None:
    """A poll and its holds, in four statements."""
    later = aliased(Poll)
    after = exists().where(later.dossier_id == Poll.dossier_id, later.round > Poll.round)
    row = db.execute(
        select(Poll, Decision.outcome, after.label("superseded"))
        .outerjoin(Decision, Decision.poll_id == Poll.id)
        .where(Poll.id == poll_id)
    ).one_or_none()
    found = head_of(db, row[0].dossier_id) if row is not None else None
    if row is None or found is None:
        return None
    poll: Poll = row[0]
    return HoldPage(
        poll_id=poll.id,
        head=found[0],
        rule=Rule.model_validate_json(poll.rule),
        phase=phase(cast(Status, poll.status), poll.opens_at, poll.closes_at, at),
        count=count_of(poll),
        decision=row[1] or "",
        able=able_arbiters(db, poll.dossier_id, at),
        superseded=bool(row.superseded),
        holds=holds_of(db, poll_id),
    )


def holds_of(db: Session, poll_id: str) -> tuple[HoldLine, ...]:
    """The holds of a poll, the newest first."""
    second = aliased(Person)
    rows = db.execute(
        select(Hold, Person.name, second.name)
        .join(Person, Person.id == Hold.raised_by)
        .outerjoin(second, second.id == Hold.second_id)
        .where(Hold.poll_id == poll_id)
        .order_by(Hold.raised_at.desc(), Hold.id)
    ).all()
    return tuple(
        HoldLine(
            reason=hold.reason,
            by_id=hold.raised_by,
            by=by,
            at=hold.raised_at,
            second=other or "",
            derogation=hold.derogation,
            confirmed_at=hold.confirmed_at,
            lifted_at=hold.lifted_at,
        )
        for hold, by, other in rows
    )
