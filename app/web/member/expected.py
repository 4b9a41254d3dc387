"""What is expected of the structures a person acts for."""

from babel.lists import format_list
from flask import render_template

from app import db
from app.policies import Act
from app.queries.expected import expected as read_expected
from app.web.doors import allow, me, now
from app.web.member import pages
from app.words import language
from app.words_contracted import of


@pages.get("")
def expected() -> str:
    """One block for each poll and structure, what is done below, who acts at the end."""
    allow(Act.SEE_COMMITTEE)
    at = now()
    waiting = read_expected(db.session(), me(), at)
    return render_template(
        "member/poll/expected.html",
        waiting=waiting,
        who=format_list([of(one.structure) for one in waiting.structures], locale=language()),
        count=len({item.poll_id for item in waiting.asked}),
        ends=len({item.closes_at for item in waiting.asked}),
        at=at,
    )
