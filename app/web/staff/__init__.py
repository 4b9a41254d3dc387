"""The desk of the team: what waits on it, the dossiers, the committee, the decisions, the people."""

from typing import Any

from flask import Blueprint

from app import words_vote
from app.policies import Act, may
from app.web.doors import me
from app.web.roles import ROLES
from app.web.staff import words
from app.words_journal import VALUES, entry_name

pages = Blueprint("staff", __name__, url_prefix="/avise")


@pages.context_processor
def vocabulary() -> dict[str, Any]:
    """The words that the desk's pages share."""
    return {
        "age": words.age,
        "choice_name": words_vote.choice_name,
        "decision_name": words_vote.decision_name,
        "entry_name": entry_name,
        "grounds": words.GROUNDS,
        "link_name": words_vote.link_name,
        "may_see_access": may(me(), Act.MANAGE_ACCESS),
        "message_names": words.NOTICES,
        "on_day": words.on_day,
        "outcome_name": words_vote.outcome_name,
        "roles": ROLES,
        "sendings": words.SENDINGS,
        "statuses": words.STATUSES,
        "values_named": VALUES,
        "weekday": words.weekday,
        "who": words.who,
    }


# The views register themselves on `pages`, which must exist before they are read.
from app.web.staff import (  # noqa: E402
    accesses,
    agreements,
    arbitrations,
    committees,
    completeness,
    decisions,
    deliveries,
    dossiers,
    endings,
    enquiries,
    exchanges,
    greeters,
    holds,
    joint,
    joint_committee,
    journals,
    officers,
    people,
    pipeline,
    polls,
    questions,
    sittings,
    structures,
    today,
)

__all__ = [
    "accesses",
    "agreements",
    "arbitrations",
    "committees",
    "completeness",
    "decisions",
    "deliveries",
    "dossiers",
    "endings",
    "enquiries",
    "exchanges",
    "greeters",
    "holds",
    "joint",
    "joint_committee",
    "journals",
    "officers",
    "pages",
    "people",
    "pipeline",
    "polls",
    "questions",
    "sittings",
    "structures",
    "today",
]
