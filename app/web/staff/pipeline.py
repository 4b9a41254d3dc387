"""Where the dossiers stand: how many at each stage, since when, how many late, asked by the address."""

from flask import render_template, request

from app import db
from app.policies import Act
from app.queries.pipeline import pipeline as stages
from app.web.doors import allow, me, now
from app.web.staff import pages
from app.web.staff.forms import PipelineForm, options
from app.words import say

MINE = "moi"


@pages.get("/etapes")
def pipeline() -> str:
    allow(Act.SEE_DESK)
    form = PipelineForm(request.args)
    whose, entry = request.args.get("suivi", ""), request.args.get("entree", "")[:60]
    at = now()
    found = stages(db.session(), at, officer_id=me().id if whose == MINE else None, entry=entry)
    form.entree.choices = options((("", form.every), *((key, say(name)) for key, name in found.entries)))
    return render_template(
        "staff/desk/pipeline.html",
        found=found,
        form=form,
        at=at,
        asked={"suivi": MINE} if whose == MINE else {},
        entry=entry if entry in dict(found.entries) else "",
    )
