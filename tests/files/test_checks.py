"""A file is what it says, by its extension, its first bytes and its structure together."""

import io
import time
import tracemalloc
import zipfile

import pytest

from app.files.checks import KINDS, Checked, check_file
from tests.files import samples
from workflows.refused import Refused

EVERY = tuple(KINDS)
LIMIT = 20 * 1024 * 1024


def check(name: str, body: bytes, *, accepts: tuple[str, ...] = EVERY, limit: int = LIMIT) -> Checked:
    return check_file(name, io.BytesIO(body), accepts=accepts, max_bytes=limit)


def refused(name: str, body: bytes, *, accepts: tuple[str, ...] = EVERY, limit: int = LIMIT) -> str:
    with pytest.raises(Refused) as caught:
        check(name, body, accepts=accepts, limit=limit)
    return caught.value.code


@pytest.mark.parametrize("type", samples.HONEST)
def test_an_honest_file_of_each_type_passes(type: str) -> None:
    checked = check(f"Pièce.{type.upper()}", samples.HONEST[type])
    assert (checked.type, checked.size) == (type, len(samples.HONEST[type]))


def test_jpeg_is_another_name_of_jpg() -> None:
    assert check("a.jpeg", samples.jpg()).type == "jpg"


@pytest.mark.parametrize("lie", samples.LIES)
def test_a_file_that_lies_is_refused(lie: str) -> None:
    name, body = samples.LIES[lie]
    assert refused(name, body) in {"file_type_refused", "file_not_what_it_says"}


@pytest.mark.parametrize("type", samples.HONEST)
@pytest.mark.parametrize("other", samples.HONEST)
def test_no_type_passes_under_the_name_of_another(type: str, other: str) -> None:
    if type != other:
        assert refused(f"a.{other}", samples.HONEST[type]) == "file_not_what_it_says"


def test_a_piece_takes_only_the_types_its_label_accepts() -> None:
    assert refused("a.xlsx", samples.xlsx(), accepts=("pdf", "docx")) == "file_type_refused"


def test_the_limit_is_the_last_size_that_passes() -> None:
    body = samples.pdf()
    assert check("a.pdf", body, limit=len(body)).size == len(body)
    assert refused("a.pdf", body, limit=len(body) - 1) == "file_too_big"


def test_an_empty_file_is_said_to_be_empty() -> None:
    assert refused("a.pdf", b"") == "file_empty"


def test_one_byte_is_no_file() -> None:
    assert refused("a.pdf", b"%") == "file_not_what_it_says"


def test_a_pdf_under_a_password_is_refused_by_name() -> None:
    assert refused("a.pdf", samples.pdf(password="secret")) == "file_protected"


def test_a_pdf_cut_short_is_refused() -> None:
    assert refused("a.pdf", samples.pdf()[:-40]) == "file_not_what_it_says"


def test_a_pdf_whose_table_points_elsewhere_is_refused() -> None:
    head, eol, rest = samples.pdf().partition(b"\n")
    assert refused("a.pdf", head + eol + samples.HTML + rest) == "file_not_what_it_says"


def test_a_pdf_without_a_page_is_refused() -> None:
    assert refused("a.pdf", samples.pdf(pages=0)) == "file_not_what_it_says"


def test_an_office_document_under_a_password_is_refused_by_name() -> None:
    compound = bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le")
    assert refused("a.docx", compound) == "file_protected"
    assert refused("a.docx", compound[:600]) == "file_not_what_it_says"


def test_an_open_document_under_a_password_is_refused_by_name() -> None:
    assert refused("a.odt", samples.opendocument("text", b"<encryption-data/>")) == "file_protected"


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("a.docx", samples.docx(**{"word/vbaProject.bin": b"macro"})),
        ("a.xlsx", samples.xlsx(**{"xl/vbaproject.BIN": b"macro"})),
        ("a.docx", samples.openxml("macroEnabled.wordprocessingml.document", "word/document.xml")),
        ("a.odt", samples.odt(**{"Basic/Standard/Module1.xml": b"macro"})),
        ("a.ods", samples.ods(**{"Scripts/python/a.py": b"macro"})),
    ],
)
def test_macros_are_refused_by_name(name: str, body: bytes) -> None:
    assert refused(name, body) == "file_has_macros"


def test_an_archive_that_unpacks_a_hundred_times_its_size_is_refused() -> None:
    assert refused("a.docx", samples.docx(**{"word/media/zeros.bin": b"\0" * 5_000_000})) == "file_unpacks_too_big"


def test_an_archive_that_announces_a_hundred_megabytes_is_refused_and_never_unpacked() -> None:
    out = io.BytesIO(samples.docx())
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as made:
        made.writestr("word/big.bin", bytes(range(256)) * 4000)
    body = bytearray(out.getvalue())
    place = body.rindex(b"PK\1\2")
    body[place + 24 : place + 28] = (200 * 1024 * 1024).to_bytes(4, "little")
    tracemalloc.start()
    assert refused("a.docx", bytes(body)) == "file_unpacks_too_big"
    assert tracemalloc.get_traced_memory()[1] < 8 * 1024 * 1024
    tracemalloc.stop()


def test_an_archive_of_too_many_members_is_refused_before_its_index_is_read() -> None:
    body = samples.docx(**{f"word/{number}.xml": b"" for number in range(2000)})
    begun = time.process_time()
    assert refused("a.docx", body) == "file_unpacks_too_big"
    assert time.process_time() - begun < 1


@pytest.mark.parametrize("missing", ["[Content_Types].xml", "word/document.xml"])
def test_an_archive_without_its_expected_members_is_no_document(missing: str) -> None:
    with zipfile.ZipFile(io.BytesIO(samples.docx())) as whole:
        members = {name: whole.read(name) for name in whole.namelist() if name != missing}
    assert refused("a.docx", samples.archive(members)) == "file_not_what_it_says"


def test_an_open_document_says_its_own_type() -> None:
    assert refused("a.odt", samples.opendocument("presentation")) == "file_not_what_it_says"


def test_a_damaged_archive_is_refused() -> None:
    body = bytearray(samples.docx())
    body[40:60] = b"\xff" * 20
    assert refused("a.docx", bytes(body)) == "file_not_what_it_says"


@pytest.mark.parametrize(("name", "make"), [("a.png", samples.png), ("a.jpg", samples.jpg)])
def test_a_picture_no_screen_can_bear_is_refused(name: str, make: object) -> None:
    assert callable(make)
    assert refused(name, make(50_000, 50_000)) == "file_not_what_it_says"
    assert refused(name, make(0, 10)) == "file_not_what_it_says"


def test_a_png_with_a_changed_byte_is_refused() -> None:
    body = bytearray(samples.png())
    body[40] ^= 1
    assert refused("a.png", bytes(body)) == "file_not_what_it_says"


@pytest.mark.parametrize("cut", [3, 12, 100, -1])
def test_a_jpeg_cut_short_is_refused(cut: int) -> None:
    assert refused("a.jpg", samples.jpg()[:cut]) in {"file_not_what_it_says"}


def test_two_jpegs_end_to_end_are_what_a_telephone_writes() -> None:
    assert check("a.jpg", samples.jpg() + samples.jpg() + b"\0\0").type == "jpg"
