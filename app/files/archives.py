"""The structure of office documents, which are ZIP archives: their size once unpacked, their members, no macros.

Only the archive's own index is read, then one or two members of which the size is bounded. XML is never parsed.
"""

import struct
import zipfile
from collections.abc import Callable
from typing import IO

from workflows.refused import Refused

MEMBERS = 2000
UNPACKED = 100 * 1024 * 1024  # bytes
RATIO = 100
SMALL = 1024 * 1024  # bytes, for a member that is read
TYPES = "[Content_Types].xml"
MACROS = ("vbaproject.bin", "vbadata.xml")
MACRO_TYPES = b"macroEnabled"
MACRO_FOLDERS = ("basic/", "scripts/")
MANIFEST = "META-INF/manifest.xml"
CIPHERED = b"encryption-data"
SECRET_BIT = 0x1
END = struct.Struct("<4s6xHI6x")  # end of central directory: its signature, the count of members, the index's bytes
END_BYTES = END.size
END_SIGNATURE = b"PK\5\6"


def check_openxml(document: str, type: str) -> Callable[[IO[bytes]], None]:
    """A check for a document of Office Open XML whose main part is `document`."""
    part = b"wordprocessingml" if type == "docx" else b"spreadsheetml"

    def check(stream: IO[bytes]) -> None:
        with opened(stream) as archive:
            names = limited(archive)
            if TYPES not in names or document not in names:
                raise Refused("file_not_what_it_says")
            types = member(archive, TYPES)
            if MACRO_TYPES in types or any(name.lower().endswith(MACROS) for name in names):
                raise Refused("file_has_macros")
            if part not in types:
                raise Refused("file_not_what_it_says")

    return check


def check_opendocument(media: str) -> Callable[[IO[bytes]], None]:
    """A check for a document of OpenDocument, which says its own type first."""

    def check(stream: IO[bytes]) -> None:
        with opened(stream) as archive:
            names = limited(archive)
            if names[:1] != ["mimetype"] or not {"content.xml", MANIFEST} <= set(names):
                raise Refused("file_not_what_it_says")
            if member(archive, "mimetype") != media.encode():
                raise Refused("file_not_what_it_says")
            if CIPHERED in member(archive, MANIFEST):
                raise Refused("file_protected")
            if any(name.lower().startswith(MACRO_FOLDERS) for name in names):
                raise Refused("file_has_macros")

    return check


def opened(stream: IO[bytes]) -> zipfile.ZipFile:
    refuse_crowd(stream)
    try:
        archive = zipfile.ZipFile(stream)
    except Exception as error:  # zipfile raises a dozen kinds on a hostile index; whatever it says, this is no archive
        raise Refused("file_not_what_it_says") from error
    return archive


def refuse_crowd(stream: IO[bytes]) -> None:
    """Read how many members an archive announces before its index is: it ends with that record, and no comment."""
    size = stream.seek(0, 2)
    stream.seek(max(0, size - END_BYTES))
    signature, count, index = END.unpack(stream.read().rjust(END_BYTES, b"\0"))
    if signature != END_SIGNATURE:
        raise Refused("file_not_what_it_says")
    if count >= MEMBERS or index > SMALL:
        raise Refused("file_unpacks_too_big")


def limited(archive: zipfile.ZipFile) -> list[str]:
    """The names of an archive's members, once it is known that unpacking it would hurt nobody."""
    members = archive.infolist()
    unpacked = sum(each.file_size for each in members)
    packed = sum(each.compress_size for each in members)
    if len(members) >= MEMBERS or unpacked >= UNPACKED or unpacked >= RATIO * max(packed, 1):
        raise Refused("file_unpacks_too_big")
    if any(each.flag_bits & SECRET_BIT for each in members):
        raise Refused("file_protected")
    if members and min(each.header_offset for each in members) != 0:
        raise Refused("file_not_what_it_says")
    return [each.filename for each in members]


def member(archive: zipfile.ZipFile, name: str) -> bytes:
    """The bytes of one small member."""
    if archive.getinfo(name).file_size > SMALL:
        raise Refused("file_not_what_it_says")
    try:
        return archive.read(name)
    except Exception as error:  # a damaged member, whatever zipfile says of it
        raise Refused("file_not_what_it_says") from error
