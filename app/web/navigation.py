"""The few links at the head of each page: a map of what this person does, not a menu of everything."""

from flask import request, url_for
from flask_babel import gettext as _

from app.actor import Actor
from app.policies import Act, may


def navigation(me: Actor) -> list[tuple[str, str, bool]]:
    """(words, address, whether it is this page) for each link the person may follow."""
    links: list[tuple[str, str]] = []
    if may(me, Act.SEE_DESK):
        links += [
            (_("Aujourd’hui"), url_for("staff.today")),
            (_("Dossiers"), url_for("staff.dossiers")),
        ]
    if may(me, Act.SEE_ENQUIRIES):
        links.append((_("Premières demandes"), url_for("staff.enquiries")))
    if may(me, Act.SEE_STRUCTURES):
        links.append((_("Structures"), url_for("staff.structures")))
    if may(me, Act.SEE_COMMITTEE):
        links.append((_("Attendu de ma structure"), url_for("member.expected")))
        if me.voices():
            links.append((_("Consultations passées"), url_for("member.past")))
    if may(me, Act.SEE_MY_DOSSIERS):
        links.append((_("Mon dossier"), url_for("candidate.dossiers")))
    links.append((_("Le réseau"), url_for("public.network")))
    if me.is_anonymous:
        links.append((_("Rejoindre"), url_for("public.join")))
    if me.is_authenticated:
        links.append((_("Mon compte"), url_for("account.account")))
    else:
        links.append((_("Se connecter"), url_for("account.sign_in")))
    return [(words, address, request.path == address) for words, address in links]
