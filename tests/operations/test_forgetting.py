"""First contacts are not kept for ever, nor is whoever nothing else ties to the house."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from app.db import Database
from app.models import DemoMail, Enquiry, Message, Person
from app.operations.enquiries import settle_enquiry, take_up, turn_into_dossier
from app.operations.forgetting import KEPT, forget_enquiries
from app.worker import worker
from tests.conftest import Clock
from tests.make import Make

Deliver = Callable[..., int]


def settled(make: Make, to: str, **told: str) -> Enquiry:
    enquiry = make.enquiry(**told)
    if to != "waiting":
        settle_enquiry(make.db, enquiry.id, to, note="Un mot.", by=make.actor(make.officer()), clock=make.clock)
    return enquiry


def there(make: Make, table: type, identifier: str) -> bool:
    return make.db.execute(select(table.id).where(table.id == identifier)).first() is not None


@pytest.mark.parametrize("status", list(KEPT))
def test_each_state_is_kept_to_its_last_day_and_not_one_more(make: Make, clock: Clock, status: str) -> None:
    enquiry = settled(make, status)
    identifier, person = enquiry.id, enquiry.person_id
    clock.forward(days=KEPT[status].days, seconds=-1)
    assert forget_enquiries(make.db, clock()) == 0
    assert there(make, Enquiry, identifier)
    clock.forward(seconds=1)
    assert forget_enquiries(make.db, clock()) == 1
    assert not there(make, Enquiry, identifier)
    assert not there(make, Person, person)
    assert make.db.execute(select(Message).where(Message.person_id == person)).first() is None


def test_one_that_waits_is_kept_and_so_is_one_that_became_a_dossier(make: Make, clock: Clock) -> None:
    waiting, opened = make.enquiry(), make.enquiry(email="maud@armagnac.example")
    dossier = make.dossier()
    take_up(make.db, opened.id)
    turn_into_dossier(make.db, opened.id, dossier.id, by=make.actor(make.officer()), clock=clock)
    clock.forward(days=4000)
    assert forget_enquiries(make.db, clock()) == 0
    assert there(make, Enquiry, waiting.id)
    assert there(make, Enquiry, opened.id)


def test_a_person_who_is_something_else_stays(make: Make, clock: Clock) -> None:
    member = make.person("titulaire", structure=make.structure())
    with_password = settled(make, "closed", email="mot@depasse.example").person_id
    make.db.get_one(Person, with_password).password = "a hash"
    asks_again = settled(make, "closed", email="deux@fois.example")
    settled(make, "closed", email=member.email)
    still = make.enquiry(email="deux@fois.example")
    clock.forward(days=365)
    assert forget_enquiries(make.db, clock()) == 3
    assert there(make, Person, member.id)
    assert there(make, Person, with_password)
    assert there(make, Person, asks_again.person_id)
    assert there(make, Enquiry, still.id)


def test_the_worker_forgets_with_the_mail_that_was_sent(
    app: Flask, make: Make, database: Database, clock: Clock
) -> None:
    enquiry = settled(make, "closed")
    person = enquiry.person_id
    make.commit()
    with app.app_context():
        mine = worker(app)
        mine.round()
        with database.session(writes=False) as db:
            assert db.execute(select(DemoMail).where(DemoMail.to_email == "solene@leguer.example")).first()
        clock.forward(days=365)
        mine.round()
    with database.session(writes=False) as db:
        assert db.get(Enquiry, enquiry.id) is None
        assert db.get(Person, person) is None
        assert db.execute(select(DemoMail).where(DemoMail.to_email == "solene@leguer.example")).first() is None
