"""A link by mail, for whoever comes twice a year: it opens the browser that asked, and its code any other."""

import hmac
from typing import Any

import structlog
from flask import make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from app import db
from app.db import SAFE_METHODS
from app.mail.links import SIGN_IN
from app.operations.sign_in import MOST_TRIES, ask_link, enter_by_code, enter_by_link
from app.operations.throttle import WINDOW
from app.policies import Act
from app.queries.sign_in import Mailed, link_of_browser, mailed_link
from app.web.account import pages
from app.web.account.access import one_form
from app.web.account.forms import AskLink, TypeCode
from app.web.asked import forget_browser, new_browser, remember_browser, this_browser
from app.web.doors import allow, clock, found_or_404, keys, missing, now
from app.web.entrance import LINK
from app.web.sessions import hashed
from app.web.threshold import admit
from app.web.throttle import one_more
from app.web.ways import local_path
from app.words import refusal
from workflows.refused import Refused

log = structlog.get_logger()
MOST_ASKED = 5
BACK = "back"


@pages.route("/connexion/lien", methods=["GET", "POST"])
def ask_for_link() -> ResponseReturnValue:
    """Known and unknown addresses get the same page, the same cookie and the same statements."""
    allow(Act.SIGN_IN)
    form = AskLink()
    if request.method in SAFE_METHODS:
        form.next.data = local_path(request.args.get("next"))
        return shown("ask", form)
    if not form.validate():
        return shown("ask", form, 422)
    address, browser = one_form(str(form.email.data)), new_browser()
    try:
        one_more(f"link:{address}", most=MOST_ASKED, in_request=True)
    except Refused as error:
        return refused("ask", form, error)
    sent = ask_link(db.session(), address, hashed(browser), clock=clock())
    db.session().commit()
    log.info("sign_in_link_asked", sent=sent)
    session[BACK] = local_path(form.next.data)
    answer = make_response(redirect(url_for("account.type_code"), 303))
    remember_browser(answer, browser)
    return answer


@pages.route("/connexion/code", methods=["GET", "POST"])
def type_code() -> ResponseReturnValue:
    """The code, where one asked for it. Without a link to go with it, a code is always wrong."""
    allow(Act.SIGN_IN)
    form = TypeCode()
    browser = this_browser()
    if not browser:
        return redirect(url_for("account.ask_for_link"), 303)
    if request.method in SAFE_METHODS:
        return shown("code", form)
    if not form.validate():
        return shown("code", form, 422)
    with db.short_transaction(writes=False) as own:
        link = link_of_browser(own, browser)
    return by_code(link, browser, form, "code")


@pages.route("/connexion/lien/<link_id>/<int:expires>/<token>", methods=["GET", "POST"])
def follow_link(link_id: str, expires: int, token: str) -> ResponseReturnValue:
    """Reading it changes nothing. In the browser that asked, a button; in another one, the code."""
    allow(Act.SIGN_IN)
    link = proved(link_id, expires, token)
    if over(link):
        return ended()
    here = hmac.compare_digest(this_browser().encode(), link.browser.encode())
    form = TypeCode()
    if request.method in SAFE_METHODS:
        return shown("follow" if here else "elsewhere", form, link=link)
    if not here:
        if not form.validate():
            return shown("elsewhere", form, 422, link=link)
        return by_code(link.id, link.id, form, "elsewhere", link=link)
    try:
        person = enter_by_link(db.session(), link.id, clock=clock())
    except Refused:
        db.end_transaction()
        log.info("sign_in_link_refused")
        return ended()
    db.session().commit()
    return came_in(person)


def by_code(link_id: str, tried_as: str, form: TypeCode, page: str, **words: Any) -> ResponseReturnValue:
    """Try a code: five times for one link, whoever asked for it and whether or not there is one."""
    try:
        one_more(f"code:{tried_as}", most=MOST_TRIES, in_request=True)
    except Refused as error:
        return refused(page, form, error, **words)
    person = enter_by_code(db.session(), link_id, form.digits(), keys=keys(), clock=clock())
    db.session().commit()
    if person is None:
        log.info("sign_in_code_refused")
        form.code.errors = [refusal(Refused("code_wrong"))]
        return shown(page, form, 422, **words)
    return came_in(person)


def came_in(person_id: str) -> ResponseReturnValue:
    """In, or on the threshold of the second step; the browser's proof has served."""
    answer = admit(person_id, by=LINK, back=str(session.get(BACK) or "")) or missing()
    made = make_response(answer)
    forget_browser(made)
    return made


def proved(link_id: str, expires: int, token: str) -> Mailed:
    """The link with this token; any other looks like a page that does not exist."""
    with db.short_transaction(writes=False) as own:
        link = found_or_404(mailed_link(own, link_id))
    expected = keys().token(SIGN_IN, link.id, expires, link.nonce)
    if not hmac.compare_digest(expected.encode(), token.encode()):
        missing()
    return link


def over(link: Mailed) -> bool:
    return link.used or link.expires_at <= now() or link.tries >= MOST_TRIES


def ended() -> ResponseReturnValue:
    return render_template("account/link/ended.html", sentence=refusal(Refused("link_over"))), 410


def refused(page: str, form: AskLink | TypeCode, error: Refused, **words: Any) -> ResponseReturnValue:
    db.end_transaction()
    log.info("sign_in_refused", why=error.code)
    form.form_errors.append(refusal(error))
    answer = make_response(shown(page, form, 429, **words))
    answer.headers["Retry-After"] = str(int(WINDOW.total_seconds()))
    return answer


def shown(page: str, form: AskLink | TypeCode, status: int = 200, **words: Any) -> ResponseReturnValue:
    return render_template(f"account/link/{page}.html", form=form, **words), status
