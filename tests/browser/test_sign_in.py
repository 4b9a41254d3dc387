"""Coming in by a mailed link, in the browser that asked and in another; and a session that warns before it ends."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.site import Site
from tests.browser.visitors import PHONE, WAIT, Visitors, fits, read_letter, title

pytestmark = pytest.mark.xdist_group("browser")
expect.set_options(timeout=WAIT)
SUBJECT = "Votre lien pour vous connecter"


@pytest.fixture
def visitors(browser: Browser, demo_site: Site) -> Iterator[Visitors]:
    made = Visitors(browser, demo_site)
    yield made
    made.leave()


def ask(page: Page, email: str) -> None:
    """From the sign-in page, without a password."""
    page.goto("/connexion")
    page.get_by_role("textbox", name="Adresse de courriel").fill(email)
    page.get_by_role("button", name="Recevoir un lien par courriel").click()
    expect(title(page)).to_contain_text("un message vient d’y partir")
    fits(page)


def test_a_mailed_link_opens_the_browser_that_asked_and_its_code_another(visitors: Visitors) -> None:
    his, letter = visitors.somebody(PHONE), visitors.somebody()
    email = address_of(visitors, "Joris Delmas")
    ask(his, email)
    read_letter(letter, email, SUBJECT)
    link = letter.locator("a[href*='/connexion/lien/']").get_attribute("href") or ""
    code = re.search(r"\b(\d{3})\s(\d{3})\b", letter.locator(".letter").inner_text())
    assert code
    letter.goto(link)
    expect(title(letter)).to_contain_text("dans un autre navigateur")
    his.goto(link)
    expect(title(his)).to_contain_text("vous pouvez entrer")
    fits(his)
    his.get_by_role("main").get_by_role("button", name="Entrer").click()
    expect(his.get_by_role("contentinfo")).to_contain_text("Joris Delmas")
    letter.get_by_role("textbox", name="Code").fill(code[0])
    letter.get_by_role("button", name="Entrer").click()
    expect(title(letter)).to_contain_text("ne sert plus")


def test_a_session_warns_two_minutes_before_it_ends_and_a_click_keeps_it(visitors: Visitors) -> None:
    page = visitors.somebody()
    page.clock.install()
    page.goto("/connexion")
    page.get_by_role("button", name="Entrer comme Hervé Lacombe").first.click()
    page.goto("/compte")
    notice = page.locator(".staying")
    page.clock.run_for("27:00")
    expect(notice).to_be_empty()
    page.clock.run_for("01:10")
    expect(notice).to_contain_text("Votre session se termine dans deux minutes")
    notice.get_by_role("button", name="Rester").click()
    expect(notice).to_be_empty()
    page.clock.run_for("28:10")
    expect(notice).to_contain_text("dans deux minutes")
    page.clock.run_for("02:00")
    expect(notice).to_contain_text("Votre session est terminée")


def address_of(visitors: Visitors, name: str) -> str:
    """The address of a fictional person, as her own page says it."""
    page = visitors.signed_in(name)
    page.goto("/compte")
    found = re.search(r"[\w.]+@[\w.-]+\.example", page.get_by_role("main").inner_text())
    assert found
    return found[0]
