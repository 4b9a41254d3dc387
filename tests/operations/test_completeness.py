"""Asking to complete a file: item by item, with a sentence, and nothing else may change meanwhile."""

import pytest

from app.models import Dossier, Structure
from app.operations.completeness import ask_to_complete
from app.operations.content import Filed, file_piece, write_answer
from app.operations.way import pass_stage
from tests.conftest import Clock
from tests.make import Make
from tests.operations.seen import body, private, refused

ASKED = {"piece:deliberation": "Elle n’est pas signée.", "answer:savoir_faire": "Qui mène les études ?"}


@pytest.fixture
def dossier(make: Make) -> Dossier:
    return make.dossier(stage="demande")


def ask(make: Make, dossier: Dossier, asked: dict[str, str], note: str = "") -> None:
    by = make.actor(make.officer())
    ask_to_complete(make.db, dossier.id, asked=asked, note=note, by=by, clock=make.clock)


def filed(key: str) -> Filed:
    return Filed(f"{key}.pdf", "pdf", 1200, key[0].encode().hex() * 32, f"again {key}")


def test_only_what_is_asked_may_change(make: Make, dossier: Dossier, clock: Clock) -> None:
    ask(make, dossier, ASKED)
    assert (dossier.stage, dossier.asked) == ("complements", ASKED)
    by = make.actor(make.person(structure=make.db.get_one(Structure, dossier.structure_id)))
    file_piece(make.db, dossier.id, "deliberation", filed("deliberation"), by=by, clock=clock)
    write_answer(make.db, dossier.id, "savoir_faire", "Notre responsable les mène.", by=by, clock=clock)
    with refused("not_asked"):
        file_piece(make.db, dossier.id, "engagements_partenaires", filed("engagements"), by=by, clock=clock)
    with refused("not_asked"):
        write_answer(make.db, dossier.id, "utilite_territoire", "Autre chose.", by=by, clock=clock)
    pass_stage(make.db, dossier.id, "renvoyer_complements", by=by, clock=clock)
    assert dossier.asked is None


def test_the_list_is_in_the_letter_and_in_the_journal(make: Make, dossier: Dossier) -> None:
    ask(make, dossier, ASKED, note="Le reste est clair.")
    assert body(make, dossier, "demander_complements")["asked"] == sorted(ASKED)
    words = private(make, dossier, "demander_complements")["note"] or ""
    for sentence in (*ASKED.values(), "Le reste est clair."):
        assert sentence in words
        assert sentence not in str(body(make, dossier, "demander_complements"))


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({}, "asked_missing"),
        ({"piece:deliberation": " "}, "asked_without_words"),
        ({"piece:nothing": "Ceci."}, "asked_unknown"),
        ({"answer:processus_inverse": "Ceci."}, "asked_unknown"),  # of another stage
        ({"piece:deliberation": "x" * 601}, "text_too_long"),
    ],
)
def test_a_list_says_something_that_can_be_completed(
    make: Make, dossier: Dossier, asked: dict[str, str], code: str
) -> None:
    with refused(code):
        ask(make, dossier, asked)
    assert (dossier.stage, dossier.asked) == ("demande", None)


def test_a_list_is_the_only_way_to_ask(make: Make, dossier: Dossier, clock: Clock) -> None:
    by = make.actor(make.officer())
    with refused("act_of_its_own"):
        pass_stage(make.db, dossier.id, "demander_complements", by=by, clock=clock, note="Il manque tout.")
    with refused("not_from_here"):
        ask(make, make.dossier(), ASKED)
