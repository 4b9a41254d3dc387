"""The team: who has a role in it. Those who administer the site invite, and end."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import db
from app.operations.mandates import end_held_mandate, invite_again, invite_to_team
from app.policies import Act, may
from app.queries import structures
from app.web.doors import allow, clock, me, now
from app.web.staff import pages
from app.web.staff.forms import TeamForm, pressed
from app.words import refusal
from workflows.refused import Refused

UNPROCESSABLE = 422
MENDED = {"email_malformed", "role_incompatible", "mandate_held", "own_role"}


@pages.route("/equipe", methods=["GET", "POST"])
def team() -> ResponseReturnValue:
    allow(Act.SEE_STRUCTURES)
    form = TeamForm()
    if not form.is_submitted():
        return shown(form)
    allow(Act.GIVE_STAFF_ROLE)
    if not form.validate():
        return shown(form, failed=True), UNPROCESSABLE
    try:
        invite_to_team(
            db.session(),
            name=form.name.data or "",
            email=form.email.data or "",
            role=str(form.role.data),
            by=me(),
            clock=clock(),
        )
    except Refused as error:
        if error.code not in MENDED:
            raise
        form.email.errors = [refusal(error)]
        db.end_transaction()
        return shown(form, failed=True), UNPROCESSABLE
    db.session().commit()
    flash(_("%(name)s fait partie de l’équipe ; un message l’en avertit.", name=form.name.data), "ok")
    return redirect(url_for("staff.team"), 303)


def shown(form: TeamForm, *, failed: bool = False) -> str:
    return render_template(
        "staff/person/team.html",
        people=structures.team(db.session(), now()),
        form=form,
        at=now(),
        failed=failed,
        may_invite=may(me(), Act.GIVE_STAFF_ROLE),
        may_choose=may(me(), Act.CHOOSE_GREETER),
    )


@pages.post("/equipe/<person_id>/invitation")
def resend_team_invitation(person_id: str) -> ResponseReturnValue:
    allow(Act.GIVE_STAFF_ROLE)
    pressed()
    invite_again(db.session(), person_id, structure_id=None, clock=clock())
    db.session().commit()
    flash(_("Une nouvelle invitation part ; l’ancienne ne sert plus."), "ok")
    return redirect(url_for("staff.team"), 303)


@pages.post("/equipe/mandats/<mandate_id>/fin")
def end_team_mandate(mandate_id: str) -> ResponseReturnValue:
    allow(Act.GIVE_STAFF_ROLE)
    pressed()
    end_held_mandate(db.session(), mandate_id, structure_id=None, by=me(), clock=clock())
    db.session().commit()
    flash(_("Ce rôle est terminé ; les pages que cette personne avait ouvertes se sont fermées."), "ok")
    return redirect(url_for("staff.team"), 303)
