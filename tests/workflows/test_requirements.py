"""What a dossier still lacks: every guard has an example that passes and one that refuses."""

import pytest

from tests.workflows.definitions import VILLAGE, changed, fabrique, move, village
from workflows.label import Label, Text, load
from workflows.machine import fire
from workflows.refused import Refused
from workflows.requirements import Facts, Requirement, missing
from workflows.voting import Outcome, Rule, Tally, Verdict, next_step

PIECES = ("deliberation", "presentation", "engagements_partenaires", "bilan_experimentation")
ANSWERS = (
    "utilite_structure",
    "utilite_territoire",
    "partenaires",
    "partenaires_types",
    "savoir_faire",
    "apport_reseau",
)
READY = Facts(
    stage="experimentation",
    entry="creation",
    pieces=frozenset(PIECES),
    criteria={**dict.fromkeys(ANSWERS, 150), "partenaires_types": 1},
    kinds={"partenaires_types": 2},
    persons=2,
    binding=1,
)


def lacking(label: Label, name: str, facts: Facts) -> list[tuple[str, object]]:
    """Codes and first values of what is missing; the machine must agree that something is, or nothing."""
    found = missing(label, label.transition(name, facts.stage), facts)
    try:
        fire(label, name, facts)
    except Refused as refused:
        assert refused.values["missing"] == found != ()
    else:
        assert found == ()
    return [(requirement.code, next(iter(requirement.values.values()), None)) for requirement in found]


def test_a_request_with_its_answers_and_pieces_lacks_nothing() -> None:
    assert lacking(fabrique(), "demander_appellation", READY) == []


@pytest.mark.parametrize("piece", PIECES)
def test_each_required_piece_is_asked_for_by_name(piece: str) -> None:
    facts = READY._replace(pieces=READY.pieces - {piece})
    assert lacking(fabrique(), "demander_appellation", facts) == [("piece_missing", piece)]


@pytest.mark.parametrize("answer", ANSWERS)
def test_each_required_answer_is_asked_for_by_name(answer: str) -> None:
    facts = READY._replace(criteria={key: words for key, words in READY.criteria.items() if key != answer})
    assert lacking(fabrique(), "demander_appellation", facts) == [("criterion_missing", answer)]


def test_an_empty_answer_is_a_missing_answer() -> None:
    facts = READY._replace(criteria={**READY.criteria, "savoir_faire": 0})
    assert lacking(fabrique(), "demander_appellation", facts) == [("criterion_missing", "savoir_faire")]


def test_an_answer_longer_than_readers_were_promised_is_to_be_shortened() -> None:
    facts = READY._replace(criteria={**READY.criteria, "savoir_faire": 151})
    assert lacking(fabrique(), "demander_appellation", facts) == [("criterion_too_long", "savoir_faire")]
    transition = fabrique().transition("demander_appellation", "experimentation")
    (requirement,) = missing(fabrique(), transition, facts)
    assert requirement.values == {
        "criterion": "savoir_faire",
        "name": fabrique().criterion("savoir_faire").name,
        "words": 151,
        "max_words": 150,
    }


@pytest.mark.parametrize("types", [0, 1])
def test_partners_are_counted_by_type_and_never_by_number(types: int) -> None:
    facts = READY._replace(kinds={"partenaires_types": types})
    (requirement,) = missing(fabrique(), fabrique().transition("demander_appellation", "experimentation"), facts)
    assert requirement.code == "partner_types_missing"
    assert requirement.values == {
        "criterion": "partenaires_types",
        "name": fabrique().criterion("partenaires_types").name,
        "needed": 2,
        "given": types,
    }


def test_the_second_entry_waits_for_an_agreement_that_both_confirmed() -> None:
    facts = Facts(stage="modalites", entry="a_posteriori")
    assert lacking(fabrique(), "convenir_modalites", facts) == [("agreement_missing", None)]
    assert lacking(fabrique(), "convenir_modalites", facts._replace(agreed=True)) == []


