"""The browser, and the site it opens."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser.site import Site, browser_path
from tests.database import Server

WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 360, "height": 740}


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=browser_path(), args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def demo_site(database_server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demonstration, loaded, for tests that only look."""
    with database_server.fresh() as url:
        made = Site(tmp_path_factory.mktemp("demo"), url)
        made.flask("labels", "publish", "workflows/labels/fabrique-a-initiatives.toml")
        made.flask("demo", "load")
        made.start()
        yield made
        made.stop()


@pytest.fixture
def site(database_server: Server, tmp_path: Path) -> Iterator[Site]:
    """A demonstration of its own, loaded, for a test that acts."""
    with database_server.fresh() as url:
        made = Site(tmp_path, url)
        made.flask("labels", "publish", "workflows/labels/fabrique-a-initiatives.toml")
        made.flask("demo", "load")
        made.start()
        yield made
        made.stop()


@pytest.fixture(params=[WIDE, NARROW], ids=["1280", "360"])
def viewport(request: pytest.FixtureRequest) -> dict[str, int]:
    size: dict[str, int] = request.param
    return size


@pytest.fixture
def context(browser: Browser, viewport: dict[str, int]) -> Iterator[BrowserContext]:
    opened = browser.new_context(viewport=viewport, locale="fr-FR", timezone_id="Europe/Paris")  # type: ignore[arg-type]
    yield opened
    opened.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()
