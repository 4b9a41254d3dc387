"""First drafts of the letters of a decision: a person of the team rewrites them before they are recorded."""

from app.words_names import _


def letter_draft(outcome: str, structure: str) -> str:
    """A letter to begin from, for one decision on one structure's request."""
    beginning = _(
        "Madame, Monsieur,\n\nLe comité de pairs, composé des autres structures avec appellation, a examiné la demande "
        "de %(structure)s.",
        structure=structure,
    )
    return f"{beginning}\n\n{body(outcome)}"


def body(outcome: str) -> str:
    return {
        "granted": _(
            "L’appellation « Fabrique à initiatives » vous est accordée. Elle commence quand votre structure accepte "
            "ses deux engagements.\n\nCe que les pairs ont retenu :\n"
        ),
        "granted_reserves": _(
            "L’appellation « Fabrique à initiatives » vous est accordée, avec des engagements demandés, chacun avec "
            "une date. Elle commence quand votre structure accepte ses deux engagements.\n\nCe que les pairs ont "
            "retenu :\n"
        ),
        "deferred": _(
            "La décision est reportée. Vous restez membre du réseau, en expérimentation.\n\nCe qui est attendu, point "
            "par point :\n"
        ),
        "not_granted": _(
            "L’appellation n’est pas accordée à ce stade. Vous restez membre du réseau, en expérimentation.\n\nLes "
            "raisons :\n\nCe qui permettrait de redemander l’appellation :\n\nVous pouvez demander un réexamen en "
            "répondant à cette lettre.\n"
        ),
    }[outcome]
