"""Names are shown and sent back; none reaches a disk, none turns a header or a sentence."""

import unicodedata

import pytest
from werkzeug.http import parse_options_header

from app.files.names import LONGEST, UNNAMED, attachment, display_name, extension_of

#: The twenty-six hostile names: what is shown of each.
NAMES = {
    "parent": ("../../etc/passwd.pdf", "passwd.pdf"),
    "parent of windows": ("..\\..\\boot.pdf", "boot.pdf"),
    "absolute": ("/etc/shadow.pdf", "shadow.pdf"),
    "drive": ("C:\\Users\\a.pdf", "a.pdf"),
    "nul": ("a\x00b.pdf", "ab.pdf"),
    "line ends": ("a\r\nSet-Cookie: b.pdf", "a Set-Cookie: b.pdf"),
    "quote": ('a".pdf', 'a".pdf'),
    "semicolon": ("a;b.pdf", "a;b.pdf"),
    "255": ("a" * 251 + ".pdf", "a" * 251 + ".pdf"),
    "256": ("a" * 252 + ".pdf", "a" * 251 + ".pdf"),
    "4096": ("a" * 4092 + ".pdf", "a" * 251 + ".pdf"),
    "empty": ("", UNNAMED),
    "dots": ("...", UNNAMED),
    "trailing dot": ("a.pdf.", "a.pdf."),
    "trailing space": ("a.pdf ", "a.pdf"),
    "device": ("CON", "CON"),
    "right to left": ("rapport\u202efdp.exe", "rapportfdp.exe"),
    "zero width": ("a\u200b\u200d\ufeff.pdf", "a.pdf"),
    "decomposed": ("e\u0301te\u0301.pdf", "été.pdf"),
    "emoji": ("bilan 🎉.pdf", "bilan 🎉.pdf"),
    "surrogate": ("a\ud800.pdf", "a.pdf"),
    "percent": ("%2e%2e%2fa.pdf", "%2e%2e%2fa.pdf"),
    "overlong": (b"..\xc0\xafa.pdf".decode("utf-8", "replace"), "..\ufffd\ufffda.pdf"),
    "dash": ("-rf.pdf", "-rf.pdf"),
    "shell": ("~${HOME}.pdf", "~${HOME}.pdf"),
    "formula and HTML": ("=cmd|'<b>.pdf", "=cmd|'<b>.pdf"),
}


@pytest.mark.parametrize("case", NAMES)
def test_a_hostile_name_is_shown_without_what_hides_or_turns_it(case: str) -> None:
    given, shown = NAMES[case]
    assert display_name(given) == shown


def test_there_are_twenty_six_of_them() -> None:
    assert len(NAMES) == 26


@pytest.mark.parametrize("case", NAMES)
def test_the_header_of_a_hostile_name_says_attachment_and_nothing_else(case: str) -> None:
    shown = display_name(NAMES[case][0])
    header = attachment(shown)
    assert header.isascii() and header.isprintable()
    value, options = parse_options_header(header)
    assert value == "attachment"
    assert options == {"filename": shown}  # werkzeug reads the exact name of RFC 8187 before the plain one
    plain = header.partition('filename="')[2].partition('"')[0]
    assert plain and not set(plain) & set('"\\/;%\r\n')


def test_a_name_of_nothing_but_hidden_signs_has_a_name_of_ours() -> None:
    assert display_name("\u202e\u200b\u0007") == UNNAMED
    assert display_name(None) == UNNAMED


@pytest.mark.parametrize("name", ["é" * 300, "." + "a" * 400, "a" * 300 + "." + "b" * 300])
def test_no_shown_name_is_longer_than_its_column(name: str) -> None:
    shown = display_name(name)
    assert len(shown) <= LONGEST
    assert unicodedata.is_normalized("NFC", shown)


@pytest.mark.parametrize(
    ("name", "extension"), [("a.PDF", "pdf"), ("a.tar.gz", "gz"), ("a", ""), ("a.", ""), (".pdf", "pdf")]
)
def test_the_extension_is_what_follows_the_last_dot(name: str, extension: str) -> None:
    assert extension_of(name) == extension
