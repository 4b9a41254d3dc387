"""Every page that a link leads to, as ten persons meet it, in both languages and three widths."""

import gzip
import re
import tomllib
from collections import defaultdict
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from babel.messages.pofile import read_po
from playwright.sync_api import Browser
from werkzeug.routing import Map

import app
import config
from tests.browser.site import Site
from tests.browser.visits import UNSEEN, Walker

pytestmark = pytest.mark.xdist_group("browser")

TESTS = Path(__file__).parent.parent
CATALOGUE = Path(app.__file__).parent / "translations" / "en" / "LC_MESSAGES" / "messages.po"
PERSONAS = {
    "anonymous": None,
    "officer": "Inès Baudry",
    "arbiter": "Fanny Delorme",
    "administrator": "Mathilde Ruben",
    "candidate": "Théo Marsenne",
    "candidate who sets up": "Rémi Vauquelin",
    "candidate who signs": "Albert Nguyen",
    "candidate by the second entry": "Aline Chastaing",
    "candidate on hold": "Fabienne Ostermann",
    "candidate whose way has ended": "Luc Perrault",
    "candidate of a collective": "Maud Etcheverry",
    "member": "Joris Delmas",
    "member in Cayenne": "Gaëlle Sophie",
    "member of two structures": "Pauline Vasseur",
}
#: Pages of words, compressed, above which a first visit would pass a hundred kilobytes.
HEAVIEST = 30_000
VALUE = re.compile(r"%\(\w+\)s")
#: Letters around a value that make a sentence one of ours.
ENOUGH = 12
#: What no link leads to, and why.
NO_LINK = {
    "healthz": "for machines",
    "readyz": "for machines",
    "public.robots": "for machines",
    "public.style": "the components, for whoever draws",
    "member.confirm_again": "only leads back to the choice",
    "account.ask_for_link": "a button of the sign-in page; test_sign_in opens it",
    "account.enrolment_picture": "a picture inside its page",
    "account.follow_link": "by mail; test_sign_in opens it",
    "account.prove_again": "before a change of one's own access",
    "account.resume": "after a lost session; test_drafts opens it",
    "account.second_step": "after a password, for who has a second factor",
    "account.type_code": "after a link was asked for; test_sign_in opens it",
    "candidate.answer": "nobody has asked a question in the demonstration",
    "candidate.before": "no dossier of the demonstration follows another",
    "candidate.download_joint": "a file",
    "candidate.leave_joint": "for who signs, and nobody of the walk does in a joint file",
    "staff.exchanges": "the answer to a note that was refused",
    "candidate.questions": "nobody has asked a question in the demonstration",
    "member.sheet": "for who has several dossiers to declare on at once",
    "public.asked": "after a question was sent",
    "staff.convene_joint": "no joint file of the demonstration is ready",
    "staff.notify_joint": "no joint file of the demonstration is decided",
    "staff.questions": "nobody has asked a question in the demonstration",
}


@pytest.fixture(scope="module")
def routes(tmp_path_factory: pytest.TempPathFactory, signing_key: Path) -> Map:
    """The addresses of the demonstration."""
    folder = tmp_path_factory.mktemp("routes")
    settings = config.parsed({"DEMO": "1", "DATA_DIR": str(folder), "SIGNING_KEY_FILE": str(signing_key)})
    return app.create_app(replace(settings, testing=True)).url_map


@pytest.fixture(scope="module")
def walker(browser: Browser, demo_site: Site, routes: Map) -> Walker:
    """The whole walk, made once: each test reads one thing of it."""
    walker = Walker(browser, demo_site.url, routes.bind(urlsplit(demo_site.url).netloc))
    walker.invite_again(PERSONAS["officer"] or "", "Semailles du Vermandois")
    for persona, name in PERSONAS.items():
        walker.walk(persona, name)
    return walker


def test_a_page_offers_no_link_that_its_reader_may_not_follow(walker: Walker) -> None:
    dead = [
        f"{answer.status} {answer.address}, {persona}"
        for persona, answers in walker.answers.items()
        for answer in answers
        if answer.status not in (200, 303)
    ]
    assert not dead, "\n".join(dead)


def test_each_page_answers_in_both_languages(walker: Walker) -> None:
    assert [seen.where for seen in walker.seen if seen.status != 200] == []
    assert {seen.language for seen in walker.seen} == {"fr", "en"}


