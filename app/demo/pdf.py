"""A very small writer of PDF: one page of plain text, for the pieces of the demonstration."""

from textwrap import wrap

MARGIN, TOP, LEADING = 64, 770, 17  # points
COLUMNS = 84
ESCAPED = str.maketrans({"\\": r"\\", "(": r"\(", ")": r"\)"})


def one_page(title: str, *paragraphs: str) -> bytes:
    """A PDF 1.4 of one A4 page: a title, then paragraphs. Signs outside Windows-1252 become a question mark."""
    lines = [line for paragraph in paragraphs for line in (*wrap(paragraph, COLUMNS), "")]
    text = [f"BT /F1 15 Tf {MARGIN} {TOP} Td ({escaped(title)}) Tj ET"]
    text += [f"BT /F1 11 Tf {MARGIN} {TOP - LEADING * row} Td ({escaped(line)}) Tj ET" for row, line in numbered(lines)]
    return assembled(
        [
            b"<< /Type /Catalog /Pages 2 0 R /Lang (fr) >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
            b"/Resources << /Font << /F1 5 0 R >> >> >>",
            stream("\n".join(text).encode("cp1252", "replace")),
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
            b"<< /Title (" + escaped(title).encode("cp1252", "replace") + b") >>",
        ]
    )


def numbered(lines: list[str]) -> list[tuple[int, str]]:
    """Lines that hold something, with the row each stands on below the title."""
    return [(row, line) for row, line in enumerate(lines, start=2) if line]


def escaped(text: str) -> str:
    return text.replace("\u202f", "\u00a0").translate(ESCAPED)


def stream(content: bytes) -> bytes:
    return b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content)


def assembled(objects: list[bytes]) -> bytes:
    """Objects numbered from 1, their table of places, and the trailer that names the first and the last."""
    body, places = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    head = b"xref\n0 %d\n0000000000 65535 f \n" % size
    trailer = b"trailer\n<< /Size %d /Root 1 0 R /Info %d 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        size,
        len(objects),
        len(body),
    )
    return body + head + table + trailer
