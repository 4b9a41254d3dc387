"""What PostgreSQL asks to be tried again: a transaction caught in a deadlock, or that cannot be put in order.

Nothing of it was kept, so the view is run again from its beginning, with the same form.
"""

from flask import Flask, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import DBAPIError

from app import db

#: SQLSTATE of a serialization failure and of a deadlock (PostgreSQL, appendix A).
TO_TRY_AGAIN = frozenset({"40001", "40P01"})
MOST_TRIES = 5


class House(Flask):
    """Flask, with patience for its database."""

    def dispatch_request(self) -> ResponseReturnValue:
        for _ in range(MOST_TRIES - 1):
            try:
                return super().dispatch_request()
            except DBAPIError as error:
                if getattr(error.orig, "sqlstate", None) not in TO_TRY_AGAIN:
                    raise
                begin_again()
        return super().dispatch_request()


def begin_again() -> None:
    """Undo what the view began, and give it back the files it has read."""
    db.end_transaction()
    for file in request.files.values():
        file.stream.seek(0)
