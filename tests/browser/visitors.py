"""People at their browsers, each in a context of her own, signed in as herself."""

import re
import time

from playwright.sync_api import Browser, BrowserContext, Locator, Page, Response, ViewportSize

from tests.browser.site import PATIENCE, Site

WIDE, PHONE = ViewportSize(width=1280, height=900), ViewportSize(width=360, height=740)
PASSWORD = "Quatre gabarres remontent la Vilaine"
WAIT = 15_000  # milliseconds


class Visitors:
    """Whoever opens this site; `failures` are the answers that no visitor should ever get."""

    def __init__(self, browser: Browser, site: Site) -> None:
        self.browser, self.site = browser, site
        self.contexts: list[BrowserContext] = []
        self.failures: list[str] = []

    def somebody(self, size: ViewportSize = WIDE) -> Page:
        """A visitor that the site does not know."""
        context = self.browser.new_context(
            viewport=size,
            base_url=self.site.url,
            locale="fr-FR",
            timezone_id="Europe/Paris",
            reduced_motion="reduce",
        )
        context.set_default_timeout(WAIT)
        context.on("response", self.note)
        self.contexts.append(context)
        return context.new_page()

    def note(self, answer: Response) -> None:
        if answer.status >= 500:
            self.failures.append(f"{answer.status} {answer.url}")

    def signed_in(self, name: str) -> Page:
        """A fictional person, by the one click of the sign-in page."""
        page = self.somebody()
        page.goto("/connexion")
        page.get_by_role("button", name=f"Entrer comme {name}").first.click()
        return page

    def invited(self, name: str, email: str, size: ViewportSize = WIDE) -> Page:
        """A person who follows the link of her invitation and chooses a password."""
        page = self.somebody(size)
        read_letter(page, email, "Votre accès au site du réseau")
        page.get_by_role("link", name="/invitations/").click()
        page.get_by_role("heading", level=1, name=f"{name}, ouvrez votre accès").wait_for()
        page.get_by_label("Choisissez un mot de passe").fill(PASSWORD)
        page.get_by_role("button", name="Ouvrir mon accès").click()
        return page

    def leave(self) -> None:
        for context in self.contexts:
            context.close()


def read_letter(page: Page, email: str, subject: str) -> None:
    """Open a letter once the worker has sent it."""
    limit = time.monotonic() + PATIENCE
    letter = page.get_by_role("link", name=subject)
    page.goto(f"/demo/courriels?pour={email}")
    while not letter.count():
        assert time.monotonic() < limit, f"no letter to {email} about « {subject} »"
        page.wait_for_timeout(250)
        page.reload()
    letter.first.click()


def title(page: Page) -> Locator:
    return page.get_by_role("heading", level=1)


def region(page: Page, name: str | re.Pattern[str]) -> Locator:
    return page.get_by_role("region", name=name)


def follow(page: Page | Locator, words: str) -> None:
    page.get_by_role("link", name=words, exact=True).click()


def press(page: Page | Locator, words: str) -> None:
    page.get_by_role("button", name=words, exact=True).click()


def go(page: Page, words: str) -> None:
    """Follow a link at the head of the page."""
    follow(page.get_by_role("navigation", name="Principale"), words)


def status(page: Page, address: str) -> int:
    answer = page.goto(address)
    assert answer is not None
    return answer.status


def unread(page: Page, *words: str) -> None:
    """Nothing of these is anywhere in the page, shown or not."""
    content = page.content()
    assert [word for word in words if word in content] == []


def fits(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
