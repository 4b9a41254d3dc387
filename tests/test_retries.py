"""A deadlock is nobody's fault: whoever lost it is served too, and nothing is done twice."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy.exc import DBAPIError, OperationalError

from app import db
from app.operations.locks import lock_dossier
from app.retries import MOST_TRIES
from tests.make import Make


def test_two_requests_that_wait_for_each_other_are_both_served(app: Flask, make: Make) -> None:
    one, other = make.dossier().id, make.dossier().id
    make.commit()
    both, begun = threading.Barrier(2), list[str]()

    def meet() -> None:
        """Wait for the other to hold its first lock; where writers come one after the other, it never does."""
        try:
            both.wait(1)
        except threading.BrokenBarrierError:
            return

    def lock_two(first: str, second: str) -> str:
        begun.append(first)
        lock_dossier(db.session(), first)
        meet()
        lock_dossier(db.session(), second)
        db.session().commit()
        return "served"

    app.add_url_rule("/two/<first>/<second>", view_func=lock_two, methods=["POST"])
    with ThreadPoolExecutor(2) as people:
        asked = [people.submit(app.test_client().post, f"/two/{a}/{b}") for a, b in ((one, other), (other, one))]
        assert [answer.result().text for answer in asked] == ["served", "served"]
    deadlock = 1 if app.extensions["database"].sqlite is False else 0
    assert len(begun) == 2 + deadlock


class Unordered(Exception):
    sqlstate = "40001"


class Broken(Exception):
    sqlstate = "57P01"


@pytest.mark.parametrize(("fault", "tries"), [(Unordered(), MOST_TRIES), (Broken(), 1)])
def test_patience_has_an_end_and_is_for_nothing_else(app: Flask, fault: Exception, tries: int) -> None:
    tried = list[DBAPIError]()

    def never() -> str:
        tried.append(OperationalError("SELECT 1", None, fault))
        raise tried[-1]

    app.add_url_rule("/never", view_func=never, methods=["POST"])
    assert app.test_client().post("/never").status_code == 503
    assert len(tried) == tries
