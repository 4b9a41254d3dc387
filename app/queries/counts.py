"""The stored count of a closed poll, as pages and minutes read it."""

from dataclasses import dataclass

from app.models import Poll


@dataclass(frozen=True)
class Count:
    """What `close_poll` stored, in voices: it is read from here on, never computed again.

    `seats` are those of the roll less those whose appellation ended before they took part; `recused` are among them.
    """

    outcome: str
    round: int
    seats: int
    recused: int
    quorum_needed: int
    pour: int = 0
    reserves: int = 0
    against: int = 0
    abstention: int = 0
    objection: int = 0

    @property
    def voices(self) -> int:
        """The voices that took part in the examination, whether or not they gave an opinion."""
        return self.seats - self.recused

    @property
    def favourable(self) -> int:
        return self.pour + self.reserves

    @property
    def contre(self) -> int:
        return self.against + self.objection

    @property
    def expressed(self) -> int:
        return self.favourable + self.contre

    @property
    def ballots(self) -> int:
        return self.expressed + self.abstention

    @property
    def silent(self) -> int:
        """Voices that took part and gave no opinion."""
        return self.voices - self.ballots


def count_of(poll: Poll) -> Count | None:
    """The count of a poll; nothing before it is closed."""
    if poll.closed_at is None or poll.outcome is None:
        return None
    return Count(
        outcome=poll.outcome,
        round=poll.round,
        seats=poll.seats or 0,
        recused=poll.recused or 0,
        quorum_needed=poll.quorum_needed or 0,
        pour=poll.pour or 0,
        reserves=poll.reserves or 0,
        against=poll.against or 0,
        abstention=poll.abstention or 0,
        objection=poll.objection or 0,
    )
