"""The names of what a committee chooses, concludes and declares, in the reader's language."""

from flask_babel import gettext
from flask_babel import ngettext as plural

from app.words import say
from workflows.committee import COLLECTIVE
from workflows.label import Label
from workflows.refused import Refused
from workflows.voting import Rule


def _(message: str, **values: object) -> str:
    return str(gettext(message, **values))


def ngettext(one: str, many: str, num: int, **values: object) -> str:
    return str(plural(one, many, num, **values))


def choice_name(choice: str) -> str:
    """« favorable », « défavorable »: an opinion, as it is read in a sentence."""
    return {
        "for": _("favorable"),
        "reserves": _("favorable avec réserves"),
        "against": _("défavorable"),
        "abstention": _("abstention"),
        "objection": _("objection"),
    }[choice]


def choice_meaning(rule: Rule, choice: str) -> str:
    """What a choice counts for under this rule, read beside it on the ballot."""
    if choice == "abstention" and rule.majority_base == "expressed":
        return _("Compte pour le quorum, pas pour la majorité.")
    return {
        "for": _("Oui, sans rien demander de plus."),
        "reserves": _("Oui, avec un engagement demandé et une date. Compte comme favorable."),
        "against": _("Pas à ce stade. La structure reste membre du réseau."),
        "abstention": _("Compte comme un avis donné, d’aucun côté."),
        "objection": _("Un obstacle majeur. Compte comme défavorable."),
    }[choice]


def outcome_name(outcome: str) -> str:
    """The result of a consultation, in a few words."""
    return {
        "favourable": _("avis favorable"),
        "favourable_reserves": _("avis favorable avec réserves"),
        "unfavourable": _("avis défavorable"),
        "no_quorum": _("sans quorum"),
        "tie": _("égalité"),
        "objection": _("objection"),
        "no_result": _("sans résultat"),
    }[outcome]


def decision_name(outcome: str) -> str:
    """A decision, as the structure reads it."""
    return {
        "granted": _("appellation accordée"),
        "granted_reserves": _("appellation accordée avec réserves"),
        "deferred": _("décision reportée"),
        "not_granted": _("appellation non accordée à ce stade"),
    }[outcome]


def link_name(label: Label, kind: str) -> str:
    """A link of interest, by its name in the label; « aucun lien » and a shared collective are the engine's own."""
    if kind == "none":
        return _("aucun lien")
    if kind == COLLECTIVE:
        return _("même collectif")
    try:
        return say(label.link(kind).name)
    except Refused:
        return _("lien déclaré")


def capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
