"""The one source of time. An operation receives a `Clock` and reads it once, after its lock."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The moment, aware, in UTC."""
    return datetime.now(UTC)
