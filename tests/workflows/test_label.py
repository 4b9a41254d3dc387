"""A definition is one frozen value: its version, its look-ups, the messages it sends."""

import tomllib
from collections.abc import Callable

import pytest

from tests.workflows.definitions import FABRIQUE, VILLAGE, Data, changed, fabrique, move, one, village, written
from workflows.label import Label, load
from workflows.refused import Refused


def test_both_definitions_are_read_again_as_the_tests_write_them() -> None:
    assert load(written(tomllib.loads(FABRIQUE))) == fabrique()
    assert load(written(tomllib.loads(VILLAGE))) == village()
    assert fabrique() != village()


def test_a_version_is_named_by_its_content_not_by_its_layout() -> None:
    again = load("# a comment\n" + written(dict(reversed(tomllib.loads(FABRIQUE).items()))))
    assert again.digest == fabrique().digest
    assert hash(again) == hash(fabrique())


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data["name"].update(en="Initiative factory"),
        lambda data: data["committee"].update(minimum_seats=4),
        lambda data: one(data["pieces"], "charte").update(first_read=True),
        lambda data: data["transitions"].reverse(),
    ],
)
def test_any_change_of_content_is_another_version(change: Callable[[Data], object]) -> None:
    other = load(changed(change))
    assert other.digest != fabrique().digest
    assert other != fabrique()


def test_a_label_is_not_a_text() -> None:
    assert fabrique() != fabrique().digest


def test_a_definition_never_changes() -> None:
    with pytest.raises(ValueError, match="frozen"):
        fabrique().slug = "autre"  # type: ignore[misc]  # the type checker says so too


def test_words_come_in_the_language_asked_and_in_french_otherwise() -> None:
    name = fabrique().stage("close").name
    assert (name.in_("fr"), name.in_("en"), name.in_("en_GB")) == ("Démarche close", "Closed", "Closed")
    assert name.in_("br") == "Démarche close"


@pytest.mark.parametrize("noun", ["role", "entry", "stage", "piece", "criterion", "link"])
def test_a_key_that_does_not_exist_is_refused_by_its_noun(noun: str) -> None:
    with pytest.raises(Refused) as refused:
        getattr(fabrique(), noun)("nulle_part")
    assert (refused.value.code, refused.value.values) == (f"unknown_{noun}", {noun: "nulle_part"})


def test_each_part_is_found_by_its_key() -> None:
    label = fabrique()
    assert label.role("comite").held_by == "committee"
    assert label.entry("a_posteriori").stage == "modalites"
    assert label.piece("deliberation").required_for == ("demander_appellation",)
    assert label.criterion("savoir_faire").max_words == 150
    assert label.link("visite").hard is False


def test_a_star_leaves_every_stage_but_the_final_ones_and_the_exceptions() -> None:
    renounce = village().transition("renoncer", "depot")
    assert village().sources(renounce) == ("depot", "en_chemin", "visite", "jury")


def test_a_star_does_not_turn_round_on_its_own_target() -> None:
    def change(data: Data) -> None:
        again = {**move(data, "engager"), "name": "revenir", "guards": [], "source": "*"}
        data["transitions"].append({**again, "except_from": ["jury", "avis_rendu"], "target": "depot"})

    label = load(changed(change, VILLAGE))
    assert label.sources(label.transition("revenir", "visite")) == ("en_chemin", "visite")


def test_a_transition_that_does_not_leave_a_stage_is_refused_there() -> None:
    with pytest.raises(Refused) as refused:
        fabrique().transition("convoquer", "demande")
    assert refused.value.code == "not_from_here"


def test_the_hands_of_a_transition_are_kinds_of_actor_of_the_engine() -> None:
    label = fabrique()
    assert label.hands(label.transition("clore", "en_pause")) == {"structure", "officer"}
    assert label.hands(label.transition("arbitrer", "comite")) == {"arbiter"}
    assert village().hands(village().transition("prescrire", "depot")) == {"clock"}


def test_a_label_can_only_notify_the_outcomes_it_foresees() -> None:
    assert fabrique().outcomes == ("granted", "granted_reserves", "deferred", "not_granted")
    assert village().outcomes == ("granted", "granted_reserves", "not_granted")


def sent(label: Label, name: str | None, source: str, arrival: str) -> list[str]:
    transition = label.transition(name, source) if name else None
    return [notice.key for notice in label.notices_of(transition, arrival)]


def test_opening_a_dossier_sends_the_notices_of_its_first_stage() -> None:
    assert sent(fabrique(), None, "", "renseignement") == ["renseignement_recu", "renseignement_a_suivre"]


def test_a_transition_sends_its_own_notices() -> None:
    assert sent(fabrique(), "demander_appellation", "experimentation", "demande") == [
        "demande_deposee",
        "demande_a_verifier",
    ]


def test_a_transition_sends_the_notices_of_the_stage_it_arrives_at() -> None:
    def change(data: Data) -> None:
        one(data["notices"], "dossier_complet").update(on="stage:complet")

    assert sent(load(changed(change)), "declarer_complet", "demande", "complet") == ["dossier_complet"]


def test_coming_back_from_a_pause_does_not_welcome_again() -> None:
    assert sent(fabrique(), "reprendre", "en_pause", "renseignement") == ["reprise"]
