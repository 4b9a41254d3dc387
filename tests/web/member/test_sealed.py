"""While a poll is open, an opinion changes not one byte of a page that somebody else reads."""

from flask.testing import FlaskClient

from tests.conftest import Visitor
from tests.make import Make, World
from tests.web.member.forms import at, bare, visitor, vote


def read(browser: Visitor, addresses: list[str]) -> dict[str, tuple[int, str, dict[str, str]]]:
    """The status, the bytes and the headers of some pages."""
    answers = {address: browser.get(address) for address in addresses}
    return {
        address: (answer.status_code, bare(answer.text), {**answer.headers, "Set-Cookie": ""})
        for address, answer in answers.items()
    }


def pages_of(world: World) -> list[str]:
    structure = world.members[0].structure.id
    tails = ["", "/lien", "/lire", "/avis", "/resultat", f"/accuse/{structure}", f"/avis?pour={structure}"]
    return ["/comite", "/comite/passees", "/reseau", "/", *(at(world, tail) for tail in tails)]


def test_a_ballot_changes_no_page_of_another_elector_of_the_candidate_or_of_the_team(
    client: FlaskClient, make: Make
) -> None:
    world = make.poll(electors=4)
    make.commit()
    caster, *others = world.members
    watchers = [*(visitor(client, member.person) for member in others), visitor(client, world.candidate)]
    desk = visitor(client, world.officer)
    own = ["/dossiers", f"/dossiers/{world.dossier.id}"]
    team = ["/avise", "/avise/dossiers", f"/avise/dossiers/{world.dossier.id}", "/reseau"]
    before = [read(one, pages_of(world) + own) for one in watchers], read(desk, team)
    for choice in ("for", "against"):
        assert vote(visitor(client, caster.person), world, caster, choice).status_code == 303
        after = [read(one, pages_of(world) + own) for one in watchers], read(desk, team)
        assert after == before


def test_the_other_people_of_a_structure_see_that_it_has_spoken(client: FlaskClient, make: Make) -> None:
    """The mirror of the test above: the pages compared there do change for whom they should."""
    world = make.poll(electors=3)
    caster = world.members[0]
    colleague = make.person("suppleance", structure=caster.structure)
    make.commit()
    browser = visitor(client, colleague)
    before = read(browser, pages_of(world))
    vote(visitor(client, caster.person), world, caster)
    after = read(browser, pages_of(world))
    assert before["/comite"] != after["/comite"]
    assert before[at(world)] != after[at(world)]