def test_an_optional_piece_or_answer_is_never_asked_for() -> None:
    optional = {piece.key for piece in fabrique().pieces} - set(PIECES)
    assert optional == {"territoire", "opportunite_territoire", "projets", "equipe", "modele_economique", "charte"}
    assert not READY.pieces & optional
    assert lacking(fabrique(), "demander_appellation", READY) == []


def test_a_requirement_carries_its_words_in_both_languages() -> None:
    facts = READY._replace(pieces=READY.pieces - {"deliberation"})
    (requirement,) = missing(fabrique(), fabrique().transition("demander_appellation", "experimentation"), facts)
    name = requirement.values["name"]
    assert isinstance(name, Text)
    assert (name.fr, name.en) == ("Délibération du conseil d’administration", "Board resolution")


def test_what_is_missing_comes_in_the_order_of_the_guards() -> None:
    bare = Facts(stage="experimentation", entry="creation")
    assert lacking(fabrique(), "demander_appellation", bare) == [
        *(("criterion_missing", key) for key in ANSWERS),
        *(("piece_missing", key) for key in PIECES),
        ("second_person_missing", None),
        ("binding_person_missing", None),
    ]


def test_strands_gate_where_a_definition_says_so() -> None:
    facts = Facts(stage="visite", entry="candidature", strands=frozenset({"rapport"}))
    assert lacking(village(), "reunir_jury", facts) == [("strand_open", "photographies")]
    assert lacking(village(), "reunir_jury", facts._replace(strands=frozenset({"rapport", "photographies"}))) == []


def test_strands_of_the_fabrique_gate_nothing() -> None:
    facts = Facts(stage="mise_en_place", entry="creation")
    assert lacking(fabrique(), "entrer_experimentation", facts) == []


def test_strands_of_another_stage_do_not_gate() -> None:
    def change(data: dict[str, object]) -> None:
        data["strands"].append({**data["strands"][0], "key": "panneau", "stage": "depot"})  # type: ignore[attr-defined,index]

    facts = Facts(stage="visite", entry="candidature", strands=frozenset({"rapport", "photographies"}))
    assert lacking(load(changed(change, VILLAGE)), "reunir_jury", facts) == []


def test_an_advisory_decision_waits_for_the_close_and_for_nothing_more() -> None:
    facts = Facts(stage="jury", entry="candidature")
    assert lacking(village(), "decider", facts) == [("poll_not_closed", None)]
    for outcome in Outcome:
        assert lacking(village(), "decider", facts._replace(poll=outcome.value)) == []


@pytest.mark.parametrize("outcome", ["favourable", "favourable_reserves", "unfavourable"])
def test_what_the_committee_decided_is_recorded_and_never_arbitrated(outcome: str) -> None:
    facts = Facts(stage="comite", entry="creation", poll=outcome)
    assert lacking(fabrique(), "constater", facts) == []
    assert lacking(fabrique(), "arbitrer", facts) == [("committee_settled", outcome)]


@pytest.mark.parametrize("outcome", ["tie", "objection", "no_result"])
def test_what_the_committee_left_open_is_arbitrated_and_never_recorded_as_its_own(outcome: str) -> None:
    facts = Facts(stage="comite", entry="creation", poll=outcome)
    assert lacking(fabrique(), "constater", facts) == [("committee_left_open", outcome)]
    assert lacking(fabrique(), "arbitrer", facts) == []


def test_nothing_is_recorded_or_arbitrated_before_the_close() -> None:
    facts = Facts(stage="comite", entry="creation")
    assert lacking(fabrique(), "constater", facts) == [("poll_not_closed", None)]
    assert lacking(fabrique(), "arbitrer", facts) == [("poll_not_closed", None)]


def test_a_missed_quorum_calls_for_a_second_round_before_arbitration() -> None:
    facts = Facts(stage="comite", entry="creation", poll="no_quorum", round=1)
    assert lacking(fabrique(), "arbitrer", facts) == [("new_round_due", "no_quorum")]
    transition = fabrique().transition("arbitrer", "comite")
    assert missing(fabrique(), transition, facts) == (
        Requirement("new_round_due", {"outcome": "no_quorum", "round": 2}),
    )
    assert lacking(fabrique(), "constater", facts) == [("committee_left_open", "no_quorum")]
    assert lacking(fabrique(), "arbitrer", facts._replace(round=2)) == []


