"""The letters of a first contact and of the calendar: what they say, and who may still receive them."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from app.mail.render import Letter
from app.models import DemoMail, Mandate, Message
from app.operations.enquiries import settle_enquiry
from app.operations.sittings import Days, cancel_sitting, change_sitting
from tests.conftest import Clock
from tests.make import Make

Write = Callable[..., Letter]
Mails = Callable[[], list[DemoMail]]
Rows = Callable[..., list[Message]]


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def letter_of(make: Make, write: Write, notice: str) -> str:
    message = make.db.execute(select(Message).where(Message.notice == notice)).scalars().one()
    return plain(write(message).text)


def test_the_thanks_name_who_answers_before_which_day_and_at_which_number(make: Make, write: Write) -> None:
    make.greeter()
    make.enquiry(brings="Trois associations\n\ncherchent un lieu.")
    text = letter_of(make, write, "enquiry_received")
    assert text.startswith("Bonjour Solène Kervadec,")
    assert "Inès vous répond sous 10 jours ouvrés, soit le 17 novembre 2026 au plus tard." in text
    assert "01 99 00 12 34" in text
    assert "Trois associations\n\ncherchent un lieu." in text
    assert "ne vous engage à rien" in text
    assert "Baudry" not in text


def test_without_a_greeter_the_thanks_invent_no_first_name(make: Make, write: Write) -> None:
    make.officer()
    make.enquiry()
    assert "L’Avise vous répond sous 10 jours ouvrés" in letter_of(make, write, "enquiry_received")


def test_the_greeter_reads_who_wrote_and_whether_to_call(make: Make, write: Write) -> None:
    make.greeter()
    enquiry = make.enquiry(call_back=True, phone="02 96 00 00 00", structure="", unborn=True)
    text = letter_of(make, write, "enquiry_arrived")
    assert "Solène Kervadec, une structure à naître (Trégor), vient d’écrire" in text
    assert "À rappeler : 02 96 00 00 00." in text
    assert f"/avise/demandes/{enquiry.id}" in text


def test_the_thanks_reach_who_has_no_mandate(make: Make, deliver: Callable[..., int], mails: Mails) -> None:
    make.greeter()
    make.enquiry()
    make.commit()
    deliver()
    assert {"solene@leguer.example"} < {mail.to_email for mail in mails()}


def test_what_was_set_aside_before_the_letters_left_is_thanked_no_more(
    make: Make, deliver: Callable[..., int], rows: Rows
) -> None:
    greeter, enquiry = make.greeter(), make.enquiry()
    settle_enquiry(make.db, enquiry.id, "set_aside", note="", by=make.actor(greeter), clock=make.clock)
    make.commit()
    deliver()
    [thanks] = rows(notice="enquiry_received")
    assert (thanks.status, thanks.why) == ("cancelled", "enquiry_over")


def test_an_arrival_is_told_to_nobody_who_has_left_the_team(
    make: Make, deliver: Callable[..., int], rows: Rows, clock: Clock
) -> None:
    greeter = make.greeter()
    make.enquiry()
    make.commit()
    from_team = rows(notice="enquiry_arrived", person_id=greeter.id)
    assert from_team
    make.db.execute(select(Mandate).where(Mandate.person_id == greeter.id)).scalar_one().until = clock()
    make.commit()
    deliver()
    [arrival] = rows(notice="enquiry_arrived")
    assert (arrival.status, arrival.why) == ("cancelled", "mandate_ended")


@pytest.mark.parametrize("cancelled", [True, False])
def test_a_committee_that_changes_says_the_old_day_and_the_new(make: Make, write: Write, cancelled: bool) -> None:
    sitting = make.sitting(days=60)
    make.dossier(stage="mise_en_place")
    if cancelled:
        cancel_sitting(make.db, sitting.id, "Grève des trains.", clock=make.clock)
    else:
        moved = Days(sitting.held_on.replace(day=20), sitting.complete_by, "Paris", "Grève des trains.")
        change_sitting(make.db, sitting.id, moved, clock=make.clock)
    text = letter_of(make, write, "sitting_changed")
    assert "1er janvier 2027" in text
    assert ("se réunit le 20 janvier 2027" in text) != cancelled
    assert ("est annulé" in text) == cancelled
    assert "Grève des trains." in text
