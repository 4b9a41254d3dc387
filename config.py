"""Settings, read once from the environment.

A default exists only where it is right in production, or is the embedded one (SQLite in `DATA_DIR`).
"""

import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

LOOPBACK = {"127.0.0.1", "::1", "localhost"}
WEAK_SECRETS = {"dev", "secret", "changeme", "change-me", "test", "password"}
WEAK_PASSWORDS = {"postgres", "password", "changeme", "appellation", ""}


class Unsafe(Exception):
    """Production refuses to start; one sentence for each fault."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


@dataclass(frozen=True)
class Settings:
    """Everything the outside decides.

    Sizes are in bytes and durations in seconds.
    """

    base_url: str
    data_dir: Path
    database_url: str
    secret_key: str
    signing_key_file: Path
    demo: bool = False
    testing: bool = False
    debug: bool = False
    mail_server: str | None = None
    mail_port: int = 587
    mail_username: str | None = None
    mail_password: str | None = None
    mail_security: str = "starttls"
    mail_sender: str = ""
    mail_reply_to: str = ""
    trusted_proxies: int = 0
    session_idle: int = 30 * 60
    session_absolute: int = 12 * 3600
    max_body: int = 64 * 1024
    max_upload: int = 20 * 1024 * 1024

    @property
    def https(self) -> bool:
        return self.base_url.startswith("https://")

    @property
    def host(self) -> str:
        return urlsplit(self.base_url).netloc

    @property
    def production(self) -> bool:
        return not (self.demo or self.testing)


def read(env: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings from `env`. Raises `Unsafe` in production when something would be dangerous."""
    settings = parsed(env)
    if settings.production and (faults := unsafe(settings)):
        raise Unsafe(faults)
    return settings


def parsed(env: Mapping[str, str]) -> Settings:
    """The settings as they are written, safe or not."""
    data_dir = Path(env.get("DATA_DIR") or "instance").resolve()
    demo = env.get("DEMO") == "1"
    port = env.get("PORT") or "8000"
    return Settings(
        base_url=(env.get("BASE_URL") or (f"http://127.0.0.1:{port}" if demo else "")).rstrip("/"),
        data_dir=data_dir,
        database_url=driver(env.get("DATABASE_URL") or f"sqlite:///{data_dir / 'appellation.db'}"),
        secret_key=env.get("SECRET_KEY") or (kept_secret(data_dir) if demo else ""),
        signing_key_file=Path(env.get("SIGNING_KEY_FILE") or data_dir / "signing.key"),
        demo=demo,
        debug=env.get("FLASK_DEBUG") == "1",
        mail_server=env.get("MAIL_SERVER") or None,
        mail_port=int(env.get("MAIL_PORT") or "587"),
        mail_username=env.get("MAIL_USERNAME") or None,
        mail_password=env.get("MAIL_PASSWORD") or None,
        mail_security=env.get("MAIL_SECURITY") or "starttls",
        mail_sender=env.get("MAIL_SENDER") or ("reseau@fabrique.example" if demo else ""),
        mail_reply_to=env.get("MAIL_REPLY_TO") or "",
        trusted_proxies=int(env.get("TRUSTED_PROXIES") or "0"),
    )


def driver(url: str) -> str:
    """Name the driver the project uses when the address leaves it out."""
    for prefix in ("postgresql://", "postgres://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url


def kept_secret(data_dir: Path) -> str:
    """Make the demonstration's secret once and keep it beside its data, readable by its owner alone."""
    path = data_dir / "secret.key"
    if not path.exists():
        data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.touch(mode=0o600)
        path.write_text(os.urandom(32).hex())
    return path.read_text()


def unsafe(settings: Settings) -> list[str]:
    """Say, one sentence a fault, why production must not start with these settings."""
    faults = []
    if len(settings.secret_key) < 32 or settings.secret_key in WEAK_SECRETS:
        faults.append("SECRET_KEY must hold at least 32 characters nobody else knows.")
    if not settings.https:
        faults.append("BASE_URL must be the public address of the site and begin with https://.")
    if settings.debug:
        faults.append("FLASK_DEBUG must be off: its pages would show the inside of the program.")
    if not settings.mail_server:
        faults.append("MAIL_SERVER must name the server that sends: without it nobody is told anything.")
    if not settings.mail_sender:
        faults.append("MAIL_SENDER must be the address that messages come from.")
    if settings.mail_security not in {"starttls", "tls"} and settings.mail_server not in LOOPBACK:
        faults.append("MAIL_SECURITY must be starttls or tls unless the mail server is on this machine.")
    password = urlsplit(settings.database_url).password
    if settings.database_url.startswith("postgresql") and (password or "") in WEAK_PASSWORDS:
        faults.append("DATABASE_URL must carry a password of its own, not a usual one.")
    if not settings.signing_key_file.exists():
        faults.append("SIGNING_KEY_FILE must name the key made by `python -m app.keys`.")
    for path in (settings.data_dir, settings.signing_key_file):
        if path.exists() and path.stat().st_mode & (stat.S_IROTH | stat.S_IWOTH):
            faults.append(f"{path.name} must not be readable by everyone: take the rights of others away.")
    return faults
