"""The fictional persons one may sign in as, in the demonstration alone: a few to begin with, then everybody."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import current_app
from flask_babel import lazy_gettext as _l

from app import db
from app.demo.fictional import invitations, situations
from app.queries.access import Role, fictional_roles
from app.web.doors import now
from workflows.label import Text

#: The folded groups, in their order; a structure that is nothing yet in the network is on its first steps.
AUDIENCES: Mapping[str, Any] = {
    "team": _l("L’équipe de l’Avise"),
    "holder": _l("Les structures avec l’appellation, qui donnent leur avis"),
    "experimenting": _l("Les structures en expérimentation, qui demandent l’appellation"),
    "other": _l("Les structures à leurs premiers pas, en pause ou sans appellation"),
}


@dataclass
class Someone:
    """A fictional person: every part she plays, and what there is to try as her."""

    person_id: str
    name: str
    email: str
    parts: list[Role]

    @property
    def situation(self) -> Text | None:
        return situations().get(self.email)

    @property
    def invitation(self) -> Text | None:
        return invitations().get(self.email)


@dataclass(frozen=True)
class Offered:
    """Who may be tried: the invitations on top, then each audience with its persons."""

    first: list[Someone]
    groups: list[tuple[Any, list[Someone]]]


def offered() -> Offered | None:
    """Everybody one may be; nobody outside the demonstration."""
    if not current_app.config["SETTINGS"].demo:
        return None
    with db.short_transaction(writes=False) as own:
        parts = fictional_roles(own, now())
    people: dict[str, Someone] = {}
    for part in parts:
        one = people.setdefault(part.person_id, Someone(part.person_id, part.name, part.email, []))
        one.parts.append(part)
    order = list(invitations())
    first = sorted((one for one in people.values() if one.invitation), key=lambda one: order.index(one.email))
    groups = [(said, [one for one in people.values() if audience(one) == key]) for key, said in AUDIENCES.items()]
    return Offered(first, [(said, members) for said, members in groups if members])


def audience(one: Someone) -> str:
    """Where a person is looked for: in the team, or by what her first structure is in the network."""
    part = one.parts[0]
    if part.structure is None:
        return "team"
    return part.status if part.status in AUDIENCES else "other"
