"""A joint file before the committee: one invitation for all, and all the letters at once."""

from datetime import datetime
from zoneinfo import ZoneInfo

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import db
from app.operations.polls.decide import ADVERSE, Sending
from app.operations.polls.together import convene_together, notify_together
from app.policies import Act, make
from app.queries.joint_desk import JointConvening, JointDesk, joint_convening, joint_desk
from app.web.doors import allow, clock, found_or_404, me, now
from app.web.staff import pages
from app.web.staff.committees import MENDED, MORNING, on_the_wall, window
from app.web.staff.decision_forms import NotifyForm
from app.web.staff.forms import ActForm
from app.web.staff.joint_forms import JointWindowForm, TogetherForm
from app.web.staff.words import WARNINGS
from app.words import refusal
from app.words_vote import rule_sentences
from workflows.deadlines import (
    PARIS,
    add_working_days,
    default_window_end,
    local_day,
    next_kind_morning,
    nobody_to_call,
    resolve,
    warnings,
)
from workflows.refused import Refused

UNPROCESSABLE = 422
#: Which field of a letter mends what its sending lacks.
CALLS = {"call_missing": "call", "call_to_come": "called_on", "adverse_letter_hour": "despite"}


@pages.route("/dossiers-communs/<joint_id>/comite", methods=["GET", "POST"])
def convene_joint(joint_id: str) -> ResponseReturnValue:
    """Convene the committee on every request of a joint file: a poll each, one window."""
    allow(Act.OPEN_POLL)
    at = now()
    found = found_or_404(joint_convening(db.session(), me(), joint_id, at))
    if not found.desk.ready:
        raise Refused("joint_nothing_ready")
    form = JointWindowForm(**default_window(found, at))
    if not form.is_submitted():
        return window_page(found, form, [])
    if not form.validate():
        return window_page(found, form, []), UNPROCESSABLE
    try:
        opens_at, closes_at = window(form)
        if unseen := [code for code in warnings(opens_at, closes_at) if code not in (form.seen.data or "").split()]:
            return window_page(found, form, unseen), UNPROCESSABLE
        polls = convene_together(
            db.session(),
            joint_id,
            opens_at=opens_at,
            closes_at=closes_at,
            ready_only=bool(form.ready_only.data),
            by=me(),
            clock=clock(),
        )
    except (Refused, OverflowError) as error:
        fields = {**MENDED, "joint_not_ready": "ready_only"}
        if not isinstance(error, Refused) or error.code not in fields:
            raise
        form[fields[error.code]].errors = [refusal(error)]
        db.end_transaction()
        return window_page(found, form, []), UNPROCESSABLE
    db.session().commit()
    flash(_("Le comité est invité pour %(num)s demandes, une consultation chacune.", num=len(polls)), "ok")
    return redirect(url_for("staff.joint_file", joint_id=joint_id), 303)


def default_window(found: JointConvening, at: datetime) -> dict[str, datetime]:
    """From nine in the morning of the next working day, to the end the rules propose for the zones of these people."""
    first = add_working_days(at.astimezone(ZoneInfo(PARIS)).date(), 1)
    opens_at = resolve(datetime(first.year, first.month, first.day, MORNING), PARIS)
    closes_at = default_window_end(opens_at, found.zones, found.days)
    return {"opens_at": on_the_wall(opens_at), "closes_at": on_the_wall(closes_at)}


def window_page(found: JointConvening, form: JointWindowForm, unseen: list[str]) -> str:
    form.seen.data = " ".join([*(form.seen.data or "").split(), *unseen])
    return render_template(
        "staff/joint/convene.html",
        found=found,
        form=form,
        warnings=[WARNINGS[code] for code in unseen],
        sentences=rule_sentences(found.rule),
        failed=bool(form.errors),
    )


@pages.route("/dossiers-communs/<joint_id>/notification", methods=["GET", "POST"])
def notify_joint(joint_id: str) -> ResponseReturnValue:
    """All the letters of a joint file, sent at the same moment; each is read on the page of its own dossier."""
    allow(Act.SEE_DESK)
    found = found_or_404(joint_desk(db.session(), me(), joint_id))
    for one in found.examined:
        if found.label is not None and one.notifies is not None:
            allow(make(found.label, one.notifies), one.scope)
    # One token for the page: that of its own form.
    letters = {one.dossier_id: NotifyForm(prefix=f"{one.dossier_id}-", meta={"csrf": False}) for one in found.examined}
    form = TogetherForm()
    if not form.is_submitted():
        return letters_page(found, form, letters)
    if not sound(found, form, letters):
        return letters_page(found, form, letters), UNPROCESSABLE
    try:
        notify_together(db.session(), joint_id, sendings(found, form, letters), by=me(), clock=clock())
    except Refused as error:
        if error.code not in CALLS:
            raise
        letters[str(error.values["dossier"])][CALLS[error.code]].errors = [refusal(error)]
        db.end_transaction()
        return letters_page(found, form, letters), UNPROCESSABLE
    db.session().commit()
    flash(_("Les lettres sont parties, toutes au même moment."), "ok")
    return redirect(url_for("staff.joint_file", joint_id=joint_id), 303)


def sound(found: JointDesk, form: TogetherForm, letters: dict[str, NotifyForm]) -> bool:
    """Whether every part of the page holds, each part read whatever the others say."""
    adverse = {one.dossier_id for one in found.examined if one.outcome in ADVERSE}
    today = local_day(now())
    held = [form.validate(), *(letters[one].sound(today, adverse=True) for one in sorted(adverse))]
    if form.publish_on.data is not None and form.publish_on.data < today:
        form.publish_on.errors = [_("Choisissez un jour à venir, d’ici un an.")]
        return False
    return all(held)


def sendings(found: JointDesk, form: TogetherForm, letters: dict[str, NotifyForm]) -> dict[str, Sending]:
    """How each letter leaves: a no after its call, a yes with the day of publication that all share."""
    return {
        one.dossier_id: letters[one.dossier_id].sending()
        if one.outcome in ADVERSE
        else Sending(publish_on=form.publish_on.data)
        for one in found.examined
    }


def letters_page(found: JointDesk, form: TogetherForm, letters: dict[str, NotifyForm]) -> str:
    at = now()
    return render_template(
        "staff/joint/notify.html",
        found=found,
        form=form,
        act=ActForm(),
        letters=letters,
        adverse=ADVERSE,
        unkind=nobody_to_call(at),
        morning=next_kind_morning(at),
        failed=bool(form.errors) or any(one.errors for one in letters.values()),
    )
