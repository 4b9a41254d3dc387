"""The dossiers: the list, the life of one, its passages, its checklist, its pieces, and opening a new one."""

from flask import Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import db
from app.folding import folded
from app.operations.content import tick_strand, untick_strand
from app.operations.enquiries import take_up, turn_into_dossier
from app.operations.mandates import invite_to_structure
from app.operations.structures import Ground, register_structure
from app.operations.way import open_dossier
from app.policies import Act, may
from app.queries.dossier_page import dossier_page
from app.queries.dossiers import Narrowed, dossier_list
from app.queries.enquiries import EnquiryPage, enquiry_page
from app.queries.keyset import Where
from app.queries.labels import current_version
from app.queries.published import main_label
from app.queries.scopes import dossier_scope
from app.queries.structures import Opening, opening
from app.web.doors import allow, clock, found_or_404, me, now
from app.web.passing import passage_page
from app.web.piece_door import dossier_piece
from app.web.staff import pages
from app.web.staff.exchanges import ExchangeForm
from app.web.staff.forms import TITULAIRE, ActForm, DossierSearchForm, NewDossierForm, options, pressed
from app.words import refusal, say
from workflows.refused import Refused

UNPROCESSABLE = 422
#: Which field mends what an operation refuses.
FIELDS = {
    "siret_malformed": "siret",
    "siret_taken": "siret",
    "email_malformed": "person_email",
    "role_incompatible": "person_email",
    "mandate_held": "person_email",
    "unknown_entry": "entry",
    "dossier_already_open": "structure",
    "already_holds": "structure",
}


@pages.get("/dossiers")
def dossiers() -> str:
    allow(Act.SEE_DESK)
    form = DossierSearchForm(request.args)
    stage, words = request.args.get("etape", ""), request.args.get("q", "").strip()[:100]
    where = Where(request.args.get("apres", ""), request.args.get("avant", ""))
    asked = {name: request.args.get(name, "")[:60] for name in ("suivi", "entree", "retard")}
    found = dossier_list(db.session(), now(), stage=stage, search=folded(words), where=where, narrowed=narrowed(asked))
    stages = ((key, say(name)) for key, name in found.stages)
    form.entree.choices = options((("", form.every), *((key, say(name)) for key, name in found.entries)))
    form.etape.choices = options((("", _("toutes les étapes")), *stages))
    return render_template(
        "staff/dossier/list.html",
        found=found,
        form=form,
        asked={"etape": stage, "q": words, **{name: value for name, value in asked.items() if value}},
        at=now(),
        may_open=may(me(), Act.OPEN_DOSSIER),
    )


def narrowed(asked: dict[str, str]) -> Narrowed:
    """What the address narrows the list to."""
    return Narrowed(
        officer_id=me().id if asked["suivi"] == "moi" else None,
        entry=asked["entree"],
        late=asked["retard"] == "1",
    )


@pages.get("/dossiers/<dossier_id>")
def dossier(dossier_id: str) -> str:
    allow(Act.SEE_DESK)
    at = now()
    found = found_or_404(dossier_page(db.session(), me(), dossier_id, at))
    allow(Act.SEE_DOSSIER, found.head.scope)
    return render_template(
        "staff/dossier/show.html",
        found=found,
        at=at,
        form=ActForm(),
        exchange_form=ExchangeForm(),
        may_note=may(me(), Act.NOTE_EXCHANGE, found.head.scope),
        may_assign=may(me(), Act.ASSIGN_OFFICER, found.head.scope),
        may_tick=may(me(), Act.TICK_STRAND, found.head.scope),
        may_read=may(me(), Act.READ_PIECE, found.head.scope),
        ways={
            "convene": "staff.convene",
            "decide": "staff.decide",
            "arbitrate": "staff.arbitrate",
            "notify": "staff.notify",
            "ask": "staff.completeness",
        },
    )


@pages.route("/dossiers/<dossier_id>/passages/<name>", methods=["GET", "POST"])
def pass_stage(dossier_id: str, name: str) -> ResponseReturnValue:
    allow(Act.SEE_DESK)
    return passage_page(dossier_id, name, back=url_for("staff.dossier", dossier_id=dossier_id))


@pages.post("/dossiers/<dossier_id>/liste/<strand>")
def tick(dossier_id: str, strand: str) -> ResponseReturnValue:
    """Tick a line of the stage's checklist, or take it back to what is to be done."""
    allow(Act.SEE_DESK)
    allow(Act.TICK_STRAND, found_or_404(dossier_scope(db.session(), dossier_id)))
    pressed()
    act = tick_strand if request.form.get("done") else untick_strand
    act(db.session(), dossier_id, strand, by=me(), clock=clock())
    db.session().commit()
    return redirect(url_for("staff.dossier", dossier_id=dossier_id, _anchor="liste"), 303)


