"""A person's own page: who she is here, her password, her sessions, her language."""

from datetime import timedelta

import structlog
from flask import current_app, flash, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import db
from app.operations.account import end_session as end_one_session
from app.operations.account import prefer_language
from app.operations.people import change_password as store_password
from app.operations.people import end_sessions, hash_password, refuse_weak_password
from app.policies import Act
from app.queries.account import account as read_account
from app.web.account import pages
from app.web.account.forms import ChangePassword, Language, NewPassword
from app.web.account.proof import ask_again
from app.web.doors import allow, clock, me, now
from app.web.entrance import LINK, opened, prove, proved_by
from app.web.hours import place
from app.web.roles import ROLES
from app.web.sessions import hashed
from app.words import refusal
from workflows.refused import Refused

log = structlog.get_logger()


@pages.get("/compte")
def account() -> ResponseReturnValue:
    allow(Act.SEE_ACCOUNT)
    return page(password_form())


@pages.post("/compte/mot-de-passe")
def change_password() -> ResponseReturnValue:
    """Change it for who knows the present one, or has just come in by a mailed link; every other session ends."""
    allow(Act.SEE_ACCOUNT)
    form = password_form()
    if not form.validate():
        return page(form, 422)
    field, chosen = form.chosen, str(form.chosen.data)
    try:
        if isinstance(form, ChangePassword):
            field = form.current
            ask_again(str(form.current.data))
            field = form.chosen
        refuse_weak_password(chosen, about=(me().name, me().email, *(c.structure for c in me().capacities)))
    except Refused as error:
        field.errors = [refusal(error)]
        return page(form, 429 if error.code == "too_many_tries" else 422)
    stored = hash_password(chosen)
    store_password(db.session(), str(me().id), stored, but_session=here(), clock=clock())
    db.session().commit()
    prove("password")
    opened().renew()
    log.info("password_changed", person=me().id)
    flash(_("Votre mot de passe est changé. Vos autres sessions sont terminées."), "ok")
    return redirect(url_for("account.account"), 303)


def password_form() -> ChangePassword | NewPassword:
    """The old password is asked, but from whoever came in by a mailed link within ten minutes."""
    return NewPassword() if proved_by() == LINK else ChangePassword()


@pages.post("/compte/sessions/<session_id>")
def end_session(session_id: str) -> ResponseReturnValue:
    allow(Act.SEE_ACCOUNT)
    end_one_session(db.session(), str(me().id), session_id)
    db.session().commit()
    flash(_("Cette session est terminée."), "ok")
    return redirect(url_for("account.account"), 303)


@pages.post("/compte/sessions")
def end_others() -> ResponseReturnValue:
    """End every session but the one in use."""
    allow(Act.SEE_ACCOUNT)
    end_sessions(db.session(), str(me().id), but=here())
    db.session().commit()
    flash(_("Vos autres sessions sont terminées."), "ok")
    return redirect(url_for("account.account"), 303)


@pages.post("/session")
def stay() -> ResponseReturnValue:
    """A click that changes nothing: the session goes on."""
    allow(Act.SEE_ACCOUNT)
    return "", 204


@pages.post("/compte/langue")
def choose_language() -> ResponseReturnValue:
    """The language of her pages and of her mails, from now on."""
    allow(Act.SEE_ACCOUNT)
    form = Language()
    if not form.validate():
        return page(password_form().__class__(formdata=None), 422, language=form)
    prefer_language(db.session(), str(me().id), form.code.data)
    db.session().commit()
    session["language"] = form.code.data
    return redirect(url_for("account.account"), 303)


def here() -> str:
    """The session in use, by the hash of its cookie."""
    return hashed(opened().token or "")


def page(
    form: ChangePassword | NewPassword, status: int = 200, *, language: Language | None = None
) -> ResponseReturnValue:
    idle = timedelta(seconds=current_app.config["SETTINGS"].session_idle)
    with db.short_transaction(writes=False) as own:
        mine = read_account(own, me(), now(), here=here(), idle=idle)
    language = language or Language(formdata=None, code=mine.locale)
    demo: bool = current_app.config["SETTINGS"].demo
    words = {"roles": ROLES, "place": place(mine.zone), "may_give_up": demo or not me().staff}
    return render_template("account/account/show.html", account=mine, form=form, language=language, **words), status
