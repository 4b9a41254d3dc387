"""The calendar of committees: announcing a day, changing it, cancelling it."""

from datetime import UTC, date, datetime, time
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import db
from app.operations.sittings import cancel_sitting, change_sitting, plan_sitting
from app.policies import Act, may
from app.queries.published import main_label
from app.queries.sittings import SittingLine
from app.queries.sittings import calendar as read_calendar
from app.queries.sittings import sitting as read_sitting
from app.web.doors import allow, clock, found_or_404, me, now
from app.web.staff import pages
from app.web.staff.enquiry_forms import CancelSittingForm, SittingForm
from app.web.staff.words import DAY_WARNINGS
from app.words import refusal
from workflows.deadlines import is_working_day, warnings
from workflows.label import Label
from workflows.refused import Refused

UNPROCESSABLE = 422
NOON = time(12)
MENDED = {
    "sitting_past": "held_on",
    "sitting_twice": "held_on",
    "time_out_of_range": "held_on",
    "sitting_complete_late": "complete_by",
}


@pages.route("/calendrier", methods=["GET", "POST"])
def calendar() -> ResponseReturnValue:
    """The committees ahead and behind, and one more to announce."""
    allow(Act.SEE_DESK)
    label = found_or_404(main_label(db.session()))
    form = SittingForm()
    if not form.is_submitted():
        return listed(label, form)
    allow(Act.KEEP_CALENDAR)
    if not form.validate():
        return listed(label, form), UNPROCESSABLE
    if unseen := unseen_warnings(form):
        return listed(label, form, unseen), UNPROCESSABLE
    try:
        plan_sitting(db.session(), label.slug, form.days(), by=me(), clock=clock())
    except Refused as error:
        mend(form, error)
        return listed(label, form), UNPROCESSABLE
    db.session().commit()
    flash(_("Le comité est annoncé : sa date se lit sur la page « Rejoindre » et dans les dossiers."), "ok")
    return redirect(url_for("staff.calendar"), 303)


@pages.route("/calendrier/<sitting_id>", methods=["GET", "POST"])
def sitting(sitting_id: str) -> ResponseReturnValue:
    """Change a committee's day; whoever counted on it is told the old dates and the new."""
    allow(Act.KEEP_CALENDAR)
    found = found_or_404(read_sitting(db.session(), sitting_id, now()))
    form = SittingForm(held_on=found.held_on, complete_by=found.complete_by, place=found.place, note=found.note)
    if not form.is_submitted():
        return changing(found, form)
    if not form.validate():
        return changing(found, form), UNPROCESSABLE
    if unseen := unseen_warnings(form):
        return changing(found, form, unseen), UNPROCESSABLE
    try:
        change_sitting(db.session(), sitting_id, form.days(), clock=clock())
    except Refused as error:
        mend(form, error)
        return changing(found, form), UNPROCESSABLE
    db.session().commit()
    flash(_("C’est changé. Si une date a bougé, les structures dont le dossier est en chemin l’apprennent."), "ok")
    return redirect(url_for("staff.calendar"), 303)


@pages.post("/calendrier/<sitting_id>/annulation", endpoint="cancel_sitting")
def cancel(sitting_id: str) -> ResponseReturnValue:
    """Cancel a committee, with a word that the structures read."""
    allow(Act.KEEP_CALENDAR)
    found = found_or_404(read_sitting(db.session(), sitting_id, now()))
    form = CancelSittingForm()
    if not form.validate():
        return changing(found, SittingForm(formdata=None), cancelling=form), UNPROCESSABLE
    try:
        cancel_sitting(db.session(), sitting_id, form.word.data or "", clock=clock())
    except Refused as error:
        if error.code != "word_missing":
            raise
        form.word.errors = [refusal(error)]
        db.end_transaction()
        return changing(found, SittingForm(formdata=None), cancelling=form), UNPROCESSABLE
    db.session().commit()
    flash(_("Le comité est annulé ; les structures dont le dossier est en chemin l’apprennent."), "ok")
    return redirect(url_for("staff.calendar"), 303)


def mend(form: SittingForm, error: Refused) -> None:
    """Show at its field what the person can mend; raise the rest again."""
    if error.code not in MENDED:
        raise error
    form[MENDED[error.code]].errors = [refusal(error)]
    db.end_transaction()


def unseen_warnings(form: SittingForm) -> list[str]:
    """What the calendar says of these days and has not said yet; the form remembers it."""
    days = [day for day in (form.held_on.data, form.complete_by.data) if day]
    found = {code for day in days for code in said_of(day)} - set((form.seen.data or "").split())
    form.seen.data = " ".join([*(form.seen.data or "").split(), *sorted(found)])
    return sorted(found)


def said_of(day: date) -> tuple[str, ...]:
    noon = datetime.combine(day, NOON, UTC)
    off = () if is_working_day(day) else ("day_off",)
    return (*warnings(noon, noon), *off)


def listed(label: Label, form: SittingForm, unseen: list[str] | None = None) -> str:
    lines = read_calendar(db.session(), label.slug, now())
    return render_template(
        "staff/sitting/list.html",
        ahead=[one for one in reversed(lines) if not (one.past or one.cancelled)],
        behind=[one for one in lines if one.past or one.cancelled],
        may_keep=may(me(), Act.KEEP_CALENDAR),
        **asked(form, unseen),
    )


def changing(
    found: SittingLine,
    form: SittingForm,
    unseen: list[str] | None = None,
    *,
    cancelling: CancelSittingForm | None = None,
) -> str:
    if cancelling:
        form.process(
            data={"held_on": found.held_on, "complete_by": found.complete_by, "place": found.place, "note": found.note}
        )
    cancel = cancelling or CancelSittingForm(formdata=None)
    settled = found.cancelled or found.past
    return render_template(
        "staff/sitting/change.html", found=found, settled=settled, cancel=cancel, **asked(form, unseen)
    )


def asked(form: SittingForm, unseen: list[str] | None) -> dict[str, Any]:
    return {"form": form, "warnings": [DAY_WARNINGS[code] for code in unseen or ()], "failed": bool(form.errors)}
