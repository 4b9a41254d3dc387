"""What may happen next: the whole table of stages, transitions and roles; one machine; nothing kept alive."""

import gc
from threading import Thread

import pytest

from tests.workflows.definitions import FABRIQUE, changed, fabrique, move, village
from workflows.label import Label, load
from workflows.machine import Cursor, compiled, diagram, fire, possible
from workflows.refused import Refused
from workflows.requirements import Facts

Moves = set[tuple[str, str, str, str]]

FABRIQUE_TABLE = """
renseignement    juger_pertinente         avise      mise_en_place
renseignement    orienter                 avise      close
renseignement    mettre_en_pause          structure  en_pause
renseignement    mettre_en_pause          avise      en_pause
renseignement    clore                    avise      close
renseignement    clore                    structure  close
modalites        orienter                 avise      close
modalites        convenir_modalites       avise      experimentation
modalites        mettre_en_pause          structure  en_pause
modalites        mettre_en_pause          avise      en_pause
modalites        clore                    avise      close
modalites        clore                    structure  close
mise_en_place    entrer_experimentation   avise      experimentation
mise_en_place    mettre_en_pause          structure  en_pause
mise_en_place    mettre_en_pause          avise      en_pause
mise_en_place    clore                    avise      close
mise_en_place    clore                    structure  close
experimentation  demander_appellation     structure  demande
experimentation  mettre_en_pause          structure  en_pause
experimentation  mettre_en_pause          avise      en_pause
experimentation  clore                    avise      close
experimentation  clore                    structure  close
demande          demander_complements     avise      complements
demande          declarer_complet         avise      complet
demande          retirer_demande          structure  experimentation
complements      renvoyer_complements     structure  demande
complements      retirer_demande          structure  experimentation
complet          convoquer                avise      comite
complet          retirer_demande          structure  experimentation
comite           retirer_demande          structure  experimentation
comite           constater                avise      decision
comite           arbitrer                 arbitrage  decision
decision         notifier_accord          arbitrage  acceptation
decision         notifier_accord_reserves arbitrage  acceptation
decision         notifier_report          arbitrage  experimentation
decision         notifier_non_accord      arbitrage  experimentation
acceptation      accepter_engagements     structure  appellation
en_pause         reprendre                structure  mise_en_place
en_pause         reprendre                avise      mise_en_place
en_pause         clore                    avise      close
en_pause         clore                    structure  close
"""

VILLAGE_TABLE = """
depot       engager                  secretariat  en_chemin
depot       prescrire                calendrier   classee
depot       renoncer                 commune      classee
en_chemin   demander_visite          commune      visite
en_chemin   renoncer                 commune      classee
visite      reunir_jury              secretariat  jury
visite      renoncer                 commune      classee
jury        decider                  presidence   avis_rendu
jury        renoncer                 commune      classee
avis_rendu  proclamer                presidence   remarquable
avis_rendu  proclamer_avec_reserves  presidence   remarquable
avis_rendu  remercier                presidence   classee
"""


def table(text: str) -> Moves:
    return {(stage, name, role, target) for stage, name, role, target in map(str.split, text.strip().splitlines())}


def complete(label: Label, stage: str, name: str) -> Facts:
    """A dossier that lacks nothing for a transition."""
    outcome = next((move.outcome for move in label.transitions if move.name == name), None)
    return Facts(
        stage=stage,
        entry=label.entries[0].key,
        paused_in="mise_en_place",
        pieces=frozenset(piece.key for piece in label.pieces),
        criteria={criterion.key: 10 if criterion.worded else 1 for criterion in label.criteria},
        kinds={criterion.key: criterion.minimum_types or 0 for criterion in label.criteria},
        strands=frozenset(strand.key for strand in label.strands),
        outcome=outcome,
        poll="tie" if name == "arbitrer" else "favourable",
        commitments_accepted=True,
        persons=2,
        binding=1,
        agreed=True,
    )


def moves(label: Label) -> Moves:
    """Everything that works: each stage, each name of a transition, each role, tried one by one."""
    found = set()
    names = {transition.name for transition in label.transitions}
    for stage in label.stages:
        for name in names:
            try:
                target = fire(label, name, complete(label, stage.key, name))
            except Refused as refused:
                assert refused.code == "not_from_here"
                continue
            by = label.transition(name, stage.key).by
            found |= {(stage.key, name, role.key, target) for role in label.roles if role.key in by}
    return found


def test_the_whole_table_of_the_fabrique_is_this_one() -> None:
    assert moves(fabrique()) == table(FABRIQUE_TABLE)


def test_the_whole_table_of_an_unlike_label_is_this_one() -> None:
    assert moves(village()) == table(VILLAGE_TABLE)


@pytest.mark.parametrize(("label", "text"), [(fabrique(), FABRIQUE_TABLE), (village(), VILLAGE_TABLE)])
def test_what_is_possible_is_what_leaves_the_stage_even_when_something_is_lacking(label: Label, text: str) -> None:
    for stage in label.stages:
        bare = Facts(stage=stage.key, entry=label.entries[0].key, paused_in="mise_en_place")
        names = [transition.name for transition in possible(label, bare)]
        assert set(names) == {name for source, name, _, _ in table(text) if source == stage.key}
        assert len(names) == len(set(names))


