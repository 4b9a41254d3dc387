"""Signing in and out. Known and unknown addresses get the same sentence, and cost the same."""

import structlog
from flask import make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from app import db
from app.db import SAFE_METHODS
from app.operations.people import canonical_email, hash_password, needs_rehash, password_matches, replace_hash
from app.operations.throttle import WINDOW
from app.policies import Act
from app.queries.access import Credentials, credentials
from app.web.account import pages
from app.web.account.fictional import offered
from app.web.account.forms import SignIn
from app.web.devices import known_device
from app.web.doors import allow, me
from app.web.roles import ROLES
from app.web.threshold import admit
from app.web.throttle import one_more
from app.web.ways import first_page, local_path
from app.words import refusal
from workflows.refused import Refused

log = structlog.get_logger()


@pages.route("/connexion", methods=["GET", "POST"])
def sign_in() -> ResponseReturnValue:
    allow(Act.SIGN_IN)
    form = SignIn()
    if request.method in SAFE_METHODS:
        back = local_path(request.args.get("next"))
        if me().is_authenticated:
            return redirect(back or first_page(me()), 303)
        form.next.data = back
        return page(form)
    if not form.validate():
        return page(form, 422)
    try:
        return enter(form)
    except Refused as error:
        form.form_errors.append(refusal(error))
        log.info("sign_in_refused", why=error.code)
        return page(form, 429 if error.code == "too_many_tries" else 422)


def enter(form: SignIn) -> ResponseReturnValue:
    """Let in whoever has the password. Raises `Refused`: `sign_in_failed`, `too_many_tries`."""
    address, password = one_form(str(form.email.data)), str(form.password.data)
    with db.short_transaction(writes=False) as own:
        known = credentials(own, address)
    tried = one_more(address, device=known_device(known.person_id))
    if not password_matches(known.password, password) or known.person_id is None:
        raise Refused("sign_in_failed")
    tried.was_right()
    strengthen(known, password)
    answer = admit(known.person_id, by="password", back=form.next.data or "")
    if answer is None:
        raise Refused("sign_in_failed")
    return answer


def strengthen(known: Credentials, password: str) -> None:
    """Hash a password again when the cost of hashing has gone up since: outside any transaction, then stored."""
    if known.password is None or not needs_rehash(known.password):
        return
    fresh = hash_password(password)
    with db.short_transaction(writes=True) as own:
        replace_hash(own, str(known.person_id), known.password, fresh)


def one_form(written: str) -> str:
    """An address in the form of its account, so that no other spelling of it gives more tries."""
    try:
        return canonical_email(written)
    except Refused:
        return written.casefold()


@pages.post("/deconnexion")
def sign_out() -> ResponseReturnValue:
    """The session's row dies with this request: its cookie opens nothing any more, even kept."""
    allow(Act.SIGN_OUT)
    session.clear()
    answer = make_response(redirect(url_for("account.sign_in", fin=1), 303))
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


def page(form: SignIn, status: int = 200) -> ResponseReturnValue:
    asked = request.args if status == 200 else {}
    words = {"roles": ROLES, "ended": "fin" in asked, "late": "trop_tard" in asked}
    answer = make_response(
        render_template("account/access/sign_in.html", form=form, offered=offered(), **words), status
    )
    if status == 429:
        answer.headers["Retry-After"] = str(int(WINDOW.total_seconds()))
    return answer
