"""The mailbox of the demonstration: what each would have received, as she would read it."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db import Database
from app.models import DemoMail, Message
from app.queries.mailbox import PAGE
from app.worker import worker
from tests.conftest import Clock, counted
from tests.make import Make


@pytest.fixture
def visitor(demonstration: Flask) -> FlaskClient:
    return demonstration.test_client()


def deliver(app: Flask) -> None:
    with app.app_context():
        worker(app).deliver()


def test_an_invitation_is_opened_from_the_mailbox(demonstration: Flask, visitor: FlaskClient, make: Make) -> None:
    person = make.person("titulaire", structure=make.structure("Rives-Nord"), name="Maud Trévise")
    make.commit()
    assert "Aucun message pour le moment." in visitor.get("/demo/courriels").text
    deliver(demonstration)
    listed = visitor.get("/demo/courriels").text
    assert "Votre accès au site du réseau Fabrique à initiatives" in listed
    [path] = {part.split('"')[0] for part in listed.split('href="') if part.startswith("/demo/courriels/")}
    opened = visitor.get(path).text
    assert "Bonjour Maud Trévise," in opened
    assert person.email in opened
    [link] = {part.split('"')[0] for part in opened.split('href="') if part.startswith("/invitations/")}
    assert visitor.get(link).status_code == 200


def test_the_list_is_read_newest_first_by_pages(
    visitor: FlaskClient, make: Make, session: Session, clock: Clock, database: Database
) -> None:
    fill(make, session, clock, PAGE + 5)
    with counted(database) as sent:
        first = visitor.get("/demo/courriels").text
    assert len(sent) <= 4
    assert first.count("/demo/courriels/") == PAGE
    assert first.index("Message 34<") < first.index("Message 33<")
    [following] = {part.split('"')[0] for part in first.split('href="') if "apres=" in part}
    second = visitor.get(following.replace("&amp;", "&")).text
    assert second.count("/demo/courriels/") == 5
    assert "Message 0<" in second
    assert "apres=" not in second


def test_one_persons_mails_are_read_alone(visitor: FlaskClient, make: Make, session: Session, clock: Clock) -> None:
    fill(make, session, clock, 4)
    page = visitor.get("/demo/courriels", query_string={"pour": "pair@fabrique.example"}).text
    assert "Les messages reçus par Paire" in page
    assert page.count("/demo/courriels/") == 2
    assert "Message 1<" not in page


@pytest.mark.parametrize("path", ["nothing", "é", "' OR 1=1"])
def test_a_mail_that_does_not_exist_is_not_found(visitor: FlaskClient, path: str) -> None:
    assert visitor.get(f"/demo/courriels/{path}").status_code == 404


def fill(make: Make, session: Session, clock: Clock, number: int) -> None:
    for _ in range(number):
        make.person("titulaire", structure=make.structure())
    for place, row in enumerate(session.execute(select(Message.id)).scalars().all()):
        session.add(
            DemoMail(
                outbox_id=row,
                to_name="Impaire" if place % 2 else "Paire",
                to_email="impair@fabrique.example" if place % 2 else "pair@fabrique.example",
                subject=f"Message {place}",
                text="Bonjour",
                html="<p>Bonjour</p>",
                message_id=f"<{row}@localhost>",
                received_at=clock() + timedelta(seconds=place),
            )
        )
    make.commit()
