"""Every way to break a definition that must be refused: the change, and the path and code of its fault."""

from collections.abc import Callable
from typing import Any, NamedTuple

from tests.workflows.definitions import FABRIQUE, VILLAGE, Data, move, one, stage


class Broken(NamedTuple):
    path: str
    code: str
    change: Callable[[Data], object]
    text: str = FABRIQUE


def put(kind: str, key: str, /, **fields: Any) -> Callable[[Data], None]:
    return lambda data: one(data[kind], key).update(fields)


def push(kind: str, key: str, field: str, value: Any) -> Callable[[Data], None]:
    return lambda data: one(data[kind], key)[field].append(value)


def drop(kind: str, key: str, field: str) -> Callable[[Data], object]:
    return lambda data: one(data[kind], key).pop(field)


def rule(**fields: Any) -> Callable[[Data], None]:
    return lambda data: data["committee"].update(fields)


def without(**keys: str) -> Callable[[Data], None]:
    def change(data: Data) -> None:
        for kind, key in keys.items():
            data[kind].remove(one(data[kind], key))

    return change


def twice(kind: str, key: str, /, **fields: Any) -> Callable[[Data], None]:
    return lambda data: data[kind].append({**one(data[kind], key), **fields})


def say(key: str, body: str) -> Callable[[Data], None]:
    return lambda data: one(data["notices"], key)["body"].update(fr=body)


def link(data: Data, name: str, source: str, target: str) -> None:
    way = {"name": name, "source": [source], "target": target}
    data["transitions"].append({**move(data, "juger_pertinente"), **way})


def wing(data: Data) -> None:
    """Two stages that only lead to one another."""
    for key in ("aile", "tour"):
        data["stages"].append({**stage(data, "mise_en_place"), "key": key})
    link(data, "y_aller", "mise_en_place", "aile")
    link(data, "monter", "aile", "tour")
    link(data, "descendre", "tour", "aile")


def cellar(source: str, target: str) -> Callable[[Data], None]:
    def change(data: Data) -> None:
        data["stages"].append({**stage(data, "mise_en_place"), "key": "cave"})
        link(data, "passer", source, target)

    return change


def sidetrack(data: Data) -> None:
    """The second way in no longer leads to experimentation."""
    put("transitions", "convenir_modalites", target="close")(data)


FORM = [
    Broken("stages[comite].says.en", "translation_missing", lambda data: stage(data, "comite")["says"].pop("en")),
    Broken("steps[detection].hint.en", "translation_missing", lambda data: data["steps"][0]["hint"].pop("en")),
    Broken("name.fr", "translation_missing", lambda data: data["name"].update(fr="  ")),
    Broken("stages[comite].next", "missing", drop("stages", "comite", "next")),
    Broken("stages[comite].colour", "unknown_field", put("stages", "comite", colour="red")),
    Broken("effect", "not_in_list", lambda data: data.update(effect="perhaps")),
    Broken("transitions[clore].guards[1]", "not_in_list", put("transitions", "clore", guards=["luck"])),
    Broken("committee.reasons_for[1]", "not_in_list", rule(reasons_for=["maybe"])),
    Broken("entries[Création].key", "bad_key", put("entries", "creation", key="Création")),
    Broken("stages[demande].working_days", "invalid", put("stages", "demande", working_days="10")),
    Broken("stages[demande].working_days", "invalid", put("stages", "demande", working_days=1.5)),
    Broken("stages[demande].working_days", "out_of_bounds", put("stages", "demande", working_days=0)),
    Broken("transitions[clore].by", "empty", put("transitions", "clore", by=[])),
    Broken("committee.quorum", "ratio_out_of_range", rule(quorum="3/2")),
    Broken("committee.quorum", "ratio_out_of_range", rule(quorum="1/0")),
    Broken("committee.majority", "ratio_malformed", rule(majority="half")),
    Broken("committee.majority", "ratio_malformed", rule(majority=0.5)),
    Broken("committee", "majority_unreachable", rule(majority="1/1")),
    Broken("committee.minimum_seats", "out_of_bounds", rule(minimum_seats=0)),
    Broken("committee", "secret_ballot_is_final", rule(mode="secret")),
    Broken("committee", "secret_needs_seats", rule(mode="secret", change_until_close=False)),
]

