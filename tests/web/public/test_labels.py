"""Joining, and the definition as it is published."""

import pytest
from flask.testing import FlaskClient

from app.db import Database
from app.operations.labels import publish_label
from tests.conftest import counted
from tests.make import FABRIQUE, LABELS, Make

VILLAGE = LABELS.parent.parent / "tests" / "labels" / "village-remarquable.toml"


def plain(page: str) -> str:
    """A page with ordinary spaces."""
    return page.replace("\u00a0", " ").replace("\u202f", " ")


def test_joining_shows_both_ways_in_then_the_shared_road(client: FlaskClient, make: Make) -> None:
    make.label_version()
    make.commit()
    page = plain(client.get("/rejoindre").text)
    stages = ["Demande de renseignement", "Échange sur les modalités", "Expérimentation", "Dossier complet"]
    places = [page.index(f">{name}<") for name in stages]
    assert places == sorted(places)
    assert "Fabrique en projet de création" in page
    assert "Activité similaire déjà développée" in page
    assert "sous 10 jours ouvrés" in page
    assert "ne vous engage pas" in page
    assert "mailto:reseau@fabrique.example" in page


def test_joining_says_what_will_be_asked_and_hides_what_is_between_two_people(client: FlaskClient, make: Make) -> None:
    make.label_version()
    make.commit()
    page = plain(client.get("/rejoindre").text)
    assert "Délibération du conseil d’administration" in page
    assert "150 mots au plus" in page
    assert "En pause" not in page
    assert "À compléter" not in page


def test_a_definition_is_readable_with_its_rule_in_words(client: FlaskClient, make: Make) -> None:
    make.label_version()
    make.commit()
    page = plain(client.get("/appellations/fabrique-a-initiatives").text)
    assert "Quorum : au moins la moitié des voix" in page
    assert "Règle fixée pour ce comité" in page
    assert "Projet co-porté" in page
    assert "Version 1" in page


def test_an_earlier_version_stays_readable_and_says_that_another_followed(client: FlaskClient, make: Make) -> None:
    source = FABRIQUE.read_text()
    make.label_version()
    later = source.replace(
        'summary.fr = "La Fabrique à initiatives fait naître', 'summary.fr = "Une Fabrique fait naître'
    )
    assert later != source
    publish_label(make.db, later, clock=make.clock)
    make.commit()
    newest, first = (client.get(f"/appellations/fabrique-a-initiatives{q}").text for q in ("", "?version=1"))
    assert "Une Fabrique fait naître" in newest
    assert "La Fabrique à initiatives fait naître" in first
    assert "Une version plus récente est publiée" in first
    assert "Une version plus récente est publiée" not in newest


@pytest.mark.parametrize("path", ["/appellations/inconnue", "/appellations/fabrique-a-initiatives?version=9"])
def test_what_was_never_published_does_not_exist(client: FlaskClient, make: Make, path: str) -> None:
    make.label_version()
    make.commit()
    assert client.get(path).status_code == 404


def test_another_label_reads_as_well(client: FlaskClient, make: Make) -> None:
    make.label_version(VILLAGE)
    make.commit()
    assert client.get("/rejoindre").status_code == 200
    assert client.get("/appellations/village-remarquable").status_code == 200


@pytest.mark.parametrize("path", ["/", "/rejoindre", "/appellations/fabrique-a-initiatives"])
def test_the_pages_of_the_label_read_the_database_little(
    client: FlaskClient, make: Make, database: Database, path: str
) -> None:
    make.label_version()
    make.commit()
    with counted(database) as sent:
        client.get(path)
    assert len(sent) <= 3
