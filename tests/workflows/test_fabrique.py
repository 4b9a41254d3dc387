"""The definition of the Fabrique à initiatives keeps to what Avise has published, in words that hurt nobody."""

import re
from collections.abc import Iterator

import pytest

from tests.workflows.definitions import FABRIQUE, fabrique
from workflows.label import Text
from workflows.label_parts import Part
from workflows.voting import Ratio

CONDITIONS = ["utilite_structure", "utilite_territoire", "partenaires", "savoir_faire"]
WOUNDING = (
    "électeur|électoral|scrutin|bulletin|siège|émargement|déport|récus|recevab|instruct|refus|rejet|ajourn|recours|"
    "abandon|sans suite|sommeil|inactif|arbitrage|pertinence : non|label|récépissé|empreinte|convocation|contributeur|"
    "utilisateur|votant|paramètre|conflit|éliminat|insuffis|échec"
)


def texts(part: object, path: str = "") -> Iterator[tuple[str, Text]]:
    """Every text of a definition with its path."""
    if isinstance(part, Text):
        yield path, part
    elif isinstance(part, Part):
        for name in type(part).model_fields:
            yield from texts(getattr(part, name), f"{path}.{name}")
    elif isinstance(part, tuple):
        for place, item in enumerate(part):
            yield from texts(item, f"{path}[{getattr(item, 'key', getattr(item, 'name', place))}]")


TEXTS = dict(texts(fabrique()))


def french_with(pattern: str) -> list[str]:
    return [f"{path}: {text.fr}" for path, text in TEXTS.items() if re.search(pattern, text.fr, re.IGNORECASE)]


def route(entry: str, *names: str) -> list[str]:
    """The stages passed through from a way in, by names of transitions."""
    stages = [fabrique().entry(entry).stage]
    for name in names:
        stages.append(fabrique().transition(name, stages[-1]).target)
    return stages


def test_the_first_way_in_goes_through_enquiry_set_up_and_experimentation() -> None:
    assert route("creation", "juger_pertinente", "entrer_experimentation", "demander_appellation") == [
        "renseignement",
        "mise_en_place",
        "experimentation",
        "demande",
    ]


def test_the_second_way_in_skips_the_set_up_but_never_the_experimentation() -> None:
    assert route("a_posteriori", "convenir_modalites", "demander_appellation") == [
        "modalites",
        "experimentation",
        "demande",
    ]
    leading = [move.name for move in fabrique().transitions if move.target == "mise_en_place"]
    assert leading == ["juger_pertinente"]


def test_there_are_two_ways_in_and_no_more() -> None:
    assert [(entry.key, entry.stage) for entry in fabrique().entries] == [
        ("creation", "renseignement"),
        ("a_posteriori", "modalites"),
    ]


def test_a_structure_is_a_member_from_experimentation_and_a_holder_only_with_the_appellation() -> None:
    networks = {stage.key: stage.network for stage in fabrique().stages}
    assert {key for key, network in networks.items() if network == "experimenting"} == {"experimentation"}
    assert {key for key, network in networks.items() if network == "holder"} == {"appellation"}
    assert networks["en_pause"] == "keep"
    assert networks["close"] == "none"


def test_the_request_is_the_act_of_the_structure_and_of_nothing_else() -> None:
    label = fabrique()
    into = [move for move in label.transitions if move.target == "demande"]
    assert {move.name for move in into} == {"demander_appellation", "renvoyer_complements"}
    assert all(label.hands(move) == {"structure"} for move in into)
    assert label.transition("demander_appellation", "experimentation").signed


def test_no_clock_moves_a_dossier_and_no_delay_is_imposed_on_a_structure() -> None:
    label = fabrique()
    assert "clock" not in {role.held_by for role in label.roles}
    assert {stage.key for stage in label.stages if stage.working_days} == {
        "renseignement",
        "modalites",
        "demande",
        "decision",
    }
    assert all(
        label.role(stage.waits_on or "").held_by in ("officer", "arbiter")
        for stage in label.stages
        if stage.working_days
    )


def test_four_conditions_stay_four_and_a_chapter_tells_what_is_brought() -> None:
    required = [criterion for criterion in fabrique().criteria if criterion.required_for]
    asked = [criterion for criterion in required if criterion.worded]
    assert [criterion.key for criterion in asked] == [*CONDITIONS, "apport_reseau"]
    assert {criterion.required_for for criterion in required} == {("demander_appellation",)}
    assert {criterion.max_words for criterion in asked} == {150}


def test_the_diversity_of_partners_is_told_in_words_and_listed_by_type() -> None:
    (listed,) = (each for each in fabrique().criteria if each.required_for and not each.worded)
    assert (listed.key, listed.kind, listed.minimum_types) == ("partenaires_types", "partners", 2)
    assert "règle fixée pour ce comité" in listed.hint.fr


def test_what_avise_checks_with_a_structure_is_never_required() -> None:
    first = [criterion for criterion in fabrique().criteria if "renseignement" in criterion.stages]
    assert [criterion.key for criterion in first] == ["processus_inverse", "territoire_besoins"]
    assert not any(criterion.required_for for criterion in first)


def test_existing_approaches_or_gaps_are_one_question_with_two_answers() -> None:
    question = fabrique().criterion("territoire_besoins").question
    assert "ou, au contraire," in question.fr


def test_three_strands_go_on_side_by_side_and_gate_nothing() -> None:
    assert [strand.stage for strand in fabrique().strands] == ["mise_en_place"] * 3
    assert not any("strands" in move.guards for move in fabrique().transitions)


