"""First contacts: received without an account, told, answered, opened once."""

import threading
import time

import pytest
from sqlalchemy import func, select

from app.db import Database
from app.models import Enquiry, Mandate, Message, Person
from app.operations import enquiries
from app.operations.enquiries import (
    MOST_LINKS,
    MOVES,
    Asked,
    ask,
    faults,
    note_enquiry,
    settle_enquiry,
    take_up,
    turn_into_dossier,
)
from app.operations.greeters import choose_greeter
from app.operations.structures import end_mandate
from app.operations.way import open_dossier
from app.queries.actors import actor
from app.queries.enquiries import enquiry_told, first_words
from app.queries.greeters import host_of, promised_days, welcome
from tests.conftest import Clock
from tests.make import FABRIQUE, Make
from tests.operations.seen import body, refused, told
from workflows.label import load
from workflows.refused import Refused

LABEL = load(FABRIQUE.read_text())
SOUND = Asked("Solène Kervadec", "solene@leguer.example", "Trégor", "Trois associations.", structure="Le Léguer")


def count(make: Make, table: type) -> int:
    return make.db.execute(select(func.count()).select_from(table)).scalar_one()


def test_who_asks_is_known_by_her_address_and_has_no_right(make: Make) -> None:
    make.officer()
    enquiry = make.enquiry(email="Solene@LEGUER.example", name="  Solène \t Kervadec ")
    person = make.db.get_one(Person, enquiry.person_id)
    assert (person.email, person.name, person.password) == ("solene@leguer.example", "Solène Kervadec", None)
    assert make.db.execute(select(Mandate).where(Mandate.person_id == person.id)).first() is None
    assert make.actor(person).capacities == ()
    assert (enquiry.status, enquiry.dossier_id, enquiry.received_at) == ("waiting", None, make.clock())


def test_somebody_who_is_known_already_is_left_as_she_was(make: Make) -> None:
    known = make.person("titulaire", structure=make.structure(), name="Gaëlle Sophie")
    known.password, known.phone, known.locale = "a hash", "05 94 00 00 00", "en"
    people = count(make, Person)
    enquiry = make.enquiry(email=known.email.upper(), name="Quelqu’un d’autre", phone="06 00 00 00 00")
    make.db.refresh(known)
    assert enquiry.person_id == known.id
    assert (known.name, known.password, known.phone, known.locale) == (
        "Gaëlle Sophie",
        "a hash",
        "05 94 00 00 00",
        "en",
    )
    assert enquiry.name == "Quelqu’un d’autre"
    assert count(make, Person) == people


def test_the_same_form_sent_twice_is_one_demand_and_one_message(make: Make) -> None:
    make.officer()
    first = make.enquiry(once="a" * 22)
    messages = count(make, Message)
    again = make.enquiry(once="a" * 22, name="Une autre", email="autre@leguer.example", brings="Autre chose.")
    assert again.id == first.id
    assert again.brings == "Trois associations cherchent un lieu."
    assert (count(make, Enquiry), count(make, Message)) == (1, messages)
    assert make.enquiry(once="b" * 22).id != first.id


def test_without_a_greeter_every_officer_is_told(make: Make) -> None:
    officers = sorted(make.officer().id for _ in range(2))
    make.arbiter()
    enquiry = make.enquiry()
    assert told(make, "enquiry_received") == [enquiry.person_id]
    assert told(make, "enquiry_arrived") == officers


def test_the_greeter_alone_is_told_until_she_leaves(make: Make, clock: Clock) -> None:
    greeter, other = make.greeter(), make.officer()
    make.enquiry()
    assert told(make, "enquiry_arrived") == [greeter.id]
    held = make.db.execute(select(Mandate.id).where(Mandate.person_id == greeter.id)).scalar_one()
    clock.forward(days=1)
    end_mandate(make.db, held, clock=clock)
    later = make.enquiry(email="maud@armagnac.example")
    assert told(make, "enquiry_arrived", f"enquiry:{later.id}") == [other.id]
    assert host_of(make.db, LABEL.slug, clock()) is None


