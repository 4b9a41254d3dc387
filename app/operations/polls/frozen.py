"""What a poll carries with it: its own rule and its own times, whatever the label or the calendar say today."""

from typing import cast

from app.models import Poll
from workflows.voting import PollFacts, Rule, Status


def rule_of(poll: Poll) -> Rule:
    """The rule frozen with the poll."""
    return Rule.model_validate_json(poll.rule)


def poll_facts(poll: Poll) -> PollFacts:
    """The poll's status and window, as the rules know them."""
    return PollFacts(cast(Status, poll.status), poll.opens_at, poll.closes_at)
