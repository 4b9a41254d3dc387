"""Every route × method × persona, against `access.toml`; and every cell of the policy table, flipped, is missed.

A route that is not in the file fails. `python -m pytest tests/test_access.py --write-access` writes what is observed,
to be read and reviewed line by line before it is kept.
"""

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from app import db, policies
from app.actor import Actor
from app.policies import Act, Relation, Thing
from tests.conftest import Visitor
from tests.make import Make
from tests.personas import STANDS_FOR, Cast, cast, cast_after_the_end

FILE = Path(__file__).with_name("access.toml")
EXAMPLES: dict[str, dict[str, str]] = {
    "static": {"filename": "css/base.css"},
    "public.choose_language": {"code": "en"},
    "public.label": {"slug": "fabrique-a-initiatives"},
    "candidate.write_joint": {"criterion": "apport_reseau"},
    "candidate.file_joint": {"key": "opportunite_territoire"},
    "candidate.download_joint": {"key": "opportunite_territoire"},
}
VALUES = {
    "key": "deliberation",
    "criterion": "utilite_structure",
    "name": "retirer_demande",
    "strand": "coordination",
    "code": "en",
    "expires": "1",
    "token": "0" * 64,
    "link_id": "none",
    "session_id": "0" * 64,
    "mandate_id": "none",
    "mail_id": "none",
    "form_id": "none",
    "filename": "css/base.css",
}


def routes(app: Flask) -> Iterator[tuple[Rule, str]]:
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: (rule.endpoint, rule.rule)):
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield rule, method


def line(rule: Rule, method: str) -> str:
    return f"{method} {rule.rule}"


def address(app: Flask, rule: Rule, made: Cast, persona: str) -> str:
    """The address of a route in the world, every part filled; a voice is the persona's own if she has one."""
    example = EXAMPLES.get(rule.endpoint, {})
    if rule.endpoint.startswith("member.") and persona in made.voices:
        example = {**example, "structure_id": made.voices[persona]}
    if rule.endpoint.startswith("account.") and persona in made.homes:
        example = {**example, "structure_id": made.homes[persona]}
    parts: dict[str, Any] = {
        part: example.get(part) or made.values.get(part) or VALUES[part] for part in rule.arguments
    }
    with app.test_request_context():
        return app.url_map.bind("localhost").build(rule.endpoint, parts, method=next(iter(rule.methods or {"GET"})))


class Rehearsal(Session):
    """A session whose commits are undone: the world stays as it was for the next persona."""

    def commit(self) -> None:
        self.rollback()


class Walk:
    """Asks the application as each persona."""

    def __init__(self, app: Flask, made: Cast) -> None:
        self.app, self.made = app, made
        self.cookies: dict[str, str] = {}

    def client(self, persona: str) -> FlaskClient:
        """A new browser with the cookie of this persona, who signed in once: no act of hers outlives its request."""
        visitor = self.app.test_client()
        person = self.made.people[persona]
        if person is None:
            return visitor
        name = self.app.config["SESSION_COOKIE_NAME"]
        if persona not in self.cookies and isinstance(visitor, Visitor):
            cookie = visitor.sign_in(person).get_cookie(name)
            assert cookie is not None
            self.cookies[persona] = cookie.value
        visitor.set_cookie(name, self.cookies[persona])
        return visitor

    def ask(self, rule: Rule, method: str, persona: str) -> int:
        client = self.client(persona)
        where = address(self.app, rule, self.made, persona)
        data = {"structure": self.made.voices.get(persona, "")} if method == "POST" else None
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(db, "Session", Rehearsal)
            return client.open(where, method=method, data=data, buffered=True).status_code

    def all(self) -> dict[str, dict[str, int]]:
        return {
            line(rule, method): {persona: self.ask(rule, method, persona) for persona in STANDS_FOR}
            for rule, method in routes(self.app)
        }


