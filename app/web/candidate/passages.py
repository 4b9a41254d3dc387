"""What a structure decides for its dossier: going on, accepting its commitments, taking its request back."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import db
from app.operations.polls.decide import accept_commitments
from app.operations.polls.window import withdraw_request
from app.queries.passing import Passing, passing_of_act
from app.web.candidate import pages
from app.web.candidate.forms import CommitmentsForm, WithdrawalForm
from app.web.doors import clock, found_or_404, me
from app.web.passing import passage_page, refuse_elsewhere
from app.words import say
from workflows.refused import Refused

UNPROCESSABLE = 422


@pages.route("/<dossier_id>/passages/<name>", methods=["GET", "POST"])
def pass_stage(dossier_id: str, name: str) -> ResponseReturnValue:
    return passage_page(dossier_id, name, back=back_to(dossier_id))


@pages.route("/<dossier_id>/engagements", methods=["GET", "POST"])
def accept(dossier_id: str) -> ResponseReturnValue:
    """Accept the commitments: the appellation begins."""
    found = found_or_404(passing_of_act(db.session(), me(), dossier_id, "accept"))
    refuse_elsewhere(found)
    form = CommitmentsForm()
    form.accepted.choices = [(each.key, say(each.says)) for each in found.commitments]
    if not form.is_submitted():
        return shown("candidate/commitment/accept.html", found, form)
    if not form.validate():
        return shown("candidate/commitment/accept.html", found, form), UNPROCESSABLE
    try:
        accept_commitments(
            db.session(), dossier_id, accepted=frozenset(form.accepted.data or ()), by=me(), clock=clock()
        )
    except Refused as error:
        if error.code != "requirements_missing":
            raise
        form.accepted.errors = [say(error.values["missing"])]
        return shown("candidate/commitment/accept.html", found, form), UNPROCESSABLE
    db.session().commit()
    flash(_("Vos engagements sont acceptés : l’appellation de votre structure commence."), "ok")
    return redirect(back_to(dossier_id), 303)


@pages.route("/<dossier_id>/retrait", methods=["GET", "POST"])
def withdraw(dossier_id: str) -> ResponseReturnValue:
    """Take the request back, having read what happens."""
    found = found_or_404(passing_of_act(db.session(), me(), dossier_id, "withdraw"))
    refuse_elsewhere(found)
    form = WithdrawalForm()
    if not form.is_submitted():
        return shown("candidate/request/withdraw.html", found, form)
    if not form.validate():
        return shown("candidate/request/withdraw.html", found, form), UNPROCESSABLE
    note = "" if found.transition.asks == "nothing" else form.note.data or ""
    withdraw_request(db.session(), dossier_id, by=me(), clock=clock(), note=note)
    db.session().commit()
    flash(_("Votre demande est retirée."), "ok")
    return redirect(back_to(dossier_id), 303)


def shown(template: str, found: Passing, form: CommitmentsForm | WithdrawalForm) -> str:
    back = back_to(found.heading.id)
    return render_template(
        template, found=found, form=form, back=back, acting_for=found.heading.structure, failed=bool(form.errors)
    )


def back_to(dossier_id: str) -> str:
    return url_for("candidate.dossier", dossier_id=dossier_id)
