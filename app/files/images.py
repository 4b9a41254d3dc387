"""The structure of pictures: their parts in order, a size a screen can bear, and nothing after their end."""

import zlib
from typing import IO

from workflows.refused import Refused

PIXELS = 100_000_000
PNG = b"\x89PNG\r\n\x1a\n"
IHDR_BYTES = 13
CHUNK_FRAME = 12  # length, name and check of a PNG chunk
JPG = b"\xff\xd8"
START_OF_SCAN, END_OF_IMAGE = 0xDA, 0xD9
#: Markers that open a frame (ISO/IEC 10918-1, table B.1): C0 to CF but for the tables C4, C8 and CC.
FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
#: Inside a scan, FF is followed by one of these without ending it: a stuffed zero, a restart, padding.
STUFFING = frozenset({0x00, 0xFF, *range(0xD0, 0xD8)})


def check_png(stream: IO[bytes]) -> None:
    """Every chunk with its check sum, `IHDR` first, `IEND` last. Raises `Refused("file_not_what_it_says")`."""
    body = stream.read()
    place = len(PNG)
    names: list[bytes] = []
    if not body.startswith(PNG):
        raise Refused("file_not_what_it_says")
    while place < len(body) and names[-1:] != [b"IEND"]:
        length = int.from_bytes(body[place : place + 4])
        name, data = body[place + 4 : place + 8], body[place + 8 : place + 8 + length]
        end = place + CHUNK_FRAME + length
        if end > len(body) or zlib.crc32(data, zlib.crc32(name)) != int.from_bytes(body[end - 4 : end]):
            raise Refused("file_not_what_it_says")
        if not names and (name != b"IHDR" or length != IHDR_BYTES or not bearable(data[:4], data[4:8])):
            raise Refused("file_not_what_it_says")
        names.append(name)
        place = end
    if names[-1:] != [b"IEND"] or b"IDAT" not in names or place != len(body):
        raise Refused("file_not_what_it_says")


def check_jpg(stream: IO[bytes]) -> None:
    """One picture, or several end to end as telephones write them. Raises `Refused("file_not_what_it_says")`."""
    body = stream.read().rstrip(b"\x00")
    place = 0
    while place < len(body):
        place = end_of_jpg(body, place)
        while body[place : place + 1] == b"\x00":
            place += 1


def end_of_jpg(body: bytes, place: int) -> int:
    """Where the picture that begins here ends."""
    if body[place : place + 2] != JPG:
        raise Refused("file_not_what_it_says")
    place, framed = place + 2, False
    while True:
        marker, length = next_segment(body, place)
        if marker == END_OF_IMAGE:
            if not framed:
                raise Refused("file_not_what_it_says")
            return place + 2
        if marker in FRAMES:
            framed = True
            if not bearable(body[place + 5 : place + 7], body[place + 7 : place + 9]):
                raise Refused("file_not_what_it_says")
        place += 2 + length
        if marker == START_OF_SCAN:
            place = end_of_scan(body, place)


def next_segment(body: bytes, place: int) -> tuple[int, int]:
    """The marker at this place and the length of its segment, the length of the end being 0."""
    if place + 2 > len(body) or body[place] != JPG[0]:
        raise Refused("file_not_what_it_says")
    marker = body[place + 1]
    if marker == END_OF_IMAGE:
        return marker, 0
    length = int.from_bytes(body[place + 2 : place + 4])
    if length < len(JPG) or place + 2 + length > len(body):
        raise Refused("file_not_what_it_says")
    return marker, length


def end_of_scan(body: bytes, place: int) -> int:
    """Where the compressed data stops: at the next marker that is neither stuffing nor a restart."""
    while (place := body.find(b"\xff", place)) >= 0 and place + 1 < len(body):
        if body[place + 1] not in STUFFING:
            return place
        place += 1 if body[place + 1] == JPG[0] else 2
    raise Refused("file_not_what_it_says")


def bearable(width: bytes, height: bytes) -> bool:
    pixels = int.from_bytes(width) * int.from_bytes(height)
    return 0 < pixels <= PIXELS
