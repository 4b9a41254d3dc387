"""A PDF that is a picture of a text is told apart from one that holds its letters."""

import io

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject

from app.demo.pdf import one_page
from app.files.checks import check_file
from app.files.scans import is_silent
from tests.files import samples


def scan(*, font: bool = False, inside: bool = False, above: bool = False) -> bytes:
    """A page that shows a picture, and a font where it is asked for: the page's, its drawing's, or its tree's."""
    writer = PdfWriter()
    page = writer.add_blank_page(200, 200)
    letters = DictionaryObject({NameObject("/F"): DictionaryObject({NameObject("/Type"): NameObject("/Font")})})
    held = DictionaryObject({NameObject("/Font"): letters})
    image = DictionaryObject({NameObject("/Subtype"): NameObject("/Image")})
    if inside:
        image[NameObject("/Resources")] = held
    drawn = DictionaryObject({NameObject("/Im"): writer._add_object(image)})
    own = DictionaryObject({NameObject("/XObject"): drawn, **(held if font else {})})
    holder = page["/Parent"].get_object() if above else page
    holder[NameObject("/Resources")] = own  # type: ignore[index]
    if above:
        del page["/Resources"]
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("body", "silent"),
    [
        (scan(), True),
        (scan(above=True), True),
        (scan(font=True), False),
        (scan(font=True, above=True), False),
        (scan(inside=True), False),
        (samples.pdf(), False),
        (one_page("Bilan", "Un paragraphe."), False),
    ],
    ids=["scan", "inherited", "letters", "inherited letters", "letters in a drawing", "blank", "text"],
)
def test_a_scan_has_images_and_no_letters(body: bytes, silent: bool) -> None:
    assert is_silent(io.BytesIO(body)) is silent
    assert check_file("a.pdf", io.BytesIO(body), accepts=("pdf",), max_bytes=10**6).silent is silent


def test_a_picture_alone_is_no_scan_of_ours() -> None:
    body = samples.HONEST["png"]
    assert check_file("a.png", io.BytesIO(body), accepts=("png",), max_bytes=10**6).silent is False


@pytest.mark.parametrize("body", [b"", b"%PDF-1.7\n%%EOF", samples.HTML, samples.pdf()[:80]])
def test_what_cannot_be_read_is_not_judged(body: bytes) -> None:
    assert is_silent(io.BytesIO(body)) is False


def test_a_tree_that_turns_on_itself_is_left() -> None:
    writer = PdfWriter(PdfReader(io.BytesIO(scan())))
    pages = writer.root_object["/Pages"].get_object()
    reference = pages.indirect_reference
    pages[NameObject("/Kids")] = ArrayObject([reference])  # type: ignore[index]
    out = io.BytesIO()
    writer.write(out)
    assert is_silent(io.BytesIO(out.getvalue())) is False