NAMES = [
    Broken("stages[comite].key", "duplicate_key", twice("stages", "comite")),
    Broken("pieces[charte].key", "duplicate_key", twice("pieces", "charte")),
    Broken("steps[porteur].key", "duplicate_key", twice("steps", "porteur")),
    Broken("entries[creation].stage", "unknown_stage", put("entries", "creation", stage="x")),
    Broken("transitions[clore].source", "unknown_stage", put("transitions", "clore", source=["x"])),
    Broken("transitions[clore].target", "unknown_stage", put("transitions", "clore", target="x")),
    Broken(
        "transitions[renoncer].except_from",
        "unknown_stage",
        push("transitions", "renoncer", "except_from", "x"),
        VILLAGE,
    ),
    Broken("pieces[charte].stages", "unknown_stage", put("pieces", "charte", stages=["x"])),
    Broken("criteria[savoir_faire].stages", "unknown_stage", push("criteria", "savoir_faire", "stages", "x")),
    Broken("strands[opportunite].stage", "unknown_stage", put("strands", "opportunite", stage="x")),
    Broken("notices[pause].on", "unknown_stage", put("notices", "pause", on="stage:x")),
    Broken("stages[comite].waits_on", "unknown_role", put("stages", "comite", waits_on="x")),
    Broken("transitions[clore].by", "unknown_role", put("transitions", "clore", by=["x"])),
    Broken("notices[pause].to", "unknown_role", put("notices", "pause", to="x")),
    Broken("notices[pause].on", "unknown_transition", put("notices", "pause", on="x")),
    Broken("criteria[savoir_faire].read_first", "unknown_piece", put("criteria", "savoir_faire", read_first="x")),
    Broken("pieces[charte].required_for", "unknown_transition", put("pieces", "charte", required_for=["x"])),
    Broken(
        "criteria[savoir_faire].required_for",
        "unknown_transition",
        push("criteria", "savoir_faire", "required_for", "x"),
    ),
]

GRAPH = [
    Broken("entries[creation].stage", "entry_misplaced", put("entries", "creation", stage="en_pause")),
    Broken("stages[complet].final", "final_kind", put("stages", "complet", final=True)),
    Broken("stages[classee].final", "closed_not_final", put("stages", "classee", final=False), VILLAGE),
    Broken("stages[complet]", "nobody_expected", drop("stages", "complet", "waits_on")),
    Broken("stages[en_pause]", "pause_without_back", put("transitions", "reprendre", target="experimentation")),
    Broken(
        "transitions[reprendre].target", "back_without_pause", push("transitions", "reprendre", "source", "demande")
    ),
    Broken("transitions[clore].source", "leaves_final_stage", push("transitions", "clore", "source", "appellation")),
    Broken("transitions[clore].source", "no_stage", put("transitions", "clore", source=[])),
    Broken(
        "transitions[clore].except_from", "except_without_star", put("transitions", "clore", except_from=["demande"])
    ),
    Broken("transitions[clore]", "same_name_from_stage", twice("transitions", "clore", source=["en_pause"])),
    Broken("stages[cave]", "unreachable_stage", cellar("cave", "close")),
    Broken("stages[cave]", "dead_end_stage", cellar("mise_en_place", "cave")),
    Broken("stages[tour]", "endless_stage", wing),
    Broken("entries[a_posteriori]", "no_way_to_granted", sidetrack),
    Broken("transitions[convenir_modalites].guards", "guard_without_object", lambda data: data.pop("steps")),
    Broken(
        "transitions[declarer_complet].guards",
        "guard_without_object",
        put("transitions", "declarer_complet", guards=["pieces"]),
    ),
    Broken(
        "transitions[engager].guards",
        "guard_without_object",
        push("transitions", "engager", "guards", "criteria"),
        VILLAGE,
    ),
    Broken(
        "transitions[engager].guards",
        "guard_without_object",
        push("transitions", "engager", "guards", "strands"),
        VILLAGE,
    ),
    Broken(
        "transitions[accepter_engagements].guards", "guard_without_object", lambda data: data.update(commitments=[])
    ),
    Broken(
        "criteria[partenaires].required_for",
        "required_but_unchecked",
        push("criteria", "partenaires", "required_for", "renvoyer_complements"),
    ),
    Broken("pieces[presentation].stages", "not_open_at_stage", put("pieces", "presentation", stages=["modalites"])),
]

