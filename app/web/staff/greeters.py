"""Who answers first contacts: the person whose first name is promised to whoever asks."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import db
from app.operations.greeters import choose_greeter
from app.policies import Act
from app.queries.greeters import choices, host_of
from app.queries.published import main_label
from app.web.doors import allow, clock, found_or_404, now
from app.web.staff import pages
from app.web.staff.enquiry_forms import GreeterForm
from app.web.staff.forms import options
from app.words import refusal, say
from app.words_names import capital
from workflows.refused import Refused

UNPROCESSABLE = 422
MENDED = {"greeter_unknown": "person", "phone_malformed": "phone"}


@pages.route("/accueil", methods=["GET", "POST"])
def greeter() -> ResponseReturnValue:
    """Choose who answers, or nobody by name."""
    allow(Act.CHOOSE_GREETER)
    label = found_or_404(main_label(db.session()))
    host = host_of(db.session(), label.slug, now())
    people = choices(db.session(), now())
    form = GreeterForm(person=host.person_id if host else "", phone=host.phone if host else "")
    nobody = _("Personne en particulier : « %(awarder)s vous répond »", awarder=capital(say(label.words.awarder)))
    form.person.choices = options((*((one.person_id, one.name) for one in people), ("", nobody)))
    if not form.is_submitted():
        return render_template("staff/enquiry/greeter.html", form=form, host=host)
    if not form.validate():
        return render_template("staff/enquiry/greeter.html", form=form, host=host, failed=True), UNPROCESSABLE
    try:
        choose_greeter(db.session(), label.slug, form.person.data or "", phone=form.phone.data or "", clock=clock())
    except Refused as error:
        form[MENDED[error.code]].errors = [refusal(error)]
        db.end_transaction()
        return render_template("staff/enquiry/greeter.html", form=form, host=host, failed=True), UNPROCESSABLE
    db.session().commit()
    flash(_("C’est noté : les pages publiques et les messages le disent dès maintenant."), "ok")
    return redirect(url_for("staff.greeter"), 303)
