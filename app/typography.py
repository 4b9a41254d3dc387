"""French micro-typography for what is shown: one filter, so that nobody types a no-break space by hand.

The rules are those of the Imprimerie nationale, « Lexique des règles typographiques » (spaces around ; : ! ? « » %,
numbers kept with what they count). What a program reads is left alone: tags, attributes, entities, addresses, code
and the fields a person is writing in.
"""

import re
from collections.abc import Callable
from typing import TypeVar

from markupsafe import Markup

Text = TypeVar("Text", bound=str)
Rule = tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]]

NO_BREAK = "\u00a0"
NARROW = "\u202f"
HYPHEN = "\u2011"  # that no line breaks after

# Stand-ins from the private use area: a text that already holds one is returned as it came.
TAG, OPAQUE, SPACE, APOSTROPHE, QUOTE = "\ue000", "\ue001", "\ue002", "\ue003", "\ue004"
STAND_INS = re.compile(f"[{TAG}-{QUOTE}]")

# Every pattern begins with the character it looks for and never steps back over what it has read: a long or hostile
# text costs no more than its length, and a whole page can be set as it leaves.
RAW = "|".join(
    rf"<{name}\b(?:[^<]|<(?!/?{name}\b))*+</{name}\s*+>"
    for name in ("script", "style", "textarea", "pre", "code", "kbd", "samp")
)
TAGS = re.compile(rf"""({RAW}|<!--(?:[^<-]|-(?!->))*+-->|<[a-zA-Z/!](?:[^<>"']++|"[^"]*+"|'[^']*+')*+>)""")
QUOTES = re.compile("&(?:#39|#x27|apos|(#34|quot));")
MACHINE_READ = (
    ("&", r"(?P<space>&(?:nbsp|#160|#xa0|#8239|#x202f);)|&(?:#\d+|#x[0-9a-fA-F]+|[a-zA-Z][a-zA-Z0-9]*);"),
    ("`", r"`[^`\n]+`"),
    ("://", r"https?://[^\s<>\"«»]*[^\s<>\"'«».,;:!?)\]]"),
    ("www.", r"www\.[^\s<>\"«»]*[^\s<>\"'«».,;:!?)\]]"),
    ("@", r"(?<![\w.+-])(?:mailto:)?[\w.+-]++@[\w-]++(?:\.[\w-]++)++(?:\?[^\s<>\"«»]*)?+"),
)

# A lower-case word after a number is what it counts, unless it is one of these.
NOT_COUNTED = (
    "a|à|au|aux|avec|ce|ces|cette|contre|dans|de|depuis|des|donc|du|elle|elles|en|entre|est|et|il|ils|la|le|les|leur|"
    "leurs|mais|ne|ni|on|ont|or|ou|où|par|pas|pour|puis|quand|que|qui|sans|sauf|se|selon|si|son|sont|sous|sur|un|une|"
    "vers|vous|y|[dlns]’|qu’"
)


def typo(text: Text, locale: object) -> Text:
    """Set `text` as a careful printer would in the language of `locale` (a code or a Babel locale).

    Markup stays Markup and a plain string stays plain; a language other than French or English comes back untouched.
    Quotation marks escaped in Markup never come back bare, so the result is as safe in an attribute as the text was.
    """
    rules = RULES.get((str(locale)[:2], isinstance(text, Markup)))
    if rules is None or STAND_INS.search(text):
        return text
    return type(text)(_set(str(text), rules, is_markup=isinstance(text, Markup)))


def _set(text: str, rules: tuple[Rule, ...], *, is_markup: bool) -> str:
    pieces = TAGS.split(text)
    running = TAG.join(pieces[::2])
    if is_markup:
        running = QUOTES.sub(lambda found: QUOTE if found[1] else APOSTROPHE, running)
    running, kept = _put_aside(running)
    for pattern, replacement in rules:
        running = pattern.sub(replacement, running)
    if is_markup:
        running = running.replace(APOSTROPHE, "&#39;").replace(QUOTE, "&#34;")
    pieces[::2] = _put_back(running, kept).split(TAG)
    return "".join(pieces)


