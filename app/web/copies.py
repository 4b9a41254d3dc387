"""Bytes kept once for each dossier of a joint file, for the length of an act, so that each lives its own life."""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from tempfile import SpooledTemporaryFile
from typing import IO

from app import db
from app.operations.content import Filed
from app.queries.joint_parts import Due
from app.queries.pieces import is_referenced
from app.web.piece_door import store

IN_MEMORY = 1024 * 1024  # bytes


def is_filed(key: str) -> bool:
    """Whether a piece names these bytes, read once the act's own transaction has ended."""
    with db.short_transaction(writes=False) as reading:
        return is_referenced(reading, key)


@contextmanager
def kept_for(dossiers: Iterable[str], stream: IO[bytes]) -> Iterator[dict[str, str]]:
    """The keys of as many copies of a file as there are dossiers; those that the act did not use are removed."""
    with ExitStack() as stack:
        keys = {one: stack.enter_context(store().keeping(stream, is_filed)) for one in dossiers}
        yield keys
    sweep(keys.values())


@contextmanager
def copied(due: Iterable[Due]) -> Iterator[dict[tuple[str, str], Filed]]:
    """Copies of pieces already in the store, by structure and requirement; those that the act did not use go."""
    with ExitStack() as stack:
        copies = {}
        for one in due:
            stream = stack.enter_context(SpooledTemporaryFile(IN_MEMORY))
            for chunk in store().read(one.source.stored_as):
                stream.write(chunk)
            key = stack.enter_context(store().keeping(stream, is_filed))
            source = one.source
            copies[one.structure_id, one.requirement] = Filed(source.name, source.type, source.size, source.digest, key)
        yield copies
    sweep(copy.stored_as for copy in copies.values())


def sweep(keys: Iterable[str]) -> None:
    """Remove the copies that no piece names once the act is committed."""
    for key in keys:
        if not is_filed(key):
            store().remove(key)
