"""The vote as a screen reader and a keyboard meet it: names, landmarks, headings, and the whole way without a mouse."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page

from tests.browser.site import Site
from tests.browser.visitors import Visitors, title

pytestmark = pytest.mark.xdist_group("browser")

#: Who votes, and on what: a person of the demonstration whose structure has not declared its links yet.
VOTER, STRUCTURE, CANDIDATE = "Hervé Lacombe", "L’Établi du Haut-Morvy", "La Passerelle du Val-d’Orsanne"
FIELDS = {"textbox", "radio", "checkbox", "combobox", "searchbox", "spinbutton"}
MOST_TABS = 120


@dataclass(frozen=True)
class Node:
    """One thing that is read out: its role, its name, and for a link where it leads, for a heading its level."""

    role: str
    name: str
    url: str
    level: int


def heard(page: Page) -> list[Node]:
    """Everything a screen reader is told of a page, in order."""
    nodes = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    return [node(one) for one in nodes if not one.get("ignored")]


def node(one: dict[str, Any]) -> Node:
    said = {each["name"]: each["value"].get("value", "") for each in one.get("properties", [])}
    name = " ".join(str(one.get("name", {}).get("value", "")).split())
    return Node(str(one.get("role", {}).get("value", "")), name, str(said.get("url", "")), int(said.get("level") or 0))


def faults_of(page: Page) -> list[str]:
    """What would leave somebody who listens without knowing where she is or what a control does."""
    tree = heard(page)
    by_role: dict[str, list[Node]] = defaultdict(list)
    for one in tree:
        by_role[one.role].append(one)
    return [*of_places(by_role), *of_headings(by_role["heading"]), *of_controls(by_role)]


def of_places(by_role: dict[str, list[Node]]) -> Iterator[str]:
    for role in ("banner", "main", "contentinfo"):
        if len(by_role[role]) != 1:
            yield f"{len(by_role[role])} {role}"
    names = [one.name for one in by_role["navigation"]]
    if not all(names) or len(set(names)) != len(names):
        yield f"navigations are named {names}"
    if "Principale" not in names:
        yield "no main navigation"


def of_headings(headings: list[Node]) -> Iterator[str]:
    first = [one.name for one in headings if one.level == 1]
    if len(first) != 1 or not first[0]:
        yield f"first headings: {first}"
    yield from (f"a heading of level {one.level} says nothing" for one in headings if not one.name)
    for before, after in pairwise(headings):
        if after.level > before.level + 1:
            yield f"from level {before.level} to level {after.level} at « {after.name} »"


def of_controls(by_role: dict[str, list[Node]]) -> Iterator[str]:
    for role in ("link", "button", *FIELDS, "radiogroup", "table"):
        yield from (f"a {role} has no name" for one in by_role[role] if not one.name)
    leads: dict[str, set[str]] = defaultdict(set)
    for one in by_role["link"]:
        leads[one.name].add(one.url)
    yield from (f"« {name} » leads to {sorted(urls)}" for name, urls in leads.items() if len(urls) > 1)
    buttons = [one.name for one in by_role["button"]]
    yield from (f"two buttons say « {name} »" for name in set(buttons) if buttons.count(name) > 1)


def tab_to(page: Page, wanted: Locator) -> None:
    """Come to a control by the Tab key alone, as whoever has no mouse does."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if wanted.count() and wanted.first.evaluate("one => one === document.activeElement"):
            return
    raise AssertionError(f"the keyboard never comes to {wanted}")


def press_to(page: Page, role: Any, name: str, key: str = "Enter") -> None:
    tab_to(page, page.get_by_role(role, name=name, exact=True))
    page.keyboard.press(key)


@pytest.fixture
def visitors(browser: Browser, site: Site) -> Iterator[Visitors]:
    made = Visitors(browser, site)
    yield made
    made.leave()


def test_the_vote_is_heard_and_given_from_the_keyboard_alone(visitors: Visitors) -> None:
    page = visitors.signed_in(VOTER)
    page.goto("/comite")
    found: dict[str, list[str]] = {"expected": faults_of(page)}
    press_to(page, "link", f"Dire les liens avec {CANDIDATE}")
    title(page).filter(has_text="un lien").wait_for()
    found["link"] = faults_of(page)
    press_to(page, "radio", "Aucun lien", "Space")
    press_to(page, "button", f"Déclarer pour {STRUCTURE}")
    title(page).filter(has_text=CANDIDATE).wait_for()
    page.get_by_role("heading", name="Questions du comité").wait_for()
    found["read"] = faults_of(page)
    press_to(page, "link", "Poser une question à la structure candidate")
    title(page).filter(has_text="avant l’avis").wait_for()
    found["questions"] = faults_of(page)
    press_to(page, "link", "Le dossier")
    page.get_by_role("heading", name="Questions du comité").wait_for()
    press_to(page, "link", "Passer à l’avis")
    title(page).filter(has_text="L’appellation pour").wait_for()
    found["choose"] = faults_of(page)
    tab_to(page, page.get_by_role("radio").first)
    page.keyboard.press("Space")
    tab_to(page, page.get_by_label("Pour le comité et l’Avise"))
    page.keyboard.type("Le territoire suit.")
    press_to(page, "button", "Revoir avant de confirmer")
    title(page).filter(has_text="Vous allez enregistrer").wait_for()
    found["confirm"] = faults_of(page)
    press_to(page, "button", f"Enregistrer l’avis de {STRUCTURE}")
    title(page).filter(has_text="est enregistré").wait_for()
    found["receipt"] = faults_of(page)
    assert {where: faults for where, faults in found.items() if faults} == {}
    assert "Le territoire suit." in page.content()
    assert visitors.failures == []


def test_a_page_that_says_nothing_is_heard_as_faulty(browser: Browser) -> None:
    """The listening itself: a page with every fault has each of them told."""
    page = browser.new_page()
    page.set_content(
        "<nav></nav><main><h1></h1><h3>Trop bas</h3><a href='https://a.example/'>Ici</a><a href='https://b.example/'>Ici</a>"
        "<button></button><input><button>Oui</button><button>Oui</button></main>"
    )
    told = " · ".join(faults_of(page))
    page.close()
    for fault in ("0 banner", "no main navigation", "first headings", "from level 1 to level 3", "« Ici » leads to"):
        assert fault in told
    for fault in ("a button has no name", "a textbox has no name", "two buttons say « Oui »"):
        assert fault in told
