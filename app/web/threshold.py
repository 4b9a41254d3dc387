"""Between a right password and a session: the second step, for whoever has a second factor or must have one.

Whoever stands here is nobody for the rest of the site. It lasts five minutes, and less if her password changes.
"""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app, make_response, redirect, session, url_for
from flask.typing import ResponseReturnValue

from app import db
from app.queries.second_factor import Doorstep, doorstep
from app.web.devices import remember_device
from app.web.doors import keys, now
from app.web.entrance import let_in, start_again
from app.web.ways import first_page, local_path

LASTS = timedelta(minutes=5)
HALF = "half"


@dataclass(frozen=True)
class Waiting:
    """Somebody on the threshold: `by` is what she has proved already, `back` the page she asked for."""

    person_id: str
    email: str
    by: str
    back: str
    enrols: bool


def admit(person_id: str, *, by: str, back: str = "") -> ResponseReturnValue | None:
    """Bring somebody as far as she may come: into the site, or to the second step. Nothing when her access has ended.

    The team must have a second factor, but in the demonstration.
    """
    with db.short_transaction(writes=False) as own:
        found = doorstep(own, person_id, now())
    if found is None:
        return None
    enrols = found.in_team and not found.confirmed and not current_app.config["SETTINGS"].demo
    if not (found.confirmed or enrols):
        return enter(person_id, by=by, back=back)
    start_again()
    kept = {"person": person_id, "by": by, "back": local_path(back), "enrols": enrols}
    session[HALF] = kept | {"at": now().isoformat(), "seal": seal(found)}
    return redirect(url_for("account.enrol" if enrols else "account.second_step"), 303)


def enter(person_id: str, *, by: str, back: str = "") -> ResponseReturnValue | None:
    """All the way in, from a device that is known from now on."""
    person = let_in(person_id, by=by)
    if person is None:
        return None
    answer = make_response(redirect(local_path(back) or first_page(person), 303))
    remember_device(answer, person_id)
    return answer


def waiting() -> Waiting | None:
    """Who stands on the threshold, if her five minutes are not over and her password is still the same."""
    half = session.get(HALF)
    if not half or datetime.fromisoformat(half["at"]) <= now() - LASTS:
        return None
    with db.short_transaction(writes=False) as own:
        found = doorstep(own, half["person"], now())
    if found is None or not hmac.compare_digest(seal(found), half["seal"]):
        return None
    return Waiting(found.person_id, found.email, half["by"], half["back"], half["enrols"])


def seal(found: Doorstep) -> str:
    """What changes with her password, and tells nothing of it."""
    return keys().token(HALF, found.person_id, 0, found.password or "")
