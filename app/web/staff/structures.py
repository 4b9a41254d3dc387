"""The structures: the list, the facts of one, and who may act for it."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import db
from app.folding import folded
from app.operations.mandates import end_held_mandate, invite_again, name_person
from app.policies import Act, may
from app.queries.keyset import Where
from app.queries.structures import StructurePage, structure_list, structure_page
from app.web.doors import allow, clock, found_or_404, me, now
from app.web.staff import pages
from app.web.staff.forms import ActForm, PersonForm, SearchForm, pressed
from app.words import refusal
from workflows.refused import Refused

UNPROCESSABLE = 422
MENDED = {"email_malformed", "role_incompatible", "mandate_held", "check_missing"}


@pages.get("/structures")
def structures() -> str:
    allow(Act.SEE_STRUCTURES)
    words = request.args.get("q", "").strip()[:100]
    where = Where(request.args.get("apres", ""), request.args.get("avant", ""))
    return render_template(
        "staff/structure/list.html",
        found=structure_list(db.session(), search=folded(words), where=where),
        form=SearchForm(request.args),
        asked={"q": words},
        may_open=may(me(), Act.OPEN_DOSSIER),
    )


@pages.get("/structures/<structure_id>")
def structure(structure_id: str) -> str:
    allow(Act.SEE_STRUCTURES)
    return shown(found_or_404(structure_page(db.session(), structure_id, now())), PersonForm())


def shown(found: StructurePage, form: PersonForm, *, failed: bool = False) -> str:
    return render_template(
        "staff/structure/show.html",
        found=found,
        form=form,
        act=ActForm(),
        at=now(),
        failed=failed,
        may_invite=may(me(), Act.INVITE),
        may_open=may(me(), Act.OPEN_DOSSIER),
        may_read=may(me(), Act.SEE_DESK),
        may_end=may(me(), Act.END_APPELLATION),
        may_leave_collective=may(me(), Act.LEAVE_COLLECTIVE),
    )


@pages.post("/structures/<structure_id>/personnes")
def invite_person(structure_id: str) -> ResponseReturnValue:
    allow(Act.INVITE)
    found = found_or_404(structure_page(db.session(), structure_id, now()))
    form = PersonForm()
    if not form.validate():
        return shown(found, form, failed=True), UNPROCESSABLE
    try:
        name_person(
            db.session(),
            structure_id,
            name=form.name.data or "",
            email=form.email.data or "",
            function=form.function.data or "",
            role=str(form.role.data),
            reason=form.check.data or "",
            by=me(),
            clock=clock(),
        )
    except Refused as error:
        if error.code not in MENDED:
            raise
        (form.check if error.code == "check_missing" else form.email).errors = [refusal(error)]
        db.end_transaction()
        return shown(found, form, failed=True), UNPROCESSABLE
    db.session().commit()
    flash(_("%(name)s peut agir pour la structure ; un message l’en avertit.", name=form.name.data), "ok")
    return back(structure_id)


@pages.post("/structures/<structure_id>/personnes/<person_id>/invitation")
def resend_invitation(structure_id: str, person_id: str) -> ResponseReturnValue:
    allow(Act.INVITE)
    pressed()
    invite_again(db.session(), person_id, structure_id=structure_id, clock=clock())
    db.session().commit()
    flash(_("Une nouvelle invitation part ; l’ancienne ne sert plus."), "ok")
    return back(structure_id)


@pages.post("/structures/<structure_id>/mandats/<mandate_id>/fin")
def end_mandate(structure_id: str, mandate_id: str) -> ResponseReturnValue:
    allow(Act.INVITE)
    pressed()
    end_held_mandate(db.session(), mandate_id, structure_id=structure_id, by=me(), clock=clock())
    db.session().commit()
    flash(_("Ce mandat est terminé ; les pages que cette personne avait ouvertes se sont fermées."), "ok")
    return back(structure_id)


def back(structure_id: str) -> ResponseReturnValue:
    return redirect(url_for("staff.structure", structure_id=structure_id), 303)
