"""The network: who is in it, what of it is public, and what it costs to read."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.db import Database
from app.models import NetworkStatus, Structure, StructureName, Territory
from app.models.base import new_id
from app.operations.structures import Ground, register_structure
from app.queries.network import PAGE
from tests.conftest import counted
from tests.make import Make

ILLE_ET_VILAINE = Ground("departement", "Ille-et-Vilaine", "35")


def known(
    make: Make,
    name: str,
    status: str = "holder",
    *,
    since: str | None = "2017-10",
    until: str | None = None,
    register: str = "public",
    ground: Ground = ILLE_ET_VILAINE,
    source: str = "ESS Bretagne, « Le dispositif Fabrique à initiatives »",
) -> Structure:
    """A structure of the register with one status."""
    made = register_structure(make.db, name, grounds=[ground], source=source, register=register, clock=make.clock)
    status_row = NetworkStatus(
        structure_id=made.id,
        label="fabrique-a-initiatives",
        status=status,
        since=since,
        until=until,
        recorded_at=make.clock(),
    )
    make.db.add(status_row)
    make.db.flush()
    return made


@pytest.fixture
def published(make: Make) -> Make:
    make.label_version()
    return make


def test_the_network_shows_structures_by_status_with_dates_to_the_month(client: FlaskClient, published: Make) -> None:
    known(published, "TAg35", since="2017-10")
    known(published, "Les Ecossolies", "experimenting", since="2018")
    published.commit()
    page = client.get("/reseau").text
    assert page.index("Structures avec appellation") < page.index("TAg35") < page.index("Les Ecossolies")
    assert "depuis octobre 2017" in page.replace("\u00a0", " ")
    assert "depuis 2018" in page.replace("\u00a0", " ")


def test_what_is_not_public_is_not_in_the_network(client: FlaskClient, published: Make) -> None:
    known(published, "Une candidate", "candidate", since="2018")
    known(published, "Une ancienne", "holder", until="2031-03")
    published.structure("Une inconnue")
    published.commit()
    page = client.get("/reseau").text
    assert not any(name in page for name in ("Une candidate", "Une ancienne", "Une inconnue"))


@pytest.mark.parametrize("words", ["labélisée", "labellisé", "LABEL", "appellation"])
def test_the_words_of_partners_mean_the_appellation(client: FlaskClient, published: Make, words: str) -> None:
    known(published, "TAg35")
    known(published, "Courant Fort", "experimenting")
    published.commit()
    page = client.get("/reseau", query_string={"q": words}).text
    assert "TAg35" in page
    assert "Courant Fort" not in page


@pytest.mark.parametrize("words", ["FAI", "fabrique à initiatives", "Fabrique ardèche"])
def test_the_name_of_the_network_filters_nothing(client: FlaskClient, published: Make, words: str) -> None:
    known(published, "TAg35")
    known(published, "Courant Fort", "experimenting", ground=Ground("departement", "Ardèche", "07"))
    published.commit()
    page = client.get("/reseau", query_string={"q": words}).text
    assert "Courant Fort" in page
    assert ("TAg35" in page) == ("ardèche" not in words)


def test_a_search_reads_names_territories_and_trade_names_whatever_the_accents(
    client: FlaskClient, published: Make
) -> None:
    jura = known(published, "Clus’Ter Jura", ground=Ground("pays", "Pays Lédonien"))
    known(published, "TAg35")
    published.db.add(StructureName(structure_id=jura.id, kind="trade", name="Le Générateur"))
    published.commit()
    for words in ("clus'ter", "ledonien", "GENERATEUR", "labellisée lédonien"):
        page = client.get("/reseau", query_string={"q": words}).text
        assert "Clus’Ter Jura" in page, words
        assert "TAg35" not in page, words
    assert "Aucune structure ne correspond" in client.get("/reseau?q=saturne").text


def test_a_search_cannot_be_turned_into_a_pattern(client: FlaskClient, published: Make) -> None:
    known(published, "TAg35")
    published.commit()
    assert "TAg35" not in client.get("/reseau", query_string={"q": "%"}).text


def test_filters_by_status_and_departement(client: FlaskClient, published: Make) -> None:
    known(published, "TAg35")
    known(published, "Courant Fort", "experimenting", ground=Ground("departement", "Ardèche", "07"))
    published.commit()
    assert "TAg35" not in client.get("/reseau?statut=experimenting").text
    assert "Courant Fort" not in client.get("/reseau?departement=35").text
    assert "TAg35" in client.get("/reseau?departement=35&statut=holder").text
    assert client.get("/reseau?statut=inconnu").status_code == 200


def test_a_long_network_is_read_forward_and_back(client: FlaskClient, published: Make) -> None:
    for number in range(PAGE + 5):
        known(published, f"Structure {number:03d}", "holder" if number < PAGE - 3 else "experimenting")
    published.commit()
    first = client.get("/reseau").text
    assert "Structure 000" in first
    assert f"Structure {PAGE:03d}" not in first
    second = client.get(f"/reseau?apres=structure-{PAGE - 1:03d}").text
    assert f"Structure {PAGE:03d}" in second
    assert f"Structure {PAGE + 4:03d}" in second
    assert "Structure 000" not in second
    back = client.get(f"/reseau?avant=structure-{PAGE:03d}").text
    assert "Structure 000" in back
    assert 'rel="prev"' not in back
    assert 'rel="next"' in back


def test_the_network_costs_as_many_statements_with_a_thousand_structures_as_with_ten(
    client: FlaskClient, published: Make, database: Database
) -> None:
    costs = []
    for size in (10, 1000):
        ids = [new_id() for _ in range(size)]
        published.db.add_all(
            Structure(
                id=one, slug=one, name=one, sort_key=one.casefold(), register="public", created_at=published.clock()
            )
            for one in ids
        )
        published.db.flush()
        published.db.add_all(Territory(structure_id=one, kind="departement", code="23", name="Creuse") for one in ids)
        published.db.add_all(
            NetworkStatus(
                structure_id=one, label="fabrique-a-initiatives", status="holder", recorded_at=published.clock()
            )
            for one in ids
        )
        published.commit()
        with counted(database) as sent:
            assert client.get(f"/reseau?q=creuse&statut=holder&apres={min(ids)}").status_code == 200
        costs.append(len(sent))
    assert costs[0] == costs[1] <= 8


def test_a_structure_has_a_page_with_its_facts_its_history_and_their_source(
    client: FlaskClient, published: Make
) -> None:
    known(published, "TAg35")
    published.commit()
    page = client.get("/structures/tag35").text.replace("\u00a0", " ")
    assert "<h1>TAg35</h1>" in page
    assert "depuis octobre 2017" in page
    assert "Ille-et-Vilaine" in page
    assert "ESS Bretagne" in page


def test_a_structure_that_left_keeps_its_page_and_never_a_motive(client: FlaskClient, published: Make) -> None:
    known(published, "Semailles", "holder", since="2017-10", until="2031-03")
    published.commit()
    page = client.get("/structures/semailles").text.replace("\u00a0", " ")
    assert "Ne fait plus partie du réseau" in page
    assert "octobre 2017 à mars 2031" in page


def test_a_structure_without_a_public_status_does_not_exist_for_a_visitor(client: FlaskClient, published: Make) -> None:
    known(published, "Une candidate", "candidate")
    published.structure("Une inconnue")
    known(published, "Une fiction", register="fictional")
    published.commit()
    for slug in ("une-candidate", "une-inconnue", "une-fiction", "personne"):
        assert client.get(f"/structures/{slug}").status_code == 404


def test_a_demonstration_keeps_its_fictional_network_apart_from_the_real_one(
    demonstration: Flask, published: Make
) -> None:
    known(published, "TAg35")
    known(published, "Terres d’Élan", register="fictional")
    known(published, "Inscrite en essayant", register="live")
    published.commit()
    real, invented = (
        demonstration.test_client().get("/reseau").text,
        demonstration.test_client().get("/reseau?registre=fictif").text,
    )
    assert "TAg35" in real and "Terres d’Élan" not in real and "Inscrite en essayant" not in real
    assert "Terres d’Élan" in invented and "Inscrite en essayant" in invented and "TAg35" not in invented
    assert "Structure fictive" in demonstration.test_client().get("/structures/terres-d-elan").text


def test_outside_a_demonstration_there_is_no_fictional_network(client: FlaskClient, published: Make) -> None:
    known(published, "Terres d’Élan", register="fictional")
    published.commit()
    assert "Terres d’Élan" not in client.get("/reseau?registre=fictif").text
