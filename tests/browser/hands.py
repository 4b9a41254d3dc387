"""What a visitor does on a page, in the language she reads and with what she has: a mouse, or a keyboard alone.

Tests are written in French; `speak("en")` reads the same pages in English. With `by_keyboard`, nothing is done that
Tab, the arrows, Space, Enter and letters cannot do.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import FilePayload, Locator, Page

from app.words_contracted import of
from tests.browser.tongue import in_english

MOST_TABS = 300


@dataclass
class Habits:
    language: str = "fr"
    keyboard: bool = False


HABITS = Habits()


@contextmanager
def habits(language: str, *, keyboard: bool = False) -> Iterator[None]:
    """Read in a language, act with a mouse or by keyboard alone, until the end of a test."""
    HABITS.language, HABITS.keyboard = language, keyboard
    yield
    HABITS.language, HABITS.keyboard = "fr", False


def say(words: str) -> str:
    """Words of a page, in the language it is read in."""
    return in_english(words) if HABITS.language == "en" else words


def named(name: str) -> str:
    """A name after « de », contracted where French does."""
    return name if HABITS.language == "en" else of(name)


def reach(control: Locator) -> None:
    """Go to a control by Tab, from wherever the focus is."""
    for _ in range(MOST_TABS):
        if control.evaluate("one => one === document.activeElement"):
            return
        control.page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard does not reach {control}")


def use(control: Locator, key: str) -> None:
    """Click, or reach and press."""
    if not HABITS.keyboard:
        control.click()
        return
    reach(control)
    control.page.keyboard.press(key)


def follow(where: Page | Locator, words: str) -> None:
    use(where.get_by_role("link", name=say(words), exact=True), "Enter")


def press(where: Page | Locator, words: str) -> None:
    use(where.get_by_role("button", name=say(words), exact=True), "Enter")


def labelled(where: Page | Locator, label: str) -> Locator:
    """The control of that label; the one of exactly that label where others begin alike."""
    (where if isinstance(where, Page) else where.page).wait_for_load_state("domcontentloaded")
    exact = where.get_by_label(say(label), exact=True)
    return exact if exact.count() else where.get_by_label(say(label))


def fill(where: Page | Locator, label: str, text: str) -> None:
    control = labelled(where, label)
    if not HABITS.keyboard:
        control.fill(text)
        return
    reach(control)
    control.page.keyboard.press("Control+A")
    control.page.keyboard.press("Delete")
    control.page.keyboard.insert_text(text)


def pick(where: Page | Locator, name: str | re.Pattern[str]) -> None:
    """Choose one of several."""
    wanted = where.get_by_role("radio", name=name if isinstance(name, re.Pattern) else say(name))
    if not HABITS.keyboard:
        wanted.check()
        return
    same = wanted.page.locator(f"input[type=radio][name='{wanted.get_attribute('name')}']")
    held = [one for one in same.all() if one.is_checked()]
    reach(held[0] if held else same.first)
    wanted.page.keyboard.press("Space")
    for _ in range(same.count()):
        if wanted.is_checked():
            return
        wanted.page.keyboard.press("ArrowDown")
    raise AssertionError(f"the keyboard does not choose {wanted}")


def tick(where: Page | Locator, name: str) -> None:
    box = where.get_by_role("checkbox", name=say(name))
    if not box.is_checked():
        use(box, "Space")


def choose(where: Page | Locator, label: str, option: str) -> None:
    """Choose in a list."""
    control = labelled(where, label)
    if not HABITS.keyboard:
        control.select_option(say(option))
        return
    reach(control)
    for _ in range(control.locator("option").count()):
        if control.locator("option:checked").inner_text().strip() == say(option):
            return
        control.page.keyboard.press("ArrowDown")
    raise AssertionError(f"the keyboard does not choose {option}")


def attach(where: Page | Locator, label: str, file: FilePayload) -> None:
    """Choose a file of one's own."""
    control = labelled(where, label)
    if not HABITS.keyboard:
        control.set_input_files(file)
        return
    reach(control)
    with control.page.expect_file_chooser() as chooser:
        control.page.keyboard.press("Enter")
    chooser.value.set_files(file)
