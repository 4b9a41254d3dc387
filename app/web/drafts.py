"""Keeping what somebody is typing: a small answer for the script of the page, with the hour to show her."""

from flask import Response, abort

from app import db
from app.operations.drafts import keep_draft
from app.operations.throttle import count_try
from app.web.doors import me, now
from app.web.throttle import key
from app.words import hour

NO_CONTENT, TOO_MANY = 204, 429
MOST = 400  # drafts of one person in a quarter of an hour: one every two seconds


def kept(place: str, text: str, seen: str) -> Response:
    """Keep my draft for a place, unless a script has gone mad; the hour is in `Kept-At`, as I read hours.

    Raises `Refused("text_too_long")`.
    """
    writing, at = db.session(), now()
    if count_try(writing, key("draft", str(me().id)), at=at) > MOST:
        abort(TOO_MANY)
    keep_draft(writing, str(me().id), place, text, seen=seen, at=at)
    writing.commit()
    answer = Response(status=NO_CONTENT)
    answer.headers["Kept-At"] = " ".join(hour(at, me().zone).split())
    return answer
