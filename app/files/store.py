"""Where the bytes of pieces are: a folder of the house, under names that nobody gave them.

A key is forty random hexadecimal digits, so that no name typed by a person ever reaches a disk. A key is written
once and never again. The calls are those of obstore, which are the same on a bucket: `store_for` is where a
configuration would choose one.
"""

import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import IO

import obstore
from obstore.store import LocalStore, ObjectStore

import config

CHUNK = 256 * 1024  # bytes
KEY_BYTES = 20
PIECES = "pieces"


class Lost(Exception):
    """The bytes of a piece are not there any more, or are not those that were filed."""


@dataclass(frozen=True)
class Store:
    """A place for bytes. `folder` is where they are on this machine, for a store that is on it."""

    backend: ObjectStore
    folder: Path | None = None

    def keep(self, stream: IO[bytes]) -> str:
        """Write a file from its beginning, and give the key it is kept under."""
        stream.seek(0)
        key = secrets.token_hex(KEY_BYTES)
        obstore.put(self.backend, key, stream, mode="create")
        if self.folder is not None:
            settle(self.folder, key)
        return key

    def read(self, key: str) -> Iterator[bytes]:
        """The bytes of a key, in pieces. Raises `Lost`."""
        try:
            found = obstore.get(self.backend, key)
        except FileNotFoundError as error:
            raise Lost(key) from error
        return (bytes(chunk) for chunk in found.stream(min_chunk_size=CHUNK))

    def remove(self, key: str) -> None:
        """Remove a key, whether or not it is still there."""
        with suppress(FileNotFoundError):
            obstore.delete(self.backend, key)

    def intact(self, key: str, digest: str) -> bool:
        """Whether a key still holds the bytes of that SHA-256."""
        found = sha256()
        try:
            for chunk in self.read(key):
                found.update(chunk)
        except Lost:
            return False
        return found.hexdigest() == digest

    @contextmanager
    def keeping(self, stream: IO[bytes], referenced: Callable[[str], bool]) -> Iterator[str]:
        """Keep a file for the length of an act, and remove it when the act fails.

        A commit whose answer was lost may have happened: `referenced` reads again whether a row names the key.
        """
        key = self.keep(stream)
        try:
            yield key
        except BaseException:
            if not referenced(key):
                self.remove(key)
            raise


def settle(folder: Path, key: str) -> None:
    """Make a file its owner's alone, and have the disk hold it before anything refers to it."""
    for path in (folder / key, folder):
        handle = os.open(path, os.O_RDONLY)
        try:
            if path != folder:
                os.fchmod(handle, 0o600)
            os.fsync(handle)
        finally:
            os.close(handle)


def folder_store(folder: Path) -> Store:
    """A store in a folder that its owner alone can enter."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder.chmod(0o700)
    return Store(LocalStore(folder), folder)


def store_for(settings: config.Settings) -> Store:
    """The store that the settings ask for: a folder of `DATA_DIR`, outside anything that is served."""
    return folder_store(settings.data_dir / PIECES)
