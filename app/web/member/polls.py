"""One poll, where my structures stand in it, and the polls of the past."""

from flask import render_template, request

from app import db
from app.policies import Act, Relation, may, relations
from app.queries.keyset import Where
from app.queries.polls import kept_receipts, past_polls
from app.web.doors import allow, me
from app.web.member import pages
from app.web.member.entrance import enter
from app.words_rule import rule_sentences
from app.words_vote import choice_name, decision_name
from workflows.voting import Choice

LONGEST = 120
#: The sign beside each decision: full, half, pending, no.
SIGNS = {"granted": "full", "granted_reserves": "half", "deferred": "dots", "not_granted": "no"}


@pages.get("/consultations/<poll_id>")
def poll(poll_id: str) -> str:
    """Where my structures stand, what comes next, and the rule in words."""
    found = enter(poll_id)
    attached = {Relation.ATTACHED} <= relations(me(), found.scope)
    return render_template(
        "member/poll/show.html",
        poll=found.poll,
        voices=found.voices,
        attached=attached,
        readable=may(me(), Act.SEE_RESULT, found.scope),
        rule=rule_sentences(found.poll.rule),
    )


@pages.get("/passees")
def past() -> str:
    """The consultations in which my structures had a voice, the latest first."""
    allow(Act.SEE_COMMITTEE)
    where = Where(request.args.get("apres", "")[:LONGEST], request.args.get("avant", "")[:LONGEST])
    return render_template(
        "member/poll/past.html",
        past=past_polls(db.session(), me(), where),
        kept=kept_receipts(db.session(), me()),
        choices={choice.value: choice_name(choice.value) for choice in Choice},
        decisions={outcome: decision_name(outcome) for outcome in SIGNS},
        signs=SIGNS,
    )
