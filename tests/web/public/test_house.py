"""The house: its home, its language, and its pages of words."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.make import Make


def test_the_home_page_shows_each_public_figure_with_its_own_year(client: FlaskClient, make: Make) -> None:
    make.label_version()
    make.commit()
    page = client.get("/").text
    for figure, year in (("299", "2022"), ("164", "2022"), ("47", "2021"), ("30", "2023")):
        name = page.split(f"<dd>{figure}</dd>")[0].rsplit("<dt>", 1)[1]
        assert year in name
    assert "Le réseau Fabrique à initiatives" in page  # the source is named


def test_the_home_page_opens_before_any_label_is_published(client: FlaskClient) -> None:
    assert client.get("/").status_code == 200
    assert client.get("/rejoindre").status_code == 200
    assert client.get("/reseau").status_code == 200


@pytest.mark.parametrize("path", ["/aide", "/accessibilite", "/donnees-personnelles", "/mentions-legales"])
def test_the_pages_of_words_are_there_for_everybody(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert "reseau@fabrique.example" in answer.text


def test_the_privacy_page_names_the_cookie_that_the_site_sets(app: Flask, client: FlaskClient) -> None:
    page = client.get("/donnees-personnelles").text
    for name in (app.config["SESSION_COOKIE_NAME"], "appareil", "lien"):
        assert f"{name}," in page
    assert "30 minutes" in page.replace("\u00a0", " ")


def test_the_language_chosen_stays_and_one_comes_back_where_one_was(client: FlaskClient) -> None:
    answer = client.get("/langue/en?next=/reseau")
    assert (answer.status_code, answer.location) == (303, "/reseau")
    assert '<html lang="en">' in client.get("/").text
    client.get("/langue/fr")
    assert '<html lang="fr">' in client.get("/").text


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", ""]
)
def test_choosing_a_language_never_leads_to_another_site(client: FlaskClient, elsewhere: str) -> None:
    assert client.get("/langue/en", query_string={"next": elsewhere}).location == "/"


def test_a_language_we_do_not_speak_does_not_exist(client: FlaskClient) -> None:
    assert client.get("/langue/de").status_code == 404


def test_the_components_are_shown_in_a_demonstration_alone(client: FlaskClient, demonstration: Flask) -> None:
    assert client.get("/style").status_code == 404
    assert demonstration.test_client().get("/style").status_code == 200


def test_search_engines_are_kept_out_of_private_pages_and_of_demonstrations(
    client: FlaskClient, demonstration: Flask
) -> None:
    assert "Disallow: /comite" in client.get("/robots.txt").text
    assert "Disallow: /\n" not in client.get("/robots.txt").text
    assert "Disallow: /\n" in demonstration.test_client().get("/robots.txt").text


def test_an_address_that_leads_nowhere_says_so(client: FlaskClient) -> None:
    answer = client.get("/une/page/qui/manque")
    assert answer.status_code == 404
    assert "Cette page n’existe pas" in answer.text
