"""« Mon dossier »: what it says at each stage, to whom, and what it never says."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.db import Database
from app.models import Dossier, Mandate
from app.operations.completeness import ask_to_complete
from app.operations.polls.arbitrate import prepare_arbitration
from app.operations.polls.convene import convene_poll
from app.operations.polls.decide import notify_decision, record_decision
from app.operations.polls.deciding import Promise
from app.operations.polls.window import extend_poll
from app.operations.way import pass_stage
from app.web.candidate.dossiers import fact
from tests.conftest import Clock, Visitor, counted
from tests.make import Make, World
from tests.web.candidate.conftest import Candidate, text_of, visiting

Made = Callable[..., Candidate]


def masked(page: str) -> str:
    """A page without what differs from one answer to the next: form tokens and the reference of an error."""
    page = re.sub(r'(name="csrf_token" (type="hidden" )?value|data-token)="[^"]*"', "", page)
    return re.sub(r'<code class="ref">[^<]*</code>', "", page)


def of_world(app: Flask, make: Make, world: World, folder: Path) -> Candidate:
    make.commit()
    return visiting(app, make, world.candidate, world.dossier, folder)


def test_somebody_with_one_dossier_comes_straight_to_it(candidate: Made) -> None:
    someone = candidate()
    answer = someone.browser.get("/dossiers")
    assert (answer.status_code, answer.location) == (303, someone.url)


def test_somebody_with_several_dossiers_chooses(client: Visitor, make: Make, clock: Clock) -> None:
    one, other = make.structure("Rives"), make.structure("Rives-Nord")
    person = make.person("titulaire", structure=one)
    make.db.add(Mandate(person_id=person.id, structure_id=other.id, role="contribution", since=clock()))
    dossiers = [make.dossier(structure) for structure in (one, other)]
    make.dossier()
    make.commit()
    page = client.sign_in(person).get("/dossiers").text
    assert "2 dossiers" in text_of(page)
    assert all(f'href="/dossiers/{dossier.id}"' in page for dossier in dossiers)
    assert set(re.findall(r'href="/dossiers/([^"/]+)', page)) == {dossier.id for dossier in dossiers}


def test_somebody_without_a_dossier_reads_so(client: Visitor, make: Make) -> None:
    member = make.holder()
    make.commit()
    page = text_of(client.sign_in(member.person).get("/dossiers").text)
    assert "Vous n’avez pas de dossier en cours" in page


@pytest.mark.parametrize("path", ["", "/nowhere", "/nowhere/liste", "/nowhere/pieces/territoire/nothing"])
def test_a_stranger_is_asked_who_she_is_whether_or_not_there_is_something(client: FlaskClient, path: str) -> None:
    answer = client.get(f"/dossiers{path}")
    assert answer.status_code == 302
    assert f"next=/dossiers{path}" in answer.location


def test_the_team_has_no_dossier_of_its_own(client: Visitor, make: Make) -> None:
    officer = make.officer()
    make.commit()
    assert client.sign_in(officer).get("/dossiers").status_code == 403


@pytest.mark.parametrize(
    "path", ["", "/reponses/partenaires", "/pieces/territoire", "/liste", "/retrait", "/engagements"]
)
@pytest.mark.parametrize("tail", ["", "/passages/demander_appellation", "/pieces/territoire/nothing"])
def test_the_dossier_of_another_structure_looks_like_one_that_does_not_exist(
    candidate: Made, path: str, tail: str
) -> None:
    someone, another = candidate(), candidate()
    other = someone.browser.get(another.url + (tail or path))
    nowhere = someone.browser.get("/dossiers/nowhere" + (tail or path))
    assert (other.status_code, nowhere.status_code) == (404, 404)
    assert masked(other.text).replace(another.url, "") == masked(nowhere.text).replace("/dossiers/nowhere", "")


@pytest.mark.parametrize(
    ("stage", "said"),
    [
        ("renseignement", "Votre demande est arrivée à l’Avise"),
        ("mise_en_place", "Votre projet prend forme"),
        ("experimentation", "Vous êtes membre du réseau, en expérimentation"),
        ("demande", "Votre demande d’appellation est déposée"),
        ("complet", "Votre dossier est complet"),
    ],
)
def test_the_title_says_where_the_dossier_stands(candidate: Made, stage: str, said: str) -> None:
    someone = candidate(stage)
    page = someone.browser.get(someone.url).text.replace("\u00a0", " ")
    assert f"<h1>{said}</h1>" in page.replace("\u2060", "")


@pytest.mark.parametrize(
    ("says", "first", "rest"),
    [
        (
            "Votre dossier est complet. Vous n’avez rien à faire.",
            "Votre dossier est complet",
            "Vous n’avez rien à faire.",
        ),
        ("You are a member: you run it.", "You are a member", "You run it."),
        ("Une phrase sans point", "Une phrase sans point", ""),
        ("Une seule phrase.", "Une seule phrase", ""),
    ],
)
def test_a_title_is_the_first_fact_of_what_a_stage_says(says: str, first: str, rest: str) -> None:
    assert fact(says) == (first, rest)


def test_nothing_to_do_is_a_page_too_with_who_acts_before_when(candidate: Made) -> None:
    page = candidate("renseignement").page()
    assert "Rien à faire" in page
    assert "C’est à l’Avise d’agir, avant le 17 novembre 2026 au plus tard (règle fixée pour ce comité)." in page
    assert re.search(r"Votre interlocutrice ou interlocuteur : Inès Baudry", page)


def test_a_delay_that_has_passed_is_said_without_detour(candidate: Made, clock: Clock) -> None:
    someone = candidate("renseignement")
    clock.forward(days=15)  # the seventeenth, until its last minute
    assert "Le délai annoncé" not in someone.page()
    clock.forward(days=1)
    assert "Le délai annoncé, le 17 novembre 2026, est passé : une réponse vous est due." in someone.page()


def test_what_is_missing_is_said_in_sentences_that_lead_where_it_is_given(candidate: Made) -> None:
    someone = candidate("experimentation")
    page = someone.browser.get(someone.url).text
    said = text_of(page)
    assert "Il manque 10 éléments pour « Demander l’appellation »" in said
    assert "Pièce à joindre : Bilan de l’expérimentation." in said
    assert f'href="{someone.url}/pieces/bilan_experimentation"' in page
    assert f'href="{someone.url}/passages/demander_appellation"' not in page


def test_when_nothing_is_missing_the_act_is_one_press_away(candidate: Made, make: Make) -> None:
    someone = candidate("experimentation")
    make.complete(someone.dossier, someone.person)
    make.commit()
    assert f'href="{someone.url}/passages/demander_appellation"' in someone.browser.get(someone.url).text


def test_who_only_contributes_reads_that_another_person_signs(candidate: Made, make: Make) -> None:
    someone = candidate("experimentation", role="contribution")
    make.complete(someone.dossier, someone.person)
    make.commit()
    page = someone.browser.get(someone.url).text
    assert f'href="{someone.url}/passages/demander_appellation"' not in page
    assert "seule la personne qui signe pour elle" in text_of(page)


def test_what_the_team_asks_to_complete_is_read_first(candidate: Made, make: Make, clock: Clock) -> None:
    someone = candidate("demande")
    officer = make.officer()
    asked = {"piece:deliberation": "Il manque la date."}
    by = make.actor(officer)
    ask_to_complete(make.db, someone.dossier.id, asked=asked, note="Le reste est là.", by=by, clock=clock)
    make.commit()
    page = someone.page()
    assert "Ce qui vous a été écrit" in page
    assert "Il manque la date." in page
    assert "Le reste est là." in page
    assert f"Par {officer.name}." in page


def test_a_note_that_the_structure_was_not_told_is_not_in_its_history(
    candidate: Made, make: Make, clock: Clock
) -> None:
    someone = candidate("experimentation")
    officer = make.actor(make.officer())
    pass_stage(make.db, someone.dossier.id, "mettre_en_pause", by=officer, clock=clock, note="Ils vont mal.")
    make.commit()
    page = someone.page()
    assert "En pause" in page
    assert "Ils vont mal" not in page


def test_the_life_of_a_dossier_is_told_from_its_history(candidate: Made) -> None:
    someone = candidate("complet")
    life = someone.page().partition("La vie du dossier")[2]
    stages = ["Dossier complet", "Demande d’appellation", "Expérimentation", "Mise en place du projet"]
    assert [life.index(stage) for stage in stages] == sorted(life.index(stage) for stage in stages)
    assert "Par Inès Baudry" in life


def test_a_ballot_changes_not_one_byte_of_what_the_candidate_reads(
    app: Flask, make: Make, clock: Clock, tmp_path: Path
) -> None:
    world = make.poll(electors=4)
    someone = of_world(app, make, world, tmp_path)
    paths = ["", "/retrait", "/reponses/partenaires", "/pieces/presentation", "/liste"]
    before = [masked(someone.browser.get(someone.url + path).text) for path in paths]
    for member, choice in zip(world.members, ("for", "against", "reserves"), strict=False):
        make.cast(world, member, choice)
    make.commit()
    assert [masked(someone.browser.get(someone.url + path).text) for path in paths] == before
    make.cast(world, world.members[3])
    make.commit()
    make.close(world)  # every voice has taken part: the early close tells nothing either
    make.commit()
    assert [masked(someone.browser.get(someone.url + path).text) for path in paths] == before


def test_an_examination_says_its_end_and_never_who_examines(
    app: Flask, make: Make, clock: Clock, tmp_path: Path
) -> None:
    world = make.poll(electors=3)
    someone = of_world(app, make, world, tmp_path)
    page = someone.page()
    assert "La fin de l’examen est prévue le 12 novembre 2026 à 10 h, heure de Paris." in page
    for hidden in (*(m.structure.name for m in world.members), "quorum", "participation", "voix", "favorable"):
        assert hidden not in page
    later = clock() + (world.poll.closes_at - clock()) * 2
    extend_poll(make.db, world.poll.id, closes_at=later, reason="Août.", by=make.actor(world.officer), clock=clock)
    make.commit()
    assert "prévue le 22 novembre 2026 à 10 h" in someone.page()


def test_an_end_is_said_in_the_hour_of_who_reads(app: Flask, make: Make, tmp_path: Path) -> None:
    world = make.poll(electors=3)
    world.candidate.zone = "America/Cayenne"
    someone = of_world(app, make, world, tmp_path)
    assert "6 h chez vous" in someone.page()


def decided(make: Make, clock: Clock, choice: str, promises: tuple[Promise, ...] = ()) -> World:
    world = make.poll(electors=3)
    for member in world.members:
        make.cast(world, member, choice)
    clock.forward(days=11)
    make.close(world)
    by = make.actor(world.officer)
    letter = "Voici pourquoi,\n\net ce qui suit."
    record_decision(make.db, world.dossier.id, letter=letter, promises=promises, by=by, clock=clock)
    return world


def test_a_letter_is_read_once_notified_and_not_before(app: Flask, make: Make, clock: Clock, tmp_path: Path) -> None:
    promise = Promise("Signer la convention", "la présidente", date(2027, 3, 3))
    world = decided(make, clock, "reserves", (promise,))
    someone = of_world(app, make, world, tmp_path)
    page = someone.page()
    assert "Voici pourquoi" not in page and "réserves" not in page and "convention" not in page
    arbiter = make.arbiter()
    notify_decision(make.db, world.dossier.id, by=make.actor(arbiter), clock=clock, sending=make.sending())
    make.commit()
    page = someone.page()
    assert "Voici pourquoi," in page
    assert "L’appellation est accordée, avec réserves" in page
    assert "Signer la convention" in page and "avant le 3 mars 2027" in page
    assert arbiter.name not in page


def test_a_no_is_said_as_the_network_says_it(app: Flask, make: Make, clock: Clock, tmp_path: Path) -> None:
    world = decided(make, clock, "against")
    by = make.actor(make.arbiter())
    notify_decision(make.db, world.dossier.id, by=by, clock=clock, sending=make.sending())
    page = of_world(app, make, world, tmp_path).page()
    assert "Vous êtes membre du réseau, en expérimentation" in page
    assert "Appellation non accordée à ce stade" in page
    assert "refus" not in page.lower()


def test_a_decision_in_preparation_reads_the_same_whoever_prepares_it(
    app: Flask, make: Make, clock: Clock, tmp_path: Path
) -> None:
    settled = of_world(app, make, decided(make, clock, "for"), tmp_path)
    world = make.poll(electors=4)
    for member, choice in zip(world.members, ("for", "for", "against", "against"), strict=True):
        make.cast(world, member, choice)
    clock.forward(days=11)
    make.close(world)
    arbiter = make.actor(make.arbiter())
    someone = of_world(app, make, world, tmp_path)
    before = someone.page()
    prepare_arbitration(
        make.db, world.dossier.id, outcome="deferred", reason="Partagé.", letter="Voici.", by=arbiter, clock=clock
    )
    make.commit()
    assert someone.page() == before
    assert "arbitr" not in before.lower()
    assert "arbitr" not in settled.page().lower()


def test_mon_dossier_is_eight_statements_however_much_it_holds(
    candidate: Made, make: Make, clock: Clock, database: Database, app: Flask, tmp_path: Path
) -> None:
    small = candidate("renseignement")
    large = of_world(app, make, decided(make, clock, "for"), tmp_path)
    counts = []
    for someone in (small, large):
        someone.page()  # the first page of a session writes its form token
        with counted(database) as sent:
            assert someone.browser.get(someone.url).status_code == 200
        counts.append(len(sent))
    assert counts == [8, 7]


@pytest.mark.parametrize(
    ("path", "exact"),
    [("/liste", 4), ("/reponses/partenaires", 6), ("/pieces/presentation", 5), ("/passages/demander_appellation", 5)],
)
def test_the_pages_of_a_dossier_send_few_statements(
    candidate: Made, make: Make, database: Database, path: str, exact: int
) -> None:
    someone = candidate("experimentation")
    someone.page()  # the first page of a session writes its form token
    counts = []
    for fill in (lambda: None, lambda: make.complete(someone.dossier, someone.person)):
        fill()
        make.commit()
        with counted(database) as sent:
            assert someone.browser.get(someone.url + path).status_code == 200
        counts.append(len(sent))
    assert counts == [exact, exact]


def test_the_page_is_in_english_for_who_reads_english(candidate: Made) -> None:
    someone = candidate("complet")
    someone.browser.get("/langue/en")
    assert "Your file is complete" in someone.page()


def test_who_follows_the_dossier_is_reached_by_phone_and_by_mail(candidate: Made, make: Make) -> None:
    someone = candidate("experimentation")
    officer = make.officer()
    officer.phone = "01 99 00 12 34"
    make.db.get_one(Dossier, someone.dossier.id).officer_id = officer.id
    make.commit()
    page = someone.browser.get(someone.url).text.replace("\u00a0", " ")
    assert 'href="tel:0199001234"' in page
    assert f'href="mailto:{officer.email}"' in page


def test_a_second_person_is_advice_until_the_request_waits_for_her(client: Visitor, make: Make) -> None:
    structure = make.structure()
    person = make.person("suppleance", structure=structure)
    dossier = make.dossier(structure, candidate=person)
    make.commit()
    page = client.sign_in(person).get(f"/dossiers/{dossier.id}").text
    assert "À deux, rien ne s’arrête" in page
    assert "Une deuxième personne de votre structure" in page and "Une personne qui peut engager" in page
    assert page.count(f'href="/compte/structures/{structure.id}"') == 3
    officer = make.officer()
    for name in ("juger_pertinente", "entrer_experimentation"):
        make.pass_stage(dossier, name, officer)
    make.commit()
    page = client.get(f"/dossiers/{dossier.id}").text
    assert "À deux, rien ne s’arrête" not in page
    assert page.count("Une deuxième personne de votre structure") == 1


def test_a_second_invitation_says_that_it_prejudges_nothing(
    app: Flask, make: Make, clock: Clock, tmp_path: Path
) -> None:
    world = make.poll(electors=4)
    someone = of_world(app, make, world, tmp_path)
    assert "La consultation se poursuit" not in someone.page()
    clock.forward(days=11)
    make.close(world)
    make.commit()
    page = someone.page()
    assert "La fin de l’examen était prévue le 12 novembre 2026 à 10 h, heure de Paris." in page
    assert "quorum" not in page
    at, officer = clock(), make.actor(world.officer)
    convene_poll(make.db, world.dossier.id, opens_at=at, closes_at=at + timedelta(days=10), by=officer, clock=clock)
    make.commit()
    page = someone.page()
    assert "La consultation se poursuit jusqu’au 23 novembre 2026 : cela ne préjuge en rien de l’avis." in page
    assert "quorum" not in page


def test_after_the_close_the_day_of_the_decision_is_said_and_nothing_of_the_opinions(
    app: Flask, make: Make, clock: Clock, tmp_path: Path
) -> None:
    own = r"20\d\d-\d+|\d+ \w+ 20\d\d|Les Ateliers nº \d+|Personne \d+|Inès Baudry \d+|personne\d+"
    pages = set()
    for choice in ("for", "against"):
        page = of_world(app, make, decided(make, clock, choice), tmp_path).page()
        assert "Le comité a rendu son avis. La décision de l’Avise vous parviendra avant le" in page
        pages.add(re.sub(own, "", page))
    assert len(pages) == 1
