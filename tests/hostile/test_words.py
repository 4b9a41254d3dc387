"""Words stay words: a world whose every text is hostile draws the same pages and mails as one of plain words.

The same tags with the same attributes, page by page, for each persona: nothing that was typed became a tag, an
attribute or an address.
"""

from collections import Counter
from html.parser import HTMLParser
from itertools import cycle
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from sqlalchemy.orm import Session

from app.clock import Clock
from app.keys import Keys
from app.models import Collective, Person, Structure
from app.operations.polls.cast import Receipt
from tests.database import Server
from tests.hostile.values import FORMATS, SCRIPTS
from tests.leaks.oracle import mails, surfaces
from tests.leaks.twins import Twin, twin, voted
from tests.make import Make, Member, World
from tests.personas import STANDS_FOR

PLAIN = ("Un mot simple",)
FOLLOWED = {"href", "src", "action", "formaction", "content"}


class Speaker(Make):
    """Makes the same world with words of its own: names, answers, reasons, letters."""

    words = PLAIN

    def __init__(self, db: Session, clock: Clock, keys: Keys) -> None:
        super().__init__(db, clock, keys)
        self.said = cycle(self.words)

    def structure(self, name: str | None = None, *, collective: Collective | None = None) -> Structure:
        return super().structure(f"{next(self.said)} {next(self.numbers)}", collective=collective)

    def person(self, role: str = "titulaire", *, structure: Structure | None = None, name: str | None = None) -> Person:
        return super().person(role, structure=structure, name=next(self.said)[:120])

    def cast(
        self,
        world: World,
        member: Member,
        choice: str = "for",
        *,
        replaces: int = 0,
        once: str | None = None,
        reasons: str = "",
        by: Person | None = None,
    ) -> Receipt:
        return super().cast(world, member, choice, replaces=replaces, once=once, reasons=next(self.said), by=by)


class Hostile(Speaker):
    words = (*SCRIPTS, *FORMATS)


class Skeleton(HTMLParser):
    """The tags of a page with the names of their attributes, and every address that it leads to."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: Counter[tuple[str, ...]] = Counter()
        self.addresses: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[(tag, *sorted(name for name, _ in attrs))] += 1
        self.addresses += [value or "" for name, value in attrs if name in FOLLOWED]


def drawn(twin: Twin) -> dict[str, Skeleton]:
    """Every page that each persona sees, and every mail that anybody received."""
    pages = {
        f"{persona} {where}": Skeleton(seen.body)
        for persona in STANDS_FOR
        for where, seen in surfaces(twin, persona).items()
        if seen.status == 200
    }
    received = mails(twin.app).items()
    return pages | {f"mail to {whom}": Skeleton("".join(letter[2] for letter in told)) for whom, told in received}


@pytest.mark.parametrize("ended", [False, True], ids=["while the poll is open", "once its decision is notified"])
def test_hostile_words_draw_the_same_pages_as_plain_ones(
    ended: bool, database_server: Server, tmp_path: Path, signing_key: Path
) -> None:
    found = []
    for maker in (Speaker, Hostile):
        with twin(database_server, tmp_path, signing_key, voted("for"), ended=ended, maker=maker) as made:
            found.append(drawn(made))
    plain, hostile = found
    assert plain.keys() == hostile.keys()
    assert [where for where in plain if plain[where].tags != hostile[where].tags] == []
    assert [(where, one) for where, page in hostile.items() for one in page.addresses if leaves(one)] == []


def leaves(address: str) -> bool:
    """Whether an address runs something, or leads where somebody's words say."""
    parts = urlsplit(address)
    return parts.scheme not in {"", "http", "https", "mailto", "tel"} or parts.netloc == "e.example"
