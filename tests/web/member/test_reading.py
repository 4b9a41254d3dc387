"""Reading the file: the four conditions, the pieces, and nothing written since the committee was called."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from app.models import Answer, NetworkStatus, Piece
from app.models.base import new_id
from app.operations.polls.window import withdraw_request
from tests.conftest import Clock
from tests.make import Make, World
from tests.operations.seen import convene
from tests.web.member.forms import at, candidate_of, plain, visitor


@pytest.fixture
def world(make: Make) -> World:
    made = make.poll(electors=3)
    make.commit()
    return made


def test_the_file_is_read_in_the_conditions_of_the_label(client: FlaskClient, make: Make, world: World) -> None:
    page = plain(visitor(client, world.members[0].person).get(at(world, "/lire")))
    conditions = [
        "L’utilité pour votre structure",
        "L’utilité pour le territoire",
        "Une diversité de partenaires durablement investis",
        "Un savoir-faire métier bien ancré",
    ]
    places = [page.index(f">{name}</h2>") for name in conditions]
    assert places == sorted(places)
    assert "Sept besoins étudiés avec les habitants" in page
    assert "Drôme" in page


def test_pieces_show_their_size_and_those_to_read_first_come_first(
    client: FlaskClient, make: Make, world: World
) -> None:
    sizes = {"presentation": 4_200_000, "deliberation": 310_000}
    for key, size in sizes.items():
        make.db.execute(update(Piece).where(Piece.requirement == key).values(size=size))
    make.commit()
    page = plain(visitor(client, world.members[0].person).get(at(world, "/lire")))
    listed = page.split('id="pieces"')[1]
    assert "PDF, 4,2 Mo" in listed
    assert "PDF, 310 ko" in listed
    assert listed.index("Présentation de la structure") < listed.index("Délibération du conseil")
    assert f"{at(world)}/pieces/" in listed


def test_the_experimentation_is_dated_to_the_month(client: FlaskClient, make: Make, world: World) -> None:
    mine = NetworkStatus.structure_id == candidate_of(make, world).id
    make.db.execute(update(NetworkStatus).where(mine).values(since="2023-09"))
    make.commit()
    assert "En expérimentation depuis septembre 2023" in plain(
        visitor(client, world.members[0].person).get(at(world, "/lire"))
    )


def test_what_is_written_after_the_committee_was_called_is_not_shown(
    client: FlaskClient, make: Make, world: World
) -> None:
    later = make.clock() + timedelta(hours=1)
    make.db.execute(
        update(Answer).where(Answer.criterion == "savoir_faire").values(text="Un brouillon récrit.", written_at=later)
    )
    first = make.db.execute(select(Piece).where(Piece.requirement == "presentation")).scalar_one()
    newer = Piece(
        dossier_id=first.dossier_id,
        requirement="presentation",
        version=2,
        name="p2.pdf",
        type="pdf",
        size=2_000_000,
        digest="1" * 64,
        stored_as=new_id(),
        filed_at=later,
        filed_by=first.filed_by,
    )
    make.db.add(newer)
    make.commit()
    page = plain(visitor(client, world.members[0].person).get(at(world, "/lire")))
    assert "Un brouillon récrit." not in page
    assert "a été récrite depuis" in page
    assert newer.id not in page
    assert first.id in page


def test_a_withdrawn_request_is_read_no_more(client: FlaskClient, make: Make, world: World) -> None:
    by = make.actor(world.candidate)
    withdraw_request(make.db, world.dossier.id, by=by, clock=make.clock)
    make.commit()
    browser = visitor(client, world.members[0].person)
    assert browser.get(at(world, "/lire")).status_code == 409
    assert "la demande a été retirée" in plain(browser.get(at(world)))


def test_the_candidate_and_strangers_read_nothing_there(client: FlaskClient, make: Make, world: World) -> None:
    stranger = make.holder()
    make.commit()
    for person in (world.candidate, stranger.person):
        browser = visitor(client, person)
        for address in ("", "/lire", "/lien", "/avis", "/resultat", f"/accuse/{world.members[0].structure.id}"):
            assert browser.get(at(world, address)).status_code == 404, address


def test_a_piece_is_served_by_the_one_door_to_those_who_read_alone(
    client: FlaskClient, make: Make, world: World
) -> None:
    piece = make.db.execute(select(Piece.id).limit(1)).scalar_one()
    make.commit()
    assert visitor(client, world.candidate).get(at(world, f"/pieces/{piece}")).status_code == 404
    assert visitor(client, world.officer).get(at(world, f"/pieces/{piece}")).status_code == 403
    assert visitor(client, world.members[0].person).get(at(world, "/pieces/inconnue")).status_code == 404


def test_each_condition_has_its_limit_and_the_piece_to_read_first(
    client: FlaskClient, make: Make, world: World
) -> None:
    make.db.execute(update(Piece).where(Piece.requirement == "engagements_partenaires").values(size=4_200_000))
    make.commit()
    page = plain(visitor(client, world.members[0].person).get(at(world, "/lire")))
    condition = page.split('aria-labelledby="partenaires"')[1].split("</section>")[0]
    assert "9 mots sur 150" in condition
    assert "Pièce à lire d’abord :" in condition
    assert "Lettres d’engagement de partenaires</a> (PDF, 4,2 Mo)" in condition
    assert "Environ 1 minute pour les réponses. 3 pièces à lire d’abord : 4,2 Mo." in page


def test_a_reader_comes_back_where_she_stopped_and_nobody_else_does(
    client: FlaskClient, make: Make, world: World
) -> None:
    browser, other = (visitor(client, member.person) for member in world.members[:2])
    assert "Reprendre où vous étiez" not in plain(browser.get(at(world, "/lire")))
    for place in ("utilite_structure", "partenaires"):
        answer = browser.post(at(world, "/lire"), data={"repere": place})
        assert (answer.status_code, answer.location) == (303, "/comite")
    page = plain(browser.get(at(world, "/lire")))
    assert '<a href="#partenaires">Reprendre où vous étiez' in page
    assert "Reprendre où vous étiez" not in plain(other.get(at(world, "/lire")))


@pytest.mark.parametrize("place", ["", "inconnue", "../..", "<script>", "x" * 5000])
def test_a_place_that_is_not_in_the_file_is_kept_nowhere(client: FlaskClient, world: World, place: str) -> None:
    browser = visitor(client, world.members[0].person)
    assert browser.post(at(world, "/lire"), data={"repere": place}).status_code == 404
    assert "Reprendre où vous étiez" not in plain(browser.get(at(world, "/lire")))


def test_a_second_invitation_says_what_changed_since_the_first(client: FlaskClient, make: Make, clock: Clock) -> None:
    world = make.poll(electors=3)
    make.commit()
    first = plain(visitor(client, world.members[0].person).get(at(world, "/lire")))
    assert "Ce qui a changé" not in first
    clock.forward(days=11)
    make.close(world)
    later = clock.forward(hours=1)
    make.db.execute(
        update(Answer)
        .where(Answer.criterion == "savoir_faire")
        .values(text="Deux personnes formées.", written_at=later)
    )
    clock.forward(hours=1)
    convene(make, world)
    for member in world.members:
        make.no_link(world, member)
    make.commit()
    page = plain(visitor(client, world.members[0].person).get(at(world, "/lire")))
    changed = page.split('aria-labelledby="since"')[1].split("</section>")[0]
    assert "Depuis l’invitation" in changed
    assert "2 novembre 2026" in changed
    assert "Un savoir-faire métier bien ancré" in changed
    assert "L’utilité pour votre structure" not in changed
    assert "Deux personnes formées." in page
