"""The structure of a PDF, read strictly: a lenient reader takes a page of HTML for one."""

import zipfile
from typing import IO

from pypdf import PdfReader
from pypdf.generic import DictionaryObject, NumberObject

from workflows.refused import Refused

START = b"%PDF-"
END = b"%%EOF"
TAIL = 1024  # bytes
BLANK = b"\x00\t\n\r "


def check_pdf(stream: IO[bytes]) -> None:
    """Raises `Refused`: `file_not_what_it_says`, `file_protected`."""
    if stream.read(len(START)) != START or not ends_well(stream) or zipfile.is_zipfile(stream):
        raise Refused("file_not_what_it_says")
    stream.seek(0)
    try:
        protected, pages = look_inside(stream)
    except Exception as error:  # pypdf raises anything at all on a hostile file; whatever it says, this is no PDF
        raise Refused("file_not_what_it_says") from error
    if protected:
        raise Refused("file_protected")
    if not pages:
        raise Refused("file_not_what_it_says")


def ends_well(stream: IO[bytes]) -> bool:
    """Whether nothing follows the end that the file gives itself."""
    size = stream.seek(0, 2)
    stream.seek(max(0, size - TAIL))
    return stream.read().rstrip(BLANK).endswith(END)


def look_inside(stream: IO[bytes]) -> tuple[bool, bool]:
    """Whether a PDF is encrypted, and whether it says that it has pages; the tree of pages itself is not walked."""
    reader = PdfReader(stream, strict=True)
    if reader.is_encrypted:
        return True, False
    pages = reader.root_object["/Pages"].get_object()
    count = pages.get("/Count") if isinstance(pages, DictionaryObject) else None
    return False, isinstance(count, NumberObject) and count > 0
