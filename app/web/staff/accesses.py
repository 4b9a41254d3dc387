"""How one person comes in: those who administer the site end her sessions, and two take a lost code away."""

from datetime import timedelta

import structlog
from flask import current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import db
from app.operations.people import end_sessions, reopen_access
from app.operations.second_factor import ask_removal as ask
from app.operations.second_factor import confirm_removal as confirm
from app.policies import Act
from app.queries import accesses
from app.queries.accesses import Access
from app.web.doors import allow, clock, found_or_404, me, now
from app.web.staff import pages
from app.web.staff.forms import pressed

log = structlog.get_logger()


@pages.get("/personnes/<person_id>")
def access(person_id: str) -> str:
    allow(Act.MANAGE_ACCESS)
    return render_template("staff/person/access.html", found=read(person_id))


@pages.post("/personnes/<person_id>/sessions")
def end_sessions_of(person_id: str) -> ResponseReturnValue:
    """Close everything she has open, at once."""
    allow(Act.MANAGE_ACCESS)
    found = read(person_id)
    pressed()
    end_sessions(db.session(), found.person_id)
    db.session().commit()
    log.info("sessions_ended", person=found.person_id, by=me().id)
    flash(_("Toutes les sessions de %(name)s sont terminées.", name=found.name), "ok")
    return back(found)


@pages.post("/personnes/<person_id>/mot-de-passe-perdu")
def reopen(person_id: str) -> ResponseReturnValue:
    """For the team, which no mailed link lets in: the old password dies, an invitation leaves."""
    allow(Act.MANAGE_ACCESS)
    found = read(person_id)
    pressed()
    reopen_access(db.session(), found.person_id, by=me().id, clock=clock())
    db.session().commit()
    log.info("access_reopened", person=found.person_id, by=me().id)
    flash(_("L’ancien mot de passe de %(name)s ne sert plus ; une invitation lui est envoyée.", name=found.name), "ok")
    return back(found)


@pages.post("/personnes/<person_id>/code-perdu")
def ask_removal(person_id: str) -> ResponseReturnValue:
    """Ask that a lost second factor be taken away: another administrator confirms."""
    allow(Act.MANAGE_ACCESS)
    found = read(person_id)
    pressed()
    ask(db.session(), found.person_id, by=me(), clock=clock())
    db.session().commit()
    log.info("second_factor_removal_asked", person=found.person_id, by=me().id)
    flash(_("Le retrait est demandé ; une autre personne de l’administration le confirme."), "ok")
    return back(found)


@pages.post("/personnes/<person_id>/code-perdu/confirmer")
def confirm_removal(person_id: str) -> ResponseReturnValue:
    allow(Act.MANAGE_ACCESS)
    found = read(person_id)
    pressed()
    confirm(db.session(), found.person_id, by=me(), clock=clock())
    db.session().commit()
    log.info("second_factor_removed", person=found.person_id, by=me().id, asked_by=found.removal_by)
    flash(_("Le code de connexion de %(name)s est retiré ; un message l’en avertit.", name=found.name), "ok")
    return back(found)


def read(person_id: str) -> Access:
    idle = timedelta(seconds=current_app.config["SETTINGS"].session_idle)
    with db.short_transaction(writes=False) as own:
        return found_or_404(accesses.access(own, person_id, now(), idle=idle))


def back(found: Access) -> ResponseReturnValue:
    return redirect(url_for("staff.access", person_id=found.person_id), 303)
