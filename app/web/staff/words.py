"""The words of the desk for what is stored as a code."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date
from flask_babel import lazy_gettext as _l

from app.words import PARIS, day, language, say, short_day
from app.words_names import _, ngettext
from workflows.label import Role

NOON = time(12)
MONTH = 30  # days, on average enough for an age
YEAR = 12  # months

#: What a structure is in the network, and the sign that goes with it.
STATUSES: Mapping[str, tuple[Any, str]] = {
    "candidate": (_l("structure candidate"), ""),
    "experimenting": (_l("en expérimentation"), "half"),
    "holder": (_l("avec appellation"), "full"),
    "member": (_l("membre du réseau"), "half"),
    "left": (_l("a quitté le réseau"), "no"),
}

GROUNDS: Mapping[str, Any] = {
    "departement": _l("département"),
    "region": _l("région"),
    "epci": _l("intercommunalité"),
    "pays": _l("pays"),
    "qpv": _l("quartier prioritaire"),
    "free": _l("autre territoire"),
}

#: What became of a message, its sign and its tone.
SENDINGS: Mapping[str, tuple[Any, str, str]] = {
    "waiting": (_l("à envoyer"), "", ""),
    "sent": (_l("envoyé"), "full", "ok"),
    "failed": (_l("non envoyé"), "no", "bad"),
    "cancelled": (_l("annulé"), "no", ""),
    "unknown": (_l("sans confirmation"), "dots", "warn"),
}

NOTICES: Mapping[str, Any] = {
    "invitation": _l("Invitation à ouvrir son accès"),
    "enquiry_received": _l("Première demande bien reçue"),
    "enquiry_arrived": _l("Une première demande est arrivée"),
    "sitting_changed": _l("La date d’un comité change"),
    "poll_convened": _l("Invitation au comité"),
    "poll_opened": _l("La consultation est ouverte"),
    "poll_extended": _l("La consultation se poursuit"),
    "poll_cancelled": _l("La consultation est annulée"),
    "poll_closed": _l("La consultation est close"),
    "ballot_recorded": _l("Accusé d’enregistrement d’un avis"),
    "seat_recused": _l("La structure ne prend pas part à l’examen"),
    "others_called": _l("Une autre personne de la structure est attendue"),
    "agreement_to_confirm": _l("Des modalités attendent un mot"),
    "agreement_made": _l("Les modalités sont convenues"),
    "officer_changed": _l("Une autre personne suit le dossier"),
    "arbitration_to_confirm": _l("Une décision est à confirmer"),
    "hold_to_confirm": _l("Un résultat suspendu est à confirmer ou à lever"),
    "poll_held": _l("La consultation est à reprendre"),
    "appellation_ended": _l("L’appellation a pris fin"),
    "team_changed": _l("Un rôle a été donné dans l’équipe"),
    "result_notified": _l("Le résultat et la décision"),
    "colleague_left": _l("Une personne de la structure est partie"),
    "person_left": _l("Départ d’une personne, pour l’équipe"),
    "time_asked": _l("Une structure demande un délai"),
    "joint_joined": _l("Un dossier commun est ouvert"),
    "joint_notified": _l("Les lettres du dossier commun sont parties"),
    "sign_in_link": _l("Lien pour se connecter"),
    "password_changed": _l("Mot de passe changé"),
    "invitation_reused": _l("Une invitation est présentée une seconde fois"),
    "second_factor_changed": _l("Code de connexion : ce qui change"),
    "second_factor_lost": _l("Code de connexion perdu, retrait à confirmer"),
}

#: What became of a first contact, its sign and its tone.
ENQUIRIES: Mapping[str, tuple[Any, str, str]] = {
    "waiting": (_l("attend une réponse"), "half", ""),
    "answered": (_l("répondue"), "full", "ok"),
    "opened": (_l("dossier ouvert"), "full", "ok"),
    "closed": (_l("close"), "no", ""),
    "set_aside": (_l("mise de côté"), "dots", ""),
}

#: What the calendar says of a committee's day: a warning, never a refusal.
DAY_WARNINGS: Mapping[str, Any] = {
    "window_in_august": _l("Une de ces dates tombe en août : peu de personnes seront là."),
    "window_over_may_bridges": _l("Une de ces dates tombe sur un pont de mai : beaucoup seront absents ou absentes."),
    "day_off": _l("Une de ces dates n’est pas un jour ouvré."),
}

#: What the calendar says of a window: a warning, never a refusal.
WARNINGS: Mapping[str, Any] = {
    "window_in_august": _l("Cette consultation tombe en août : peu de personnes seront là pour donner un avis."),
    "window_over_may_bridges": _l("Cette consultation enjambe un pont de mai : prévoyez quelques jours de plus."),
}


def who(role: Role | None) -> str:
    """Who is expected to act, as the team says it: a label speaks to the structure and says « votre structure »."""
    if role is None:
        return ""
    return _("la structure") if role.held_by == "structure" else say(role.name)


def on_day(value: date | None) -> str:
    """« 1er mai 2027 », of a day that has no hour."""
    return day(datetime.combine(value, NOON, UTC)) if value else ""


def age(since: datetime, at: datetime) -> str:
    """« 11 jours », « 5 mois », « 2 ans » : how long something has been so, no more precisely than it helps."""
    days = (at - since).days
    if days < 1:
        return _("aujourd’hui")
    if days < 2 * MONTH:
        return ngettext("%(num)s jour", "%(num)s jours", days)
    months = days // MONTH
    if months < 2 * YEAR:
        return ngettext("%(num)s mois", "%(num)s mois", months)
    return ngettext("%(num)s an", "%(num)s ans", days // 365)


def weekday(at: datetime) -> str:
    """« Lundi 12 mai », the day it is in Paris."""
    local = at.astimezone(ZoneInfo(PARIS))
    english = language() == "en"
    name = format_date(local, "EEEE", locale="en_GB" if english else "fr")
    return f"{name.capitalize()} {short_day(at)}"
