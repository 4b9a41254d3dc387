"""Holding an outcome for an irregularity: said by one person, confirmed by another, or lifted with a word."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import db
from app.operations.polls.hold import confirm_hold, lift_hold, raise_hold
from app.policies import Act
from app.queries.holds_desk import HoldPage, hold_page
from app.web.doors import allow, clock, found_or_404, me, now
from app.web.staff import pages
from app.web.staff.decision_forms import HoldForm, LiftForm
from app.web.staff.forms import pressed
from app.words import refusal
from app.words_vote import outcome_sentence
from workflows.refused import Refused

UNPROCESSABLE = 422
TWO = 2
MENDED = {"reason_missing": "reason", "derogation_not_needed": "derogation"}


def asked(poll_id: str) -> HoldPage:
    """A closed consultation, for who may hold its outcome; 409 where there is none to hold any more."""
    allow(Act.SEE_DESK)
    found = found_or_404(hold_page(db.session(), poll_id, now()))
    allow(Act.HOLD_OUTCOME, found.head.scope)
    if not found.possible and not found.holds:
        raise Refused("hold_too_late")
    return found


@pages.route("/consultations/<poll_id>/suspension", methods=["GET", "POST"])
def hold(poll_id: str) -> ResponseReturnValue:
    """What would follow is read before anything is held."""
    found = asked(poll_id)
    form = HoldForm()
    if not form.is_submitted():
        return shown(found, form, LiftForm())
    if not form.validate():
        return shown(found, form, LiftForm(), failed=True), UNPROCESSABLE
    try:
        held = raise_hold(
            db.session(),
            poll_id,
            reason=form.reason.data or "",
            derogation=form.derogation.data or "",
            by=me(),
            clock=clock(),
        )
    except Refused as error:
        if error.code not in MENDED:
            raise
        form[MENDED[error.code]].errors = [refusal(error)]
        db.end_transaction()
        return shown(found, form, LiftForm(), failed=True), UNPROCESSABLE
    alone = held.confirmed_at is not None
    db.session().commit()
    if alone:
        say_set_aside()
    else:
        flash(_("Le résultat est suspendu : une seconde personne le confirme, ou la suspension est levée."), "ok")
    return back(poll_id)


def say_set_aside() -> None:
    flash(_("Le résultat est écarté : le comité est à inviter de nouveau."), "ok")


def shown(found: HoldPage, form: HoldForm, lift: LiftForm, *, failed: bool = False) -> str:
    pending = found.pending
    return render_template(
        "staff/poll/hold.html",
        found=found,
        form=form,
        lift=lift,
        outcome=outcome_sentence(found.rule, found.count) if found.count else "",
        small=found.able < TWO,
        mine=pending is not None and pending.by_id == me().id,
        failed=failed,
    )


@pages.post("/consultations/<poll_id>/suspension/confirmer")
def confirm_a_hold(poll_id: str) -> ResponseReturnValue:
    asked(poll_id)
    pressed()
    confirm_hold(db.session(), poll_id, by=me(), clock=clock())
    db.session().commit()
    say_set_aside()
    return back(poll_id)


@pages.post("/consultations/<poll_id>/suspension/lever")
def lift_a_hold(poll_id: str) -> ResponseReturnValue:
    found = asked(poll_id)
    lift = LiftForm()
    if not lift.validate():
        return shown(found, HoldForm(formdata=None), lift, failed=True), UNPROCESSABLE
    try:
        lift_hold(db.session(), poll_id, note=lift.note.data or "", by=me(), clock=clock())
    except Refused as error:
        if error.code != "reason_missing":
            raise
        lift.note.errors = [refusal(error)]
        db.end_transaction()
        return shown(found, HoldForm(formdata=None), lift, failed=True), UNPROCESSABLE
    db.session().commit()
    flash(_("La suspension est levée : le résultat tient."), "ok")
    return back(poll_id)


def back(poll_id: str) -> ResponseReturnValue:
    return redirect(url_for("staff.poll", poll_id=poll_id), 303)
