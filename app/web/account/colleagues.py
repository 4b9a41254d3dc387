"""« Ma structure »: who acts for it, inviting a colleague, ending what she does, leaving it to somebody."""

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import db
from app.operations.colleagues import Newcomer, Successor, end_colleague
from app.operations.colleagues import leave_structure as leave
from app.operations.mandates import invite_again, invite_to_structure
from app.policies import Act, may
from app.queries.colleagues import MyStructure, my_structure
from app.web.account import pages
from app.web.account.colleague_forms import NOBODY_YET, SOMEBODY_ELSE, ColleagueForm, LeaveForm, PressedForm
from app.web.doors import allow, clock, found_or_404, me, now
from app.web.entrance import opened
from app.web.roles import DOES
from app.web.sessions import hashed
from app.words import refusal
from workflows.refused import Refused

UNPROCESSABLE = 422
MENDED = {"email_malformed", "role_incompatible", "mandate_held", "link_here"}


def found_structure(structure_id: str) -> MyStructure:
    """The structure, for its own people; nobody is told whether another one exists."""
    allow(Act.SEE_ACCOUNT)
    return found_or_404(my_structure(db.session(), me(), structure_id, now()))


@pages.get("/compte/structures/<structure_id>")
def colleagues(structure_id: str) -> str:
    found = found_structure(structure_id)
    return shown(found, blank(found))


@pages.post("/compte/structures/<structure_id>/personnes")
def invite_colleague(structure_id: str) -> ResponseReturnValue:
    found = found_structure(structure_id)
    allow(Act.INVITE_COLLEAGUE, found.scope)
    form = blank(found)
    if not form.validate():
        return shown(found, form), UNPROCESSABLE
    try:
        invited = invite_to_structure(
            db.session(),
            structure_id,
            name=form.name.data or "",
            email=form.email.data or "",
            function=form.function.data or "",
            role=str(form.role.data),
            by=me(),
            clock=clock(),
        )
    except Refused as error:
        if error.code not in MENDED:
            raise
        form.email.errors = [refusal(error)]
        return shown(found, form), UNPROCESSABLE
    db.session().commit()
    flash(_("%(name)s peut agir pour votre structure ; un message l’en avertit.", name=invited.name), "ok")
    return back(structure_id)


@pages.post("/compte/structures/<structure_id>/personnes/<person_id>/invitation")
def invite_colleague_again(structure_id: str, person_id: str) -> ResponseReturnValue:
    found = found_structure(structure_id)
    allow(Act.INVITE_COLLEAGUE, found.scope)
    pressed()
    invite_again(db.session(), person_id, structure_id=structure_id, clock=clock())
    db.session().commit()
    flash(_("Une nouvelle invitation part ; l’ancienne ne sert plus."), "ok")
    return back(structure_id)


@pages.post("/compte/structures/<structure_id>/mandats/<mandate_id>/fin")
def end_colleague_mandate(structure_id: str, mandate_id: str) -> ResponseReturnValue:
    found = found_structure(structure_id)
    allow(Act.END_COLLEAGUE, found.scope)
    pressed()
    end_colleague(db.session(), structure_id, mandate_id, by=me(), clock=clock())
    db.session().commit()
    flash(_("C’est noté aujourd’hui : cette personne ne fait plus cela pour votre structure."), "ok")
    return back(structure_id)


@pages.route("/compte/structures/<structure_id>/depart", methods=["GET", "POST"])
def leave_structure(structure_id: str) -> ResponseReturnValue:
    """« Je quitte ma structure »: who takes over, a note for her, what remains to be done."""
    found = found_structure(structure_id)
    allow(Act.LEAVE_STRUCTURE, found.scope)
    form = LeaveForm().offer(found.others(me()))
    if not form.is_submitted():
        return leaving(found, form)
    if not form.validate():
        return leaving(found, form), UNPROCESSABLE
    try:
        leave(
            db.session(),
            structure_id,
            by=me(),
            clock=clock(),
            successor=successor(form),
            note=form.note.data or "",
            here=hashed(opened().token or ""),
        )
    except Refused as error:
        if error.code not in MENDED:
            raise
        form.email.errors = [refusal(error)]
        return leaving(found, form), UNPROCESSABLE
    db.session().commit()
    opened().renew()
    flash(_("Vous n’agissez plus pour %(structure)s depuis aujourd’hui. Merci.", structure=found.name), "ok")
    return redirect(url_for("account.account"), 303)


def successor(form: LeaveForm) -> Successor:
    if form.successor.data == NOBODY_YET:
        return Successor()
    if form.successor.data == SOMEBODY_ELSE:
        return Successor(
            newcomer=Newcomer((form.name.data or "").strip(), form.email.data or "", form.function.data or "")
        )
    return Successor(person_id=str(form.successor.data))


def blank(found: MyStructure) -> ColleagueForm:
    return ColleagueForm().offer(any_role=may(me(), Act.GIVE_MANDATE, found.scope))


def pressed() -> None:
    """Refuse what no button of ours has sent."""
    if not PressedForm().validate_on_submit():
        abort(UNPROCESSABLE)


def shown(found: MyStructure, form: ColleagueForm) -> str:
    return render_template(
        "account/colleague/list.html",
        found=found,
        form=form,
        does=DOES,
        at=now(),
        may_end=may(me(), Act.END_COLLEAGUE, found.scope),
        acting_for=found.name,
        failed=bool(form.errors),
    )


def leaving(found: MyStructure, form: LeaveForm) -> str:
    return render_template(
        "account/colleague/leave.html",
        found=found,
        form=form,
        does=DOES,
        today=now(),
        mine=next((person for person in found.people if person.id == me().id), None),
        alone=not any(person.binds for person in found.others(me())),
        acting_for=found.name,
        failed=bool(form.errors),
    )


def back(structure_id: str) -> ResponseReturnValue:
    return redirect(url_for("account.colleagues", structure_id=structure_id), 303)
