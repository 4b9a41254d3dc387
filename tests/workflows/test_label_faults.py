"""A definition that makes no sense is refused, with the path and the sentence of every fault."""

import pytest

from tests.workflows.broken_definitions import BROKEN, Broken, put
from tests.workflows.definitions import Data, changed, stage
from workflows.label import Faults, load
from workflows.label_faults import SENTENCES


def refusal(text: str) -> Faults:
    with pytest.raises(Faults) as refused:
        load(text)
    return refused.value


@pytest.mark.parametrize("broken", BROKEN, ids=[f"{n}-{broken.code}-{broken.path}" for n, broken in enumerate(BROKEN)])
def test_a_broken_definition_is_refused_with_the_path_of_its_fault(broken: Broken) -> None:
    refused = refusal(changed(broken.change, broken.text))
    found = {(fault.path, fault.code): fault for fault in refused.faults}
    assert (broken.path, broken.code) in found
    fault = found[broken.path, broken.code]
    assert fault.sentence("fr").startswith(f"{broken.path}\u00a0: ")
    assert fault.sentence("en").startswith(f"{broken.path}: ")
    assert fault.sentence("en") in str(refused)


def test_a_file_that_is_not_toml_is_refused_with_its_line() -> None:
    refused = refusal('slug = "x"\nname = ]\n')
    assert [fault.code for fault in refused.faults] == ["not_toml"]
    assert "line 2" in refused.faults[0].sentence("fr")


def test_every_sentence_of_a_fault_has_a_broken_definition_that_needs_it() -> None:
    assert {broken.code for broken in BROKEN} | {"not_toml"} == set(SENTENCES)


@pytest.mark.parametrize("code", SENTENCES)
def test_every_sentence_of_a_fault_exists_in_both_languages(code: str) -> None:
    french, english = SENTENCES[code]
    assert french.strip() and english.strip() and french != english
    assert not any(sign in french for sign in (" :", " ;", "« ", " »", "'"))


def test_every_fault_is_told_at_once() -> None:
    def change(data: Data) -> None:
        stage(data, "comite")["says"].pop("en")
        data.update(effect="perhaps")

    faults = refusal(changed(change)).faults
    assert {fault.code for fault in faults} == {"translation_missing", "not_in_list"}


def test_a_missing_translation_says_in_which_language() -> None:
    refused = refusal(changed(lambda data: stage(data, "comite")["says"].pop("en")))
    assert refused.faults[0].sentence("fr").endswith("manque en anglais")
    assert refused.faults[0].sentence("en").endswith("missing in English")


def test_a_value_that_is_too_long_to_show_is_cut() -> None:
    refused = refusal(changed(put("stages", "demande", kind="x" * 500)))
    assert len(refused.faults[0].sentence("en")) < 200


def test_a_name_that_leads_nowhere_is_told_before_what_depends_on_it() -> None:
    refused = refusal(changed(put("transitions", "juger_pertinente", target="x")))
    assert [fault.code for fault in refused.faults] == ["unknown_stage"]
