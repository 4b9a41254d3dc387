"""A committee's rule, in sentences. The team and the members read the same ones."""

from app.words_names import _, choice_name, ngettext
from workflows.voting import Choice, Ratio, Rule


def share(ratio: Ratio) -> str:
    """« la moitié », « les deux tiers », or the fraction as it is written."""
    known = {
        (1, 2): _("la moitié"),
        (1, 3): _("un tiers"),
        (2, 3): _("les deux tiers"),
        (1, 4): _("un quart"),
        (3, 4): _("les trois quarts"),
        (1, 1): _("la totalité"),
    }
    return known.get((ratio.num, ratio.den), str(ratio))


def rule_sentences(rule: Rule) -> list[str]:
    """The whole rule of a committee, a sentence for each thing it settles, in the order of a consultation."""
    written = [
        _("Le comité est composé des autres structures avec appellation, une voix chacune."),
        mode_sentence(rule),
        quorum_rule(rule),
        again_rule(rule),
        *majority_rules(rule),
        reserves_rule(rule),
        tie_rule(rule),
        objection_rule(rule),
        change_rule(rule),
        reasons_rule(rule),
        early_rule(rule),
        ngettext(
            "Il faut au moins %(num)s voix qui prenne part à l’examen.",
            "Il faut au moins %(num)s voix qui prennent part à l’examen.",
            rule.minimum_seats,
        ),
    ]
    return [sentence for sentence in written if sentence]


def mode_sentence(rule: Rule) -> str:
    return {
        "named_sealed": _(
            "Les avis sont nominatifs et restent scellés jusqu’à la clôture : l’Avise elle-même ne les voit pas."
        ),
        "open": _("Les avis sont nominatifs ; les membres du comité les lisent à mesure qu’ils arrivent."),
        "secret": _("Les avis sont secrets : personne ne sait qui a donné lequel."),
        "secret_boxes": _("Les avis sont secrets et chiffrés ; un bureau de pairs les ouvre après la clôture."),
    }[rule.mode]


def quorum_rule(rule: Rule) -> str:
    if rule.quorum_base == "seats":
        asked = _(
            "Quorum : au moins %(share)s de toutes les voix du comité donnent leur avis.",
            share=share(rule.quorum),
        )
    else:
        asked = _(
            "Quorum : au moins %(share)s des voix qui prennent part à l’examen donnent leur avis.",
            share=share(rule.quorum),
        )
    if not rule.quorum_minimum:
        return asked
    least = ngettext("Il en faut %(num)s au moins.", "Il en faut %(num)s au moins.", rule.quorum_minimum)
    return f"{asked} {least}"


def again_rule(rule: Rule) -> str:
    if rule.rounds == 1:
        return _("Si le quorum manque, la question revient à l’Avise.")
    return ngettext(
        "Si le quorum manque, le comité est invité une seconde fois, %(num)s jour plus tard au moins ; aucun quorum "
        "n’est alors demandé.",
        "Si le quorum manque, le comité est invité une seconde fois, %(num)s jours plus tard au moins ; aucun quorum "
        "n’est alors demandé.",
        rule.second_notice_days,
    )


def majority_rules(rule: Rule) -> list[str]:
    if rule.consent:
        first = _("L’avis est favorable si une structure au moins se prononce et si aucune n’est défavorable.")
    else:
        values = {"share": share(rule.majority), "base": base_name(rule)}
        if rule.strict:
            first = _(
                "L’avis est favorable si les voix favorables, avec ou sans réserves, dépassent %(share)s %(base)s.",
                **values,
            )
        else:
            first = _(
                "L’avis est favorable si les voix favorables, avec ou sans réserves, atteignent %(share)s %(base)s.",
                **values,
            )
    sentences = [first]
    if rule.minimum_for:
        sentences.append(
            ngettext(
                "Il faut au moins %(num)s voix favorable.",
                "Il faut au moins %(num)s voix favorables.",
                rule.minimum_for,
            )
        )
    if rule.maximum_against is not None:
        sentences.append(
            ngettext(
                "Au-delà de %(num)s voix défavorable, l’avis est défavorable.",
                "Au-delà de %(num)s voix défavorables, l’avis est défavorable.",
                rule.maximum_against,
            )
        )
    return sentences


def base_name(rule: Rule) -> str:
    """What the majority is a share of, ready to follow « la moitié »."""
    return {
        "expressed": _("des avis exprimés, abstentions non comprises"),
        "ballots": _("des avis donnés, abstentions comprises"),
        "seats": _("des voix qui prennent part à l’examen"),
    }[rule.majority_base]


def reserves_rule(rule: Rule) -> str:
    return _(
        "Il est favorable avec réserves dès que %(share)s des voix favorables en demandent.",
        share=share(rule.reserves),
    )


def tie_rule(rule: Rule) -> str:
    """What happens on a tie; nothing where the majority leaves no room for one."""
    half = rule.majority.num * 2 == rule.majority.den and rule.strict and rule.majority_base == "expressed"
    if rule.consent or not half:
        return ""
    return {
        "arbitration": _(
            "À égalité, ou faute de résultat, la décision revient à deux personnes de l’Avise qui n’ont pas suivi le "
            "dossier."
        ),
        "refusal": _("À égalité, l’avis est défavorable."),
        "casting": _("À égalité, la voix de la présidence de séance l’emporte."),
        "new_round": _("À égalité, le comité est invité une nouvelle fois."),
    }[rule.tie]


def objection_rule(rule: Rule) -> str:
    return {
        "none": "",
        "count": _("Une objection compte comme une voix défavorable."),
        "hold": _("Une objection suspend l’avis : la décision revient à l’Avise."),
        "veto": _("Une objection rend l’avis défavorable."),
    }[rule.objection]


def change_rule(rule: Rule) -> str:
    if rule.change_until_close:
        return _("Une structure peut remplacer son avis jusqu’à la clôture ; chaque version est gardée.")
    return _("Un avis enregistré ne change plus.")


def reasons_rule(rule: Rule) -> str:
    asked = [choice_name(choice) for choice in rule.choices if rule.needs_reason(Choice(choice))]
    if not asked:
        return ""
    return _("Des raisons sont demandées pour ces avis : %(choices)s.", choices=", ".join(asked))


def early_rule(rule: Rule) -> str:
    return {
        "never": _("La consultation va jusqu’à sa fin, même si toutes les voix ont pris part."),
        "all_voted": _("On ne dépouille avant la fin que si toutes les voix ont pris part."),
        "certain": _("On peut dépouiller avant la fin dès que rien ne peut plus changer le résultat."),
    }[rule.early_close]
