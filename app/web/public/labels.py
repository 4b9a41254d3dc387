"""Joining, and the definition of the appellation as it is published."""

from flask import render_template, request

from app import db
from app.policies import Act
from app.queries.greeters import Welcome, welcome
from app.queries.published import definition, main_label, ways
from app.queries.sittings import next_sittings
from app.web.doors import allow, found_or_404, now
from app.web.public import pages
from app.web.public.enquiries import answers
from app.web.public.house import contact
from app.web.public.road import road
from app.words_rule import rule_sentences


@pages.get("/rejoindre")
def join() -> str:
    """Which way in is mine, where it leads, what is asked on the way."""
    allow(Act.SEE_SITE)
    label = main_label(db.session())
    own, common = ways(label) if label else ((), ())
    steps = road(label, own, common) if label else []
    at = now()
    promised = welcome(db.session(), label, at) if label else Welcome(None, None)
    return render_template(
        "public/label/join.html",
        label=label,
        ways=own,
        steps=steps,
        contact=contact(),
        who=answers(label, promised) if label else "",
        promised=promised,
        sittings=next_sittings(db.session(), label.slug, at) if label else (),
    )


@pages.get("/appellations/<slug>")
def label(slug: str) -> str:
    """A published definition: its stages, what it asks, how the committee decides, its versions."""
    allow(Act.SEE_SITE)
    found = found_or_404(definition(db.session(), slug, request.args.get("version", type=int)))
    own, common = ways(found.label)
    return render_template(
        "public/label/show.html",
        found=found,
        label=found.label,
        ways=own,
        steps=road(found.label, own, common),
        rule=rule_sentences(found.label.committee),
    )
