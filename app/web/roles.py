"""The words for what a person does, for a structure or in the team."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

ROLES: Mapping[str, Any] = {
    "titulaire": _l("titulaire"),
    "suppleance": _l("suppléance"),
    "contribution": _l("contribution au dossier"),
    "signature": _l("signature pour la structure"),
    "officer": _l("suivi des dossiers"),
    "arbiter": _l("arbitrage"),
    "administrator": _l("administration du site"),
}

#: The same, said of a colleague inside a sentence.
DOES: Mapping[str, Any] = {
    "titulaire": _l("représente la structure"),
    "suppleance": _l("supplée"),
    "contribution": _l("prépare"),
    "signature": _l("signe"),
}
