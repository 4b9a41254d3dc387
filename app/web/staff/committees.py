"""Convening the committee: who would sit, what the quorum would ask, and when it would give its opinion."""

from datetime import datetime
from zoneinfo import ZoneInfo

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import db
from app.mail.preview import POLL_CONVENED, engine_letter
from app.mail.render import Letter
from app.operations.polls.convene import convene_poll
from app.policies import Act
from app.queries.committee_desk import Convening, convening
from app.web.doors import allow, clock, found_or_404, me, now
from app.web.hours import place
from app.web.staff import pages
from app.web.staff.committee_forms import WindowForm
from app.web.staff.words import WARNINGS
from app.words import refusal
from app.words_vote import rule_sentences
from workflows.deadlines import PARIS, add_working_days, default_window_end, resolve, warnings
from workflows.refused import Refused

UNPROCESSABLE = 422
MORNING = 9
#: What the person who types a window can mend, and the field that does.
MENDED = {
    "time_does_not_exist": "closes_at",
    "time_out_of_range": "closes_at",
    "window_too_short": "closes_at",
    "window_ends_before_it_opens": "closes_at",
}


@pages.route("/dossiers/<dossier_id>/comite", methods=["GET", "POST"])
def convene(dossier_id: str) -> ResponseReturnValue:
    allow(Act.SEE_DESK)
    at = now()
    found = found_or_404(convening(db.session(), dossier_id, at))
    allow(Act.OPEN_POLL, found.head.scope)
    if not found.possible:
        raise Refused("committee_already_convened" if found.head.stage.kind == "committee" else "not_from_here")
    if found.held:
        raise Refused("poll_held")
    form = WindowForm(**default_window(found, at))
    if not form.is_submitted():
        return shown(found, form, [])
    if not form.validate():
        return shown(found, form, []), UNPROCESSABLE
    try:
        opens_at, closes_at = window(form)
        if unseen := [code for code in warnings(opens_at, closes_at) if code not in (form.seen.data or "").split()]:
            return shown(found, form, unseen), UNPROCESSABLE
        poll = convene_poll(db.session(), dossier_id, opens_at=opens_at, closes_at=closes_at, by=me(), clock=clock())
    except (Refused, OverflowError) as error:
        if not isinstance(error, Refused) or error.code not in MENDED:
            raise
        form[MENDED[error.code]].errors = [refusal(error)]
        db.end_transaction()
        return shown(found, form, []), UNPROCESSABLE
    db.session().commit()
    flash(_("Le comité est invité ; chaque structure reçoit le message."), "ok")
    return redirect(url_for("staff.poll", poll_id=poll.id), 303)


def window(form: WindowForm) -> tuple[datetime, datetime]:
    """The two moments of a form. Raises `Refused("time_does_not_exist")` in the hour that a spring night skips."""
    opens_at, closes_at = form.opens_at.data, form.closes_at.data
    if opens_at is None or closes_at is None:
        raise Refused("window_ends_before_it_opens")
    return resolve(opens_at, PARIS), resolve(closes_at, PARIS)


def default_window(found: Convening, at: datetime) -> dict[str, datetime]:
    """From nine in the morning of the next working day, to the end the rules propose for the zones of these people."""
    first = add_working_days(at.astimezone(ZoneInfo(PARIS)).date(), 1)
    opens_at = resolve(datetime(first.year, first.month, first.day, MORNING), PARIS)
    closes_at = default_window_end(opens_at, found.zones, found.days)
    return {"opens_at": on_the_wall(opens_at), "closes_at": on_the_wall(closes_at)}


def on_the_wall(moment: datetime) -> datetime:
    """A moment as a clock shows it in Paris."""
    return moment.astimezone(ZoneInfo(PARIS)).replace(tzinfo=None)


def shown(found: Convening, form: WindowForm, unseen: list[str]) -> str:
    form.seen.data = " ".join([*(form.seen.data or "").split(), *unseen])
    return render_template(
        "staff/committee/convene.html",
        found=found,
        form=form,
        places=[place(zone) for zone in found.zones if zone != PARIS],
        warnings=[WARNINGS[code] for code in unseen],
        letter=invitation(found, form),
        sentences=rule_sentences(found.rule),
        failed=bool(form.errors),
    )


def invitation(found: Convening, form: WindowForm) -> Letter | None:
    """The message as it will be read, with the window as it stands in the form; nothing while it cannot be read."""
    try:
        opens_at, closes_at = window(form)
    except (Refused, OverflowError):
        return None
    poll = {"candidate": found.head.structure, "opens_at": opens_at, "closes_at": closes_at}
    return engine_letter(POLL_CONVENED, {"poll": poll, "at": now()}, name=_("(le nom de chaque personne)"))
