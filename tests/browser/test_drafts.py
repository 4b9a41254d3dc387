"""Nothing typed is lost: a browser that dies, a session that ends, a page that a colleague has made stale."""

import re
import subprocess
import sys
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.hands import press
from tests.browser.site import ROOT, Site
from tests.browser.visitors import Visitors, look_again, title, unfold

PLACE = re.compile(r"/dossiers/[^/]+/reponses/")
LONG = " ".join(["Nous avons étudié onze besoins avec les habitantes de Cormance, et ouvert trois activités."] * 12)


@pytest.fixture
def visitors(browser: Browser, site: Site) -> Iterator[Visitors]:
    made = Visitors(browser, site)
    yield made
    made.leave()
    assert made.failures == []


def open_answer(page: Page) -> str:
    """Open the question about partners in the dossier of whoever signed in, and say its address."""
    page.goto("/dossiers")
    page.get_by_role("link", name=NAME, exact=True).first.click()
    page.wait_for_url(PLACE)
    return page.url


NAME = "Une diversité de partenaires durablement investis"
CANDIDATE, COLLEAGUE = "Mehdi Arnaud", "Yann Vial"


def typed(page: Page, text: str) -> None:
    page.get_by_label("Votre réponse").fill(text)
    page.get_by_text("Brouillon gardé à").wait_for()


def test_a_long_answer_is_there_again_after_the_browser_died(visitors: Visitors) -> None:
    page = visitors.signed_in(CANDIDATE)
    address = open_answer(page)
    typed(page, LONG)
    page.context.close()
    visitors.contexts.clear()
    again = visitors.signed_in(CANDIDATE)
    again.goto(address)
    assert again.get_by_label("Votre réponse").input_value() == LONG
    again.get_by_role("heading", name=re.compile("Brouillon du .* pas encore enregistré")).wait_for()
    press(again, "Enregistrer la réponse")
    again.get_by_text("Votre réponse est enregistrée.").wait_for()
    assert not again.get_by_text("pas encore enregistré").count()


def test_what_is_typed_just_before_the_page_goes_away_is_kept(visitors: Visitors) -> None:
    page = visitors.signed_in(CANDIDATE)
    address = open_answer(page)
    page.get_by_label("Votre réponse").fill("Deux mots avant de partir.")
    page.goto("/compte")
    page.goto(address)
    look_again(page, page.get_by_role("button", name="Jeter le brouillon"))
    assert page.get_by_label("Votre réponse").input_value() == "Deux mots avant de partir."
    press(page, "Jeter le brouillon")
    page.get_by_text("Le brouillon est jeté.").wait_for()
    assert page.get_by_label("Votre réponse").input_value() != "Deux mots avant de partir."


END = """
from datetime import timedelta
from sqlalchemy import update
from app import create_app, db
from app.models import WebSession
app = create_app()
with app.app_context(), db.database().session(writes=True) as own:
    own.execute(update(WebSession).values(seen_at=app.config["CLOCK"]() - timedelta(hours=2)))
    own.commit()
"""


def end_sessions(site: Site) -> None:
    """Let two hours pass for every session, without a click."""
    subprocess.run([sys.executable, "-c", END], cwd=ROOT, env=site.environment, check=True)


def test_what_was_sent_after_the_session_is_given_back_to_its_author(visitors: Visitors, site: Site) -> None:
    page = visitors.signed_in(CANDIDATE)
    address = open_answer(page)
    page.get_by_label("Votre réponse").fill(LONG)
    end_sessions(site)
    press(page, "Enregistrer la réponse")
    page.wait_for_url(re.compile("/connexion.next=/compte/reprise/"))
    unfold(page)
    page.get_by_role("button", name=f"Entrer comme {CANDIDATE}").first.click()
    page.wait_for_url("**/compte/reprise/*")
    assert title(page).inner_text() == "Voici ce que vous alliez envoyer"
    page.get_by_text(LONG[:80]).first.wait_for()
    press(page, "Envoyer maintenant")
    page.get_by_text("Votre réponse est enregistrée.").wait_for()
    assert page.url == address
    assert page.get_by_label("Votre réponse").input_value() == LONG


def test_a_page_made_stale_by_a_colleague_shows_both_texts(visitors: Visitors) -> None:
    mine, theirs = visitors.signed_in(CANDIDATE), visitors.signed_in(COLLEAGUE)
    address = open_answer(mine)
    theirs.goto(address)
    theirs.get_by_label("Votre réponse").fill("Le texte de Yann.")
    press(theirs, "Enregistrer la réponse")
    theirs.get_by_text("Votre réponse est enregistrée.").wait_for()
    mine.get_by_label("Votre réponse").fill("Le texte de Mehdi.")
    press(mine, "Enregistrer la réponse")
    mine.get_by_role("heading", name="Ce que votre collègue a écrit").wait_for()
    mine.get_by_text("Le texte de Yann.").wait_for()
    assert mine.get_by_label("Votre réponse").input_value() == "Le texte de Mehdi."
    press(mine, "Enregistrer la réponse")
    mine.get_by_text("Votre réponse est enregistrée.").wait_for()