def test_who_hesitates_is_promised_the_longest_delay() -> None:
    head, mark, rest = FABRIQUE.read_text().partition('key = "modalites"')
    label = load(head + mark + rest.replace("working_days = 10", "working_days = 15", 1))
    assert [promised_days(label, key) for key in ("creation", "a_posteriori", "", "inconnue")] == [10, 15, 15, 15]


def test_a_label_without_a_delay_promises_none() -> None:
    source = FABRIQUE.read_text().replace("working_days = 10\n", "").replace("{deadline}", "demain")
    assert promised_days(load(source)) is None


def test_the_promise_counts_working_days(make: Make) -> None:
    make.greeter()
    enquiry = make.enquiry()
    promised = enquiry_told(make.db, enquiry.id)
    assert promised.host is not None
    assert promised.host.first_name == "Inès"
    assert str(promised.due) == "2026-11-17"  # ten working days after 2 November; the 11th is a holiday
    assert welcome(make.db, LABEL, make.clock()).days == 10


@pytest.mark.parametrize(
    ("field", "code", "changed"),
    [
        ("email", "email_malformed", {"email": "solene"}),
        ("email", "email_malformed", {"email": "a@b.example, c@d.example"}),
        ("email", "email_malformed", {"email": "a@b.example\nBcc: tous@evil.example"}),
        ("phone", "phone_missing", {"call_back": True}),
        ("phone", "phone_malformed", {"phone": "demain"}),
        ("phone", "phone_malformed", {"phone": "٠٦٠٠٠٠٠٠٠٠"}),
        ("structure", "structure_missing", {"structure": "  "}),
        ("name", "link_here", {"name": "Gagnez sur https://evil.example"}),
        ("structure", "link_here", {"structure": "www.evil.example"}),
        ("territory", "link_here", {"territory": "ftp://evil.example"}),
        ("brings", "too_many_links", {"brings": "https://a.example " * (MOST_LINKS + 1)}),
        ("entry", "unknown_entry", {"entry": "porte-de-service"}),
    ],
)
def test_what_is_wrong_is_refused_at_its_field_and_nothing_is_written(
    make: Make, field: str, code: str, changed: dict[str, object]
) -> None:
    version, asked = make.label_version(), Asked(**{**SOUND.__dict__, **changed})
    assert version
    assert [(name, refused.code) for name, refused in faults(LABEL, asked)] == [(field, code)]
    with refused(code):
        ask(make.db, LABEL, asked, once="a" * 22, clock=make.clock)
    assert (count(make, Enquiry), count(make, Person), count(make, Message)) == (0, 0, 0)


@pytest.mark.parametrize(
    "changed",
    [
        {"structure": "", "unborn": True},
        {"phone": "+33 (0)2 96 00 00 00", "call_back": True},
        {"brings": "https://a.example " * MOST_LINKS},
        {"entry": "a_posteriori"},
    ],
)
def test_what_is_right_is_received(make: Make, changed: dict[str, object]) -> None:
    make.label_version()
    assert ask(make.db, LABEL, Asked(**{**SOUND.__dict__, **changed}), once="a" * 22, clock=make.clock)


def test_a_demand_moves_only_where_it_may(make: Make) -> None:
    by = make.actor(make.officer())
    for start in MOVES:
        for to, sources in MOVES.items():
            enquiry = make.enquiry()
            enquiry.status = start
            make.db.flush()
            if start in sources:
                settle_enquiry(make.db, enquiry.id, to, note="Un mot.", by=by, clock=make.clock)
                assert (enquiry.status, enquiry.handled_by, enquiry.note) == (to, by.id, "Un mot.")
            else:
                with refused("enquiry_settled"):
                    settle_enquiry(make.db, enquiry.id, to, note="Un mot.", by=by, clock=make.clock)


def test_closing_asks_for_a_word_and_setting_aside_can_be_undone(make: Make) -> None:
    by, enquiry = make.actor(make.officer()), make.enquiry()
    with refused("word_missing"):
        settle_enquiry(make.db, enquiry.id, "closed", note="  ", by=by, clock=make.clock)
    settle_enquiry(make.db, enquiry.id, "set_aside", note="", by=by, clock=make.clock)
    settle_enquiry(make.db, enquiry.id, "waiting", note="", by=by, clock=make.clock)
    assert enquiry.status == "waiting"


