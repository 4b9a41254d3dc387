"""A hundred commits by the house's own engine, to be watched from outside.

python -m tests.faults.commits sqlite:///house.db
"""

import sys

from sqlalchemy import text

from app.db import Database

COMMITS = 100


def commit_often(url: str) -> None:
    """Write and commit, a hundred times, in a table of its own."""
    database = Database(url)
    with database.session(writes=True) as db:
        db.execute(text("CREATE TABLE note (number INTEGER PRIMARY KEY)"))
        db.commit()
    for number in range(COMMITS):
        with database.session(writes=True) as db:
            db.execute(text("INSERT INTO note (number) VALUES (:number)"), {"number": number})
            db.commit()
    database.engine.dispose()


if __name__ == "__main__":
    commit_often(sys.argv[1])