def test_axe_finds_nothing_on_any_page(walker: Walker) -> None:
    found = [f"{seen.where}: {fault}" for seen in walker.seen for fault in seen.faults]
    assert not found, "\n".join(found)


def test_no_page_makes_the_browser_complain(walker: Walker) -> None:
    """Neither a script's error nor a refusal of the content policy."""
    assert [(seen.where, seen.complaints) for seen in walker.seen if seen.complaints] == []


def test_no_page_asks_another_site_for_anything(walker: Walker) -> None:
    assert [(seen.where, seen.foreign) for seen in walker.seen if seen.foreign] == []


def test_no_page_scrolls_sideways(walker: Walker) -> None:
    assert [(seen.where, seen.wider) for seen in walker.seen if seen.wider] == []


def test_each_page_has_one_first_heading(walker: Walker) -> None:
    wrong = [(seen.where, seen.headings) for seen in walker.seen if len(seen.headings) != 1 or not seen.headings[0]]
    assert wrong == []


def test_the_title_says_which_page_one_is_on(walker: Walker) -> None:
    """It has words before the name of the site, and no two routes share them."""
    routes = defaultdict[tuple[str, str, str], set[str]](set)
    for seen in walker.seen:
        words, _, site = seen.title.rpartition(" – ")
        assert words.strip(), seen.where
        assert site == "Appellation", seen.where
        routes[seen.persona, seen.language, words].add(seen.endpoint)
    assert {title: shared for title, shared in routes.items() if len(shared) > 1} == {}


def test_each_page_is_light(walker: Walker) -> None:
    heavy = {seen.where: size for seen in walker.seen if (size := len(gzip.compress(seen.html))) > HEAVIEST}
    assert heavy == {}


def test_every_route_is_met_by_a_browser_or_says_why_not(walker: Walker, routes: Map) -> None:
    every = {rule.endpoint for rule in routes.iter_rules() if "GET" in (rule.methods or ())}
    asked = {answer.endpoint for answers in walker.answers.values() for answer in answers}
    looked_at = {seen.endpoint for seen in walker.seen}
    unmet = sorted(every - asked - {"static", "public.choose_language"})
    assert unmet == sorted(NO_LINK), "\n".join(unmet)
    assert asked - looked_at == UNSEEN & asked


def test_every_page_is_met_by_a_browser_or_by_a_test_of_access(walker: Walker, routes: Map) -> None:
    """No route is left that neither visits."""
    table = tomllib.loads((TESTS / "access.toml").read_text(encoding="utf-8"))
    listed = {route for some in table.values() for route in some}
    looked_at = {seen.endpoint for seen in walker.seen}
    unmet = [
        rule.rule
        for rule in routes.iter_rules()
        if "GET" in (rule.methods or ()) and rule.endpoint not in looked_at and f"GET {rule.rule}" not in listed
    ]
    assert unmet == []


def test_no_french_is_left_in_english(walker: Walker) -> None:
    """Nothing a page says is a French sentence of the catalogue; what was written to somebody stays in its language."""
    exact, patterns = french()
    english = [seen for seen in walker.seen if seen.language == "en" and seen.endpoint != "demo.mail"]
    shown = {(plain(words), seen.endpoint) for seen in english for words in seen.words}
    left = sorted(f"{words} ({page})" for words, page in shown if words in exact or patterns.fullmatch(words))
    assert not left, "\n".join(left)


def french() -> tuple[set[str], re.Pattern[str]]:
    """The French of the catalogue that English says otherwise, or not at all yet: as it is, or around values."""
    with CATALOGUE.open("rb") as file:
        catalogue = read_po(file)
    forms = {
        plain(written)
        for message in catalogue
        for written, said in zip(pair(message.id), pair(message.string), strict=False)
        if written and written != said and re.search(r"[^\W\d_]", written)
    }
    around = {form for form in forms if VALUE.search(form)}
    told = (form for form in around if len(re.findall(r"[^\W\d_]", VALUE.sub("", form))) >= ENOUGH)
    return forms - around, re.compile("|".join(".{1,90}?".join(map(re.escape, VALUE.split(form))) for form in told))


def pair(text: object) -> tuple[str, ...]:
    return tuple(str(one) for one in text) if isinstance(text, list | tuple) else (str(text),)


def plain(words: str) -> str:
    """Words without the spaces and signs that a printer sets, nor the name of the site after a title."""
    return re.sub(r"\s+", " ", words.replace("’", "'").replace("\u2011", "-")).strip().removesuffix(" – Appellation")