@pytest.mark.parametrize("stage", ["renseignement", "modalites", "mise_en_place", "experimentation"])
def test_a_paused_dossier_comes_back_where_it_was(stage: str) -> None:
    facts = Facts(stage="en_pause", entry="creation", paused_in=stage)
    assert fire(fabrique(), "reprendre", facts) == stage
    assert "reprendre" in [transition.name for transition in possible(fabrique(), facts)]


@pytest.mark.parametrize("paused_in", [None, "demande", "comite", "close", "nulle_part"])
def test_a_pause_never_leads_to_a_stage_it_was_not_entered_from(paused_in: str | None) -> None:
    facts = Facts(stage="en_pause", entry="creation", paused_in=paused_in)
    assert [transition.name for transition in possible(fabrique(), facts)] == ["clore"]
    with pytest.raises(Refused) as refused:
        fire(fabrique(), "reprendre", facts)
    assert refused.value.code == "not_from_here"


@pytest.mark.parametrize(
    ("name", "stage"),
    [("convoquer", "demande"), ("nulle_part", "demande"), ("clore", "nulle_part"), ("clore", "close")],
)
def test_what_does_not_leave_a_stage_is_refused_with_both_names(name: str, stage: str) -> None:
    with pytest.raises(Refused) as refused:
        fire(fabrique(), name, Facts(stage=stage, entry="creation"))
    assert (refused.value.code, refused.value.values) == ("not_from_here", {"transition": name, "stage": stage})


def test_nothing_is_possible_from_a_stage_that_does_not_exist() -> None:
    assert possible(fabrique(), Facts(stage="nulle_part", entry="creation")) == ()


def test_a_guard_that_refuses_says_all_that_is_lacking() -> None:
    with pytest.raises(Refused) as refused:
        fire(fabrique(), "demander_appellation", Facts(stage="experimentation", entry="creation"))
    assert refused.value.code == "requirements_missing"
    assert refused.value.values["transition"] == "demander_appellation"
    codes = [requirement.code for requirement in refused.value.values["missing"]]  # type: ignore[attr-defined]
    persons = ["second_person_missing", "binding_person_missing"]
    assert codes == ["criterion_missing"] * 6 + ["piece_missing"] * 4 + persons


def test_a_version_is_compiled_once_however_often_it_is_read() -> None:
    machine = compiled(fabrique())
    before = compiled.cache_info().misses
    for _ in range(50):
        fire(load(FABRIQUE), "declarer_complet", Facts(stage="demande", entry="creation"))
    assert compiled(load(FABRIQUE)) is machine
    assert compiled.cache_info().misses == before


def test_another_version_has_its_own_machine() -> None:
    other = load(changed(lambda data: move(data, "declarer_complet")["source"].append("complements")))
    facts = Facts(stage="complements", entry="creation")
    assert compiled(other) is not compiled(fabrique())
    assert fire(other, "declarer_complet", facts) == "complet"
    with pytest.raises(Refused, match="not_from_here"):
        fire(fabrique(), "declarer_complet", facts)


def test_nothing_is_kept_alive_after_a_transition() -> None:
    for number in range(200):
        poll = "favourable" if number % 2 else None
        facts = Facts(stage="comite", entry="creation", poll=poll)
        try:
            fire(fabrique(), "constater", facts)
        except Refused as refused:
            assert refused.code == "requirements_missing"
    gc.collect()
    assert compiled(fabrique()).models == []
    assert not [thing for thing in gc.get_objects() if isinstance(thing, Cursor)]


def test_a_shared_machine_keeps_dossiers_apart_between_threads() -> None:
    places: list[set[str]] = []

    def run(stage: str) -> None:
        facts = Facts(stage="en_pause", entry="creation", paused_in=stage)
        places.append({stage, *(fire(fabrique(), "reprendre", facts) for _ in range(300))})

    threads = [Thread(target=run, args=(stage,)) for stage in fabrique().paused_from("en_pause")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(sorted, places)) == [["experimentation"], ["mise_en_place"], ["modalites"], ["renseignement"]]


def test_the_machine_adds_no_transition_of_its_own() -> None:
    assert set(compiled(fabrique()).events) == {transition.name for transition in fabrique().transitions}


@pytest.mark.parametrize("locale", ["fr", "en"])
@pytest.mark.parametrize("label", [fabrique(), village()])
def test_the_diagram_shows_every_stage_and_every_transition(label: Label, locale: str) -> None:
    lines = [line.strip() for line in diagram(label, locale).splitlines()]
    assert lines[0] == "stateDiagram-v2"
    for stage in label.stages:
        assert f'state "{stage.name.in_(locale)}" as {stage.key}' in lines
        assert (f"{stage.key} --> [*]" in lines) == stage.final
    for entry in label.entries:
        assert f"[*] --> {entry.stage}: {entry.name.in_(locale)}" in lines
    for transition in label.transitions:
        for source in label.sources(transition):
            for target in label.targets(transition, source):
                assert f"{source} --> {target}: {transition.label.in_(locale)}" in lines


def test_words_cannot_break_the_diagram() -> None:
    trap = 'Non"; [*] --> close: <b>#35;\n{x}'
    label = load(changed(lambda data: move(data, "clore")["label"].update(fr=trap)))
    assert "en_pause --> close: Non [*] -- close b 35 x" in [line.strip() for line in diagram(label, "fr").splitlines()]
