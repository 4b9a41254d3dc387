"""Recording what the committee decided, and notifying it: each is read as it will be read before it happens."""

from datetime import date
from typing import Any

from flask import current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import db
from app.mail.links import address
from app.mail.preview import label_letter
from app.mail.render import Letter
from app.operations.polls.decide import ADVERSE, notify_decision, record_decision
from app.policies import Act, make
from app.queries.decisions_desk import Deciding, Readers, deciding, readers
from app.queries.joint_waiting import beside
from app.web.doors import allow, clock, found_or_404, me, now
from app.web.staff import pages
from app.web.staff.committee_forms import DecisionForm
from app.web.staff.decision_forms import CALLED, NotifyForm
from app.words import refusal, say
from app.words_letter import letter_draft
from app.words_vote import outcome_sentence
from workflows.deadlines import local_day, next_kind_morning, nobody_to_call
from workflows.refused import Refused
from workflows.requirements import Requirement

UNPROCESSABLE = 422
#: Which field mends what an operation refuses.
MENDED = {
    "letter_missing": "letter",
    "reserves_missing": "promises",
    "reason_missing": "reason",
    "derogation_not_needed": "derogation",
    "call_missing": "call",
    "call_to_come": "called_on",
    "adverse_letter_hour": "despite",
    "joint_waits": "alone",
    "joint_together": "alone",
}


def found_for(dossier_id: str, act: str, asked: Act | None = None) -> Deciding:
    """The decision, for whoever may make this act of it; 409 where the dossier does not stand there.

    `asked` is the act of the engine that lets in, where the label's own hands do not say it.
    """
    allow(Act.SEE_DESK)
    found = found_or_404(deciding(db.session(), dossier_id, act))
    role = next((t for t in found.head.label.transitions if t.act == act), None)
    if asked is not None:
        allow(asked, found.head.scope)
    elif (transition := found.transition or role) is not None:
        allow(make(found.head.label, transition), found.head.scope)
    if found.transition is None:
        raise Refused("not_from_here")
    if found.held:
        raise Refused("poll_held")
    return found


def explained(found: Deciding) -> str:
    return outcome_sentence(found.rule, found.count) if found.count else ""


@pages.route("/dossiers/<dossier_id>/decision", methods=["GET", "POST"])
def decide(dossier_id: str) -> ResponseReturnValue:
    """The committee's outcome is the decision: what is written here is its letter, and why where the label asks."""
    found = found_for(dossier_id, "decide")
    if found.lacks:
        raise Refused("requirements_missing", missing=found.lacks)
    if not found.outcome:
        left_open = Requirement("committee_left_open", {})
        raise Refused("requirements_missing", missing=(left_open,))
    form = DecisionForm(letter=letter_draft(found.outcome, found.head.structure))
    if not form.is_submitted():
        return shown("staff/decision/record.html", found, form)
    if not form.validate():
        return shown("staff/decision/record.html", found, form, failed=True), UNPROCESSABLE
    try:
        record_decision(
            db.session(),
            dossier_id,
            letter=form.letter.data or "",
            promises=form.kept(),
            reason=form.reason.data or "",
            by=me(),
            clock=clock(),
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
    form = NotifyForm(**call_noted(found))
    if not form.is_submitted():
        return notification(found, form)
    if not form.sound(local_day(now()), adverse=is_adverse(found)):
        return notification(found, form, failed=True), UNPROCESSABLE
    try:
        notify_decision(
            db.session(),
            dossier_id,
            by=me(),
            clock=clock(),
            sending=form.sending(),
            alone=form.alone.data or "",
        )
    except Refused as error:
        mend(form, error)
        return notification(found, form, failed=True), UNPROCESSABLE
    db.session().commit()
    flash(_("La décision est notifiée."), "ok")
    return redirect(url_for("staff.dossier", dossier_id=dossier_id), 303)


def is_adverse(found: Deciding) -> bool:
    return found.decision is not None and found.decision.outcome in ADVERSE


def call_noted(found: Deciding) -> dict[str, str | date]:
    """What the form begins with: a call that somebody has noted since the decision."""
    if found.called is None:
        return {}
    return {"call": CALLED, "called_on": found.called.on, "called_by": found.called.by}


def notification(found: Deciding, form: NotifyForm, *, failed: bool = False) -> str:
    at, adverse = now(), is_adverse(found)
    reached = readers(db.session(), found.head, found.poll_id, at)
    return render_template(
        "staff/decision/notify.html",
        found=found,
        form=form,
        explained=explained(found),
        letters_told=letters_of(found, reached),
        readers=reached,
        adverse=adverse,
        beside=beside(db.session(), found.head.id),
        unkind=adverse and nobody_to_call(at),
        morning=next_kind_morning(at),
        failed=failed,
    )


def letters_of(found: Deciding, reached: Readers) -> list[tuple[str, Letter]]:
    """The messages that the label declares, each as it will be read, with who receives it."""
    label, transition, head = found.head.label, found.transition, found.head
    if transition is None:
        return []
    fields = {
        "structure": head.structure,
        "reference": head.reference,
        "officer": head.officer or say(label.words.awarder),
        "link": address(current_app.config["SETTINGS"], "candidate.dossier", {"dossier_id": head.id}),
    }
    found_letters = []
    for notice in label.notices_of(transition, transition.target):
        theirs = label.role(notice.to).held_by == "structure"
        names = reached.structure if theirs else (say(label.role(notice.to).name),)
        letter = label_letter(label, notice, fields, name=names[0] if names else head.structure)
        found_letters.append((", ".join(names), letter))
    return found_letters
