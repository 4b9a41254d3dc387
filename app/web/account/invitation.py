"""An invitation: read as often as one likes, accepted once, by a click and a password."""

import hmac

from flask import redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from app import db
from app.db import SAFE_METHODS
from app.operations.people import PURPOSE, accept_invitation, hash_password, refuse_weak_password, tell_reuse
from app.policies import Act
from app.queries.access import Invited
from app.queries.access import invitation as read_invitation
from app.web.account import pages
from app.web.account.forms import Accept
from app.web.doors import allow, clock, found_or_404, keys, me, missing, now
from app.web.threshold import admit
from app.words import refusal
from workflows.refused import Refused

ADDRESS = "/invitations/<invitation_id>/<int:expires>/<token>"
OVER = {"invitation_used", "invitation_expired"}


@pages.route(ADDRESS, methods=["GET", "POST"])
def invitation(invitation_id: str, expires: int, token: str) -> ResponseReturnValue:
    allow(Act.SIGN_IN)
    invited = proved(invitation_id, expires, token)
    if me().is_authenticated and me().id != invited.person_id:
        switch = url_for("account.switch", invitation_id=invitation_id, expires=expires, token=token)
        return render_template("account/invitation/another.html", invited=invited, switch=switch), 403
    if over := how_it_ended(invited):
        return ended(over, invited)
    form = Accept()
    if request.method in SAFE_METHODS:
        return render_template("account/invitation/accept.html", form=form, invited=invited)
    if not form.validate():
        return render_template("account/invitation/accept.html", form=form, invited=invited), 422
    chosen = str(form.password.data)
    try:
        refuse_weak_password(chosen, about=(invited.name, invited.email, *invited.structures))
        return accept(invited, chosen)
    except Refused as error:
        db.end_transaction()
        if error.code in OVER:
            return ended(error.code, invited)
        form.password.errors = [refusal(error)]
        return render_template("account/invitation/accept.html", form=form, invited=invited), 422


@pages.post(f"{ADDRESS}/changer")
def switch(invitation_id: str, expires: int, token: str) -> ResponseReturnValue:
    """Leave the present access for the invited one: a click of its own, never by reading a link."""
    allow(Act.SIGN_OUT)
    proved(invitation_id, expires, token)
    session.clear()
    return redirect(url_for("account.invitation", invitation_id=invitation_id, expires=expires, token=token), 303)


def proved(invitation_id: str, expires: int, token: str) -> Invited:
    """The invitation whose link this is; any other link looks like a page that does not exist."""
    with db.short_transaction(writes=False) as own:
        invited = found_or_404(read_invitation(own, invitation_id, now()))
    expected = keys().token(PURPOSE, invited.id, expires, invited.nonce)
    if not hmac.compare_digest(expected.encode(), token.encode()):
        missing()
    return invited


def how_it_ended(invited: Invited) -> str:
    if invited.used:
        return "invitation_used"
    return "invitation_expired" if invited.expires_at <= now() else ""


def ended(code: str, invited: Invited) -> ResponseReturnValue:
    """The page of a link that is over. Its owner is told when somebody presses a button with one that has served."""
    if code == "invitation_used" and request.method not in SAFE_METHODS:
        tell_reuse(db.session(), invited.id, clock=clock())
        db.session().commit()
    return render_template("account/invitation/ended.html", code=code, sentence=refusal(Refused(code))), 410


def accept(invited: Invited, password: str) -> ResponseReturnValue:
    """Hash outside any transaction, then accept and sign in. Raises `Refused`: those of `accept_invitation`."""
    hashed = hash_password(password)
    accept_invitation(db.session(), invited.id, hashed, clock=clock())
    db.session().commit()
    return admit(invited.person_id, by="password") or missing()
