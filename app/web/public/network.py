"""The network: its list, and the page of each structure."""

from typing import Any

from flask import current_app, render_template, request, url_for

from app import db
from app.policies import Act
from app.queries.network import SHOWN, Asked, Network, network, structure_page
from app.queries.published import main_label
from app.web.doors import allow, found_or_404, now
from app.web.public import pages
from workflows.deadlines import local_day

REAL, FICTIONAL = "reel", "fictif"
LONGEST = 100


def registers(which: str) -> tuple[str, ...]:
    """The registers behind each network.

    In a demonstration the real network is made of public facts alone, and what anybody registers is fictional.
    """
    demo = current_app.config["SETTINGS"].demo
    if which == FICTIONAL:
        return ("fictional", "live") if demo else ()
    return ("public",) if demo else ("live", "public")


@pages.get("/reseau", endpoint="network")
def network_list() -> str:
    """The structures of the network, by status, with what a reader looks for."""
    allow(Act.SEE_SITE)
    demo = current_app.config["SETTINGS"].demo
    which = FICTIONAL if demo and request.args.get("registre") == FICTIONAL else REAL
    asked = Asked(
        status=chosen("statut", SHOWN),
        departement=request.args.get("departement", "")[:LONGEST] or None,
        words=request.args.get("q", "")[:LONGEST].strip(),
        after=request.args.get("apres", "")[:LONGEST] or None,
        before=request.args.get("avant", "")[:LONGEST] or None,
    )
    label = main_label(db.session())
    found = network(db.session(), label, registers(which), asked, local_day(now())) if label else Network((), ())
    return render_template(
        "public/network/list.html",
        label=label,
        network=found,
        asked=asked,
        statuses=SHOWN,
        fictional=which == FICTIONAL,
        both=demo,
        here=lambda **more: here(asked, which, **more),
    )


def chosen(name: str, known: tuple[str, ...]) -> str | None:
    """A filter of the address, if it is one of those we know."""
    written = request.args.get(name)
    return written if written in known else None


def here(asked: Asked, which: str, **more: str) -> str:
    """The address of this list with the same filters, further on or back."""
    kept: dict[str, Any] = {
        "registre": which if which == FICTIONAL else None,
        "statut": asked.status,
        "departement": asked.departement,
        "q": asked.words or None,
    }
    return url_for("public.network", **{**kept, **more})


@pages.get("/structures/<slug>")
def structure(slug: str) -> str:
    """A structure of the network: its facts, its history, and where they come from."""
    allow(Act.SEE_SITE)
    demo = current_app.config["SETTINGS"].demo
    label = found_or_404(main_label(db.session()))
    readable = (*registers(REAL), *registers(FICTIONAL))
    found = found_or_404(structure_page(db.session(), label, slug, readable, local_day(now())))
    fictional = demo and found.register in registers(FICTIONAL)
    return render_template("public/structure/show.html", label=label, structure=found, fictional=fictional)
