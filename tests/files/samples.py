"""Files made for the tests: one honest file of each type, and those that say they are something else."""

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping

from pypdf import PdfWriter

HTML = b"<!doctype html><html><body><script>alert(1)</script></body></html>"
OFFICE = "application/vnd.openxmlformats-officedocument"
OASIS = "application/vnd.oasis.opendocument"
MANIFEST = "META-INF/manifest.xml"


def pdf(*, password: str | None = None, pages: int = 1) -> bytes:
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(200, 200)
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def archive(members: Mapping[str, bytes], *, stored: tuple[str, ...] = ()) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, body in members.items():
            made.writestr(name, body, zipfile.ZIP_STORED if name in stored else None)
    return out.getvalue()


def openxml(part: str, document: str, **more: bytes) -> bytes:
    types = f'<Types><Override PartName="/{document}" ContentType="{OFFICE}.{part}.main+xml"/></Types>'
    members = {"[Content_Types].xml": types.encode(), "_rels/.rels": b"<Relationships/>", document: b"<document/>"}
    return archive({**members, **more})


def docx(**more: bytes) -> bytes:
    return openxml("wordprocessingml.document", "word/document.xml", **more)


def xlsx(**more: bytes) -> bytes:
    return openxml("spreadsheetml.sheet", "xl/workbook.xml", **more)


def opendocument(kind: str, manifest: bytes = b"<manifest/>", **more: bytes) -> bytes:
    members = {"mimetype": f"{OASIS}.{kind}".encode(), "content.xml": b"<office/>", MANIFEST: manifest}
    return archive({**members, **more}, stored=("mimetype",))


def odt(**more: bytes) -> bytes:
    return opendocument("text", **more)


def ods(**more: bytes) -> bytes:
    return opendocument("spreadsheet", **more)


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(width: int = 1, height: int = 1) -> bytes:
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")


def segment(marker: int, data: bytes) -> bytes:
    return bytes((0xFF, marker)) + struct.pack(">H", len(data) + 2) + data


def jpg(width: int = 1, height: int = 1) -> bytes:
    frame = struct.pack(">BHHB", 8, height, width, 1) + b"\1\x11\0"
    return (
        b"\xff\xd8"
        + segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0")
        + segment(0xDB, b"\0" + b"\1" * 64)
        + segment(0xC0, frame)
        + segment(0xC4, b"\0" + b"\0" * 16)
        + segment(0xDA, b"\1\1\0\0\x3f\0")
        + b"\x12\xff\x00\x34\xff\xd0\x56"
        + b"\xff\xd9"
    )


HONEST: Mapping[str, bytes] = {
    "pdf": pdf(),
    "docx": docx(),
    "xlsx": xlsx(),
    "odt": odt(),
    "ods": ods(),
    "png": png(),
    "jpg": jpg(),
}

GIF = b"GIF89a\1\0\1\0\0\0\0;"
SVG = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"
MHT = b"MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n\r\n" + HTML
HTA = b"<hta:application/>" + HTML
XHTML = b"<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'/>"
EXE = b"MZ\x90\0" + b"\0" * 200 + b"PE\0\0"

#: The sixteen that lie by their bytes or their name: all refused.
LIES: Mapping[str, tuple[str, bytes]] = {
    "HTML before a PDF": ("a.pdf", HTML + pdf()),
    "a PDF that is an archive too": ("a.pdf", pdf() + archive({"a.txt": b"a"})),
    "a script before a PDF": ("a.pdf", b"/*" + pdf() + b"*/alert(1)"),
    "GIFAR": ("a.jpg", GIF + archive({"a.class": b"a"})),
    "a PNG then a PDF": ("a.png", png() + pdf()),
    "a JPEG with a tail of PHP": ("a.jpg", jpg() + b"<?php system($_GET['c']); ?>"),
    "a docx named pdf": ("a.pdf", docx()),
    "a program named pdf": ("a.pdf", EXE),
    "a program after a pdf name": ("a.pdf.exe", EXE),
    "a name ending with a dot": ("a.PDF.", pdf()),
    "a second extension after a semicolon": ("a.pdf;.html", pdf()),
    "HTML as txt": ("a.txt", HTML),
    "SVG as PNG": ("a.png", SVG),
    "MHT": ("a.mht", MHT),
    "HTA": ("a.hta", HTA),
    "XHTML": ("a.xhtml", XHTML),
}

#: The eight whose declared type is wrong or absent: the declaration is not read, the bytes are.
DECLARED = (
    "text/html",
    "image/svg+xml",
    "application/javascript",
    "application/x-msdownload",
    "image/png",
    "application/octet-stream",
    "",
    "text/html; charset=utf-7",
)
