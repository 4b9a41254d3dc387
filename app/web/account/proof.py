"""Proving again who one is, before changing how one signs in: ten minutes after coming in, it is asked anew."""

from flask import make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import db
from app.db import SAFE_METHODS
from app.operations.people import password_matches
from app.operations.throttle import WINDOW
from app.policies import Act
from app.queries.access import password_of
from app.web.account import pages
from app.web.account.forms import Prove
from app.web.doors import allow, me
from app.web.entrance import opened, prove, proved_by
from app.web.throttle import one_more
from app.web.ways import local_path
from app.words import refusal
from workflows.refused import Refused


@pages.route("/compte/preuve", methods=["GET", "POST"])
def prove_again() -> ResponseReturnValue:
    allow(Act.SEE_ACCOUNT)
    form = Prove()
    if request.method in SAFE_METHODS:
        form.next.data = local_path(request.args.get("next"))
        return page(form)
    if not form.validate():
        return page(form, 422)
    try:
        ask_again(str(form.password.data))
    except Refused as error:
        form.password.errors = [refusal(error)]
        return page(form, 429 if error.code == "too_many_tries" else 422)
    prove("password")
    opened().renew()
    return redirect(local_path(form.next.data) or url_for("account.account"), 303)


def proof_first() -> ResponseReturnValue | None:
    """The way to prove again who one is; nothing when that was done within ten minutes."""
    if proved_by():
        return None
    back = request.path if request.method in SAFE_METHODS else url_for("account.account")
    return redirect(url_for("account.prove_again", next=back), 303)


def ask_again(password: str) -> None:
    """Ask for the present password, no more often than at the door. Raises `Refused`."""
    with db.short_transaction(writes=False) as own:
        stored = password_of(own, me().id)
    tried = one_more(me().email)
    if not password_matches(stored, password):
        raise Refused("password_wrong")
    tried.was_right()


def page(form: Prove, status: int = 200) -> ResponseReturnValue:
    answer = make_response(render_template("account/access/prove.html", form=form), status)
    if status == 429:
        answer.headers["Retry-After"] = str(int(WINDOW.total_seconds()))
    return answer
