"""People at their browsers, each in a context of her own, signed in as herself."""

import re
import time

from playwright.sync_api import Browser, BrowserContext, FileChooser, Locator, Page, Response, ViewportSize

from tests.browser.hands import HABITS, fill, follow, press, say
from tests.browser.site import PATIENCE, Site

WIDE, PHONE = ViewportSize(width=1280, height=900), ViewportSize(width=360, height=740)
PASSWORD = "Quatre gabarres remontent la Vilaine"
WAIT = 15_000  # milliseconds


class Visitors:
    """Whoever opens this site; `failures` are the answers that no visitor should ever get."""

    def __init__(self, browser: Browser, site: Site, size: ViewportSize = WIDE) -> None:
        self.browser, self.site, self.size = browser, site, size
        self.contexts: list[BrowserContext] = []
        self.failures: list[str] = []

    def somebody(self, size: ViewportSize | None = None) -> Page:
        """A visitor that the site does not know, reading in the language of the test."""
        context = self.browser.new_context(
            viewport=size or self.size,
            base_url=self.site.url,
            locale="fr-FR",
            timezone_id="Europe/Paris",
            reduced_motion="reduce",
        )
        context.set_default_timeout(WAIT)
        context.on("response", self.note)
        self.contexts.append(context)
        page = context.new_page()
        # Heard from the first page on: a listener that comes with the key press may come after the chooser.
        page.on("filechooser", self.hear)
        page.goto(f"/langue/{HABITS.language}")
        return page

    def note(self, answer: Response) -> None:
        if answer.status >= 500:
            self.failures.append(f"{answer.status} {answer.url}")

    def hear(self, _chooser: FileChooser) -> None:
        """A dialogue that asks for a file. Whoever waits for it answers."""

    def signed_in(self, name: str) -> Page:
        """A fictional person, by the one click of the sign-in page."""
        page = self.somebody()
        page.goto("/connexion")
        unfold(page)
        page.get_by_role("button", name=f"{say('Entrer')} {say(f'comme {name}')}").first.click()
        return page

    def invited(self, name: str, email: str, size: ViewportSize | None = None) -> Page:
        """A person who follows the link of her invitation and chooses a password."""
        page = self.somebody(size)
        read_letter(page, email, "Votre accès au site du réseau")
        page.get_by_role("link", name="/invitations/").click()
        page.get_by_role("heading", level=1, name=say(f"{name}, ouvrez votre accès")).wait_for()
        fill(page, "Choisissez un mot de passe", PASSWORD)
        press(page, "Ouvrir mon accès")
        return page

    def leave(self) -> None:
        for context in self.contexts:
            context.close()


def unfold(page: Page) -> None:
    """Open every group of the fictional persons, the last one first: what opens pushes down what follows."""
    for group in page.locator("details:not([open]) > summary").all()[::-1]:
        group.click()


def read_letter(page: Page, email: str, subject: str) -> None:
    """Open a letter once the worker has sent it."""
    letter = page.get_by_role("link", name=subject)
    page.goto(f"/demo/courriels?pour={email}")
    look_again(page, letter)
    letter.first.click()


def look_again(page: Page, expected: Locator) -> None:
    """Reload a page until it shows what another process, or a request still on its way, brings to it."""
    limit = time.monotonic() + PATIENCE
    while not expected.count():
        assert time.monotonic() < limit, f"{page.url} does not show {expected}"
        page.wait_for_timeout(250)
        page.reload()


def title(page: Page) -> Locator:
    return page.get_by_role("heading", level=1)


def region(page: Page, name: str | re.Pattern[str]) -> Locator:
    return page.get_by_role("region", name=name if isinstance(name, re.Pattern) else say(name))


def told(page: Page) -> Locator:
    """What the site says of the act just made."""
    return page.locator(".note[role=status]")


def go(page: Page, words: str) -> None:
    """Follow a link at the head of the page."""
    follow(page.get_by_role("navigation", name=say("Principale")), words)


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
