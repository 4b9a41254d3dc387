"""How often something was tried: counts in the database, shared by every process and kept through a restart."""

from datetime import datetime, timedelta

from sqlalchemy import case, delete, literal, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.models import Throttle

WINDOW = timedelta(minutes=15)


def count_try(db: Session, key: str, *, at: datetime) -> int:
    """Count one more try and return how many there were since the window began.

    A window begins with its first try and ends `WINDOW` later, whatever comes meanwhile: nobody is kept out for good.
    """
    insert = postgresql.insert if db.get_bind().dialect.name == "postgresql" else sqlite.insert
    past = Throttle.started_at <= at - WINDOW
    begun = literal(at, Throttle.started_at.type)
    counted = (
        insert(Throttle)
        .values(key=key, count=1, started_at=at)
        .on_conflict_do_update(
            index_elements=[Throttle.key],
            set_={
                "count": case((past, 1), else_=Throttle.count + 1),
                "started_at": case((past, begun), else_=Throttle.started_at),
            },
        )
        .returning(Throttle.count)
    )
    return db.execute(counted).scalar_one()


def forget_tries(db: Session, key: str) -> None:
    """Begin again from nothing: the right person came in."""
    db.execute(delete(Throttle).where(Throttle.key == key))


def take_back(db: Session, key: str) -> None:
    """Take one try back: it was a right one."""
    db.execute(update(Throttle).where(Throttle.key == key, Throttle.count > 0).values(count=Throttle.count - 1))
