"""One consultation: opening it, who has taken part, a later end, the close, and what was said once it is closed."""

from datetime import timedelta
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import db
from app.operations.polls.close import close_poll
from app.operations.polls.open import open_poll
from app.operations.polls.window import extend_poll
from app.operations.readings import BALLOTS, PARTICIPATION, remember_reading
from app.policies import Act, make, may
from app.queries.polls_desk import PollPage, poll_page
from app.web.doors import allow, clock, found_or_404, keys, me, now
from app.web.staff import pages
from app.web.staff.committee_forms import ExtendForm
from app.web.staff.committees import on_the_wall
from app.web.staff.forms import ActForm, pressed
from app.words import refusal
from app.words_vote import outcome_sentence, participation_sentence, quorum_sentence, rule_sentences
from workflows.deadlines import PARIS, resolve
from workflows.refused import Refused

UNPROCESSABLE = 422
#: What the person who types a later end can mend, and the field that does.
MENDED = {
    "reason_missing": "reason",
    "window_only_lengthens": "closes_at",
    "time_does_not_exist": "closes_at",
    "time_out_of_range": "closes_at",
}


def asked(poll_id: str, act: Act) -> PollPage:
    """The consultation, for whoever may do this to it."""
    allow(Act.SEE_DESK)
    found = found_or_404(poll_page(db.session(), poll_id, now()))
    allow(act, found.head.scope)
    return found


@pages.get("/consultations/<poll_id>")
def poll(poll_id: str) -> str:
    found = asked(poll_id, Act.SEE_PARTICIPATION)
    if found.count:
        allow(Act.SEE_BALLOTS, found.head.scope)
    remember(found)
    return shown(found, ExtendForm(closes_at=on_the_wall(found.closes_at + timedelta(days=7))))


def remember(found: PollPage) -> None:
    """Note who looks at the participation of an open consultation, or at the opinions of a closed one."""
    if found.phase in {"convened", "cancelled"}:
        return
    with db.short_transaction(writes=True) as own:
        what = BALLOTS if found.count else PARTICIPATION
        remember_reading(own, f"poll:{found.id}", what, by=me(), clock=clock())


def shown(found: PollPage, form: ExtendForm, **more: Any) -> str:
    scope, committee = found.head.scope, found.committee
    return render_template(
        "staff/poll/show.html",
        found=found,
        form=form,
        act=ActForm(),
        may_open=may(me(), Act.OPEN_POLL, scope),
        may_extend=may(me(), Act.EXTEND_POLL, scope) and found.phase in {"convened", "open"},
        may_close=may(me(), Act.CLOSE_POLL, scope) and found.can_close,
        may_decide=may_make(found, "decide"),
        may_arbitrate=may(me(), Act.PREPARE_ARBITRATION, scope),
        advisory=found.head.label.effect == "advisory",
        may_hold=may(me(), Act.HOLD_OUTCOME, scope),
        opens_now=found.opens_at <= now(),
        participation=participation_sentence(committee.taken, committee.taking_part, committee.needed),
        sentences=rule_sentences(found.rule),
        outcome=outcome_sentence(found.rule, found.count) if found.count else "",
        quorum=quorum_sentence(found.rule, found.count) if found.count else "",
        **more,
    )


def may_make(found: PollPage, act: str) -> bool:
    """Whether the person reading may make the transition that this act of the engine makes."""
    head = found.head
    return any(may(me(), make(head.label, way), head.scope) for way in head.label.transitions if way.act == act)


@pages.post("/consultations/<poll_id>/ouvrir")
def open_a_poll(poll_id: str) -> ResponseReturnValue:
    asked(poll_id, Act.OPEN_POLL)
    pressed()
    open_poll(db.session(), poll_id, clock=clock(), by=me())
    db.session().commit()
    flash(_("La consultation est ouverte : la composition et le dossier ne changent plus."), "ok")
    return back(poll_id)


@pages.post("/consultations/<poll_id>/prolonger")
def extend(poll_id: str) -> ResponseReturnValue:
    found = asked(poll_id, Act.EXTEND_POLL)
    form = ExtendForm()
    if not form.validate() or form.closes_at.data is None:
        return shown(found, form, failed=True), UNPROCESSABLE
    try:
        closes_at = resolve(form.closes_at.data, PARIS)
        extend_poll(db.session(), poll_id, closes_at=closes_at, reason=form.reason.data or "", by=me(), clock=clock())
    except Refused as error:
        if error.code not in MENDED:
            raise
        form[MENDED[error.code]].errors = [refusal(error)]
        return shown(found, form, failed=True), UNPROCESSABLE
    db.session().commit()
    flash(_("La fin est repoussée ; les membres du comité en sont avertis."), "ok")
    return back(poll_id)


@pages.post("/consultations/<poll_id>/depouiller")
def close(poll_id: str) -> ResponseReturnValue:
    asked(poll_id, Act.CLOSE_POLL)
    pressed()
    close_poll(db.session(), poll_id, clock=clock(), keys=keys(), by=me())
    db.session().commit()
    flash(_("La consultation est close et dépouillée."), "ok")
    return back(poll_id)


def back(poll_id: str) -> ResponseReturnValue:
    return redirect(url_for("staff.poll", poll_id=poll_id), 303)
