"""Recording what the committee decided, and notifying it: each is read as it will be read before it happens."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import db
from app.operations.polls.decide import notify_decision, record_decision
from app.policies import Act, make
from app.queries.decisions_desk import Deciding, deciding, readers
from app.web.doors import allow, clock, found_or_404, me, now
from app.web.staff import pages
from app.web.staff.committee_forms import DecisionForm
from app.web.staff.forms import ActForm
from app.words import refusal
from app.words_letter import letter_draft
from app.words_vote import outcome_sentence
from workflows.deadlines import PARIS, is_working_day
from workflows.refused import Refused

UNPROCESSABLE = 422
MENDED = {"letter_missing": "letter", "reserves_missing": "promises", "reason_missing": "reason"}
ADVERSE = {"not_granted", "deferred"}
LATE = 16


def found_for(dossier_id: str, act: str) -> Deciding:
    """The decision, for whoever may make this act of it; 409 where the dossier does not stand there."""
    allow(Act.SEE_DESK)
    found = found_or_404(deciding(db.session(), dossier_id, act))
    role = next((t for t in found.head.label.transitions if t.act == act), None)
    if (transition := found.transition or role) is not None:
        allow(make(found.head.label, transition), found.head.scope)
    if found.transition is None:
        raise Refused("not_from_here")
    return found


def explained(found: Deciding) -> str:
    return outcome_sentence(found.rule, found.count) if found.count else ""


@pages.route("/dossiers/<dossier_id>/decision", methods=["GET", "POST"])
def decide(dossier_id: str) -> ResponseReturnValue:
    """The committee's outcome is the decision: what is written here is its letter."""
    found = found_for(dossier_id, "decide")
    if found.lacks:
        raise Refused("requirements_missing", missing=found.lacks)
    form = DecisionForm(letter=letter_draft(found.outcome, found.head.structure))
    if not form.is_submitted():
        return shown("staff/decision/record.html", found, form)
    if not form.validate():
        return shown("staff/decision/record.html", found, form, failed=True), UNPROCESSABLE
    try:
        record_decision(
            db.session(), dossier_id, letter=form.letter.data or "", promises=form.kept(), by=me(), clock=clock()
        )
    except Refused as error:
        mend(form, error)
        return shown("staff/decision/record.html", found, form, failed=True), UNPROCESSABLE
    db.session().commit()
    flash(_("La décision est enregistrée. Elle reste à notifier."), "ok")
    return redirect(url_for("staff.dossier", dossier_id=dossier_id), 303)


def mend(form: Any, error: Refused) -> None:
    """Show a refusal at the field that mends it; raise what no field can."""
    if error.code not in MENDED:
        raise error
    form[MENDED[error.code]].errors = [refusal(error)]
    db.end_transaction()


def shown(template: str, found: Deciding, form: Any, **more: Any) -> str:
    return render_template(template, found=found, form=form, explained=explained(found), **more)


@pages.route("/dossiers/<dossier_id>/notification", methods=["GET", "POST"])
def notify(dossier_id: str) -> ResponseReturnValue:
    """The letter as it will be read, and who will receive what; then it leaves."""
    found = found_for(dossier_id, "notify")
    form = ActForm()
    if not form.is_submitted():
        return notification(found, form)
    if not form.validate():
        return notification(found, form), UNPROCESSABLE
    notify_decision(db.session(), dossier_id, by=me(), clock=clock())
    db.session().commit()
    flash(_("La décision est notifiée."), "ok")
    return redirect(url_for("staff.dossier", dossier_id=dossier_id), 303)


def notification(found: Deciding, form: ActForm) -> str:
    label, transition = found.head.label, found.transition
    told = label.notices_of(transition, transition.target) if transition else ()
    adverse = found.decision is not None and found.decision.outcome in ADVERSE
    return render_template(
        "staff/decision/notify.html",
        found=found,
        form=form,
        explained=explained(found),
        notices=[(label.role(notice.to), notice) for notice in told],
        readers=readers(db.session(), found.head, found.poll_id, now()),
        adverse=adverse,
        unkind=adverse and leaves_alone(now()),
    )


def leaves_alone(at: datetime) -> bool:
    """Whether a letter sent now would be read with nobody to call: late in the day before a day off."""
    local = at.astimezone(ZoneInfo(PARIS))
    off = not is_working_day(local.date()) or not is_working_day(local.date() + timedelta(days=1))
    return off and (local.hour >= LATE or not is_working_day(local.date()))
