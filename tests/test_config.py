"""Production refuses to start on unsafe settings, one sentence a fault."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import config
from app.keys import create_signing_key, read_keys

SAFE = {
    "SECRET_KEY": "a long secret that only this house knows, really",
    "BASE_URL": "https://appellation.example",
    "MAIL_SERVER": "mail.example",
    "MAIL_SENDER": "reseau@fabrique.example",
    "DATABASE_URL": "postgresql://house:something-of-its-own@db.example/appellation",
}


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    tmp_path.chmod(0o700)
    create_signing_key(tmp_path / "signing.key")
    return {**SAFE, "DATA_DIR": str(tmp_path)}


def test_safe_settings_start(env: dict[str, str]) -> None:
    settings = config.read(env)
    assert (settings.production, settings.https, settings.host) == (True, True, "appellation.example")
    assert settings.database_url.startswith("postgresql+psycopg://")


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("SECRET_KEY", "", "SECRET_KEY"),
        ("SECRET_KEY", "changeme", "SECRET_KEY"),
        ("BASE_URL", "http://appellation.example", "BASE_URL"),
        ("BASE_URL", "", "BASE_URL"),
        ("FLASK_DEBUG", "1", "FLASK_DEBUG"),
        ("MAIL_SERVER", "", "MAIL_SERVER"),
        ("MAIL_SENDER", "", "MAIL_SENDER"),
        ("MAIL_SECURITY", "none", "MAIL_SECURITY"),
        ("DATABASE_URL", "postgresql://postgres:postgres@db.example/appellation", "DATABASE_URL"),
        ("DATABASE_URL", "postgresql://house@db.example/appellation", "DATABASE_URL"),
        ("SIGNING_KEY_FILE", "/nowhere/signing.key", "SIGNING_KEY_FILE"),
    ],
)
def test_each_unsafe_setting_is_named_in_one_sentence(env: dict[str, str], name: str, value: str, said: str) -> None:
    with pytest.raises(config.Unsafe) as refused:
        config.read({**env, name: value})
    assert [fault.split()[0] for fault in refused.value.faults] == [said]


def test_files_that_everyone_can_read_are_refused(env: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "signing.key").chmod(0o644)
    with pytest.raises(config.Unsafe, match="must not be readable by everyone"):
        config.read(env)


def test_the_server_says_why_it_does_not_start(tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-c", "import wsgi"],
        env={"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path)},
        cwd=Path(__file__).parent.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 1
    assert run.stderr.startswith("This house does not start:\n- SECRET_KEY")
    assert "Traceback" not in run.stderr


def test_the_demonstration_keeps_a_secret_and_a_key_of_its_own(tmp_path: Path) -> None:
    first = config.read({"DEMO": "1", "DATA_DIR": str(tmp_path / "data")})
    again = config.read({"DEMO": "1", "DATA_DIR": str(tmp_path / "data")})
    assert first.secret_key == again.secret_key
    assert len(first.secret_key) == 64
    assert (tmp_path / "data" / "secret.key").stat().st_mode & 0o077 == 0


def test_a_signing_key_is_never_replaced(tmp_path: Path) -> None:
    path = tmp_path / "signing.key"
    assert create_signing_key(path)
    before = path.read_bytes()
    assert not create_signing_key(path)
    assert path.read_bytes() == before
    keys = read_keys("secret", path)
    signature = keys.sign(b"one", "ab" * 32)
    assert keys.signed(b"one", "ab" * 32, signature)
    assert not keys.signed(b"two", "ab" * 32, signature)
    assert not keys.signed(b"one", "cd" * 32, signature)


def test_a_token_is_of_one_purpose_one_subject_and_one_moment(tmp_path: Path) -> None:
    create_signing_key(tmp_path / "signing.key")
    keys = read_keys("secret", tmp_path / "signing.key")
    token = keys.token("invitation", "a", 1, "nonce")
    others = {
        keys.token("reset", "a", 1, "nonce"),
        keys.token("invitation", "b", 1, "nonce"),
        keys.token("invitation", "a", 2, "nonce"),
        keys.token("invitation", "a", 1, "other"),
        read_keys("another", tmp_path / "signing.key").token("invitation", "a", 1, "nonce"),
    }
    assert token not in others
    assert len(others) == 5
