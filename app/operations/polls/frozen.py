"""What a poll carries with it: its own rule and its own times, whatever the label or the calendar say today."""

from typing import cast

from app.actor import Actor
from app.models import Poll
from workflows.voting import PollFacts, Rule, Status


def rule_of(poll: Poll) -> Rule:
    """The rule frozen with the poll."""
    return Rule.model_validate_json(poll.rule)


def poll_facts(poll: Poll) -> PollFacts:
    """The poll's status and window, as the rules know them."""
    return PollFacts(cast(Status, poll.status), poll.opens_at, poll.closes_at)


def named(by: Actor) -> dict[str, str] | None:
    """The person whose act it is, for its entry; nobody when the clock made it."""
    return {"person": by.name} if by.id else None
