"""Filling in the pages of a vote as a browser does."""

import re
from html.parser import HTMLParser

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.models import Mandate, Person, Structure
from app.operations.polls.decide import notify_decision, record_decision
from app.operations.polls.deciding import Promise
from app.operations.polls.link import declare_link
from app.operations.polls.open import open_poll
from tests.conftest import Visitor
from tests.make import Make, Member, World

#: What changes at each reading and says nothing: the key of a form, the token against forgeries, a page's reference.
NONCES = re.compile(
    r'[a-z-]*token="[^"]*"|name="(?:once|csrf_token)"[^>]*value="[^"]*"|value="[^"]*"[^>]*name="once"|class="ref">[^<]*<'
)


class Fields(HTMLParser):
    """The hidden fields of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: dict[str, str] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag == "input" and said.get("type") == "hidden" and said.get("name") != "csrf_token":
            self.found[str(said["name"])] = said.get("value") or ""


def hidden(answer: TestResponse) -> dict[str, str]:
    """What a page's forms carry without showing it."""
    return Fields(answer.text).found


def plain(answer: TestResponse) -> str:
    """A page with ordinary spaces."""
    return answer.text.replace("\u00a0", " ").replace("\u202f", " ")


def bare(page: str) -> str:
    """A page without what changes at each reading."""
    return NONCES.sub("", page)


def at(world: World, page: str = "") -> str:
    """The address of a page of a poll."""
    return f"/comite/consultations/{world.poll.id}{page}"


def visitor(client: FlaskClient, person: Person) -> Visitor:
    """A browser of her own, signed in."""
    made: Visitor = client.application.test_client()  # type: ignore[assignment]  # the class that the fixture sets
    return made.sign_in(person)


def choose(
    browser: FlaskClient,
    world: World,
    structure: Structure,
    choice: str = "for",
    reasons: str = "Le savoir-faire est là.",
) -> TestResponse:
    """Open the ballot of a structure, fill it in, and come to the page that shows it again."""
    ballot = browser.get(at(world, f"/avis?pour={structure.id}"))
    return browser.post(at(world, "/avis/confirmer"), data={**hidden(ballot), "choice": choice, "reasons": reasons})


def record(browser: FlaskClient, world: World, confirm: TestResponse) -> TestResponse:
    """Press the button of the page that shows the opinion again."""
    return browser.post(at(world, "/avis"), data=hidden(confirm))


def vote(browser: FlaskClient, world: World, member: Member, choice: str = "for") -> TestResponse:
    """The whole path, from the ballot to what answers the last button."""
    return record(browser, world, choose(browser, world, member.structure, choice))


def mandate(make: Make, person: Person, structure_id: str, role: str = "titulaire") -> None:
    """Entitle a person to act for one more structure."""
    make.db.add(Mandate(person_id=person.id, structure_id=structure_id, role=role, since=make.clock()))
    make.db.flush()


def link(make: Make, world: World, member: Member, kind: str) -> None:
    """Declare a link, as the structure's own titulaire does."""
    by = make.actor(member.person)
    declare_link(make.db, world.poll.id, member.structure.id, kind, words="", by=by, clock=make.clock)


def open_now(make: Make, world: World) -> None:
    """Open a convened poll."""
    open_poll(make.db, world.poll.id, clock=make.clock, by=make.actor(world.officer))


def candidate_of(make: Make, world: World) -> Structure:
    """The structure whose dossier it is."""
    return make.db.get_one(Structure, world.dossier.structure_id)


def notify(make: Make, world: World, *promises: Promise) -> None:
    """Close a poll that is over, record its decision and notify it."""
    make.close(world)
    letter = "Madame, Monsieur, voici la décision."
    officer, arbiter = make.actor(world.officer), make.actor(make.arbiter())
    record_decision(make.db, world.dossier.id, letter=letter, promises=promises, by=officer, clock=make.clock)
    notify_decision(make.db, world.dossier.id, by=arbiter, clock=make.clock, sending=make.sending())