@pytest.fixture
def walks(app: Flask, make: Make) -> dict[str, Walk]:
    """The walk while a poll is open, and once its decision is notified."""
    app.config["PROPAGATE_EXCEPTIONS"] = False
    worlds = {"notified": cast_after_the_end(make), "open": cast(make)}
    return {name: Walk(app, made) for name, made in worlds.items()}


def written() -> dict[str, dict[str, dict[str, int]]]:
    """The file, as (world → route → persona → status)."""
    table = tomllib.loads(FILE.read_text()) if FILE.exists() else {}
    return {
        world: {
            route: {persona: int(status) for status, people in said.items() for persona in people.split()}
            for route, said in some.items()
        }
        for world, some in table.items()
    }


def as_toml(found: dict[str, dict[str, dict[str, int]]]) -> str:
    lines = ["# Who gets what, route by route: each status, and the personas of tests/personas.py that receive it."]
    for world, table in found.items():
        for route, said in table.items():
            by_status: dict[int, list[str]] = defaultdict(list)
            for persona, status in said.items():
                by_status[status].append(persona)
            lines.append(f'\n[{world}."{route}"]')
            lines += [f'{status} = "{" ".join(people)}"' for status, people in sorted(by_status.items())]
    return "\n".join(lines) + "\n"


def test_every_route_answers_each_persona_as_written(walks: dict[str, Walk], request: pytest.FixtureRequest) -> None:
    found = {world: walk.all() for world, walk in walks.items()}
    if request.config.getoption("--write-access"):
        FILE.write_text(as_toml(found))
    assert found == written()


def test_no_route_ever_fails() -> None:
    broken = {
        route
        for table in written().values()
        for route, said in table.items()
        if any(status >= 500 for status in said.values())
    }
    assert broken == set()


class Asked:
    """Which rows of the policy table each route reads, and as what each persona was known when it did."""

    def __init__(self, walk: Walk) -> None:
        self.routes: dict[Act, set[int]] = defaultdict(set)
        self.known: dict[Act, set[tuple[str, Relation]]] = defaultdict(set)
        for rank, (rule, method) in enumerate(routes(walk.app)):
            for persona in STANDS_FOR:
                self.listen(walk, rank, rule, method, persona)

    def listen(self, walk: Walk, rank: int, rule: Rule, method: str, persona: str) -> None:
        """Ask once, remembering each row that was read and what the persona was to the thing."""
        relations, last = policies.relations, list[Act]()

        class Watched(dict[Act, frozenset[Relation]]):
            def __getitem__(self, act: Act) -> frozenset[Relation]:
                last.append(act)
                return super().__getitem__(act)

        def heard(me: Actor, thing: Thing = None) -> frozenset[Relation]:
            found = relations(me, thing)
            if last:  # a transition of a label reads no row of the table
                act = last.pop()
                self.routes[act].add(rank)
                self.known[act] |= {(persona, relation) for relation in found}
            return found

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(policies, "TABLE", Watched(policies.TABLE))
            patch.setattr(policies, "relations", heard)
            walk.ask(rule, method, persona)


def test_a_flipped_cell_of_the_policy_table_is_missed(walks: dict[str, Walk]) -> None:
    """Each cell that a route can meet is flipped, for the persona who is that and little else.

    Who has not signed in is turned to the way in before any row is read: her cells are those of ANYONE alone.
    """
    asked = {world: Asked(walk) for world, walk in walks.items()}
    unseen = []
    for act, allowed in policies.TABLE.items():
        if act in HELD_BESIDE:
            continue
        met = {known for one in asked.values() for known in one.known[act]}
        unseen += [f"{act} × {relation}: nobody meets it" for relation in unmet(act, allowed, met)]
        for persona, relation in ((persona, one) for persona, some in STANDS_FOR.items() for one in some):
            behind_the_door = persona == "anonymous" and Relation.ANYONE not in allowed
            hidden = covered(act, persona, relation) or behind_the_door or (act, relation) in HARMLESS
            if (persona, relation) not in met or hidden:
                continue
            if not any(missed(walks[world], world, one, act, persona, relation) for world, one in asked.items()):
                unseen.append(f"{act} × {relation}")
    assert not unseen, "\n".join(unseen)


