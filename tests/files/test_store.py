"""Bytes are kept under names that nobody gave, for their owner's eyes, once."""

import io
import os
import tempfile
from hashlib import sha256
from pathlib import Path

import obstore
import pytest
from obstore.exceptions import AlreadyExistsError

from app.files.store import Lost, Store, folder_store


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return folder_store(tmp_path / "pieces")


def files(store: Store) -> list[Path]:
    assert store.folder is not None
    return list(store.folder.iterdir())


def keep(store: Store, body: bytes) -> str:
    return store.keep(io.BytesIO(body))


def test_what_is_kept_is_read_back(store: Store) -> None:
    body = os.urandom(700_000)
    assert b"".join(store.read(keep(store, body))) == body


def test_a_large_upload_is_kept_from_the_file_it_came_in(store: Store) -> None:
    with tempfile.SpooledTemporaryFile(max_size=1000) as sent:
        sent.write(b"a" * 12_000_000)
        key = store.keep(sent)
    assert store.intact(key, sha256(b"a" * 12_000_000).hexdigest())


def test_only_the_owner_can_read_a_piece_or_enter_its_folder(store: Store) -> None:
    keep(store, b"a")
    assert store.folder is not None
    assert oct(store.folder.stat().st_mode & 0o777) == "0o700"
    assert [oct(path.stat().st_mode & 0o777) for path in files(store)] == ["0o600"]


def test_a_key_is_forty_hexadecimal_digits_and_never_twice_the_same(store: Store) -> None:
    keys = {keep(store, b"the same") for _ in range(20)}
    assert len(keys) == 20
    assert {path.name for path in files(store)} == keys
    assert all(len(key) == 40 and int(key, 16) >= 0 for key in keys)


def test_a_key_is_written_once(store: Store) -> None:
    key = keep(store, b"first")
    with pytest.raises(AlreadyExistsError):
        obstore.put(store.backend, key, b"second", mode="create")
    assert b"".join(store.read(key)) == b"first"


def test_bytes_that_changed_on_the_disk_are_found(store: Store) -> None:
    key, digest = keep(store, b"as filed"), sha256(b"as filed").hexdigest()
    assert store.intact(key, digest)
    files(store)[0].write_bytes(b"changed!")
    assert not store.intact(key, digest)


def test_a_key_that_is_gone_is_lost_and_not_an_accident(store: Store) -> None:
    with pytest.raises(Lost):
        store.read("0" * 40)
    assert not store.intact("0" * 40, "")
    store.remove("0" * 40)


def test_an_act_that_fails_leaves_no_file(store: Store) -> None:
    with pytest.raises(ZeroDivisionError), store.keeping(io.BytesIO(b"a"), lambda _key: False):
        raise ZeroDivisionError
    assert files(store) == []


def test_an_act_whose_commit_did_happen_keeps_its_file(store: Store) -> None:
    with pytest.raises(ConnectionError), store.keeping(io.BytesIO(b"a"), lambda _key: True):
        raise ConnectionError
    assert len(files(store)) == 1
