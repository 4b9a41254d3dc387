"""Arbitrating what the committee left open: one person proposes, a second one confirms, neither has instructed."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import db
from app.operations.polls.arbitrate import confirm_arbitration, prepare_arbitration, withdraw_arbitration
from app.operations.readings import REASONS, remember_reading
from app.policies import Act
from app.queries.decisions_desk import Deciding, able_arbiters, arguments
from app.web.doors import clock, me, now
from app.web.staff import pages
from app.web.staff.committee_forms import ArbitrationForm
from app.web.staff.decisions import explained, found_for, mend
from app.web.staff.forms import ActForm, options, pressed
from app.words_vote import decision_name
from workflows.refused import Refused

UNPROCESSABLE = 422
TWO = 2


def found_to(act: Act, dossier_id: str) -> Deciding:
    """What the committee left open, for who may arbitrate it."""
    found = found_for(dossier_id, "arbitrate", act)
    if found.lacks:
        raise Refused("requirements_missing", missing=found.lacks)
    return found


@pages.route("/dossiers/<dossier_id>/arbitrage", methods=["GET", "POST"])
def arbitrate(dossier_id: str) -> ResponseReturnValue:
    found = found_to(Act.PREPARE_ARBITRATION, dossier_id)
    form = ArbitrationForm()
    form.outcome.choices = options((outcome, decision_name(outcome)) for outcome in found.head.label.outcomes)
    if not form.is_submitted():
        return shown(found, form)
    if not form.validate():
        return shown(found, form, failed=True), UNPROCESSABLE
    try:
        decision = prepare_arbitration(
            db.session(),
            dossier_id,
            outcome=str(form.outcome.data),
            reason=form.reason.data or "",
            letter=form.letter.data or "",
            promises=form.kept(),
            derogation=form.derogation.data or "",
            by=me(),
            clock=clock(),
        )
    except Refused as error:
        mend(form, error)
        return shown(found, form, failed=True), UNPROCESSABLE
    alone = decision.settled_at is not None
    db.session().commit()
    if alone:
        flash(_("La décision est prise. Elle reste à notifier."), "ok")
        return redirect(url_for("staff.dossier", dossier_id=dossier_id), 303)
    flash(_("La proposition attend qu’une seconde personne la confirme."), "ok")
    return redirect(url_for("staff.arbitrate", dossier_id=dossier_id), 303)


def shown(found: Deciding, form: ArbitrationForm, *, failed: bool = False) -> str:
    said = arguments(db.session(), found.poll_id)
    able = able_arbiters(db.session(), found.head.id, now())
    with db.short_transaction(writes=True) as own:
        remember_reading(own, f"poll:{found.poll_id}", REASONS, by=me(), clock=clock())
    return render_template(
        "staff/decision/arbitrate.html",
        found=found,
        form=form,
        act=ActForm(),
        said=said,
        small=able < TWO,
        explained=explained(found),
        mine=found.decision is not None and found.decision.by_id == me().id,
        failed=failed,
    )


@pages.post("/dossiers/<dossier_id>/arbitrage/confirmer")
def confirm(dossier_id: str) -> ResponseReturnValue:
    found_to(Act.CONFIRM_ARBITRATION, dossier_id)
    pressed()
    confirm_arbitration(db.session(), dossier_id, by=me(), clock=clock())
    db.session().commit()
    flash(_("La décision est prise. Elle reste à notifier."), "ok")
    return redirect(url_for("staff.dossier", dossier_id=dossier_id), 303)


@pages.post("/dossiers/<dossier_id>/arbitrage/retirer")
def withdraw(dossier_id: str) -> ResponseReturnValue:
    found_to(Act.PREPARE_ARBITRATION, dossier_id)
    pressed()
    withdraw_arbitration(db.session(), dossier_id, by=me(), clock=clock())
    db.session().commit()
    flash(_("La proposition est retirée ; l’historique garde les deux."), "ok")
    return redirect(url_for("staff.arbitrate", dossier_id=dossier_id), 303)
