"""What somebody was sending when her session ended: read again, then sent or thrown away."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import db
from app.operations.kept_forms import forget_form
from app.policies import Act
from app.queries.kept_forms import kept_form
from app.web.account import pages
from app.web.doors import allow, found_or_404, me, now
from app.web.lost_sessions import endpoint_of, labelled
from app.web.ways import first_page, local_path

ADDRESS = "/compte/reprise/<form_id>"
SAME_FORM_AGAIN = 307


@pages.get(ADDRESS)
def resume(form_id: str) -> str:
    allow(Act.SEE_ACCOUNT)
    kept = found_or_404(kept_form(db.session(), me(), form_id, now()))
    return render_template("account/form/resume.html", kept=kept, lines=labelled(kept.path, kept.fields))


@pages.post(ADDRESS)
def send_again(form_id: str) -> ResponseReturnValue:
    """Throw the kept form away and have the browser send its fields where they were going, with today's token."""
    allow(Act.SEE_ACCOUNT)
    kept = found_or_404(kept_form(db.session(), me(), form_id, now()))
    found_or_404(endpoint_of(kept.path) or None)
    forget_form(db.session(), kept.id)
    db.session().commit()
    return redirect(kept.path, SAME_FORM_AGAIN)


@pages.post(f"{ADDRESS}/jeter")
def throw_away(form_id: str) -> ResponseReturnValue:
    allow(Act.SEE_ACCOUNT)
    kept = found_or_404(kept_form(db.session(), me(), form_id, now()))
    forget_form(db.session(), kept.id)
    db.session().commit()
    flash(_("Rien n’est envoyé : le texte est jeté."), "ok")
    return redirect(local_path(kept.path) or first_page(me()) or url_for("public.home"), 303)