def test_a_note_changes_nothing_else(make: Make) -> None:
    enquiry = make.enquiry()
    note_enquiry(make.db, enquiry.id, " Rappeler jeudi. ")
    assert (enquiry.note, enquiry.status, enquiry.handled_by) == ("Rappeler jeudi.", "waiting", None)
    with refused("gone"):
        note_enquiry(make.db, "inconnue", "x")


def test_the_history_of_a_dossier_names_the_demand_it_came_from(make: Make) -> None:
    officer, enquiry = make.actor(make.officer()), make.enquiry()
    version, structure = make.label_version(), make.structure()
    take_up(make.db, enquiry.id)
    dossier = open_dossier(
        make.db, structure.id, version, entry="creation", by=officer, clock=make.clock, enquiry=enquiry.id
    )
    turn_into_dossier(make.db, enquiry.id, dossier.id, by=officer, clock=make.clock)
    assert (enquiry.status, enquiry.dossier_id) == ("opened", dossier.id)
    assert body(make, dossier, "opened")["enquiry"] == enquiry.id
    words = first_words(make.db, dossier.id)
    assert words is not None
    assert words.brings == "Trois associations cherchent un lieu."
    assert "enquiry" not in body(make, make.dossier(), "opened")
    for to in MOVES:
        with refused("enquiry_settled"):
            settle_enquiry(make.db, enquiry.id, to, note="x", by=officer, clock=make.clock)


def test_two_persons_who_open_the_same_demand_make_one_dossier(make: Make, database: Database, clock: Clock) -> None:
    version, enquiry = make.label_version(), make.enquiry()
    officers = [make.officer().id for _ in range(2)]
    structures = [make.structure().id for _ in range(2)]
    make.commit()
    start, said = threading.Barrier(2), list[str]()

    def open_one(officer: str, structure: str) -> None:
        start.wait()
        try:
            with database.session(writes=True) as db:
                take_up(db, enquiry.id)
                time.sleep(0.2)
                by = actor(db, officer, clock())
                assert by is not None
                made = open_dossier(db, structure, version, entry="creation", by=by, clock=clock, enquiry=enquiry.id)
                turn_into_dossier(db, enquiry.id, made.id, by=by, clock=clock)
                db.commit()
                said.append("opened")
        except Refused as refusal:
            said.append(refusal.code)

    both = [threading.Thread(target=open_one, args=pair) for pair in zip(officers, structures, strict=True)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert sorted(said) == ["enquiry_settled", "opened"]


def test_a_double_click_from_two_processes_is_one_demand(make: Make, database: Database, clock: Clock) -> None:
    make.label_version()
    make.officer()
    make.commit()
    start, made = threading.Barrier(2), list[str]()

    def send() -> None:
        start.wait()
        with database.session(writes=True) as db:
            made.append(ask(db, LABEL, SOUND, once="a" * 22, clock=clock))
            db.commit()

    both = [threading.Thread(target=send) for _ in range(2)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert made == [enquiries.enquiry_id("a" * 22)] * 2
    assert len(told(make, "enquiry_received")) == 1


def test_the_greeter_is_somebody_who_follows_dossiers(make: Make) -> None:
    make.label_version()
    arbiter, officer = make.arbiter(), make.officer()
    with refused("greeter_unknown"):
        choose_greeter(make.db, LABEL.slug, arbiter.id, phone="", clock=make.clock)
    with refused("phone_malformed"):
        choose_greeter(make.db, LABEL.slug, officer.id, phone="javascript:1", clock=make.clock)
    choose_greeter(make.db, LABEL.slug, officer.id, phone=" 01 99 00  12 34", clock=make.clock)
    host = host_of(make.db, LABEL.slug, make.clock())
    assert host is not None
    assert (host.person_id, host.phone) == (officer.id, "01 99 00 12 34")
    choose_greeter(make.db, LABEL.slug, "", phone="", clock=make.clock)
    assert host_of(make.db, LABEL.slug, make.clock()) is None
