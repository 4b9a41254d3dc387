"""Words of the vote: a rule in sentences, a count as the sentence that explains it, the names of what is chosen.

Nothing here decides: the rule and the stored count come in, sentences in the reader's language come out.
"""

from app.queries.counts import Count
from app.words_names import (
    _,
    capital,
    choice_meaning,
    choice_name,
    decision_name,
    link_name,
    ngettext,
    outcome_name,
)
from app.words_rule import rule_sentences
from workflows.voting import Rule

__all__ = [
    "choice_meaning",
    "choice_name",
    "decision_name",
    "link_name",
    "outcome_name",
    "outcome_sentence",
    "participation_sentence",
    "quorum_sentence",
    "rule_sentences",
]


def participation_sentence(taken: int, voices: int, needed: int) -> str:
    """What the team reads while a poll is open: who has taken part is known, nothing of what was said."""
    given = _("Aucune structure sur %(voices)s n’a encore pris part.", voices=voices)
    if taken:
        given = ngettext(
            "%(num)s structure sur %(voices)s a pris part.",
            "%(num)s structures sur %(voices)s ont pris part.",
            taken,
            voices=voices,
        )
    lacking = max(0, needed - taken)
    if not needed:
        return f"{given} {_('Aucun quorum n’est demandé à cette seconde invitation.')}"
    if not lacking:
        return f"{given} {_('Le quorum est réuni.')}"
    rest = ngettext(
        "Il manque %(num)s participation pour le quorum.",
        "Il manque %(num)s participations pour le quorum.",
        lacking,
    )
    return f"{given} {rest}"


def quorum_sentence(rule: Rule, count: Count) -> str:
    """Whether the quorum was met, with the numbers that say so. After the close only."""
    base = count.seats if rule.quorum_base == "seats" else count.voices
    given = _("aucune structure sur %(base)s n’a donné son avis", base=base)
    if count.ballots:
        given = ngettext(
            "%(num)s structure sur %(base)s a donné son avis",
            "%(num)s structures sur %(base)s ont donné leur avis",
            count.ballots,
            base=base,
        )
    if not count.quorum_needed:
        return _("Aucun quorum n’était demandé : %(given)s.", given=given)
    lacking = count.quorum_needed - count.ballots
    if lacking <= 0:
        return _("Quorum atteint : %(given)s ; il en fallait %(needed)s.", given=given, needed=count.quorum_needed)
    return ngettext(
        "Il manquait %(num)s voix pour le quorum : %(given)s ; il en fallait %(needed)s.",
        "Il manquait %(num)s voix pour le quorum : %(given)s ; il en fallait %(needed)s.",
        lacking,
        given=given,
        needed=count.quorum_needed,
    )


def outcome_sentence(rule: Rule, count: Count) -> str:
    """The result of a closed consultation with its arithmetic, in one or two sentences."""
    match count.outcome:
        case "no_quorum":
            return f"{_('Le comité n’a pas pu conclure.')} {quorum_sentence(rule, count)}"
        case "no_result":
            return no_result_sentence(rule, count)
        case "tie":
            return _("Égalité : %(sides)s. Le comité n’a pas tranché.", sides=sides(count))
        case "objection":
            return ngettext(
                "%(num)s objection suspend l’avis du comité : %(sides)s.",
                "%(num)s objections suspendent l’avis du comité : %(sides)s.",
                count.objection,
                sides=sides(count),
            )
        case "unfavourable":
            return unfavourable_sentence(rule, count)
        case _:
            return favourable_sentence(rule, count)


def sides(count: Count) -> str:
    """« 8 voix favorables dont 2 avec réserves, 4 défavorables, 2 abstentions »."""
    favourable = _("aucune voix favorable")
    if count.favourable:
        favourable = ngettext("%(num)s voix favorable", "%(num)s voix favorables", count.favourable)
    if count.reserves:
        favourable = _("%(favourable)s dont %(reserves)s avec réserves", favourable=favourable, reserves=count.reserves)
    against = _("aucune défavorable")
    if count.contre:
        against = ngettext("%(num)s défavorable", "%(num)s défavorables", count.contre)
    if not count.abstention:
        return f"{favourable}, {against}"
    return f"{favourable}, {against}, {ngettext('%(num)s abstention', '%(num)s abstentions', count.abstention)}"


def favourable_sentence(rule: Rule, count: Count) -> str:
    said = {"outcome": capital(outcome_name(count.outcome)), "sides": sides(count)}
    if rule.consent:
        return _("%(outcome)s : %(sides)s.", **said)
    return _(
        "%(outcome)s : %(sides)s ; il fallait %(needed)s voix favorables sur %(base)s.", **said, **majority(rule, count)
    )


def unfavourable_sentence(rule: Rule, count: Count) -> str:
    said = {"outcome": capital(outcome_name(count.outcome)), "sides": sides(count)}
    if count.objection and rule.objection == "veto":
        return _("%(outcome)s : %(sides)s ; une objection suffit.", **said)
    if rule.maximum_against is not None and count.contre > rule.maximum_against:
        return _(
            "%(outcome)s : %(sides)s ; la règle admet au plus %(most)s voix défavorables.",
            **said,
            most=rule.maximum_against,
        )
    if rule.consent:
        return _("%(outcome)s : %(sides)s ; la règle n’admet aucune voix défavorable.", **said)
    return _(
        "%(outcome)s : %(sides)s ; il fallait %(needed)s voix favorables sur %(base)s.",
        **said,
        **majority(rule, count),
    )


def no_result_sentence(rule: Rule, count: Count) -> str:
    if count.voices < rule.minimum_seats:
        left = ngettext(
            "%(num)s voix prenait encore part à l’examen",
            "%(num)s voix prenaient encore part à l’examen",
            count.voices,
        )
        return _(
            "Sans résultat : %(left)s, il en fallait %(least)s. Ce n’est pas un refus.",
            left=left,
            least=rule.minimum_seats,
        )
    return _("Sans résultat : aucune structure n’a pris parti. Ce n’est pas un refus.")


def majority(rule: Rule, count: Count) -> dict[str, int]:
    """How many favourable voices the rule asked for, and of how many."""
    base = {"expressed": count.expressed, "ballots": count.ballots, "seats": count.voices}[rule.majority_base]
    return {"needed": max(rule.majority.needed(base, rule.strict), rule.minimum_for), "base": base}
