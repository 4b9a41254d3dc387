"""What the public reads of a structure on a day: a status chosen to be told later is not there yet.

Until its day, the status before it is still the one the public reads; committees and the team know the real one.
"""

from datetime import date

from sqlalchemy import ColumnElement, and_, exists, or_
from sqlalchemy.orm import aliased

from app.models import NetworkStatus


def is_published(day: date) -> ColumnElement[bool]:
    """Whether the public may know of a status on a day in Paris, as a condition."""
    return or_(NetworkStatus.public_on.is_(None), NetworkStatus.public_on <= day)


def is_current(day: date) -> ColumnElement[bool]:
    """Whether a status is the one that the public reads on a day, as a condition.

    It is the one in force; or the last before the one in force, while that one waits for its day.
    """
    hidden, between = aliased(NetworkStatus), aliased(NetworkStatus)
    same = and_(hidden.structure_id == NetworkStatus.structure_id, hidden.label == NetworkStatus.label)
    later = exists().where(
        between.structure_id == NetworkStatus.structure_id,
        between.label == NetworkStatus.label,
        between.recorded_at > NetworkStatus.recorded_at,
        between.recorded_at < hidden.recorded_at,
    )
    waiting = exists().where(
        same,
        hidden.id != NetworkStatus.id,
        hidden.until.is_(None),
        hidden.public_on > day,
        hidden.since == NetworkStatus.until,
        hidden.recorded_at >= NetworkStatus.recorded_at,
        ~later,
    )
    return and_(is_published(day), or_(NetworkStatus.until.is_(None), waiting))
