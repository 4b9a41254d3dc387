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
    "strand_ticked": _l("Ligne de la liste cochée"),
    "strand_unticked": _l("Ligne de la liste décochée"),
    "arbitration_prepared": _l("Décision proposée à une seconde personne"),
    "arbitration_withdrawn": _l("Proposition de décision retirée"),
    "convened": _l("Comité invité"),
    "link_declared": _l("Lien déclaré, ou absence de lien"),
    "poll_opened": _l("Consultation ouverte"),
    "poll_extended": _l("Consultation prolongée"),
    "poll_cancelled": _l("Consultation annulée"),
    "poll_closed": _l("Consultation close et dépouillée"),
    "ballot_cast": _l("Avis enregistré"),
    "decided": _l("Décision enregistrée"),
    "notified": _l("Décision notifiée"),
}

VALUES: Mapping[str, Any] = {
    "person": _l("par"),
    "note": _l("message"),
    "reason": _l("raison"),
    "words": _l("précision"),
    "name": _l("fichier"),
}


def entry_name(label: Label, type: str) -> str:
    """A step by its type: the engine's words, the label's button, or the type itself when no word is left for it."""
    if type in ENTRIES:
        return str(ENTRIES[type])
    made = next((transition for transition in label.transitions if transition.name == type), None)
    return say(made.label) if made else type
