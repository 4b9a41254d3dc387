"""Where a person goes next: back to the page she asked for, never out of this site; else to what is expected of her."""

from urllib.parse import unquote, urlsplit

from flask import current_app, url_for
from werkzeug.exceptions import HTTPException

from app import db
from app.actor import Actor
from app.policies import Act, may
from app.queries.access import holds_appellation

LONGEST = 300
#: Pages that nobody is sent back to: files, and the doors themselves.
DOORS = frozenset({"static", "account.sign_in", "account.invitation", "public.choose_language"})


def local_path(asked: str | None) -> str:
    """The address of a page of this site that `asked` names, built anew from its endpoint; nothing for any other.

    The address is never repeated as it came, so that no spelling of another site can pass through.
    """
    if not asked or len(asked) > LONGEST or not asked.startswith("/") or not asked.isprintable() or "\\" in asked:
        return ""
    try:
        parts = urlsplit(asked)
        endpoint, values = current_app.url_map.bind("").match(unquote(parts.path), method="GET")
    except (HTTPException, ValueError):
        return ""
    if parts.scheme or parts.netloc or endpoint in DOORS:
        return ""
    return url_for(endpoint, **values) + (f"?{parts.query}" if parts.query else "")


def first_page(person: Actor) -> str:
    """The page that says what is expected of somebody who has just come in."""
    if may(person, Act.SEE_DESK):
        return url_for("staff.today")
    if not may(person, Act.SEE_COMMITTEE):
        return url_for("account.account")
    with db.short_transaction(writes=False) as own:
        holder = holds_appellation(own, person)
    return url_for("member.expected") if holder else url_for("candidate.dossiers")
