"""A poll against the clock: its phase, and who may cast, close or lengthen it at a moment."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from workflows.refused import Refused
from workflows.rule import Rule
from workflows.verdict import Outcome

Status = Literal["convened", "open", "closed", "decided", "notified", "cancelled"]
Phase = Literal["convened", "open", "over", "closed", "decided", "notified", "cancelled"]


@dataclass(frozen=True, slots=True)
class PollFacts:
    """A poll as read under its lock. Times are aware; a `live` poll is an item that the chair of a sitting closes."""

    status: Status
    opens_at: datetime
    closes_at: datetime
    live: bool = False


@dataclass(frozen=True, slots=True)
class SeatFacts:
    """A seat and the person who acts for it, as read under the poll's lock.

    `version` is the seat's latest stored version (0 before any), `expected_version` the one the person had on screen;
    `link_declared` is whether the structure said, before reading, that it has a link or none;
    `attached_to_candidate` is of the person, never of the seat; `change_until_close` is the poll's rule.
    """

    recused: bool
    ended: bool
    link_declared: bool
    mandated: bool
    attached_to_candidate: bool
    voted: bool
    expected_version: int
    version: int
    change_until_close: bool


def phase(status: Status, opens_at: datetime, closes_at: datetime, moment: datetime) -> Phase:
    """Where a poll is at `moment` (aware times). Its window runs from `opens_at`, included, to `closes_at`, excluded.

    A poll is over by the clock before it is closed by a stored act. One that no act opened stays convened.
    """
    if status != "open":
        return status
    if moment < opens_at:
        return "convened"
    return "open" if moment < closes_at else "over"


def may_cast(moment: datetime, poll: PollFacts, seat: SeatFacts) -> None:
    """Whether this person may cast this seat's ballot at `moment`, the one reading of the clock made under the lock.

    Who asks is settled before what the poll says, so that a recused seat learns nothing of it.
    Raises Refused with no_mandate, person_attached, seat_recused, seat_ended, poll_not_open(opens_at),
    poll_over(ended_at), poll_closed, poll_cancelled, link_not_declared, vote_is_final or version_outdated(version).
    """
    if not seat.mandated:
        raise Refused("no_mandate")
    if seat.attached_to_candidate:
        raise Refused("person_attached")
    if seat.recused:
        raise Refused("seat_recused")
    if seat.ended:
        raise Refused("seat_ended")
    _refuse_before_opening(moment, poll)
    _refuse_after_end(moment, poll)
    if not seat.link_declared:
        raise Refused("link_not_declared")
    if seat.voted and not seat.change_until_close:
        raise Refused("vote_is_final")
    if seat.expected_version != seat.version:
        raise Refused("version_outdated", version=seat.version)


def may_close(
    moment: datetime, poll: PollFacts, rule: Rule, *, remaining: int, certainty: Outcome | None = None
) -> None:
    """Whether the count may be made at `moment`: once over; by the chair of a sitting; or early as the rule allows.

    `remaining` counts the seats, not recused, that have not taken part; `certainty` is what `certain` answered.
    Raises Refused with poll_not_open(opens_at), poll_not_over(closes_at), poll_closed or poll_cancelled.
    """
    _refuse_before_opening(moment, poll)
    _refuse_settled(poll)
    over = poll.live or moment >= poll.closes_at
    all_voted = rule.early_close != "never" and remaining == 0
    if not (over or all_voted or (rule.early_close == "certain" and certainty is not None)):
        raise Refused("poll_not_over", closes_at=poll.closes_at)


def may_extend(moment: datetime, poll: PollFacts, closes_at: datetime) -> None:
    """Whether the window may end at `closes_at` instead: it is only ever lengthened, and before its end.

    Raises Refused with poll_over(ended_at), poll_closed, poll_cancelled or window_only_lengthens(closes_at).
    """
    _refuse_after_end(moment, poll)
    if closes_at <= poll.closes_at:
        raise Refused("window_only_lengthens", closes_at=poll.closes_at)


def _refuse_before_opening(moment: datetime, poll: PollFacts) -> None:
    if phase(poll.status, poll.opens_at, poll.closes_at, moment) == "convened":
        raise Refused("poll_not_open", opens_at=poll.opens_at)


def _refuse_after_end(moment: datetime, poll: PollFacts) -> None:
    _refuse_settled(poll)
    if moment >= poll.closes_at:
        raise Refused("poll_over", ended_at=poll.closes_at)


def _refuse_settled(poll: PollFacts) -> None:
    if poll.status == "cancelled":
        raise Refused("poll_cancelled")
    if poll.status in ("closed", "decided", "notified"):
        raise Refused("poll_closed")