@pages.get("/dossiers/<dossier_id>/pieces/<piece_id>")
def piece(dossier_id: str, piece_id: str) -> Response:
    allow(Act.SEE_DESK)
    return dossier_piece(dossier_id, piece_id)


@pages.route("/dossiers/nouveau", methods=["GET", "POST"])
def open_a_dossier() -> ResponseReturnValue:
    """Open a dossier for a structure, registered or new, and invite its person."""
    allow(Act.OPEN_DOSSIER)
    label = found_or_404(main_label(db.session()))
    choices = found_or_404(opening(db.session(), label.slug))
    enquiry = first_contact(request.args.get("demande"))
    form = new_dossier_form(choices, enquiry)
    shown = {"form": form, "choices": choices, "enquiry": enquiry}
    if not form.is_submitted():
        return render_template("staff/dossier/new.html", **shown)
    if not form.validate():
        return render_template("staff/dossier/new.html", **shown, failed=True), UNPROCESSABLE
    try:
        opened = open_for(form, label.slug, enquiry.line.id if enquiry else None)
    except Refused as error:
        if error.code not in FIELDS:
            raise
        field = FIELDS[error.code]
        form[form.inviting if field == "person_email" else field].errors = [refusal(error)]
        db.end_transaction()
        return render_template("staff/dossier/new.html", **shown, failed=True), UNPROCESSABLE
    db.session().commit()
    flash(_("Le dossier est ouvert."), "ok")
    return redirect(url_for("staff.dossier", dossier_id=opened), 303)


def first_contact(enquiry_id: str | None) -> EnquiryPage | None:
    """The demand that a dossier is opened from, when there is one. Raises `Refused("enquiry_settled")`."""
    if not enquiry_id:
        return None
    allow(Act.ANSWER_ENQUIRY)
    found = found_or_404(enquiry_page(db.session(), enquiry_id, now()))
    if not found.can_open:
        raise Refused("enquiry_settled")
    return found


def new_dossier_form(choices: Opening, enquiry: EnquiryPage | None) -> NewDossierForm:
    form = NewDossierForm(structure=request.args.get("structure", ""))
    if enquiry and not form.is_submitted():
        begin_from(form, enquiry)
    new = ("", _("une structure nouvelle, décrite plus bas"))
    form.structure.choices = options((new, *choices.structures))
    form.entry.choices = options((entry.key, say(entry.name)) for entry in choices.entries)
    return form


def begin_from(form: NewDossierForm, enquiry: EnquiryPage) -> None:
    """Fill the form with what was written at first contact; the team rereads it."""
    form.name.data = enquiry.line.structure
    form.ground_kind.data, form.ground_name.data = "free", enquiry.line.territory[:120]
    form.entry.data = enquiry.entry_key
    form.person_name.data, form.person_email.data = enquiry.line.name, enquiry.email


def open_for(form: NewDossierForm, label: str, enquiry: str | None) -> str:
    """Register the structure when it is new, open its dossier, invite its persons: one transaction.

    A first contact is held from the beginning: of two persons who open its dossier, the second is refused.
    """
    session, by = db.session(), me()
    if enquiry:
        take_up(session, enquiry)
    structure_id = form.structure.data or register(form)
    version = found_or_404(current_version(session, label))
    entry = str(form.entry.data)
    opened = open_dossier(session, structure_id, version, entry=entry, by=by, clock=clock(), enquiry=enquiry)
    if enquiry:
        turn_into_dossier(session, enquiry, opened.id, by=by, clock=clock())
    for who, role in (("person", TITULAIRE), ("second", str(form.second_role.data))):
        form.inviting = f"{who}_email"
        if form[form.inviting].data:
            invite_to_structure(
                session,
                structure_id,
                name=form[f"{who}_name"].data or "",
                email=form[f"{who}_email"].data,
                function=form[f"{who}_function"].data or "",
                role=role,
                by=by,
                clock=clock(),
            )
    return opened.id


def register(form: NewDossierForm) -> str:
    """A structure as it is described; a demonstration's is fictional."""
    name = (form.ground_name.data or "").strip()
    grounds = [Ground(str(form.ground_kind.data), name, form.ground_code.data or None)] if name else []
    made = register_structure(
        db.session(),
        form.name.data or "",
        siret=form.siret.data,
        grounds=grounds,
        about=form.about.data or "",
        contact=form.contact.data or "",
        register="fictional" if current_app.config["SETTINGS"].demo else "live",
        clock=clock(),
    )
    return made.id
