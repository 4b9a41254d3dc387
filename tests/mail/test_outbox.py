"""Sending once: leases, fences, rights asked again, and what is kept when it does not work."""

import threading
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

import config
from app.db import Database
from app.mail import outbox
from app.mail.notices import tell
from app.mail.outbox import LEASE, Leased, Mark, Ready, attempt, claim, deliver_next, mark
from app.mail.render import Letter
from app.models import DemoMail, Mandate, Message, Person
from app.models.outbox import Engine
from app.operations.people import accept_invitation
from app.operations.polls.link import declare_link
from app.operations.structures import end_mandate
from tests.conftest import Clock
from tests.make import FABRIQUE, Make, World
from workflows.label import load

Deliver = Callable[..., int]
Rows = Callable[..., list[Message]]
Mails = Callable[[], list[DemoMail]]
LINKS = load(FABRIQUE.read_text()).links


def invited(make: Make, people: int) -> None:
    structure = make.structure()
    for _ in range(people):
        make.person("titulaire", structure=structure)
    make.commit()


def mandate_of(session: Session, person: Person) -> str:
    return session.execute(select(Mandate.id).where(Mandate.person_id == person.id)).scalar_one()


def test_each_message_is_sent_once(make: Make, deliver: Deliver, mails: Mails, rows: Rows) -> None:
    invited(make, 3)
    assert deliver() == 3
    assert deliver() == 0
    assert {mail.to_email for mail in mails()} == {f"personne{n}@fabrique.example" for n in (2, 3, 4)}
    assert {message.status for message in rows()} == {"sent"}


def test_a_message_not_due_yet_waits(make: Make, session: Session, deliver: Deliver, clock: Clock) -> None:
    invited(make, 1)
    message = session.execute(select(Message)).scalar_one()
    message.due_at = clock() + (LEASE - LEASE / 2)
    session.commit()
    assert deliver() == 0
    clock.forward(hours=1)
    assert deliver() == 1


def test_workers_together_send_each_message_once(
    app: Flask, make: Make, database: Database, settings: config.Settings, clock: Clock, mails: Mails, rows: Rows
) -> None:
    invited(make, 24)
    start = threading.Barrier(4)

    def work() -> None:
        start.wait()
        with app.app_context():
            while deliver_next(database, settings=settings, keys=app.extensions["keys"], clock=clock):
                pass

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(mails()) == 24
    assert {(message.status, message.tries) for message in rows()} == {("sent", 1)}


def test_a_leased_message_is_nobody_elses_until_its_lease_ends(make: Make, database: Database, clock: Clock) -> None:
    invited(make, 1)
    with database.session(writes=True) as db:
        assert claim(db, clock())
        db.commit()
    with database.session(writes=True) as db:
        assert claim(db, clock()) is None
        clock.forward(seconds=LEASE.total_seconds())
        assert claim(db, clock())


def test_a_worker_that_wakes_after_its_lease_marks_nothing(
    make: Make, database: Database, settings: config.Settings, clock: Clock, deliver: Deliver, rows: Rows, mails: Mails
) -> None:
    invited(make, 1)
    with database.session(writes=True) as db:
        slow = claim(db, clock())
        db.commit()
    assert slow
    clock.forward(seconds=LEASE.total_seconds())
    assert deliver() == 1
    [before] = rows()
    late = Mark("failed", "too late", delivered=Ready(Letter("s", "t", "h"), "n", "e@fabrique.example"))
    with database.session(writes=True) as db:
        assert mark(db, slow, late, settings=settings, at=clock()) is False
        db.commit()
    [after] = rows()
    assert (after.status, after.why, after.sent_at) == ("sent", "", before.sent_at)
    assert len(mails()) == 1


def test_a_notice_of_a_later_version_is_left_untouched(
    make: Make, session: Session, deliver: Deliver, rows: Rows, clock: Clock
) -> None:
    invited(make, 1)
    message = session.execute(select(Message)).scalar_one()
    message.notice = "not_yet_invented"
    session.commit()
    assert deliver() == 0
    [message] = rows()
    assert (message.status, message.tries) == ("waiting", 0)


