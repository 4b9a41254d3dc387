"""What a person meets on the site: every address her pages lead to, then one page of each route, seen in a browser."""

import re
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import quote, urlsplit

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import APIResponse, Browser, BrowserContext, ConsoleMessage, Page, Request
from werkzeug.exceptions import HTTPException
from werkzeug.routing import MapAdapter

from tests.browser.site import PATIENCE

WIDTHS = (1280, 360, 320)
TALL = 900
#: Addresses asked for one person at most, instances of one route (the fullest of them is seen), and of one file.
MOST, INSTANCES, FILES = 900, 25, 2
#: Files, and the language, which a visit chooses itself.
UNSEEN = frozenset({"static", "public.choose_language", "candidate.download", "member.piece", "staff.piece"})
#: The same for everybody but for the links at their head: seen once, by whoever has not signed in.
COMMON = frozenset({"public", "demo"})
#: What only a narrow screen breaks.
NARROW_RULES = ["scrollable-region-focusable", "target-size", "aria-hidden-focus"]
#: The text of a page in pieces: words of the site, without what somebody typed in another language.
WORDS = """() => {
  const walk = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT);
  const theirs = "script, style, textarea, code, [lang]:not(html), .letter, a[href^='/demo/courriels/']";
  const words = [];
  while (walk.nextNode())
    if (!walk.currentNode.parentElement.closest(theirs)) words.push(walk.currentNode.data);
  for (const name of ["aria-label", "alt", "title", "placeholder"])
    for (const one of document.querySelectorAll(`[${name}]`)) words.push(one.getAttribute(name));
  return words;
}"""
HREF = re.compile(r'<a\b[^>]*\shref="([^"]+)"')


@dataclass(frozen=True)
class Answer:
    """An address as it was answered; `endpoint` is empty where no route leads."""

    address: str
    endpoint: str
    status: int
    size: int
    links: tuple[str, ...]


@dataclass(frozen=True)
class Seen:
    """One page in a browser, in one language; `wider` holds the widths at which it scrolls sideways, in CSS pixels."""

    persona: str
    language: str
    endpoint: str
    address: str
    status: int
    title: str
    headings: tuple[str, ...]
    words: tuple[str, ...]
    faults: tuple[str, ...]
    complaints: tuple[str, ...]
    foreign: tuple[str, ...]
    wider: tuple[int, ...]
    html: bytes

    @property
    def where(self) -> str:
        return f"{self.address}, {self.persona}, {self.language}"


class Walker:
    """One browser for everybody; the rules of accessibility are tried once for each route and language."""

    def __init__(self, browser: Browser, url: str, routes: MapAdapter) -> None:
        self.browser, self.url, self.routes = browser, url, routes
        self.answers: dict[str, list[Answer]] = {}
        self.seen: list[Seen] = []
        self.tried: set[tuple[str, str]] = set()

    def walk(self, persona: str, name: str | None) -> None:
        """Come in as somebody, ask for everything her pages lead to, then look at one page of each route."""
        context = self.browser.new_context(locale="fr-FR", timezone_id="Europe/Paris")
        page = context.new_page()
        start = self.come_in(page, name)
        answers = self.answers[persona] = list(self.ask(context, start, alone=name is not None))
        for language in ("fr", "en"):
            context.request.get(f"{self.url}/langue/{language}")
            self.seen += [Look(self, page, persona, language, answer).taken for answer in chosen(answers)]
        context.close()

    def come_in(self, page: Page, name: str | None) -> str:
        """Sign in with one click, and say which page comes first."""
        if name is None:
            return "/"
        page.goto(f"{self.url}/connexion")
        for group in page.locator("details:not([open]) > summary").all()[::-1]:
            group.click()
        page.get_by_role("button", name=f"Entrer comme {name}", exact=True).first.click()
        page.wait_for_url(lambda url: "/connexion" not in url)
        return urlsplit(page.url).path

    def invite_again(self, officer: str, structure: str) -> None:
        """Have the person of a structure receive a letter and an invitation, which no page shows before."""
        context = self.browser.new_context(locale="fr-FR")
        page = context.new_page()
        self.come_in(page, officer)
        page.goto(f"{self.url}/avise/structures?q={quote(structure)}")
        page.get_by_role("link", name=structure, exact=True).click()
        page.get_by_role("button", name="Renvoyer l’invitation").first.click()
        letters, limit = page.locator(".rows a[href^='/demo/courriels/']"), time.monotonic() + PATIENCE
        while time.monotonic() < limit:
            page.goto(f"{self.url}/demo/courriels")
            if letters.count():
                break
            page.wait_for_timeout(250)
        context.close()

    def ask(self, context: BrowserContext, start: str, *, alone: bool) -> Iterator[Answer]:
        """Every address, breadth first: the routes are bounded, and so is the whole. `alone` leaves the common ones."""
        waiting, known, instances = [start], {start}, defaultdict[str, int](int)
        for address in waiting:
            endpoint = self.endpoint(address)
            instances[endpoint] += 1
            common = endpoint == "public.choose_language" or (alone and endpoint.split(".")[0] in COMMON)
            if common or instances[endpoint] > (FILES if endpoint in UNSEEN else INSTANCES) or len(known) > MOST:
                continue
            answer = self.answer(address, endpoint, context.request.get(self.url + address, max_redirects=0))
            new = [link for link in answer.links if link.startswith("/") and link not in known]
            known.update(new)
            waiting.extend(dict.fromkeys(new))
            yield answer

    def answer(self, address: str, endpoint: str, got: APIResponse) -> Answer:
        page = got.text() if got.headers.get("content-type", "").startswith("text/html") else ""
        links = [link.replace("&amp;", "&").split("#")[0] for link in HREF.findall(page)]
        next_one = [urlsplit(got.headers["location"]).path] if got.status == 303 else []
        return Answer(address, endpoint, got.status, len(page), (*links, *next_one))

    def endpoint(self, address: str) -> str:
        try:
            return str(self.routes.match(urlsplit(address).path, method="GET")[0])
        except HTTPException:
            return ""


