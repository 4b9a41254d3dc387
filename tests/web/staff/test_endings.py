"""Ending an appellation: three tones, what follows shown first, two steps."""

import pytest
from sqlalchemy import select

from app.models import Message, NetworkStatus
from tests.conftest import counted
from tests.make import Make, World
from tests.web.staff.conftest import Desk, Team

SAID = {"ending": "given_up", "stays": "member", "reason": "Merci de ces neuf années."}


@pytest.fixture
def world(make: Make) -> World:
    return make.poll(electors=4)


def path(world: World, place: int = 0) -> str:
    return f"/avise/structures/{world.members[place].structure.id}/fin"


def seen(desk: Desk, where: str, said: dict[str, str]) -> str:
    """The mark of what was shown before it is confirmed."""
    page = desk.browser.post(where, data=said)
    assert page.status_code == 200, page.text
    before = page.text[: page.text.index('name="seen"')]
    after = page.text[len(before) :]
    return after.split('value="')[1].split('"')[0]


def status(desk: Desk, world: World) -> str:
    found: NetworkStatus = desk.one(
        select(NetworkStatus).where(
            NetworkStatus.structure_id == world.members[0].structure.id, NetworkStatus.until.is_(None)
        )
    )
    return found.status


def test_what_follows_is_read_before_it_happens(team: Team, make: Make, world: World) -> None:
    make.cast(world, world.members[1])
    desk = team.arbiter()
    page = desk.get(path(world))
    assert "Une consultation en cours où elle a une voix" in page
    assert "Elle n’a pas donné d’avis : sa voix quitte la base" in page
    assert "Son avis est donné : il reste, signalé." in desk.get(path(world, 1))
    mark = seen(desk, path(world), SAID)
    assert status(desk, world) == "holder"
    desk.post(path(world), **SAID, seen=mark)
    assert status(desk, world) == "member"
    told = desk.all(select(Message.person_id).where(Message.notice == "appellation_ended"))
    assert told == [world.members[0].person.id]
    desk.get(path(world), 404)


def test_what_is_confirmed_is_what_was_shown(team: Team, world: World) -> None:
    desk = team.arbiter()
    mark = seen(desk, path(world), SAID)
    other = {**SAID, "stays": "left"}
    assert desk.browser.post(path(world), data={**other, "seen": mark}).status_code == 200
    assert status(desk, world) == "holder"
    desk.post(path(world), **other, seen=seen(desk, path(world), other))
    assert status(desk, world) == "left"


@pytest.mark.parametrize("ending", ["given_up", "expired", "withdrawn"])
def test_each_end_has_its_tone(team: Team, world: World, ending: str) -> None:
    desk = team.arbiter()
    page = desk.browser.post(path(world), data={**SAID, "ending": ending}).text
    tone = {
        "given_up": "l’en remercie",
        "expired": "Rien ne lui est reproché",
        "withdrawn": "La structure a été entendue",
    }
    assert tone[ending] in page


def test_hostile_values_are_refused_at_their_field(team: Team, world: World) -> None:
    desk = team.arbiter()
    for changed in ({"ending": "erased"}, {"stays": "2"}, {"reason": " "}, {"reason": "x" * 5001}, {"seen": "x" * 101}):
        desk.post(path(world), 422, **{**SAID, **changed})
    assert status(desk, world) == "holder"


def test_only_arbiters_end_an_appellation(team: Team, make: Make, world: World) -> None:
    team.of(world).get(path(world), 403)
    team.of(world).post(path(world), 403, **SAID)
    team.administrator().get(path(world), 403)
    desk = team.arbiter()
    desk.get("/avise/structures/nothing/fin", 404)
    desk.get(f"/avise/structures/{world.dossier.structure_id}/fin", 404)


def test_the_page_costs_a_few_statements(team: Team, world: World) -> None:
    desk = team.arbiter()
    with counted(team.app.extensions["database"]) as statements:
        desk.get(path(world))
    assert len(statements) <= 8
