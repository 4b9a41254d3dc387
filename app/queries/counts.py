"""The stored count of a closed poll, as pages and minutes read it."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import exists

from app.models import Hold, Poll
from workflows.tally import Tally


@dataclass(frozen=True, kw_only=True)
class Count(Tally):
    """What `close_poll` stored, in voices: it is read from here on, never computed again.

    `seats` are those of the roll less those whose appellation ended before they took part; `recused` are among them.
    """

    outcome: str
    round: int
    seats: int
    recused: int
    quorum_needed: int

    @property
    def voices(self) -> int:
        """The voices that took part in the examination, whether or not they gave an opinion."""
        return self.seats - self.recused

    @property
    def silent(self) -> int:
        """Voices that took part and gave no opinion."""
        return self.voices - self.ballots


def count_of(poll: Poll, notice: int | None = None) -> Count | None:
    """The count of a poll; nothing before it is closed. `notice` is which notice of its request it was, where the
    sentence of its quorum needs it."""
    if poll.closed_at is None or poll.outcome is None:
        return None
    return Count(
        outcome=poll.outcome,
        round=notice or poll.round,
        seats=poll.seats or 0,
        recused=poll.recused or 0,
        quorum_needed=poll.quorum_needed or 0,
        pour=poll.pour or 0,
        reserves=poll.reserves or 0,
        against=poll.against or 0,
        abstention=poll.abstention or 0,
        objection=poll.objection or 0,
    )


def is_held() -> Any:
    """Whether an irregularity was raised on a poll and waits for its end, as a condition."""
    return exists().where(Hold.poll_id == Poll.id, Hold.confirmed_at.is_(None), Hold.lifted_at.is_(None))
