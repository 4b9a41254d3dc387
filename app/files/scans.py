"""A PDF that is a picture of a text: whoever listens to her documents hears nothing of it."""

from collections.abc import Iterator
from itertools import islice
from typing import IO

from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, PdfObject

LOOKED_AT = 3  # pages
DEEPEST = 20  # nodes from the root to a page
MOST = 50  # drawings of a page


def is_silent(stream: IO[bytes]) -> bool:
    """Whether the first pages of a PDF are images without a letter, as a scanner makes them.

    A page that shows letters names a font. Its content is not unpacked to learn it, for that could take any time. A
    file that has passed its check is never refused for what is found here, or not found.
    """
    stream.seek(0)
    try:
        pages = list(islice(first_pages(part(PdfReader(stream, strict=True).root_object, "/Pages"), 0), LOOKED_AT))
        return any(shows_image(page) for page in pages) and not any(names_font(page) for page in pages)
    except Exception:  # pypdf raises anything at all on a hostile file, and this is no judgement on it
        return False


def part(held: DictionaryObject, name: str) -> DictionaryObject:
    """A dictionary within a dictionary, empty where there is none."""
    found = whole(held.get(name))
    return found if isinstance(found, DictionaryObject) else DictionaryObject()


def whole(found: PdfObject | None) -> PdfObject | None:
    """What a reference leads to."""
    return found.get_object() if found is not None else None


def first_pages(
    node: DictionaryObject, depth: int, above: DictionaryObject | None = None
) -> Iterator[DictionaryObject]:
    """What each of the first pages draws with, its own or that of the tree above it."""
    own = part(node, "/Resources") or above or DictionaryObject()
    children = whole(node.get("/Kids"))
    if not isinstance(children, ArrayObject):
        yield own
        return
    for child in islice(children, LOOKED_AT if depth < DEEPEST else 0):
        found = whole(child)
        if isinstance(found, DictionaryObject):
            yield from first_pages(found, depth + 1, own)


def drawings(resources: DictionaryObject) -> Iterator[DictionaryObject]:
    for each in islice(part(resources, "/XObject").values(), MOST):
        found = whole(each)
        if isinstance(found, DictionaryObject):
            yield found


def shows_image(resources: DictionaryObject) -> bool:
    return any(each.get("/Subtype") == "/Image" for each in drawings(resources))


def names_font(resources: DictionaryObject) -> bool:
    """Whether letters can be shown, by the page or by a drawing in it."""
    return bool(part(resources, "/Font")) or any(
        part(part(each, "/Resources"), "/Font") for each in drawings(resources)
    )
