"""Which stages a committee still lies ahead of."""

import pytest

from tests.make import FABRIQUE, LABELS
from workflows.label import Label, load
from workflows.roads import committee_ahead

LABEL = load(FABRIQUE.read_text())
VILLAGE = LABELS.parent.parent / "tests" / "labels" / "village-remarquable.toml"
AHEAD = {"renseignement", "modalites", "mise_en_place", "experimentation", "demande", "complements", "complet"}


@pytest.mark.parametrize("stage", [stage.key for stage in LABEL.stages])
def test_a_committee_lies_ahead_of_what_is_on_its_way_and_of_nothing_else(stage: str) -> None:
    assert committee_ahead(LABEL, stage) == (stage in AHEAD)


def test_a_pause_is_no_short_cut_to_a_committee() -> None:
    moves = tuple(
        move.model_copy(update={"source": (*move.source, "acceptation")}) if move.name == "mettre_en_pause" else move
        for move in LABEL.transitions
    )
    paused = Label.model_validate({**LABEL.model_dump(), "transitions": moves})
    assert any(move.name == "mettre_en_pause" for move in paused.exits["acceptation"])
    assert not committee_ahead(paused, "acceptation")


def test_the_stages_come_from_the_definition_whatever_they_are_called() -> None:
    label = load(VILLAGE.read_text())
    kinds = {stage.key: stage.kind for stage in label.stages}
    ahead = {key for key in kinds if committee_ahead(label, key)}
    assert ahead
    assert {kinds[key] for key in ahead} == {"way"}
