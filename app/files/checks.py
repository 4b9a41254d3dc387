"""Whether a file is what it says: its extension, its first bytes and its structure must agree.

The type a browser declares is not read. What a piece accepts is in its label; what each type must be is here.
Nothing is unpacked on a disk, and nothing is read from an archive but two small members.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import IO

import filetype

from app.files.archives import check_opendocument, check_openxml
from app.files.images import check_jpg, check_png
from app.files.names import extension_of
from app.files.pdf import check_pdf
from app.files.scans import is_silent
from workflows.refused import Refused

MEGABYTE = 1024 * 1024
HEAD = 8192  # bytes, what filetype looks at
CHUNK = 256 * 1024  # bytes
SAME = {"jpeg": "jpg"}

Check = Callable[[IO[bytes]], None]


@dataclass(frozen=True)
class Kind:
    """A type of file: what it is served as, what its first bytes may look like, and how its structure is checked."""

    media: str
    magic: frozenset[str]
    check: Check


OFFICE = "application/vnd.openxmlformats-officedocument"
OASIS = "application/vnd.oasis.opendocument"
KINDS: Mapping[str, Kind] = {
    "pdf": Kind("application/pdf", frozenset({"pdf"}), check_pdf),
    "docx": Kind(
        f"{OFFICE}.wordprocessingml.document", frozenset({"docx", "zip"}), check_openxml("word/document.xml", "docx")
    ),
    "xlsx": Kind(f"{OFFICE}.spreadsheetml.sheet", frozenset({"xlsx", "zip"}), check_openxml("xl/workbook.xml", "xlsx")),
    "odt": Kind(f"{OASIS}.text", frozenset({"odt", "zip"}), check_opendocument(f"{OASIS}.text")),
    "ods": Kind(f"{OASIS}.spreadsheet", frozenset({"ods", "zip"}), check_opendocument(f"{OASIS}.spreadsheet")),
    "png": Kind("image/png", frozenset({"png"}), check_png),
    "jpg": Kind("image/jpeg", frozenset({"jpg"}), check_jpg),
}


@dataclass(frozen=True)
class Checked:
    """What is known of a file that passed: its type, its size in bytes, its SHA-256, whether it is images alone."""

    type: str
    size: int
    digest: str
    silent: bool = False


def check_file(name: str, stream: IO[bytes], *, accepts: tuple[str, ...], max_bytes: int) -> Checked:
    """Check a file from its beginning.

    Raises `Refused`: `file_type_refused`, `file_empty`, `file_too_big`, `file_not_what_it_says`, `file_protected`,
    `file_has_macros`, `file_unpacks_too_big`.
    """
    extension = extension_of(name)
    type = SAME.get(extension, extension)
    if type not in accepts:
        raise Refused("file_type_refused", accepted=", ".join(accepts))
    size, digest = measure(stream, max_bytes)
    stream.seek(0)
    head = stream.read(HEAD)
    guess = filetype.guess(head)
    if guess is None or guess.extension not in KINDS[type].magic:
        refuse_protected(stream, head)
        raise Refused("file_not_what_it_says")
    stream.seek(0)
    KINDS[type].check(stream)
    return Checked(type, size, digest, type == "pdf" and is_silent(stream))


def measure(stream: IO[bytes], max_bytes: int) -> tuple[int, str]:
    """Size and SHA-256 of a file, read once and never whole."""
    stream.seek(0)
    size, found = 0, sha256()
    while chunk := stream.read(CHUNK):
        size += len(chunk)
        found.update(chunk)
        if size > max_bytes:
            raise Refused("file_too_big", limit=max_bytes // MEGABYTE)
    if not size:
        raise Refused("file_empty")
    return size, found.hexdigest()


COMPOUND = bytes.fromhex("d0cf11e0a1b11ae1")
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def refuse_protected(stream: IO[bytes], head: bytes) -> None:
    """An office document under a password is no archive any more, but a compound file that says so."""
    if not head.startswith(COMPOUND):
        return
    stream.seek(0)
    if ENCRYPTED in stream.read():
        raise Refused("file_protected")