def verdict_of(outcome: Outcome, round: int) -> Verdict:
    return Verdict(outcome, round, 9, 0, 9, 9, 5, Tally(0, 0, 0, 0, 0), 0, 1, None)


@pytest.mark.parametrize("tie", ["arbitration", "refusal", "casting", "new_round"])
@pytest.mark.parametrize("rounds", [1, 2, 3])
@pytest.mark.parametrize("round", [1, 2, 3])
@pytest.mark.parametrize("outcome", Outcome)
def test_guards_and_the_vote_agree_on_what_an_outcome_leads_to(
    tie: str, rounds: int, round: int, outcome: Outcome
) -> None:
    label = load(changed(lambda data: data["committee"].update(tie=tie, rounds=rounds)))
    facts = Facts(stage="comite", entry="creation", poll=outcome.value, round=round)
    free = {name for name in ("constater", "arbitrer") if lacking(label, name, facts) == []}
    step = next_step(label.committee, verdict_of(outcome, round))
    assert free == {"decided": {"constater"}, "arbitration": {"arbitrer"}, "new_round": set()}[step]


NOTICES = {
    "granted": "notifier_accord",
    "granted_reserves": "notifier_accord_reserves",
    "deferred": "notifier_report",
    "not_granted": "notifier_non_accord",
}


@pytest.mark.parametrize("decided", NOTICES)
@pytest.mark.parametrize("announced", NOTICES)
def test_only_the_decision_taken_can_be_notified(decided: str, announced: str) -> None:
    facts = Facts(stage="decision", entry="creation", outcome=decided)
    expected = [] if decided == announced else [("decision_differs", announced)]
    assert lacking(fabrique(), NOTICES[announced], facts) == expected


@pytest.mark.parametrize("announced", NOTICES)
def test_nothing_is_notified_before_a_decision(announced: str) -> None:
    facts = Facts(stage="decision", entry="creation", poll="favourable")
    assert lacking(fabrique(), NOTICES[announced], facts) == [("decision_missing", announced)]


def test_the_appellation_waits_for_its_commitments() -> None:
    facts = Facts(stage="acceptation", entry="creation", outcome="granted")
    assert lacking(fabrique(), "accepter_engagements", facts) == [("commitments_not_accepted", None)]
    assert lacking(fabrique(), "accepter_engagements", facts._replace(commitments_accepted=True)) == []


def test_a_transition_without_guards_lacks_nothing() -> None:
    assert lacking(fabrique(), "juger_pertinente", Facts(stage="renseignement", entry="creation")) == []


def test_a_request_asks_again_for_what_a_new_version_requires() -> None:
    def change(data: dict[str, list[dict[str, object]]]) -> None:
        move(data, "renvoyer_complements").update(guards=["pieces"])
        for piece in data["pieces"]:
            if piece["key"] == "deliberation":
                piece["required_for"] = ["demander_appellation", "renvoyer_complements"]

    label = load(changed(change))
    assert lacking(label, "renvoyer_complements", Facts(stage="complements", entry="creation")) == [
        ("piece_missing", "deliberation")
    ]


def test_the_rule_of_the_fabrique_is_the_default_rule() -> None:
    assert fabrique().committee == Rule()


@pytest.mark.parametrize(
    ("persons", "binding", "codes"),
    [
        (1, 1, ["second_person_missing"]),
        (2, 0, ["binding_person_missing"]),
        (0, 0, ["second_person_missing", "binding_person_missing"]),
        (3, 2, []),
    ],
)
def test_two_persons_act_for_a_structure_and_one_of_them_binds_it(persons: int, binding: int, codes: list[str]) -> None:
    facts = READY._replace(persons=persons, binding=binding)
    assert [code for code, _ in lacking(fabrique(), "demander_appellation", facts)] == codes


def test_the_first_stages_wait_for_no_second_person() -> None:
    facts = Facts(stage="renseignement", entry="creation")
    assert lacking(fabrique(), "juger_pertinente", facts) == []
