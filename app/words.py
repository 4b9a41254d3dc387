"""Words of the engine: one sentence for each code a rule refuses with, and how moments and months are written.

Words of a label live in its definition; the pages' own are in the templates, set by one typographic filter.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from flask import Flask
from flask_babel import get_locale
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from app.typography import typo
from workflows.label import Text
from workflows.refused import Refused
from workflows.requirements import Requirement

PARIS = "Europe/Paris"

REFUSALS: Mapping[str, Any] = {
    "act_of_its_own": _l("Cet acte a sa propre page."),
    "already_holds": _l("Cette structure a déjà l’appellation : elle n’a pas à la demander."),
    "answer_changed": _l("Quelqu’un de votre structure a écrit ici entre-temps. Votre texte est gardé : comparez."),
    "appellation_missing": _l("Cette structure n’a pas l’appellation, ou ne l’a plus."),
    "arbiter_instructed": _l("Vous avez suivi ce dossier : une autre personne de l’Avise l’arbitre."),
    "arbitration_missing": _l("Aucune proposition n’attend de confirmation."),
    "arbitration_prepared": _l("Une proposition attend déjà d’être confirmée par une seconde personne."),
    "committee_already_convened": _l("Le comité est déjà invité à se prononcer sur ce dossier."),
    "decision_missing": _l("La décision n’est pas encore enregistrée."),
    "dossier_already_open": _l("Cette structure a déjà un dossier en cours : %(reference)s."),
    "email_malformed": _l("Cette adresse de courriel n’est pas valable."),
    "gone": _l("Cette page n’existe pas, ou n’existe plus."),
    "invitation_used": _l("Cette invitation a déjà servi. Pour revenir, connectez-vous."),
    "invitation_expired": _l("Cette invitation n’est plus valable. Demandez-en une nouvelle à l’Avise."),
    "last_administrator": _l("Personne d’autre n’administre le site : donnez d’abord ce rôle à quelqu’un."),
    "letter_missing": _l("Écrivez la lettre : la structure doit savoir pourquoi."),
    "link_not_declared": _l("Avant de donner son avis, votre structure dit si elle a un lien avec la candidate."),
    "mandate_held": _l("Cette personne a déjà ce rôle. Si elle n’a rien reçu, renvoyez-lui son invitation."),
    "mode_not_run": _l("Cette application ne sait pas encore recueillir d’avis secrets : la règle en demande."),
    "no_mandate": _l("Vous n’avez pas de mandat pour donner l’avis de cette structure."),
    "not_from_here": _l("Le dossier a changé d’étape : cet acte n’est plus possible."),
    "own_role": _l("Une autre personne de l’administration vous donne ce rôle."),
    "person_attached": _l(
        "Vous êtes rattaché ou rattachée à la structure candidate : une autre personne donne l’avis de votre structure."
    ),
    "poll_cancelled": _l("La consultation est annulée : la demande a été retirée."),
    "poll_closed": _l("La consultation est close : plus rien n’y change."),
    "poll_missing": _l("Le comité n’a pas encore été invité à se prononcer sur ce dossier."),
    "poll_not_convened": _l("La consultation est déjà ouverte, ou ne l’a jamais été."),
    "poll_not_open": _l("La consultation n’est pas encore ouverte."),
    "poll_not_over": _l("La consultation se termine le %(closes_at)s : on ne dépouille pas avant."),
    "poll_over": _l("La consultation s’est terminée le %(ended_at)s. Rien n’a été enregistré."),
    "proxy_already_given": _l("Votre structure a déjà donné son pouvoir pour cette consultation."),
    "proxy_holder_full": _l("Cette structure a déjà %(most)s pouvoir : c’est le plus que la règle permet."),
    "proxy_one_step": _l("Un pouvoir reçu ne se donne pas à une autre structure."),
    "proxy_person_full": _l("Cette personne porte déjà %(most)s pouvoir : c’est le plus que la règle permet."),
    "proxy_recused": _l("Un pouvoir ne va pas vers une structure qui ne prend pas part à l’examen, ni n’en vient."),
    "proxy_to_itself": _l("Une structure ne se donne pas pouvoir à elle-même."),
    "ratio_malformed": _l("Une fraction s’écrit par exemple 1/2 : « %(ratio)s » n’en est pas une."),
    "ratio_out_of_range": _l("Une fraction va de 0 à 1 : « %(ratio)s » en sort."),
    "reason_missing": _l("Écrivez pourquoi : la raison sera lue par la structure."),
    "reasons_missing": _l("Ce choix demande des raisons. Écrivez-les, même en deux lignes."),
    "requirements_missing": _l("Il manque encore quelque chose au dossier : %(missing)s"),
    "reserves_missing": _l("Une décision avec réserves dit lesquelles : ce qui est demandé, à qui, avant quelle date."),
    "role_incompatible": _l("Une personne de l’équipe de l’Avise ne peut pas agir pour une structure."),
    "same_arbiter": _l("Une autre personne que vous confirme cette proposition."),
    "same_key_other_content": _l(
        "Un autre avis a déjà été enregistré depuis cette page. Ouvrez de nouveau la consultation pour le revoir."
    ),
    "seat_ended": _l("L’appellation de votre structure a pris fin : elle ne prend plus part à cette consultation."),
    "seat_recused": _l("Votre structure ne prend pas part à l’examen de ce dossier."),
    "siret_malformed": _l("Ce numéro SIRET n’est pas valable : il compte quatorze chiffres, dont une clé."),
    "siret_taken": _l("Une autre structure a déjà ce numéro SIRET."),
    "strand_unknown": _l("Cette ligne n’est pas dans la liste de cette étape."),
    "text_too_long": _l("Ce texte est trop long : %(limit)s signes au plus."),
    "time_does_not_exist": _l("Cette heure n’existe pas ce jour-là : on change d’heure. Choisissez %(suggestion)s."),
    "time_out_of_range": _l("Cette date est hors du calendrier."),
    "too_few_seats": _l(
        "Le comité compterait %(seats)s voix : il en faut au moins %(needed)s pour ouvrir une consultation."
    ),
    "unknown_choice": _l("Cet avis n’est pas l’un de ceux que la règle propose."),
    "unknown_criterion": _l("Cette question n’est pas posée par l’appellation."),
    "unknown_entry": _l("Cette entrée n’existe pas."),
    "unknown_link": _l("Ce lien n’est pas l’un de ceux que la règle propose."),
    "unknown_outcome": _l("Cette décision n’est pas l’une de celles que l’appellation prévoit."),
    "unknown_piece": _l("Cette pièce n’est pas demandée à cette étape."),
    "unknown_role": _l("Ce rôle n’existe pas."),
    "unknown_stage": _l("Cette étape n’existe pas."),
    "not_at_this_stage": _l("Le dossier est à une autre étape : ceci ne change plus."),
    "version_outdated": _l("Votre structure a donné son avis depuis : relisez-le avant de le remplacer."),
    "vote_is_final": _l("Pour cette consultation, un avis enregistré ne change plus."),
    "zone_unknown": _l("Ce fuseau horaire n’est pas connu : %(zone)s."),
    "window_ends_before_it_opens": _l("La consultation doit finir après avoir commencé."),
    "window_only_lengthens": _l("La fin de la consultation ne peut être que repoussée, après le %(closes_at)s."),
    "window_too_short": _l("La règle laisse au moins %(days)s jours entre l’invitation et la fin de la consultation."),
    "file_empty": _l("Ce fichier est vide."),
    "file_has_macros": _l("Ce document contient des macros. Enregistrez-le sans macros, ou en PDF."),
    "file_lost": _l("Ce fichier n’est plus tel qu’il a été déposé : prévenez l’Avise, ou déposez-le de nouveau."),
    "file_too_big": _l("Ce fichier est trop lourd : %(limit)s Mo au plus."),
    "file_type_refused": _l("Ce type de fichier n’est pas accepté ici. Types acceptés : %(accepted)s."),
    "file_unpacks_too_big": _l("Ce document serait trop lourd une fois ouvert. Enregistrez-le en PDF."),
    "file_not_what_it_says": _l("Le contenu de ce fichier ne correspond pas à son nom. Enregistrez-le de nouveau."),
    "file_protected": _l("Ce fichier est protégé par un mot de passe : nous n’avons pas pu le lire."),
    "sign_in_failed": _l("L’adresse ou le mot de passe ne correspond pas."),
    "too_many_tries": _l("Trop d’essais. Attendez un quart d’heure, ou demandez de l’aide à l’Avise."),
    "password_short": _l("Le mot de passe doit compter au moins douze signes."),
    "password_long": _l("Le mot de passe doit compter au plus cent vingt-huit signes."),
    "password_guessable": _l("Ce mot de passe se devine trop facilement : évitez votre nom et les mots courants."),
    "password_wrong": _l("Ce n’est pas votre mot de passe actuel."),
}

LACKING: Mapping[str, Any] = {
    "piece_missing": _l("Pièce à joindre : %(name)s."),
    "criterion_missing": _l("Réponse à écrire : %(name)s."),
    "criterion_too_long": _l("Réponse trop longue : %(name)s, %(words)s mots pour %(max_words)s au plus."),
    "strand_open": _l("À faire : %(name)s."),
    "commitments_not_accepted": _l("Les engagements restent à accepter."),
    "poll_not_closed": _l("La consultation du comité n’est pas close."),
    "committee_left_open": _l("Le comité n’a pas tranché : la question revient à l’Avise."),
    "committee_settled": _l("Le comité a tranché : sa réponse est la décision."),
    "new_round_due": _l("Une seconde invitation du comité est due, sans quorum."),
    "decision_missing": _l("La décision n’est pas enregistrée."),
    "decision_differs": _l("La décision enregistrée est une autre."),
}


def refusal(error: Refused) -> str:
    """The sentence of a refusal, in the reader's language."""
    sentence = REFUSALS[error.code]
    values = {name: say(value) for name, value in error.values.items()}
    return str(sentence) % values if values else str(sentence)


