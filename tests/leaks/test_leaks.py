"""The leak oracle: two worlds, one secret apart, look the same to whoever must not know it.

Every page that answers to GET, its headers, its number of statements, and every mail are compared, for every persona
who must not know. The worlds draw the same numbers; hashes, signatures, codes and references are masked.
"""

from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.database import Server
from tests.leaks.oracle import Seen, differences, mails, surfaces
from tests.leaks.twins import Secret, twin, voted
from tests.personas import STANDS_FOR

TEAM = {"officer", "arbiter", "instructing_arbiter"}
EVERYBODY = set(STANDS_FOR)
#: Whoever never knows how the vote went: neither during it nor once its decision is notified.
NEVER = {"anonymous", "nobody", "administrator", "signatory", "candidate", "contributor", "recused", "stranger"}
#: (the secret, the two worlds, whether the decision is notified, who must not know)
SECRETS: dict[str, tuple[Secret, Secret, bool, set[str]]] = {
    "what one voice chose, while the poll is open": (voted("for"), voted("against"), False, EVERYBODY),
    "whether one voice has taken part, while the poll is open": (voted("for"), voted(None), False, EVERYBODY - TEAM),
    "what one voice chose, once the decision is notified": (voted("for"), voted("against"), True, NEVER),
    "whether one voice took part, once the decision is notified": (voted("for"), voted(None), True, NEVER),
}


@dataclass(frozen=True)
class Look:
    """What each persona saw of one world: its pages, and the mails of everybody."""

    pages: dict[str, dict[str, Seen]]
    mails: dict[str, list[tuple[str, ...]]]
    addresses: set[str]


def look(server: Server, folder: Path, key: Path, act: Secret, *, ended: bool, who: set[str]) -> Look:
    with twin(server, folder, key, act, ended=ended) as found:
        people = (found.made.people[persona] for persona in who)
        addresses = {person.email for person in people if person is not None}
        return Look({persona: surfaces(found, persona) for persona in sorted(who)}, mails(found.app), addresses)


def leaks(one: Look, other: Look) -> list[str]:
    pages = [f"{who} {what}" for who, seen in one.pages.items() for what in differences(seen, other.pages[who])]
    told = [whom for whom in sorted(one.addresses) if one.mails.get(whom) != other.mails.get(whom)]
    return pages + [f"mail to {whom}" for whom in told]


@pytest.mark.parametrize("secret", SECRETS)
def test_a_secret_changes_nothing_for_whoever_must_not_know_it(
    secret: str, database_server: Server, tmp_path: Path, signing_key: Path
) -> None:
    *acts, ended, who = SECRETS[secret]
    one, other = (look(database_server, tmp_path, signing_key, act, ended=ended, who=who) for act in acts)
    assert {seen.status for pages in one.pages.values() for seen in pages.values() if seen.status >= 500} == set()
    assert leaks(one, other) == []


def test_the_oracle_sees_a_secret_where_it_is_known(database_server: Server, tmp_path: Path, signing_key: Path) -> None:
    """Who may know, sees: otherwise the oracle would be blind, and its silence would mean nothing."""
    for ended, who in ((False, "officer"), (True, "elector")):
        acts = (voted("for"), voted(None))
        one, other = (look(database_server, tmp_path, signing_key, act, ended=ended, who={who}) for act in acts)
        assert leaks(one, other) != []