def test_visits_are_offered_if_needed_and_never_filed() -> None:
    assert "Si besoin" in fabrique().stage("renseignement").next.fr
    assert not any("visite" in piece.key for piece in fabrique().pieces)


def test_four_pieces_are_required_and_some_are_read_first() -> None:
    pieces = fabrique().pieces
    assert {piece.key for piece in pieces if piece.required_for} == {
        "deliberation",
        "presentation",
        "engagements_partenaires",
        "bilan_experimentation",
    }
    assert [piece.key for piece in pieces if piece.first_read] == [
        "presentation",
        "engagements_partenaires",
        "bilan_experimentation",
    ]


def test_the_committee_decides_and_avise_decides_only_what_it_left_open() -> None:
    label = fabrique()
    assert label.effect == "binding"
    assert label.transition("constater", "comite").guards == ("poll_settled",)
    assert label.transition("arbitrer", "comite").guards == ("poll_left_open",)


def test_a_no_or_a_deferral_leaves_a_member_in_experimentation() -> None:
    label = fabrique()
    for name in ("notifier_report", "notifier_non_accord"):
        assert label.transition(name, "decision").target == "experimentation"
    assert label.transition("retirer_demande", "comite").target == "experimentation"


def test_the_appellation_begins_when_two_commitments_are_accepted() -> None:
    label = fabrique()
    assert [commitment.key for commitment in label.commitments] == ["territoire", "reseau"]
    assert [move.name for move in label.transitions if move.target == "appellation"] == ["accepter_engagements"]


def test_a_pause_asks_for_no_reason_and_another_path_is_explained() -> None:
    asks = {move.name: move.asks for move in fabrique().transitions}
    assert {name for name, asked in asks.items() if asked == "reason"} == {
        "orienter",
        "demander_complements",
        "arbitrer",
    }
    assert {name for name, asked in asks.items() if asked == "note"} == {
        "convenir_modalites",
        "mettre_en_pause",
        "clore",
    }


def test_hard_links_recuse_and_soft_ones_are_told() -> None:
    assert {(link.key, link.scope) for link in fabrique().links if link.hard} == {
        ("collectif", "structure"),
        ("coportage", "structure"),
        ("partenaire_accepte", "structure"),
        ("personne", "person"),
    }
    assert {link.key for link in fabrique().links if not link.hard} == {
        "territoire_commun",
        "partenaire_cite",
        "visite",
        "autre",
    }


def test_the_rule_of_the_committee_is_half_of_those_not_recused_and_a_simple_majority() -> None:
    rule = fabrique().committee
    assert (rule.mode, rule.quorum, rule.quorum_base) == ("named_sealed", Ratio(1, 2), "not_recused")
    assert (rule.majority, rule.strict, rule.majority_base) == (Ratio(1, 2), True, "expressed")
    assert (rule.tie, rule.rounds, rule.proxies_per_holder, rule.minimum_seats) == ("arbitration", 2, 1, 3)
    assert fabrique().rule_origin.fr == "règle fixée pour ce comité"


def test_peers_other_than_holders_are_never_told_of_a_dossier_by_the_label() -> None:
    assert "comite" not in {notice.to for notice in fabrique().notices}


def test_nothing_of_the_committee_reaches_the_candidate_before_the_decision() -> None:
    told = {notice.on for notice in fabrique().notices if notice.to == "structure"}
    assert not told & {"constater", "arbitrer", "stage:decision"}


def test_every_transition_worth_a_message_has_one() -> None:
    silent = {move.name for move in fabrique().transitions} - {notice.on for notice in fabrique().notices}
    assert silent == {"arbitrer"}


def test_messages_use_the_same_fields_in_both_languages() -> None:
    for notice in fabrique().notices:
        for text in (notice.subject, notice.body):
            assert re.findall(r"\{\w+\}", text.fr) == re.findall(r"\{\w+\}", text.en), notice.key


def test_every_message_with_a_body_leads_to_the_page() -> None:
    assert all("{link}" in notice.body.fr for notice in fabrique().notices)


def test_stages_speak_to_the_structure_in_whole_sentences() -> None:
    for stage in fabrique().stages:
        for text in (stage.says, stage.next):
            for words in (text.fr, text.en):
                assert words[0].isupper() and words[-1] in ".?", stage.key
                assert 30 < len(words) < 420, stage.key


@pytest.mark.parametrize(
    "pattern",
    [
        WOUNDING,
        r"·",
        r"\bFAI\b",
        r"(?<!l’)Avise",
        r"\b(tu|ton|tes|toi)\b",
        r"\bvot(e|es|er|ent)\b",
    ],
)
def test_no_text_uses_a_word_that_hurts_or_an_article_that_lacks(pattern: str) -> None:
    assert french_with(pattern) == []


def test_english_says_appellation_too() -> None:
    assert [
        path for path, text in TEXTS.items() if re.search(r"\blabel|\breject|\brefus", text.en, re.IGNORECASE)
    ] == []


def test_french_is_set_with_its_own_spaces_and_apostrophes() -> None:
    assert french_with(r"[ ][:;?!»]|«[ ]|'|[^\s\u00a0\u202f][;?!»]") == []


def test_english_uses_curly_quotes() -> None:
    assert [path for path, text in TEXTS.items() if re.search(r"['\"«»]", text.en)] == []


def test_the_file_says_where_its_rules_come_from() -> None:
    assert "décret 2006-672" in FABRIQUE
    assert "règles fixées pour ce comité" in FABRIQUE