def lacking(requirement: Requirement) -> str:
    """What a dossier lacks, as a sentence."""
    return str(LACKING[requirement.code]) % {name: say(value) for name, value in requirement.values.items()}


def say(value: object) -> str:
    """A value inside a sentence: moments in Paris time, words of a label in the reader's language."""
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, Text):
        return value.in_(language())
    if isinstance(value, tuple) and all(isinstance(one, Requirement) for one in value):
        return " ".join(lacking(one) for one in value)
    return str(value)


def language() -> str:
    """The language of the page or of the mail being written: `fr` or `en`."""
    return str(get_locale() or "fr")[:2]


def moment(value: datetime, zone: str = PARIS) -> str:
    """« 12 mai 2026 à 18 h 30 », in a zone."""
    local = value.astimezone(ZoneInfo(zone))
    if language() == "en":
        return format_datetime(local, "d MMMM yyyy 'at' HH:mm", locale="en_GB")
    return f"{day(value, zone)} à {hour(value, zone)}"


def day(value: datetime, zone: str = PARIS) -> str:
    """« 12 mai 2026 », the first of a month as « 1er »."""
    local = value.astimezone(ZoneInfo(zone))
    if language() == "en":
        return format_date(local, "d MMMM yyyy", locale="en_GB")
    return format_date(local, f"{'1er' if local.day == 1 else local.day} MMMM yyyy".replace("er", "'er'"), locale="fr")


