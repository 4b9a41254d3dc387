"""The history of a dossier, in words, with what a check of it finds."""

from flask import render_template

from app import db
from app.policies import Act
from app.queries import journals
from app.web.doors import allow, found_or_404
from app.web.staff import pages


@pages.get("/dossiers/<dossier_id>/journal")
def journal(dossier_id: str) -> str:
    allow(Act.SEE_DESK)
    found = found_or_404(journals.journal(db.session(), dossier_id))
    allow(Act.SEE_JOURNAL, found.head.scope)
    return render_template("staff/journal/show.html", found=found)
