"""The steps of a history, as people say them: the engine's own here, a label's in its definition."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from app.words import say
from workflows.label import Label

ENTRIES: Mapping[str, Any] = {
    "opened": _l("Dossier ouvert"),
    "answer_written": _l("Réponse écrite"),
    "piece_filed": _l("Pièce déposée"),
    "person_joined": _l("Une personne agit désormais pour la structure"),
    "person_left": _l("Une personne n’agit plus pour la structure"),
    "taken_up_again": _l("Démarche reprise dans un nouveau dossier"),
    "time_asked": _l("Délai demandé par la structure"),
    "call_back_asked": _l("La structure demande à être rappelée"),
    "strand_ticked": _l("Ligne de la liste cochée"),
    "strand_unticked": _l("Ligne de la liste décochée"),
    "agreement_written": _l("Modalités écrites"),
    "agreement_confirmed": _l("Modalités confirmées par l’un des deux"),
    "exchange_noted": _l("Échange noté"),
    "officer_changed": _l("Dossier confié à une autre personne de l’Avise"),
    "arbitration_prepared": _l("Décision proposée à une seconde personne"),
    "arbitration_withdrawn": _l("Proposition de décision retirée"),
    "hold_raised": _l("Résultat suspendu pour une irrégularité"),
    "hold_confirmed": _l("Résultat écarté : le comité est à inviter de nouveau"),
    "hold_lifted": _l("Suspension levée : le résultat tient"),
    "joint_file_joined": _l("Entrée dans un dossier commun"),
    "joint_file_left": _l("Sortie du dossier commun"),
    "co_author_joined": _l("Une structure avec appellation écrit la partie commune"),
    "co_author_left": _l("Une structure avec appellation n’écrit plus la partie commune"),
    "collective_left": _l("Sortie du collectif"),
    "joint_not_waited": _l("Lettre partie sans attendre les autres du dossier commun"),
    "convened": _l("Comité invité"),
    "link_declared": _l("Lien déclaré, ou absence de lien"),
    "question_asked": _l("Question d’un membre du comité"),
    "question_answered": _l("Réponse de la structure candidate au comité"),
    "question_set_aside": _l("Question écartée"),
    "poll_opened": _l("Consultation ouverte"),
    "poll_extended": _l("Consultation prolongée"),
    "poll_cancelled": _l("Consultation annulée"),
    "poll_closed": _l("Consultation close et dépouillée"),
    "ballot_cast": _l("Avis enregistré"),
    "decided": _l("Décision enregistrée"),
    "notified": _l("Décision notifiée"),
    "appellation_ended": _l("Appellation terminée"),
    "seat_ended": _l("Voix retirée : l’appellation a pris fin"),
    "link_carried": _l("Lien repris de la consultation précédente"),
}

VALUES: Mapping[str, Any] = {
    "person": _l("par"),
    "note": _l("message"),
    "reason": _l("raison"),
    "words": _l("précision"),
    "replaced": _l("texte remplacé"),
    "name": _l("fichier"),
    "whom": _l("personne"),
    "call": _l("appel fait"),
    "no_call": _l("sans appel, parce que"),
    "despite": _l("envoyé à cette heure, parce que"),
    "derogation": _l("équipe trop petite pour deux personnes"),
}


def entry_name(label: Label, type: str) -> str:
    """A step by its type: the engine's words, the label's button, or the type itself when no word is left for it."""
    if type in ENTRIES:
        return str(ENTRIES[type])
    made = next((transition for transition in label.transitions if transition.name == type), None)
    return say(made.label) if made else type
