"""Reading a long list a page at a time, from where one is: the thousandth page costs what the first one does.

A cursor is the key of a row, written in the address; nothing is counted and nothing is skipped over.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import Row, Select, literal, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.models.base import Moment

PAGE = 30
Item = TypeVar("Item")
SEPARATOR = "~"


@dataclass(frozen=True)
class Where:
    """Where a reader is in a list: after a row, before a row, or at its beginning."""

    after: str = ""
    before: str = ""


@dataclass(frozen=True)
class Page(Generic[Item]):
    """One page of a list, and the cursors of the pages around it, empty where there is none."""

    items: tuple[Item, ...]
    previous: str = ""
    next: str = ""


def read_page(
    db: Session,
    asked: Select[*tuple[Any, ...]],
    first: InstrumentedAttribute[Any],
    second: InstrumentedAttribute[str],
    where: Where,
    *,
    descending: bool = False,
    size: int = PAGE,
) -> Page[Row[*tuple[Any, ...]]]:
    """A page of `asked`, ordered by two of its own columns that no two rows share. A broken cursor is the beginning."""
    back = bool(where.before) and not where.after
    cursor = key_of(where.before if back else where.after, first)
    down = descending != back
    if cursor is not None:
        here = tuple_(first, second)
        there = tuple_(literal(cursor[0], first.type), literal(cursor[1], second.type))
        asked = asked.where(here < there if down else here > there)
    columns = (first.desc(), second.desc()) if down else (first.asc(), second.asc())
    rows: Sequence[Row[*tuple[Any, ...]]] = db.execute(asked.order_by(*columns).limit(size + 1)).all()
    more, shown = len(rows) > size, rows[:size]
    if back:
        shown = shown[::-1]
    return around(shown, first.key, second.key, earlier=more if back else cursor is not None, later=back or more)


def around(
    rows: Sequence[Row[*tuple[Any, ...]]], first: str, second: str, *, earlier: bool, later: bool
) -> Page[Row[*tuple[Any, ...]]]:
    """A page with the cursors of its neighbours: those of its first and of its last row."""
    if not rows:
        return Page(())
    top, bottom = rows[0]._mapping, rows[-1]._mapping
    return Page(
        tuple(rows),
        previous=written(top[first], top[second]) if earlier else "",
        next=written(bottom[first], bottom[second]) if later else "",
    )


def written(first: datetime | str, second: str) -> str:
    """A row's key, as an address carries it."""
    return f"{first.isoformat() if isinstance(first, datetime) else first}{SEPARATOR}{second}"


def key_of(cursor: str, first: InstrumentedAttribute[Any]) -> tuple[Any, str] | None:
    """What a cursor says; nothing when somebody wrote it by hand."""
    value, found, identifier = cursor.rpartition(SEPARATOR)
    if not found:
        return None
    if not isinstance(first.type, Moment):
        return value, identifier
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return (moment, identifier) if moment.tzinfo else None