def unmet(act: Act, allowed: frozenset[Relation], met: set[tuple[str, Relation]]) -> list[Relation]:
    """The relations that a row allows and that nobody is where it is read."""
    return sorted(one for one in allowed - {relation for _, relation in met} if (act, one) not in UNMET)


def missed(walk: Walk, world: str, asked: Asked, act: Act, persona: str, relation: Relation) -> bool:
    """Whether a route that reads the row answers otherwise once the cell is flipped."""
    every, expected = list(routes(walk.app)), written()[world]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(policies, "TABLE", {**policies.TABLE, act: policies.TABLE[act] ^ {relation}})
        return any(
            walk.ask(rule, method, persona) != expected[line(rule, method)][persona]
            for rule, method in (every[rank] for rank in sorted(asked.routes[act]))
        )


#: Cells that would open nothing. A receipt is looked up among one's own voices: a structure without one finds none.
#: Whoever only administers does not come to the desk.
HARMLESS = {(Act.SEE_RECEIPT, Relation.STRUCTURE), (Act.END_APPELLATION, Relation.ADMINISTRATOR)}

#: A voice that has said nothing has cast nothing: its receipt can only be a colleague's, which has its own test.
UNMET = {(Act.SEE_RECEIPT, Relation.CALLED)}

#: Acts of another stage than this world's, and acts that change what a page says rather than its status: each is held
#: by the tests of its own pages.
HELD_BESIDE = {
    Act.WRITE_AGREEMENT: "tests/web/test_agreements.py",
    Act.CONFIRM_AGREEMENT: "tests/web/test_agreements.py",
    Act.SEE_EXCHANGES: "tests/web/test_exchanges.py",
    Act.NOTE_EXCHANGE: "tests/web/test_exchanges.py",
    Act.GIVE_MANDATE: "tests/web/account/test_colleagues.py",
}

#: What a persona is besides what she stands for: her other relations may hide a cell taken away, never one added.
ALSO: dict[str, set[Relation]] = {
    persona: ({Relation.ANYONE} if persona != "anonymous" else set())
    | ({Relation.SIGNED_IN} if persona not in {"anonymous", "nobody"} else set())
    for persona in STANDS_FOR
}
for _persona in (
    "signatory",
    "candidate",
    "contributor",
    "co_author",
    "called",
    "elector",
    "ended",
    "recused",
    "attached",
):
    ALSO[_persona] |= {Relation.STRUCTURE}
ALSO["signatory"] |= {Relation.CANDIDATE}
ALSO["attached"] |= {Relation.CONTRIBUTOR}


def covered(act: Act, persona: str, relation: Relation) -> bool:
    """Whether another relation of the persona gives the same answer with and without this cell."""
    return bool(policies.TABLE[act] & (ALSO[persona] - {relation}))


def test_what_is_invisible_looks_like_what_does_not_exist(walks: dict[str, Walk]) -> None:
    """The same body for a dossier one may not see and for one that is not there, but for the reference number."""
    walk = walks["open"]
    client = walk.app.test_client()
    assert isinstance(client, Visitor)
    stranger = walk.made.people["stranger"]
    assert stranger is not None
    client.sign_in(stranger)
    for where in ("/dossiers/{}", "/comite/consultations/{}", "/avise/dossiers/{}"):
        identifier = walk.made.values["poll_id" if "comite" in where else "dossier_id"]
        hidden, missing = client.get(where.format(identifier)), client.get(where.format("A" * 22))
        assert hidden.status_code == missing.status_code
        assert masked(hidden.text, identifier) == masked(missing.text, "A" * 22)


def masked(body: str, identifier: str) -> str:
    return re.sub(r"[2-9A-Z]{4}-[2-9A-Z]{4}", "REFERENCE", body).replace(identifier, "ID")