def short_day(value: datetime, zone: str = PARIS) -> str:
    """« 12 mai », for a margin."""
    return day(value, zone).rsplit(" ", 1)[0]


def hour(value: datetime, zone: str = PARIS) -> str:
    """« 18 h », « 18 h 05 », or noon as « midi »."""
    local = value.astimezone(ZoneInfo(zone))
    if language() == "en":
        return local.strftime("%H:%M")
    if (local.hour, local.minute) == (12, 0):
        return "midi"
    return f"{local.hour} h {local.minute:02d}" if local.minute else f"{local.hour} h"


def hour_to_the_second(value: datetime, zone: str = PARIS) -> str:
    """« 14 h 06 min 12 s », for a receipt."""
    local = value.astimezone(ZoneInfo(zone))
    if language() == "en":
        return local.strftime("%H:%M:%S")
    return f"{local.hour} h {local.minute:02d} min {local.second:02d} s"


def partial_date(value: str | None) -> str:
    """« octobre 2017 » from `2017-10`, « 2017 » from `2017`, a full date from a full one; nothing from nothing."""
    if not value:
        return ""
    parts = [int(part) for part in value.split("-")]
    year, month, of_month = (*parts, 1, 1)[:3]
    date = datetime(year, month, of_month, tzinfo=UTC)
    if len(parts) == 3:
        return day(date, "UTC")
    return format_date(date, {1: "yyyy", 2: "MMMM yyyy"}[len(parts)], locale="en_GB" if language() == "en" else "fr")


def init_app(app: Flask) -> None:
    app.jinja_env.filters.update(
        say=say,
        lacking=lacking,
        typo=lambda value, locale=None: typo(value, str(locale or language())),
        moment=moment,
        day=day,
        short_day=short_day,
        hour=hour,
        seconds=hour_to_the_second,
        partial_date=partial_date,
        paragraphs=paragraphs,
    )


def paragraphs(text: str) -> Markup:
    """A text as people typed it: paragraphs and line breaks, nothing else."""
    blocks = [block for block in text.replace("\r\n", "\n").split("\n\n") if block.strip()]
    inside = (Markup("<br>").join(block.strip().split("\n")) for block in blocks)
    return Markup("").join(Markup("<p>{}</p>").format(block) for block in inside)