def _put_aside(text: str) -> tuple[str, list[str]]:
    kept: list[str] = []
    pattern = "|".join(pattern for sign, pattern in MACHINE_READ if sign in text)

    def keep(found: re.Match[str]) -> str:
        kept.append(found[0])
        return SPACE if found.lastgroup else OPAQUE

    return (re.sub(pattern, keep, text), kept) if pattern else (text, kept)


def _put_back(text: str, kept: list[str]) -> str:
    pieces = iter(kept)
    return re.sub(f"[{OPAQUE}{SPACE}]", lambda _: next(pieces), text) if kept else text


def _french(space: str) -> tuple[Rule, ...]:
    spaces = rf"{space}(?<!{space}{space}){space}*+"
    number = r"\d(?<![\w.,/:\u2010-\u2015-].)(?!(?<=1)9\d\d\b|(?<=2)0\d\d\b)\d*+(?:,\d+)?(?:er|re|e)?"
    counted = rf"(?!(?:{NOT_COUNTED})(?:\b|(?<=’)))[a-zà-öø-ÿœ]|[kMG]o\b|€"
    word = r"[\w»)\]’…%€]"
    strong = rf"[;!?]++(?=\s|$|[{TAG}»)\]…,.])"
    colon = rf":(?=\s|$|{TAG})"
    return (
        (re.compile(rf"['{APOSTROPHE}](?<=[^\W\d_].)(?=[\w«{TAG}])"), "’"),
        (re.compile(rf"«{space}*+(?!{SPACE})"), f"«{NO_BREAK}"),
        (re.compile(rf"{spaces}»|»(?<![\s{SPACE}].)"), f"{NO_BREAK}»"),
        (re.compile(rf"{spaces}({strong})"), rf"{NARROW}\1"),
        (re.compile(rf"([;!?](?<={word}.)[;!?]*+(?=\s|$|[{TAG}»)\]…,.]))"), rf"{NARROW}\1"),
        (re.compile(rf"{spaces}{colon}|:(?<={word}.)(?=\s|$|{TAG})"), f"{NO_BREAK}:"),
        (re.compile(rf"(\d){space}*+%(?!\w)"), rf"\1{NO_BREAK}%"),
        (re.compile(rf"([nN](?<!\w.)[º°]){space}*+(?=[\w{TAG}])"), rf"\1{NO_BREAK}"),
        (re.compile(rf"({number}){spaces}(?={counted})"), rf"\1{NO_BREAK}"),
        (re.compile(r"-t-(?=(?:ils?|elles?|on)\b)"), f"{HYPHEN}t{HYPHEN}"),
        (re.compile(rf"(h(?<=\d{NO_BREAK}h)|min(?<=\d{NO_BREAK}min)){spaces}(?=\d)"), rf"\1{NO_BREAK}"),
    )


def _english(_space: str) -> tuple[Rule, ...]:
    single, double = f"['{APOSTROPHE}]", f'["{QUOTE}]'
    before = rf"[\w.,;:!?…)\]%{OPAQUE}]"
    return (
        (re.compile(rf"{single}(?<=\w.)(?=\w)|{single}(?=\d\ds?\b)"), "’"),
        (re.compile(rf"{double}(?<!{before}.)(?=[\w{TAG}{OPAQUE}'‘({APOSTROPHE}])"), "“"),
        (re.compile(rf"{double}(?<=[\w.,;:!?…)\]%’'{TAG}{OPAQUE}{APOSTROPHE}].)"), "”"),
        (re.compile(rf"{single}(?<!{before}.)(?=\w)"), "‘"),
        (re.compile(rf"{single}(?<=[\w.,;:!?…)\]%”{TAG}{OPAQUE}].)"), "’"),
    )


# In Markup a line break is a space like another; in a plain text it belongs to the layout of a letter.
RULES = {
    (language, is_markup): rules(r"\s" if is_markup else r"[^\S\n]")
    for language, rules in {"fr": _french, "en": _english}.items()
    for is_markup in (True, False)
}
