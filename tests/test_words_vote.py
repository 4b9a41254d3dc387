"""Words of the vote: every oracle of the count as the sentence a person reads."""

from collections.abc import Iterator

import pytest
from flask import Flask

from app.queries.counts import Count
from app.queries.labels import label_of_source
from app.typography import typo
from app.words_vote import (
    choice_name,
    decision_name,
    link_name,
    outcome_name,
    outcome_sentence,
    participation_sentence,
    quorum_sentence,
    rule_sentences,
)
from tests.make import FABRIQUE
from workflows.voting import Choice, Outcome, Ratio, Rule, Tally, verdict

TWO_THIRDS = Rule(majority=Ratio(2, 3), strict=False)


@pytest.fixture(autouse=True)
def in_french(app: Flask) -> Iterator[None]:
    with app.test_request_context("/"):
        yield


def counted(rule: Rule, seats: int, recused: int, pour: int, against: int, abstention: int, **more: int) -> Count:
    """The count that a close would store, its outcome by the rules themselves."""
    tally = Tally(pour=pour, against=against, abstention=abstention, reserves=more.get("reserves", 0))
    found = verdict(rule, tally, seats=seats, recused=recused, round=more.get("round", 1))
    return Count(
        outcome=found.outcome.value,
        round=found.round,
        seats=seats,
        recused=recused,
        quorum_needed=found.quorum_needed,
        pour=pour,
        reserves=tally.reserves,
        against=against,
        abstention=abstention,
    )


def test_fourteen_of_twenty_eight_is_a_quorum_and_a_favourable_opinion() -> None:
    rule = Rule()
    count = counted(rule, 30, 2, 8, 4, 2)
    assert quorum_sentence(rule, count) == (
        "Quorum atteint : 14 structures sur 28 ont donné leur avis ; il en fallait 14."
    )
    assert outcome_sentence(rule, count) == (
        "Avis favorable : 8 voix favorables, 4 défavorables, 2 abstentions ; il fallait 7 voix favorables sur 12."
    )


def test_fourteen_of_thirty_lacks_one_voice_when_the_recused_are_in_the_base() -> None:
    rule = Rule(quorum_base="seats")
    count = counted(rule, 30, 2, 8, 4, 2)
    assert outcome_sentence(rule, count) == (
        "Le comité n’a pas pu conclure. Il manquait 1 voix pour le quorum : 14 structures sur 30 ont donné leur avis ; "
        "il en fallait 15."
    )


def test_two_thirds_of_the_expressed_are_reached_with_eight_of_twelve() -> None:
    count = counted(TWO_THIRDS, 20, 0, 8, 4, 3)
    assert outcome_sentence(TWO_THIRDS, count).endswith("il fallait 8 voix favorables sur 12.")
    assert outcome_sentence(TWO_THIRDS, count).startswith("Avis favorable :")


def test_two_thirds_of_the_ballots_are_missed_with_eight_of_fifteen() -> None:
    rule = TWO_THIRDS.model_copy(update={"majority_base": "ballots"})
    count = counted(rule, 20, 0, 8, 4, 3)
    assert outcome_sentence(rule, count) == (
        "Avis défavorable : 8 voix favorables, 4 défavorables, 3 abstentions ; il fallait 10 voix favorables sur 15."
    )


def test_an_absolute_majority_of_the_seats_asks_for_sixteen_of_thirty() -> None:
    rule = Rule(majority_base="seats")
    assert outcome_sentence(rule, counted(rule, 30, 0, 15, 10, 5)).endswith("il fallait 16 voix favorables sur 30.")
    assert outcome_sentence(rule, counted(rule, 30, 0, 16, 10, 4)).startswith("Avis favorable :")


def test_a_tie_is_told_without_a_loser() -> None:
    rule = Rule()
    assert outcome_sentence(rule, counted(rule, 18, 0, 7, 7, 4)) == (
        "Égalité : 7 voix favorables, 7 défavorables, 4 abstentions. Le comité n’a pas tranché."
    )


def test_abstentions_alone_are_no_result_and_no_refusal() -> None:
    rule = Rule()
    sentence = outcome_sentence(rule, counted(rule, 20, 0, 0, 0, 20))
    assert sentence == "Sans résultat : aucune structure n’a pris parti. Ce n’est pas un refus."


def test_a_committee_that_has_become_too_small_says_so() -> None:
    rule = Rule()
    sentence = outcome_sentence(rule, counted(rule, 3, 1, 2, 0, 0))
    assert sentence == (
        "Sans résultat : 2 voix prenaient encore part à l’examen, il en fallait 3. Ce n’est pas un refus."
    )


def test_half_of_thirteen_rounds_up_to_seven() -> None:
    rule = Rule()
    assert quorum_sentence(rule, counted(rule, 18, 5, 5, 0, 0)) == (
        "Il manquait 2 voix pour le quorum : 5 structures sur 13 ont donné leur avis ; il en fallait 7."
    )


def test_the_second_invitation_asks_for_no_quorum() -> None:
    rule = Rule()
    count = counted(rule, 18, 5, 1, 0, 0, round=2)
    assert quorum_sentence(rule, count) == "Aucun quorum n’était demandé : 1 structure sur 13 a donné son avis."