ACTS = [
    Broken("stages", "no_committee", put("stages", "comite", kind="way")),
    Broken("transitions[convoquer].source", "act_misplaced", push("transitions", "convoquer", "source", "decision")),
    Broken("transitions[convoquer].target", "act_misled", put("transitions", "convoquer", target="demande")),
    Broken("transitions[arbitrer].by", "act_wrong_hands", push("transitions", "arbitrer", "by", "avise")),
    Broken(
        "transitions[accepter_engagements].by",
        "act_wrong_hands",
        push("transitions", "accepter_engagements", "by", "avise"),
    ),
    Broken("transitions[constater].guards", "act_unguarded", put("transitions", "constater", guards=["poll_closed"])),
    Broken("transitions[arbitrer].guards", "act_unguarded", put("transitions", "arbitrer", guards=[])),
    Broken("transitions[decider].guards", "act_unguarded", put("transitions", "decider", guards=[]), VILLAGE),
    Broken(
        "transitions[accepter_engagements].guards",
        "act_unguarded",
        put("transitions", "accepter_engagements", guards=[]),
    ),
    Broken(
        "transitions[declarer_complet].target",
        "stage_entered_otherwise",
        put("transitions", "declarer_complet", target="comite"),
    ),
    Broken("transitions[clore].source", "stage_left_otherwise", push("transitions", "clore", "source", "comite")),
    Broken("transitions[clore].source", "stage_left_otherwise", push("transitions", "clore", "source", "decision")),
    Broken(
        "transitions[renoncer].source", "stage_left_otherwise", put("transitions", "renoncer", except_from=[]), VILLAGE
    ),
    Broken("stages[comite]", "committee_not_convened", put("transitions", "convoquer", target="demande")),
    Broken("stages[comite]", "committee_without_outcome", without(transitions="arbitrer")),
    Broken(
        "stages[comite]", "committee_without_outcome", without(transitions="constater", notices="decision_a_notifier")
    ),
    Broken(
        "stages[decision]",
        "decision_without_notice",
        without(transitions="notifier_non_accord", notices="non_accord"),
    ),
    Broken("transitions[notifier_report]", "notify_without_outcome", drop("transitions", "notifier_report", "outcome")),
    Broken(
        "transitions[notifier_accord]",
        "notify_without_outcome",
        put("transitions", "notifier_accord", guards=["decision:not_granted"]),
    ),
    Broken("transitions[clore].outcome", "outcome_without_notify", put("transitions", "clore", outcome="not_granted")),
    Broken(
        "transitions[notifier_accord].target",
        "not_to_granted",
        put("transitions", "notifier_accord", target="experimentation"),
    ),
    Broken(
        "transitions[notifier_report].target",
        "granted_without_yes",
        put("transitions", "notifier_report", target="acceptation"),
    ),
    Broken(
        "transitions[remercier].target",
        "granted_without_yes",
        put("transitions", "remercier", target="remarquable"),
        VILLAGE,
    ),
    Broken("transitions[clore].target", "granted_without_yes", put("transitions", "clore", target="appellation")),
]

NOTICES = [
    Broken("notices[pause].body.fr", "unknown_notice_field", say("pause", "Bonjour {prenom}")),
    Broken("notices[pause].body.fr", "bad_braces", say("pause", "{structure")),
    Broken("notices[pause].body.fr", "bad_braces", say("pause", "{structure.__class__}")),
    Broken("notices[pause].body.fr", "bad_braces", say("pause", "{structure!r}")),
    Broken("notices[pause].body.fr", "bad_braces", say("pause", "{structure:>9999}")),
    Broken("notices[pause].body.fr", "bad_braces", say("pause", "{}")),
    Broken("notices[bienvenue].body.fr", "reason_not_asked", say("bienvenue", "{reason}")),
    Broken("notices[modalites_recues].body.fr", "reason_not_asked", say("modalites_recues", "{reason}")),
    Broken("notices[pause].body.fr", "deadline_unknown", say("pause", "{deadline}")),
    Broken("notices[reprise].body.fr", "deadline_unknown", say("reprise", "{deadline}")),
]

TREES = [{"key": "tilleul", "name": {"fr": "Tilleul", "en": "Lime tree"}}]

ANSWERS = [
    Broken("criteria[arbres].max_words", "not_for_kind", put("criteria", "arbres", max_words=10), VILLAGE),
    Broken("criteria[place].options", "not_for_kind", put("criteria", "place", options=TREES * 2), VILLAGE),
    Broken("criteria[place].minimum", "not_for_kind", put("criteria", "place", minimum=1), VILLAGE),
    Broken("criteria[depuis].maximum", "not_for_kind", put("criteria", "depuis", maximum=1)),
    Broken("criteria[place].minimum_types", "not_for_kind", put("criteria", "place", minimum_types=2), VILLAGE),
    Broken("criteria[marche].unit", "not_for_kind", put("criteria", "marche", unit=TREES[0]["name"]), VILLAGE),
    Broken("criteria[place].max_words", "missing_for_kind", drop("criteria", "place", "max_words"), VILLAGE),
    Broken("criteria[devise].max_words", "missing_for_kind", drop("criteria", "devise", "max_words"), VILLAGE),
    Broken("criteria[sol].options", "missing_for_kind", drop("criteria", "sol", "options"), VILLAGE),
    Broken("criteria[etapes_menees].options", "missing_for_kind", drop("criteria", "etapes_menees", "options")),
    Broken("criteria[arbres].unit", "missing_for_kind", drop("criteria", "arbres", "unit"), VILLAGE),
    Broken("criteria[sol].options", "too_few_options", put("criteria", "sol", options=TREES), VILLAGE),
    Broken("criteria[sol].options[tilleul].key", "duplicate_key", put("criteria", "sol", options=TREES * 2), VILLAGE),
    Broken("criteria[arbres].minimum", "bounds_crossed", put("criteria", "arbres", minimum=401), VILLAGE),
    Broken("criteria[partenaires_types].kind", "list_missing", lambda data: data.update(partner_types=[])),
    Broken("criteria[territoires].kind", "list_missing", lambda data: data.update(territory_kinds=[])),
    Broken(
        "criteria[partenaires_types].minimum_types",
        "types_out_of_reach",
        put("criteria", "partenaires_types", minimum_types=9),
    ),
    Broken("criteria[sol].kind", "not_in_list", put("criteria", "sol", kind="drawing"), VILLAGE),
]


BROKEN = [*FORM, *NAMES, *GRAPH, *ACTS, *NOTICES, *ANSWERS]
