"""Signing in and out. Known and unknown addresses get the same sentence, and cost the same."""

from typing import NamedTuple

import structlog
from flask import current_app, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from app import db
from app.db import SAFE_METHODS
from app.operations.people import canonical_email, password_matches
from app.operations.throttle import WINDOW
from app.policies import Act
from app.queries.access import Role, credentials, fictional_roles
from app.web.account import pages
from app.web.account.forms import SignIn
from app.web.devices import known_device, remember_device
from app.web.doors import allow, me, now
from app.web.entrance import let_in
from app.web.roles import ROLES
from app.web.throttle import one_more
from app.web.ways import first_page, local_path
from app.words import refusal
from workflows.refused import Refused

log = structlog.get_logger()


class Group(NamedTuple):
    """The fictional persons of one structure, or of the team when there is none."""

    structure: str | None
    people: dict[str, list[Role]]


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
    address = one_form(str(form.email.data))
    with db.short_transaction(writes=False) as own:
        known = credentials(own, address)
    tried = one_more(address, device=known_device(known.person_id))
    if not password_matches(known.password, str(form.password.data)) or known.person_id is None:
        raise Refused("sign_in_failed")
    tried.was_right()
    person = let_in(known.person_id)
    if person is None:
        raise Refused("sign_in_failed")
    answer = make_response(redirect(local_path(form.next.data) or first_page(person), 303))
    remember_device(answer, known.person_id)
    return answer


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
    ended = status == 200 and "fin" in request.args
    answer = make_response(
        render_template("account/access/sign_in.html", form=form, groups=fictional(), roles=ROLES, ended=ended), status
    )
    if status == 429:
        answer.headers["Retry-After"] = str(int(WINDOW.total_seconds()))
    return answer


def fictional() -> list[Group]:
    """The persons one may sign in as, in the demonstration alone."""
    if not current_app.config["SETTINGS"].demo:
        return []
    with db.short_transaction(writes=False) as own:
        parts = fictional_roles(own, now())
    groups: dict[str | None, Group] = {}
    for part in parts:
        group = groups.setdefault(part.structure, Group(part.structure, {}))
        group.people.setdefault(part.person_id, []).append(part)
    return list(groups.values())
