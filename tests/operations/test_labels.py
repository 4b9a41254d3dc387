"""Publishing a version of a label."""

import pytest

from app.operations.labels import publish_label
from app.queries.labels import current_version, label_of
from tests.make import FABRIQUE, Make
from tests.operations.seen import Variant
from workflows.label import Faults


def test_the_same_content_is_the_same_version_even_written_otherwise(make: Make) -> None:
    first = make.label_version()
    again = publish_label(make.db, FABRIQUE.read_text() + "\n# un commentaire de plus\n", clock=make.clock)
    assert (again.id, again.number) == (first.id, 1)


def test_another_content_is_the_next_version_and_the_first_stays(make: Make) -> None:
    first = make.label_version()
    second = Variant(make, notice_days="8").label_version()
    assert (first.number, second.number) == (1, 2)
    newest = current_version(make.db, "fabrique-a-initiatives")
    assert newest is not None
    assert newest.id == second.id
    assert label_of(first).committee.notice_days == 5
    assert label_of(second).committee.notice_days == 8


def test_a_dossier_keeps_the_version_it_was_opened_under(make: Make) -> None:
    dossier = make.dossier()
    later = Variant(make, notice_days="8").label_version()
    assert dossier.label_version_id != later.id


def test_a_definition_with_faults_is_not_published(make: Make) -> None:
    with pytest.raises(Faults):
        publish_label(
            make.db, FABRIQUE.read_text().replace('stage = "renseignement"', 'stage = "ailleurs"'), clock=make.clock
        )
    assert current_version(make.db, "fabrique-a-initiatives") is None
