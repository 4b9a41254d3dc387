"""A fault of a definition: where it is and what to mend, in a sentence a person who awards labels can read."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

SENTENCES: Mapping[str, tuple[str, str]] = {
    "not_toml": (
        "le fichier n’est pas écrit en TOML correct : {detail}",
        "the file is not correct TOML: {detail}",
    ),
    "missing": ("ce champ manque", "this field is missing"),
    "translation_missing": (
        "le texte manque en {language_fr}",
        "the text is missing in {language_en}",
    ),
    "unknown_field": ("ce champ n’existe pas dans une définition", "no definition has this field"),
    "not_in_list": (
        "« {got} » n’est pas une valeur prévue ; choisir parmi : {expected}",
        "“{got}” is not a value foreseen; choose among: {expected}",
    ),
    "bad_key": (
        "« {got} » n’est pas un nom stable : des minuscules sans accent, des chiffres et des tirets bas",
        "“{got}” is not a stable name: lower-case letters without accents, digits and underscores",
    ),
    "empty": ("il faut ici au moins une valeur", "at least one value is needed here"),
    "out_of_bounds": (
        "« {got} » est hors des bornes permises ({bound})",
        "“{got}” is out of bounds ({bound})",
    ),
    "invalid": (
        "« {got} » n’est pas une valeur possible ici",
        "“{got}” is not a possible value here",
    ),
    "duplicate_key": ("« {key} » est déjà pris", "“{key}” is already taken"),
    "unknown_stage": ("l’étape « {stage} » n’existe pas", "there is no stage “{stage}”"),
    "unknown_role": ("le rôle « {role} » n’existe pas", "there is no role “{role}”"),
    "unknown_piece": ("la pièce « {piece} » n’existe pas", "there is no piece “{piece}”"),
    "unknown_transition": (
        "le passage « {transition} » n’existe pas",
        "there is no transition “{transition}”",
    ),
    "no_stage": ("il faut au moins une étape de départ", "at least one stage to leave from is needed"),
    "except_without_star": (
        "« except_from » n’a de sens qu’avec la source « * »",
        "“except_from” only makes sense with the source “*”",
    ),
    "same_name_from_stage": (
        "deux passages nommés « {transition} » partent de l’étape « {stage} »",
        "two transitions named “{transition}” leave the stage “{stage}”",
    ),
    "leaves_final_stage": (
        "l’étape « {stage} » est finale : aucun passage ne peut en partir",
        "the stage “{stage}” is final: no transition may leave it",
    ),
    "entry_misplaced": (
        'un dossier ne peut pas s’ouvrir à l’étape « {stage} » ; il y faut une étape ordinaire (kind = "way")',
        'a dossier cannot open at the stage “{stage}”; an ordinary stage is needed (kind = "way")',
    ),
    "final_kind": (
        "une étape finale accorde l’appellation ou clôt la démarche ; « {kind} » ne fait ni l’un ni l’autre",
        "a final stage grants the appellation or closes the dossier; “{kind}” does neither",
    ),
    "closed_not_final": (
        "une étape qui clôt la démarche doit être finale",
        "a stage that closes the dossier must be final",
    ),
    "nobody_expected": (
        "il faut dire qui est attendu à cette étape (waits_on)",
        "say who is expected at this stage (waits_on)",
    ),
    "back_without_pause": (
        "« @back » ne part que d’une étape de pause ; « {stage} » n’en est pas une",
        "“@back” only leaves a stage of pause; “{stage}” is not one",
    ),
    "pause_without_back": (
        "on peut se mettre en pause ici, mais aucun passage « @back » n’en fait revenir",
        "one may pause here, but no “@back” transition leads back",
    ),
    "unreachable_stage": (
        "aucun passage ne mène à cette étape depuis une entrée",
        "no transition leads to this stage from an entry",
    ),
    "dead_end_stage": (
        "aucun passage ne part de cette étape, et elle n’est pas finale",
        "no transition leaves this stage, and it is not final",
    ),
    "endless_stage": (
        "depuis cette étape, aucune étape finale ne peut être atteinte",
        "from this stage no final stage can be reached",
    ),
    "no_way_to_granted": (
        "depuis cette entrée, rien ne mène à l’appellation",
        "from this entry nothing leads to the appellation",
    ),
    "no_committee": (
        "la définition n’a aucune étape de comité",
        "the definition has no committee stage",
    ),
    "guard_without_object": (
        "« {guard} » ne vérifie rien : aucun élément n’est demandé pour « {transition} »",
        "“{guard}” checks nothing: nothing is required for “{transition}”",
    ),
    "required_but_unchecked": (
        "demandé pour « {transition} », qui ne le vérifie pas : il y manque la condition « {guard} »",
        "required for “{transition}”, which does not check it: it lacks the guard “{guard}”",
    ),
    "not_open_at_stage": (
        "demandé pour « {transition} », qui part de l’étape « {stage} », où on ne peut pas le fournir",
        "required for “{transition}”, which leaves the stage “{stage}”, where it cannot be given",
    ),
    "notify_without_outcome": (
        "une notification annonce une décision : il faut « outcome » et la condition « decision:{outcome} »",
        "a notification announces a decision: it needs “outcome” and the guard “decision:{outcome}”",
    ),
    "outcome_without_notify": (
        '« outcome » n’a de sens que pour une notification (act = "notify")',
        '“outcome” only makes sense for a notification (act = "notify")',
    ),
    "not_to_granted": (
        "« {outcome} » doit mener à l’appellation, ou à une étape d’où on l’accepte",
        "“{outcome}” must lead to the appellation, or to a stage where it is accepted",
    ),
    "granted_without_yes": (
        "l’appellation ne s’obtient que par une décision d’accord, ou en acceptant ses engagements",
        "the appellation is only had by a decision to grant, or by accepting its commitments",
    ),
    "act_misplaced": (
        "l’acte « {act} » part d’une étape de nature « {expected} » ; « {stage} » n’en est pas une",
        "the act “{act}” leaves a stage of kind “{expected}”; “{stage}” is not one",
    ),
    "act_misled": (
        "l’acte « {act} » mène à une étape de nature « {expected} » ; « {stage} » n’en est pas une",
        "the act “{act}” leads to a stage of kind “{expected}”; “{stage}” is not one",
    ),
    "act_wrong_hands": (
        "l’acte « {act} » ne revient pas au rôle « {role} », mais à : {expected}",
        "the act “{act}” does not belong to the role “{role}”, but to: {expected}",
    ),
    "act_unguarded": (
        "l’acte « {act} » doit attendre la condition « {expected} »",
        "the act “{act}” must wait for the guard “{expected}”",
    ),
    "stage_entered_otherwise": (
        "on n’arrive à l’étape « {stage} » que par : {expected}",
        "the stage “{stage}” is only entered by: {expected}",
    ),
    "stage_left_otherwise": (
        "on ne quitte l’étape « {stage} » que par : {expected}",
        "the stage “{stage}” is only left by: {expected}",
    ),
    "committee_not_convened": (
        'aucune convocation (act = "convene") ne mène à ce comité',
        'nothing convenes this committee (act = "convene")',
    ),
    "committee_without_outcome": (
        "ce comité peut rendre un résultat que rien ne suit : il manque {expected}",
        "this committee may give a result that nothing follows: {expected} is missing",
    ),
    "decision_without_notice": (
        "aucune notification n’annonce la décision « {outcome} » depuis cette étape",
        "no notification announces the decision “{outcome}” from this stage",
    ),
    "unknown_notice_field": (
        "le champ {{{field}}} n’existe pas ; les champs possibles sont : {expected}",
        "there is no field {{{field}}}; the fields are: {expected}",
    ),
    "bad_braces": (
        "une accolade n’est pas refermée ou contient autre chose qu’un nom de champ",
        "a brace is not closed, or holds more than the name of a field",
    ),
    "reason_not_asked": (
        "{{reason}} n’a rien à montrer : le passage ne demande ni raison ni note",
        "{{reason}} has nothing to show: the transition asks for neither reason nor note",
    ),
    "deadline_unknown": (
        "{{deadline}} n’a rien à montrer : l’étape d’arrivée n’annonce aucun délai",
        "{{deadline}} has nothing to show: the stage of arrival announces no delay",
    ),
    "not_for_kind": (
        "ce champ n’a pas de sens pour une réponse de nature « {kind} »",
        "this field makes no sense for an answer of kind “{kind}”",
    ),
    "missing_for_kind": (
        "ce champ manque : une réponse de nature « {kind} » ne va pas sans lui",
        "this field is missing: an answer of kind “{kind}” cannot do without it",
    ),
    "too_few_options": (
        "il faut au moins deux options entre lesquelles choisir",
        "at least two options to choose between are needed",
    ),
    "bounds_crossed": (
        "le minimum ({minimum}) dépasse le maximum ({maximum})",
        "the minimum ({minimum}) is above the maximum ({maximum})",
    ),
    "list_missing": (
        "une réponse de nature « {kind} » se choisit dans la liste « {list} », qui est vide",
        "an answer of kind “{kind}” is chosen from the list “{list}”, which is empty",
    ),
    "types_out_of_reach": (
        "{needed} types sont demandés, et « partner_types » n’en compte que {listed}",
        "{needed} types are asked for, and “partner_types” only has {listed}",
    ),
    "ratio_malformed": (
        "« {ratio} » n’est pas une fraction : deux entiers, comme 1/2",
        "“{ratio}” is not a fraction: two integers, such as 1/2",
    ),
    "ratio_out_of_range": (
        "« {ratio} » n’est pas possible : une part se tient entre 0 et 1, comme 1/2",
        "“{ratio}” is not possible: a share stands between 0 and 1, such as 1/2",
    ),
    "majority_unreachable": (
        "une majorité de {ratio} ainsi comptée ne peut jamais être atteinte, ou l’est sans personne",
        "a majority of {ratio} counted so can never be reached, or is reached with nobody",
    ),
    "secret_ballot_is_final": (
        "un avis secret ne peut pas être remplacé : change_until_close doit être faux",
        "a secret ballot cannot be replaced: change_until_close must be false",
    ),
    "secret_needs_seats": (
        "un comité à avis secret compte au moins {needed} voix (minimum_seats)",
        "a committee with secret ballots has at least {needed} seats (minimum_seats)",
    ),
}


@dataclass(frozen=True)
class Fault:
    """One fault: its path in the file (« stages[comite].says.en »), its code, and what its sentence needs."""

    path: str
    code: str
    values: Mapping[str, object] = field(default_factory=dict)

    def sentence(self, locale: str) -> str:
        """The fault in French, or in English for an English locale, after its path."""
        french, english = SENTENCES[self.code]
        said = (english if locale.startswith("en") else french).format_map(self.values)
        colon = ": " if locale.startswith("en") else " : "
        return f"{self.path}{colon}{said}" if self.path else said


class Faults(Exception):
    """A definition is refused: every fault found, in the order of the file's parts."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(*self.faults)

    def __str__(self) -> str:
        return "\n".join(fault.sentence("en") for fault in self.faults)
