"""Asking a question without an account: a form, and what happens next."""

from datetime import datetime

from flask import Response, current_app, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import CSRFError

from app import db
from app.errors import page
from app.operations.enquiries import Asked, faults
from app.operations.enquiries import ask as receive
from app.operations.throttle import WINDOW, count_try
from app.policies import Act
from app.queries.greeters import Welcome, promised_days, welcome
from app.queries.published import main_label
from app.web.doors import allow, clock, found_or_404, now
from app.web.public import pages
from app.web.public.forms import UNSURE, EnquiryForm
from app.web.public.tickets import TOO_LATE, new_ticket, read_ticket
from app.web.throttle import address, key
from app.words import language, refusal, say
from app.words_names import capital
from workflows.deadlines import due_date
from workflows.label import Label

UNPROCESSABLE, TOO_MANY, STALE = 422, 429, 400
#: How many demands in a quarter of an hour: from one place, and for one address of mail.
FROM_A_PLACE, FOR_A_MAILBOX = 5, 3
TOO_OFTEN = _l("Plusieurs demandes viennent de partir d’ici. Votre texte est gardé : envoyez-le dans un quart d’heure.")
SENT = "asked"


@pages.route("/rejoindre/demande", methods=["GET", "POST"])
def ask() -> ResponseReturnValue:
    """Write a first question; a robot is thanked like anybody, and nothing is kept of it."""
    allow(Act.ASK)
    label = found_or_404(main_label(db.session()))
    form = enquiry_form(label)
    if not form.is_submitted():
        return shown(label, form)
    if form.website.data:
        return thanked(label, form)
    if not sound(label, form):
        db.end_transaction()
        return shown(label, form, UNPROCESSABLE)
    ticket = read_ticket(form.ticket.data)
    if why := ticket.refused() if ticket else TOO_LATE:
        form.ticket.data = (ticket.again() if ticket else new_ticket()).signed()
        return shown(label, form, UNPROCESSABLE, why)
    if too_often(form):
        return shown(label, form, TOO_MANY, TOO_OFTEN)
    once, demo = ticket.once if ticket else "", current_app.config["SETTINGS"].demo
    receive(db.session(), label, asked_by(form), once=once, fictional=demo, clock=clock())
    db.session().commit()
    return thanked(label, form)


@pages.get("/rejoindre/demande/merci")
def asked() -> ResponseReturnValue:
    """What happens next, by whom, before which day."""
    allow(Act.ASK)
    sent = session.get(SENT)
    if not sent:
        return redirect(url_for("public.ask"), 303)
    label = found_or_404(main_label(db.session()))
    days = promised_days(label, sent["entry"])
    promised = welcome(db.session(), label, now())
    return render_template(
        "public/enquiry/asked.html",
        who=answers(label, promised),
        phone=promised.host.phone if promised.host else "",
        days=days,
        due=due_date(datetime.fromisoformat(sent["at"]), days) if days else None,
    )


@pages.errorhandler(CSRFError)
def stale(_error: CSRFError) -> Response:
    """A question whose session has ended is shown again as it was written."""
    if request.endpoint != "public.ask":
        return page(STALE)
    label = main_label(db.session())
    if label is None:
        return page(STALE)
    form = enquiry_form(label)
    form.ticket.data = (read_ticket(form.ticket.data) or new_ticket()).again().signed()
    return shown(label, form, STALE, TOO_LATE)


def enquiry_form(label: Label) -> EnquiryForm:
    """The form, with the entries of the label; an address may choose one."""
    form = EnquiryForm(entry=request.args.get("entree", UNSURE))
    form.offer([(entry.key, say(entry.name)) for entry in label.entries])
    if not form.is_submitted():
        form.ticket.data = new_ticket().signed()
    return form


def sound(label: Label, form: EnquiryForm) -> bool:
    """Whether the form may be received: each field first, then what the rules add, every fault at its field."""
    form.validate()
    for field, refused in faults(label, asked_by(form)):
        if not form[field].errors:
            form[field].errors = [refusal(refused)]
    return not form.errors


def asked_by(form: EnquiryForm) -> Asked:
    return Asked(
        name=form.name.data or "",
        email=form.email.data or "",
        territory=form.territory.data or "",
        brings=form.brings.data or "",
        structure=form.structure.data or "",
        unborn=bool(form.unborn.data),
        phone=form.phone.data or "",
        call_back=bool(form.call_back.data),
        entry="" if form.entry.data in (None, UNSURE) else str(form.entry.data),
        locale=language(),
    )


def too_often(form: EnquiryForm) -> bool:
    """Count one more demand from this place and for this mailbox, and say whether there were too many."""
    with db.short_transaction(writes=True) as own:
        from_here = count_try(own, key("enquiry_from", address()), at=now()) > FROM_A_PLACE
        mailbox = str(form.email.data).strip().casefold()
        return count_try(own, key("enquiry_for", mailbox), at=now()) > FOR_A_MAILBOX or from_here


def thanked(label: Label, form: EnquiryForm) -> ResponseReturnValue:
    """The page that says what happens next, the same for everybody."""
    entry = form.entry.data if form.entry.data in {one.key for one in label.entries} else ""
    session[SENT] = {"at": now().isoformat(), "entry": entry}
    return redirect(url_for("public.asked"), 303)


def answers(label: Label, promised: Welcome) -> str:
    """Who answers, to begin a sentence with: a first name, or the awarder."""
    return promised.host.first_name if promised.host else capital(say(label.words.awarder))


def shown(label: Label, form: EnquiryForm, status: int = 200, why: object = "") -> Response:
    """The form, with why it is to be sent again if it is."""
    promised = welcome(db.session(), label, now())
    body = render_template(
        "public/enquiry/ask.html",
        label=label,
        form=form,
        unsure=UNSURE,
        who=answers(label, promised),
        days=promised.days,
        phone=promised.host.phone if promised.host else "",
        why=why,
        failed=bool(form.errors) or bool(why),
    )
    answer = make_response(body, status)
    if status == TOO_MANY:
        answer.headers["Retry-After"] = str(int(WINDOW.total_seconds()))
    return answer
