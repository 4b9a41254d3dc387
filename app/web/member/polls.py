"""One poll, where my structures stand in it, and the polls of the past."""

from flask import render_template, request

from app import db
from app.policies import Act, may
from app.queries.keyset import Where
from app.queries.polls import kept_receipts, past_polls
from app.web.doors import allow, me
from app.web.member import pages
from app.web.member.entrance import heading_of, scope_or_404, voices_of
from app.words_rule import rule_sentences
from app.words_vote import choice_name, decision_name
from workflows.voting import Choice

LONGEST = 120
DECISIONS = ("granted", "granted_reserves", "deferred", "not_granted")


@pages.get("/consultations/<poll_id>")
def poll(poll_id: str) -> str:
    """Where my structures stand, what comes next, and the rule in words."""
    scope = scope_or_404(poll_id)
    found = heading_of(poll_id)
    return render_template(
        "member/poll/show.html",
        poll=found,
        voices=voices_of(poll_id, scope),
        attached=not may(me(), Act.DECLARE_LINK, scope),
        readable=may(me(), Act.SEE_RESULT, scope),
        rule=rule_sentences(found.rule),
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
        decisions={outcome: decision_name(outcome) for outcome in DECISIONS},
    )