def test_reserves_are_counted_among_the_favourable() -> None:
    rule = Rule()
    sentence = outcome_sentence(rule, counted(rule, 12, 0, 2, 1, 0, reserves=4))
    assert sentence == (
        "Avis favorable avec réserves : 6 voix favorables dont 4 avec réserves, 1 défavorable ; "
        "il fallait 4 voix favorables sur 7."
    )


def test_one_voice_too_many_against_says_what_the_rule_admits() -> None:
    rule = Rule(maximum_against=2)
    sentence = outcome_sentence(rule, counted(rule, 12, 0, 8, 3, 0))
    assert sentence.endswith("la règle admet au plus 2 voix défavorables.")


def test_consent_asks_for_no_majority() -> None:
    rule = Rule(consent=True)
    assert outcome_sentence(rule, counted(rule, 12, 0, 8, 0, 1)) == (
        "Avis favorable : 8 voix favorables, aucune défavorable, 1 abstention."
    )
    assert outcome_sentence(rule, counted(rule, 12, 0, 8, 1, 0)).endswith("la règle n’admet aucune voix défavorable.")


def test_an_open_consultation_says_how_many_participations_are_lacking_and_nothing_else() -> None:
    assert participation_sentence(5, 13, 7) == (
        "5 structures sur 13 ont pris part. Il manque 2 participations pour le quorum."
    )
    assert participation_sentence(1, 13, 2) == (
        "1 structure sur 13 a pris part. Il manque 1 participation pour le quorum."
    )
    assert participation_sentence(9, 13, 7).endswith("Le quorum est réuni.")
    assert participation_sentence(3, 13, 0).endswith("Aucun quorum n’est demandé à cette seconde invitation.")


def test_the_rule_of_the_fabrique_is_said_whole() -> None:
    said = rule_sentences(label_of_source(FABRIQUE.read_text()).committee)
    assert said == [
        "Le comité est composé des autres structures avec appellation, une voix chacune.",
        "Les avis sont nominatifs et restent scellés jusqu’à la clôture : l’Avise elle-même ne les voit pas.",
        "Quorum : au moins la moitié des voix qui prennent part à l’examen donnent leur avis.",
        "Si le quorum manque, le comité est invité une seconde fois, 5 jours plus tard au moins ; aucun quorum n’est "
        "alors demandé.",
        "L’avis est favorable si les voix favorables, avec ou sans réserves, dépassent la moitié des avis exprimés, "
        "abstentions non comprises.",
        "Il est favorable avec réserves dès que la moitié des voix favorables en demandent.",
        "À égalité, ou faute de résultat, la décision revient à deux personnes de l’Avise qui n’ont pas suivi le "
        "dossier.",
        "Une structure peut remplacer son avis jusqu’à la clôture ; chaque version est gardée.",
        "Des raisons sont demandées pour ces avis : favorable avec réserves, défavorable.",
        "On ne dépouille avant la fin que si toutes les voix ont pris part.",
        "Il faut au moins 3 voix qui prennent part à l’examen.",
    ]


def test_another_rule_changes_its_sentences() -> None:
    rule = Rule(
        mode="open",
        quorum=Ratio(2, 3),
        quorum_base="seats",
        quorum_minimum=4,
        majority=Ratio(3, 5),
        strict=False,
        minimum_for=5,
        rounds=1,
        objection="veto",
        change_until_close=False,
        reasons_for=(),
        early_close="never",
    )
    said = " ".join(rule_sentences(rule))
    for words in (
        "les deux tiers de toutes les voix du comité",
        "Il en faut 4 au moins.",
        "Si le quorum manque, la question revient à l’Avise.",
        "atteignent 3/5 des avis exprimés",
        "Il faut au moins 5 voix favorables.",
        "Une objection rend l’avis défavorable.",
        "Un avis enregistré ne change plus.",
    ):
        assert words in said
    assert "À égalité" not in said
    assert "Des raisons" not in said


def test_every_choice_outcome_and_decision_has_a_name() -> None:
    assert all(choice_name(choice) for choice in Choice)
    assert all(outcome_name(outcome) for outcome in Outcome)
    label = label_of_source(FABRIQUE.read_text())
    assert decision_name("not_granted") == "appellation non accordée à ce stade"
    assert all(decision_name(outcome) for outcome in label.outcomes)


def test_a_link_is_called_as_its_label_calls_it() -> None:
    label = label_of_source(FABRIQUE.read_text())
    assert link_name(label, "none") == "aucun lien"
    assert link_name(label, "territoire_commun") == "Territoire commun"
    assert link_name(label, "collective") == "même collectif"
    assert link_name(label, "of_another_version") == "lien déclaré"


def test_no_sentence_needs_a_space_typed_by_hand() -> None:
    rule = Rule()
    sentence = outcome_sentence(rule, counted(rule, 30, 2, 8, 4, 2))
    assert "\u00a0" not in sentence
    assert "\u00a0:" in typo(sentence, "fr")