def chosen(answers: list[Answer]) -> list[Answer]:
    """The fullest page of each route."""
    fullest: dict[str, Answer] = {}
    for answer in answers:
        if answer.status != 200 or answer.endpoint in UNSEEN:
            continue
        best = fullest.get(answer.endpoint)
        if answer.size and (best is None or answer.size > best.size):
            fullest[answer.endpoint] = answer
    return list(fullest.values())


class Look:
    """One page opened once, wide, then made narrower."""

    def __init__(self, walker: Walker, page: Page, persona: str, language: str, answer: Answer) -> None:
        self.walker, self.page, self.persona, self.language, self.answer = walker, page, persona, language, answer
        self.complaints: list[str] = []
        self.foreign: list[str] = []

    def note_console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(message.text)

    def note_error(self, error: Exception) -> None:
        self.complaints.append(str(error))

    def note_request(self, request: Request) -> None:
        if not request.url.startswith(self.walker.url):
            self.foreign.append(request.url)

    @cached_property
    def taken(self) -> Seen:
        page = self.page
        for event, note in self.listeners:
            page.on(event, note)  # type: ignore[call-overload]  # its names are literals, one overload each
        page.set_viewport_size({"width": WIDTHS[0], "height": TALL})
        response = page.goto(self.walker.url + self.answer.address)
        assert response is not None
        seen = Seen(
            persona=self.persona,
            language=self.language,
            endpoint=self.answer.endpoint,
            address=self.answer.address,
            status=response.status,
            title=page.title(),
            headings=tuple(page.locator("h1").all_inner_texts()),
            words=tuple(page.evaluate(WORDS)),
            html=response.body(),
            faults=tuple(self.faults()),
            wider=tuple(self.wider()),
            complaints=tuple(self.complaints),
            foreign=tuple(self.foreign),
        )
        for event, note in self.listeners:
            page.remove_listener(event, note)
        return seen

    @cached_property
    def listeners(self) -> list[tuple[str, object]]:
        return [("console", self.note_console), ("pageerror", self.note_error), ("request", self.note_request)]

    def faults(self) -> Iterator[str]:
        """What axe finds on the wide page, then what it finds on the narrow one, once a route and language."""
        key = (self.answer.endpoint, self.language)
        if key in self.walker.tried:
            return
        self.walker.tried.add(key)
        yield from violations(Axe().run(self.page).response)
        self.page.set_viewport_size({"width": 360, "height": TALL})
        yield from violations(self.page.evaluate("rules => axe.run({runOnly: rules})", NARROW_RULES))

    def wider(self) -> Iterator[int]:
        for width in WIDTHS:
            self.page.set_viewport_size({"width": width, "height": TALL})
            if self.page.evaluate("document.documentElement.scrollWidth") > width:
                yield width


def violations(answer: dict[str, Any]) -> Iterator[str]:
    for found in answer["violations"]:
        yield f"{found['id']}: {', '.join(str(node['target'][0]) for node in found['nodes'][:5])}"
