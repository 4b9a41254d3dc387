"""The joint files: the list, one with its structures, opening it, who comes in and who leaves."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import db
from app.operations import collectives
from app.operations import joint as acts
from app.policies import Act, may
from app.queries.joint_desk import Comer, JointDesk, joint_desk, joint_list, may_come
from app.queries.joint_parts import copies_due
from app.queries.keyset import Where
from app.queries.labels import current_version
from app.queries.published import main_label
from app.queries.scopes import dossier_scope
from app.web.copies import copied
from app.web.doors import allow, clock, found_or_404, me, now
from app.web.staff import pages
from app.web.staff.forms import ActForm, options, pressed
from app.web.staff.joint_forms import JoinForm, JointLeaveForm, NewJointForm
from app.words import refusal, say
from workflows.label import Label
from workflows.refused import Refused

UNPROCESSABLE = 422
MENDED = {
    "collective_unnamed": "collective",
    "joint_too_small": "structures",
    "other_collective": "structures",
    "joint_elsewhere": "structures",
    "joint_too_late": "structures",
    "unknown_entry": "entry",
}
JOINING = {"other_collective", "joint_elsewhere", "joint_examined", "joint_too_late", "joint_twice"}


@pages.get("/dossiers-communs")
def joint_files() -> str:
    allow(Act.SEE_DESK)
    where = Where(request.args.get("apres", ""), request.args.get("avant", ""))
    found = joint_list(db.session(), where)
    return render_template("staff/joint/list.html", found=found, may_open=may(me(), Act.OPEN_JOINT_FILE))


@pages.route("/dossiers-communs/nouveau", methods=["GET", "POST"])
def open_a_joint_file() -> ResponseReturnValue:
    """Open the joint file of a collective: its dossiers under way, and those it begins."""
    allow(Act.OPEN_JOINT_FILE)
    with db.short_transaction(writes=False) as reading:
        label = found_or_404(main_label(reading))
        comers = may_come(reading, label.slug)
    form = NewJointForm()
    form.structures.choices = options((one.id, described(one)) for one in comers)
    form.entry.choices = options((entry.key, say(entry.name)) for entry in label.entries)
    if not form.is_submitted():
        form.entry.data = label.entries[0].key
        return new_page(form, label)
    if not form.validate():
        return new_page(form, label), UNPROCESSABLE
    try:
        joint_id = open_for(form, label.slug)
    except Refused as error:
        if error.code not in MENDED:
            raise
        form[MENDED[error.code]].errors = [refusal(error)]
        db.end_transaction()
        return new_page(form, label), UNPROCESSABLE
    flash(_("Le dossier commun est ouvert ; chaque structure en est avertie."), "ok")
    return redirect(url_for("staff.joint_file", joint_id=joint_id), 303)


def open_for(form: NewJointForm, slug: str) -> str:
    """Keep the copies that the act asks for, then open: one transaction."""
    chosen = [str(one) for one in form.structures.data or ()]
    with db.short_transaction(writes=False) as reading:
        version = found_or_404(current_version(reading, slug))
        due = copies_due(reading, None, chosen, slug)
    with copied(due) as copies:
        joining = acts.Joining(version, str(form.entry.data), copies)
        name = form.collective.data or ""
        made = acts.open_joint_file(db.session(), name, chosen, joining, by=me(), clock=clock())
        db.session().commit()
    return made.id


def described(comer: Comer) -> str:
    """A structure to choose, with what the choice depends on."""
    said = [comer.name, _("déjà titulaire") if comer.holds else "", comer.collective]
    return ", ".join(filter(None, said))


def new_page(form: NewJointForm, label: Label) -> str:
    return render_template("staff/joint/new.html", form=form, label=label, failed=bool(form.errors))


@pages.get("/dossiers-communs/<joint_id>")
def joint_file(joint_id: str) -> str:
    """Its structures, how far each is, what each lacks, and what may be done for all."""
    allow(Act.SEE_DESK)
    return shown(found_or_404(joint_desk(db.session(), me(), joint_id)), JoinForm())


def shown(found: JointDesk, form: JoinForm, *, failed: bool = False) -> str:
    may_open = may(me(), Act.OPEN_JOINT_FILE) and found.label is not None
    if may_open and found.label is not None:
        fill(form, found)
    return render_template(
        "staff/joint/show.html",
        found=found,
        form=form,
        act=ActForm(),
        at=now(),
        may_open=may_open,
        may_convene=may(me(), Act.OPEN_POLL),
        may_leave=may(me(), Act.LEAVE_JOINT_FILE),
        failed=failed,
    )


def fill(form: JoinForm, found: JointDesk) -> None:
    """The structures that may still come in, and the ways in."""
    inside = {one.structure_id for one in found.members} | {one for one, _name in found.heading.co_authors}
    label = found.label
    comers = may_come(db.session(), label.slug) if label else ()
    form.structure.choices = options(
        [("", _("choisir…")), *((one.id, described(one)) for one in comers if one.id not in inside)]
    )
    form.entry.choices = options((entry.key, say(entry.name)) for entry in (label.entries if label else ()))
    form.entry.data = form.entry.data or (label.entries[0].key if label else None)


@pages.post("/dossiers-communs/<joint_id>/structures")
def add_to_joint(joint_id: str) -> ResponseReturnValue:
    """One structure more, as candidate or as co-author."""
    allow(Act.OPEN_JOINT_FILE)
    form = JoinForm()
    with db.short_transaction(writes=False) as reading:
        found = found_or_404(joint_desk(reading, me(), joint_id))
        slug = found_or_404(found.label).slug
        version = found_or_404(current_version(reading, slug))
        due = copies_due(reading, joint_id, [str(form.structure.data)], slug)
    fill(form, found)
    db.end_transaction()
    if not form.validate():
        return shown(found, form, failed=True), UNPROCESSABLE
    try:
        with copied(due) as copies:
            joining = acts.Joining(version, str(form.entry.data), copies)
            acts.add_structure(db.session(), joint_id, str(form.structure.data), joining, by=me(), clock=clock())
            db.session().commit()
    except Refused as error:
        if error.code not in JOINING:
            raise
        form.structure.errors = [refusal(error)]
        db.end_transaction()
        return shown(found, form, failed=True), UNPROCESSABLE
    flash(_("La structure est dans le dossier commun."), "ok")
    return redirect(url_for("staff.joint_file", joint_id=joint_id), 303)


@pages.route("/dossiers/<dossier_id>/quitter-le-commun", methods=["GET", "POST"])
def leave_joint(dossier_id: str) -> ResponseReturnValue:
    """A structure goes on alone, noted by the team."""
    allow(Act.SEE_DESK)
    allow(Act.LEAVE_JOINT_FILE, found_or_404(dossier_scope(db.session(), dossier_id)))
    form = JointLeaveForm()
    if not form.is_submitted():
        return render_template("staff/joint/leave.html", form=form, dossier_id=dossier_id)
    if not form.validate():
        return render_template("staff/joint/leave.html", form=form, dossier_id=dossier_id, failed=True), UNPROCESSABLE
    try:
        acts.leave_joint_file(db.session(), dossier_id, words=form.note.data or "", by=me(), clock=clock())
    except Refused as error:
        if error.code != "reason_missing":
            raise
        form.note.errors = [refusal(error)]
        return render_template("staff/joint/leave.html", form=form, dossier_id=dossier_id, failed=True), UNPROCESSABLE
    db.session().commit()
    flash(_("Son dossier va seul désormais."), "ok")
    return redirect(url_for("staff.dossier", dossier_id=dossier_id), 303)


@pages.post("/dossiers-communs/<joint_id>/titulaires/<structure_id>/fin")
def end_co_author(joint_id: str, structure_id: str) -> ResponseReturnValue:
    allow(Act.LEAVE_JOINT_FILE)
    pressed()
    acts.end_co_author(db.session(), joint_id, structure_id, by=me(), clock=clock())
    db.session().commit()
    flash(_("Cette structure n’écrit plus la partie commune."), "ok")
    return redirect(url_for("staff.joint_file", joint_id=joint_id), 303)


@pages.post("/structures/<structure_id>/collectif/fin")
def leave_collective(structure_id: str) -> ResponseReturnValue:
    """A structure leaves its collective: the committees convened from now on no longer keep them apart."""
    allow(Act.LEAVE_COLLECTIVE)
    pressed()
    collectives.leave_collective(db.session(), structure_id, by=me(), clock=clock())
    db.session().commit()
    flash(_("La structure a quitté son collectif."), "ok")
    return redirect(url_for("staff.structure", structure_id=structure_id), 303)