def test_a_message_that_cannot_be_written_holds_up_no_other(
    make: Make, session: Session, deliver: Deliver, rows: Rows, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    officer = make.officer()
    tell(session, "label:nothing", [officer.id], event="test", at=clock(), values={"dossier": "absent"})
    tell(session, Engine.POLL_CLOSED, [officer.id], event="test", at=clock(), values={})
    invited(make, 2)
    deliver()
    [poison] = rows(notice=Engine.POLL_CLOSED)
    assert (poison.status, poison.why, poison.tries) == ("waiting", "KeyError", 1)
    assert {message.status for message in rows(notice="invitation")} == {"sent"}
    for _ in range(outbox.MOST_TRIES):
        clock.forward(hours=7)
        deliver()
    assert {message.status for message in rows(notice=Engine.POLL_CLOSED)} == {"failed"}


def test_a_message_keeps_one_identifier(make: Make, settings: config.Settings, deliver: Deliver, mails: Mails) -> None:
    invited(make, 1)
    deliver()
    [mail] = mails()
    assert mail.message_id == f"<{mail.outbox_id}@localhost>"


def test_no_mail_is_kept_outside_a_demonstration(
    make: Make, database: Database, settings: config.Settings, clock: Clock, mails: Mails, rows: Rows
) -> None:
    invited(make, 1)
    serious = replace(settings, testing=False)
    assert serious.production
    with database.session(writes=True) as db:
        leased = claim(db, clock())
        assert leased
        ready = Ready(Letter("s", "t", "h"), "n", "e@fabrique.example")
        assert mark(db, leased, Mark("sent", delivered=ready), settings=serious, at=clock())
        db.commit()
    assert [message.status for message in rows()] == ["sent"]
    assert mails() == []


# Rights, asked again


def cancelled(rows: Rows, **asked: str) -> list[str]:
    return [message.why for message in rows(**asked) if message.status == "cancelled"]


def test_whoever_lost_her_access_is_told_nothing(make: Make, deliver: Deliver, rows: Rows, mails: Mails) -> None:
    person = make.person("titulaire", structure=make.structure())
    person.active = False
    make.commit()
    deliver()
    assert cancelled(rows) == ["access_ended"]
    assert mails() == []


def test_whoever_lost_her_mandate_is_told_nothing_of_the_poll(
    make: Make, session: Session, deliver: Deliver, rows: Rows, clock: Clock
) -> None:
    world = make.poll(electors=3)
    gone = world.members[0].person
    end_mandate(session, mandate_of(session, gone), clock=clock)
    make.commit()
    deliver()
    assert set(cancelled(rows, person_id=gone.id, notice="poll_opened")) == {"mandate_ended"}
    assert cancelled(rows, notice="poll_opened") == ["mandate_ended"]


def test_a_recused_voice_is_told_nothing_but_its_recusal_and_its_receipt(
    make: Make, session: Session, deliver: Deliver, rows: Rows, clock: Clock
) -> None:
    world = make.poll(electors=4)
    member = world.members[0]
    make.cast(world, member)
    actor = make.actor(member.person)
    kind = next(link.key for link in LINKS if link.hard and link.scope == "structure")
    declare_link(session, world.poll.id, member.structure.id, kind, words="", by=actor, clock=clock)
    make.commit()
    deliver()
    said = {message.notice: message.status for message in rows(person_id=member.person.id)}
    assert said == {
        "invitation": "sent",
        "poll_convened": "cancelled",
        "poll_opened": "cancelled",
        "ballot_recorded": "sent",
        "seat_recused": "sent",
    }
    others = {message.status for message in rows(notice="poll_opened") if message.person_id != member.person.id}
    assert others == {"sent"}


def test_whoever_keeps_away_is_not_called_by_another_of_her_structure(
    make: Make, session: Session, deliver: Deliver, rows: Rows, clock: Clock
) -> None:
    world = make.poll(electors=3)
    member = world.members[0]
    other = make.person("suppleance", structure=member.structure)
    kind = next(link.key for link in LINKS if link.scope == "person")
    for person in (member.person, other):
        by = make.actor(person)
        declare_link(session, world.poll.id, member.structure.id, kind, words="", by=by, clock=clock)
    make.commit()
    deliver()
    assert cancelled(rows, notice="others_called") == ["no_part", "no_part"]


def test_an_invitation_already_used_or_replaced_does_not_leave(
    make: Make, session: Session, deliver: Deliver, rows: Rows, clock: Clock
) -> None:
    person = make.person("titulaire", structure=make.structure())
    [message] = session.execute(select(Message).where(Message.person_id == person.id)).scalars()
    accept_invitation(session, message.values["invitation"], "a hash", clock=clock)
    make.commit()
    deliver()
    assert cancelled(rows) == ["invitation_over"]


def test_whoever_left_the_structure_is_told_nothing_of_its_dossier(
    make: Make, session: Session, deliver: Deliver, rows: Rows, clock: Clock
) -> None:
    structure = make.structure()
    candidate = make.person("titulaire", structure=structure)
    make.dossier(structure, candidate=candidate)
    end_mandate(session, mandate_of(session, candidate), clock=clock)
    make.commit()
    deliver()
    assert cancelled(rows, notice="label:renseignement_recu") == ["mandate_ended"]
    assert cancelled(rows, notice="label:renseignement_a_suivre") == []


def test_an_arbiter_who_has_instructed_is_told_of_no_proposal(
    make: Make, session: Session, deliver: Deliver, rows: Rows, clock: Clock
) -> None:
    world: World = make.poll(electors=3)
    arbiter = make.arbiter()
    values = {"dossier": world.dossier.id, "structure": world.dossier.structure_id}
    told = [arbiter.id, world.officer.id]
    tell(session, Engine.ARBITRATION_TO_CONFIRM, told, event="test", at=clock(), values=values)
    make.commit()
    deliver()
    statuses = {message.person_id: message.status for message in rows(notice="arbitration_to_confirm")}
    assert statuses == {arbiter.id: "sent", world.officer.id: "cancelled"}


def test_a_wait_doubles_and_ends(settings: config.Settings) -> None:
    waits = [outbox.later(Leased("x", 1, tries, "waiting"), "451").wait for tries in range(1, 11)]
    minutes = [int(wait.total_seconds() // 60) if wait else None for wait in waits]
    assert minutes == [5, 10, 20, 40, 80, 160, 320, 360, 360, None]


def test_writing_a_letter_opens_no_writing_transaction(
    in_context: Flask, make: Make, database: Database, settings: config.Settings, clock: Clock
) -> None:
    invited(make, 1)
    with database.session(writes=True) as db:
        leased = claim(db, clock())
        db.commit()
    assert leased
    with database.session(writes=True):
        keys = in_context.extensions["keys"]
        assert attempt(database, leased, settings=settings, keys=keys, clock=clock).status == "sent"


def test_the_result_is_told_to_whoever_may_open_it(
    make: Make, session: Session, deliver: Deliver, rows: Rows, clock: Clock
) -> None:
    """Whoever was on the roll, whether or not she had declared her links; not who takes no part."""
    world = make.poll(electors=4, declared=False)
    elector, silent, recused = (world.members[place].person for place in (0, 1, 2))
    make.no_link(world, world.members[0])
    by, structure = make.actor(recused), world.members[2].structure
    declare_link(session, world.poll.id, structure.id, "coportage", words="", by=by, clock=clock)
    told = [elector.id, silent.id, recused.id]
    tell(session, Engine.RESULT_NOTIFIED, told, event="test", at=clock(), values={"poll": world.poll.id})
    make.commit()
    deliver()
    statuses = {message.person_id: message.status for message in rows(notice="result_notified")}
    assert statuses == {elector.id: "sent", silent.id: "sent", recused.id: "cancelled"}
