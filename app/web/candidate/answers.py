"""Writing an answer, and finding it again as it was; what is being typed is kept meanwhile."""

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import db
from app.operations import content
from app.operations.drafts import forget_draft
from app.policies import Act, may
from app.queries.drafts import answer_place
from app.queries.earlier import Earlier, earlier_answer
from app.queries.joint_parts import shared_by
from app.queries.my_content import AnswerPage, answer_page
from app.web import drafts
from app.web.candidate import pages
from app.web.candidate.answer_forms import AnswerForm, RowsAnswer, form_for, sent, show
from app.web.doors import allow, clock, found_or_404, me
from app.words import refusal
from workflows.answers import Said, given, typed
from workflows.refused import Refused

UNPROCESSABLE = 422
#: What is refused for the moment, and not for what was typed: it has a page of its own.
NOT_HERE = frozenset({"gone", "unknown_criterion", "not_at_this_stage", "not_asked", "joint_changed"})


@pages.route("/<dossier_id>/reponses/<criterion>", methods=["GET", "POST"])
def write_answer(dossier_id: str, criterion: str) -> ResponseReturnValue:
    found = found_or_404(answer_page(db.session(), me(), dossier_id, criterion))
    form = form_for(found.label, found.line.criterion)
    joint_id = shared_by(db.session(), dossier_id, "answer", criterion) if found.line.asked else None
    if joint_id and not form.is_submitted():
        return redirect(url_for("candidate.write_joint", joint_id=joint_id, criterion=criterion), 303)
    if not form.is_submitted():
        return begin(found, form)
    allow(Act.WRITE_ANSWERS, found.heading.scope)
    if not form.validate():
        return write(found, form), UNPROCESSABLE
    if isinstance(form, RowsAnswer) and form.row.data:
        form.text.change(form.row.data)
        return write(found, form)
    try:
        seen = form.seen.data or None
        content.write_answer(db.session(), dossier_id, criterion, sent(form), by=me(), clock=clock(), replaces=seen)
    except Refused as error:
        if error.code in NOT_HERE:
            raise
        form.text.errors = [refusal(error)]
        if error.code != "answer_changed":
            return write(found, form), UNPROCESSABLE
        form.seen.data = found.digest
        return write(found, form, theirs=found.said), UNPROCESSABLE
    forget_draft(db.session(), str(me().id), answer_place(dossier_id, criterion))
    db.session().commit()
    flash(_("Votre réponse est enregistrée."), "ok")
    return redirect(url_for("candidate.write_answer", dossier_id=dossier_id, criterion=criterion), 303)


def begin(found: AnswerPage, form: AnswerForm) -> str:
    """What is there, or what I was typing over it; both, when a colleague has written since. What was answered in a
    dossier before is beside it, and takes its place when it is asked for."""
    draft, asked = found.draft, found.line.criterion
    if draft is not None and draft.text == found.text:
        draft = None
    before = earlier(found)
    taken = before.text if before and request.args.get("reprendre") else None
    show(form, given(asked, taken or (draft.text if draft else found.text)))
    form.seen.data = found.digest
    changed = draft is not None and draft.seen not in ("", found.digest)
    theirs = found.said if changed else None
    return write(found, form, theirs=theirs, resumed=draft is not None and not taken, before=before)


@pages.post("/<dossier_id>/reponses/<criterion>/brouillon")
def keep_draft(dossier_id: str, criterion: str) -> Response:
    """Keep what is being typed, for its author alone."""
    found = found_or_404(answer_page(db.session(), me(), dossier_id, criterion))
    allow(Act.WRITE_ANSWERS, found.heading.scope)
    if not found.line.asked:
        raise Refused("not_at_this_stage")
    form = form_for(found.label, found.line.criterion)
    seen = (form.seen.data or "")[:64]
    return drafts.kept(answer_place(dossier_id, criterion), typed(sent(form)), seen)


@pages.post("/<dossier_id>/reponses/<criterion>/brouillon/jeter")
def throw_draft(dossier_id: str, criterion: str) -> ResponseReturnValue:
    """Go back to the answer as it is."""
    found = found_or_404(answer_page(db.session(), me(), dossier_id, criterion))
    allow(Act.WRITE_ANSWERS, found.heading.scope)
    forget_draft(db.session(), str(me().id), answer_place(dossier_id, criterion))
    db.session().commit()
    flash(_("Le brouillon est jeté."), "ok")
    return redirect(url_for("candidate.write_answer", dossier_id=dossier_id, criterion=criterion), 303)


def earlier(found: AnswerPage) -> Earlier | None:
    """What was answered to the same question in a dossier before, for who may write here."""
    here = found.line.asked and may(me(), Act.WRITE_ANSWERS, found.heading.scope)
    return earlier_answer(db.session(), found.heading, found.line.criterion) if here else None


def write(
    found: AnswerPage,
    form: AnswerForm,
    *,
    theirs: Said | None = None,
    resumed: bool = False,
    before: Earlier | None = None,
) -> str:
    keys = [line.criterion.key for line in found.others]
    place = keys.index(found.line.criterion.key) if found.line.criterion.key in keys else None
    return render_template(
        "candidate/answer/write.html",
        found=found,
        form=form,
        theirs=theirs,
        earlier=before,
        here=url_for("candidate.write_answer", dossier_id=found.heading.id, criterion=found.line.criterion.key),
        resumed=resumed,
        may_write=found.line.asked and may(me(), Act.WRITE_ANSWERS, found.heading.scope),
        previous=found.others[place - 1] if place else None,
        next=found.others[place + 1] if place is not None and place + 1 < len(keys) else None,
        acting_for=found.heading.structure,
        failed=bool(form.errors),
    )
