"""Every notice, in both languages: nothing unresolved, one link, a subject on one line."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

import config
from app.mail.notices import people_of_structures, tell, tell_label
from app.mail.render import Letter, linked
from app.mail.told import TOLD
from app.models import Collective, Dossier, Entry, JointFile, Mandate, Message, SignInLink
from app.models.outbox import Engine
from app.operations import journal
from app.operations.enquiries import Asked, ask
from app.operations.sign_in import LINK_LASTS
from tests.conftest import Clock
from tests.make import FABRIQUE, Make, World
from workflows.label import BACK, Label, Notice, load

Write = Callable[..., Letter]
LABEL = load(FABRIQUE.read_text())
TEMPLATES = Path(__file__).parent.parent.parent / "app" / "templates" / "mail"
UNRESOLVED = re.compile(r"[{}]|%\(|\bNone\b|<|&lt;|datetime|  |\n{3}")


@pytest.fixture
def world(make: Make) -> World:
    return make.poll(electors=3)


def row(session: Session, notice: str, person: str, /, **values: object) -> Message:
    """One row, as the act it tells would write it."""
    event = str(values.pop("event", f"test:{notice}"))
    at = session.execute(select(Entry.at).order_by(Entry.at.desc()).limit(1)).scalar_one()
    tell(session, notice, [person], event=event, at=at, values=values)
    return session.execute(
        select(Message).where(Message.notice == notice, Message.event == event, Message.person_id == person)
    ).scalar_one()


def engine_row(session: Session, world: World, notice: Engine) -> Message:
    """A row of each of the engine's notices, with the values its act gives."""
    member = world.members[0]
    cast = session.execute(select(Entry.id).where(Entry.chain == f"poll:{world.poll.id}").limit(1)).scalar_one()
    if notice is Engine.INVITATION:
        return session.execute(
            select(Message).where(Message.notice == notice, Message.person_id == member.person.id)
        ).scalar_one()
    if notice in (Engine.ENQUIRY_RECEIVED, Engine.ENQUIRY_ARRIVED):
        asked = Asked("Solène Kervadec", "solene@leguer.example", "Trégor", "Un lieu commun.", structure="Le Léguer")
        ask(session, LABEL, asked, once="a" * 22, clock=lambda: world.poll.convened_at)
        return session.execute(select(Message).where(Message.notice == notice)).scalars().all()[0]
    if notice in (Engine.JOINT_JOINED, Engine.JOINT_NOTIFIED):
        joint = joint_file(session, world)
        return row(session, notice, world.candidate.id, joint=joint.id)
    if notice is Engine.SIGN_IN_LINK:
        link = SignInLink(
            person_id=member.person.id,
            nonce="n" * 43,
            browser="b" * 64,
            created_at=world.poll.convened_at,
            expires_at=world.poll.convened_at + LINK_LASTS,
        )
        session.add(link)
        session.flush()
        return row(session, notice, member.person.id, sign_in=link.id)
    return row(
        session,
        notice,
        member.person.id,
        what="added",
        person=world.candidate.id,
        by=world.officer.id,
        held="2027-05-12",
        complete="2027-04-28",
        new_held="2027-06-09",
        new_complete="2027-05-26",
        event=cast if notice is Engine.BALLOT_RECORDED else f"test:{notice}",
        poll=world.poll.id,
        seat=member.structure.id,
        dossier=world.dossier.id,
        role="arbiter",
        ending="given_up",
        stays=True,
        structure=world.dossier.structure_id,
        officer=world.officer.id,
        mandate=session.execute(select(Mandate.id).where(Mandate.person_id == world.candidate.id)).scalars().one(),
        reason="Le pont du 11 novembre laissait trop peu de temps.",
    )


def joint_file(session: Session, world: World) -> JointFile:
    """A joint file whose only dossier is the world's."""
    collective = Collective(name="Le Semeur d’Armagnac")
    session.add(collective)
    session.flush()
    at, officer = world.poll.convened_at, world.officer.id
    joint = JointFile(
        reference="2026-C03", label=LABEL.slug, collective_id=collective.id, opened_at=at, opened_by=officer
    )
    session.add(joint)
    session.flush()
    world.dossier.joint_file_id = joint.id
    session.flush()
    return joint


def arrivals(label: Label, notice: Notice) -> str:
    """A stage that what a notice hears of leads to."""
    moves = [move for move in label.transitions if move.name == notice.on]
    if not moves:
        return notice.on.removeprefix("stage:")
    return "complet" if moves[0].target == BACK else moves[0].target


def label_row(session: Session, dossier: Dossier, notice: Notice, clock: Clock, person: str) -> Message:
    stage = arrivals(LABEL, notice)
    step = journal.append(session, dossier, notice.on, at=clock(), body={"from": dossier.stage, "to": stage})
    values = {"dossier": dossier.id, "structure": dossier.structure_id, "reason": "Deux lignes\nde raison."}
    return row(session, f"label:{notice.key}", person, event=step.id, **values)


def check(letter: Letter, base_url: str) -> None:
    assert letter.subject.strip() == letter.subject != ""
    assert "\n" not in letter.subject
    assert not UNRESOLVED.search(letter.subject), letter.subject
    assert not UNRESOLVED.search(letter.text), letter.text
    assert letter.text.count(base_url) == 1, letter.text
    assert letter.html.count("<a ") == 1
    assert "<img" not in letter.html
    assert "·" not in letter.text
    assert max(len(part) for part in letter.text.split("\n\n")) < 600


@pytest.mark.parametrize("locale", ["fr", "en"])
@pytest.mark.parametrize("notice", list(Engine))
def test_every_notice_of_the_engine_is_written(
    session: Session, write: Write, world: World, settings: config.Settings, notice: Engine, locale: str
) -> None:
    letter = write(engine_row(session, world, notice), locale)
    check(letter, settings.base_url)
    assert f'<html lang="{locale}">' in letter.html


@pytest.mark.parametrize("locale", ["fr", "en"])
@pytest.mark.parametrize("notice", LABEL.notices, ids=[notice.key for notice in LABEL.notices])
def test_every_notice_of_the_fabrique_is_written(
    session: Session,
    write: Write,
    world: World,
    settings: config.Settings,
    clock: Clock,
    notice: Notice,
    locale: str,
) -> None:
    letter = write(label_row(session, world.dossier, notice, clock, world.candidate.id), locale)
    check(letter, settings.base_url)
    for field, said in (
        ("structure", "Les Ateliers"),
        ("reason", "Deux lignes\nde raison."),
        ("officer", "Inès Baudry"),
    ):
        assert ("{" + field + "}" in notice.body.in_(locale)) <= (said in letter.text)


def test_every_notice_of_the_engine_has_its_template_and_its_line() -> None:
    assert {f"{notice}.txt" for notice in Engine} == {path.name for path in TEMPLATES.glob("*.txt")} - {"letter.txt"}
    assert set(TOLD) == set(Engine)


def test_a_stage_announces_the_last_working_day_of_its_delay(
    session: Session, write: Write, make: Make, clock: Clock
) -> None:
    dossier = make.dossier(stage="demande")
    days = LABEL.stage("demande").working_days
    assert days
    asked = select(Message).where(Message.notice == "label:demande_deposee")
    first = session.execute(asked).scalars().first()
    assert first
    assert dossier.stage == "demande"
    clock.forward(days=3)  # a letter that leaves late announces the same day
    last = {10: "17 novembre 2026", 15: "24 novembre 2026", 5: "9 novembre 2026"}[days]
    assert last in write(first).text.replace("\u00a0", " ")


def test_a_committee_announces_the_end_of_its_poll(session: Session, write: Write, world: World) -> None:
    first = session.execute(select(Message).where(Message.notice == "label:examen_commence")).scalars().first()
    assert first
    assert "12 novembre 2026 à 10 h, heure de Paris" in write(first).text.replace("\u00a0", " ")


def test_a_reader_far_away_reads_her_own_hour_too(session: Session, write: Write, world: World) -> None:
    message = engine_row(session, world, Engine.POLL_OPENED)
    text = write(message, zone="America/Cayenne").text.replace("\u00a0", " ")
    assert "12 novembre 2026 à 10 h, heure de Paris (6 h à Cayenne)" in text
    world.poll.closes_at -= timedelta(hours=8)
    text = write(message, zone="America/Cayenne").text.replace("\u00a0", " ")
    assert "12 novembre 2026 à 2 h, heure de Paris (11 novembre, 22 h à Cayenne)" in text


def test_a_receipt_says_neither_the_choice_nor_the_reasons(session: Session, write: Write, make: Make) -> None:
    world = make.poll(electors=3)
    receipts = [
        make.cast(world, member, choice, reasons="Trop tôt.")
        for member, choice in zip(world.members, ("for", "reserves", "against"), strict=True)
    ]
    messages = session.execute(select(Message).where(Message.notice == "ballot_recorded")).scalars()
    texts = {write(message).text for message in messages}
    assert len(texts) == 3
    for receipt in receipts:
        assert sum(receipt.code in text for text in texts) == 1
    for text in texts:
        assert not re.search("favorable|réserve|abstention|Trop tôt|\\bfor\\b|against", text)


def test_a_link_is_never_built_from_what_somebody_typed(
    session: Session, write: Write, world: World, settings: config.Settings, clock: Clock
) -> None:
    [notice] = [notice for notice in LABEL.notices if notice.key == "complements_demandes"]
    message = label_row(session, world.dossier, notice, clock, world.candidate.id)
    message.values = {**message.values, "reason": 'Voir https://evil.example/ <b>ici</b> {link} %(x)s "'}
    letter = write(message)
    assert letter.html.count("<a ") == 1
    assert "<b>" not in letter.html
    assert "{link} %(x)s" in letter.text


def test_a_subject_stays_on_one_line_whatever_a_structure_is_called(
    session: Session, write: Write, make: Make, world: World
) -> None:
    structure = make.structure("Bonjour\r\nBcc: tous@evil.example")
    message = engine_row(session, world, Engine.ARBITRATION_TO_CONFIRM)
    world.dossier.structure_id = structure.id
    session.flush()
    assert "\n" not in write(message).subject
    assert "\r" not in write(message).subject


def test_the_same_letter_twice_is_the_same_letter(session: Session, write: Write, world: World) -> None:
    message = engine_row(session, world, Engine.INVITATION)
    assert write(message) == write(message)


def test_only_addresses_of_this_site_are_links(in_context: Flask) -> None:
    text = "Voir http://localhost/compte et http://localhost.evil.example/x\net https://evil.example\n\n<script>"
    assert linked(text, "http://localhost", here=True) == (
        '<p>Voir <a href="/compte">http://localhost/compte</a> et http://localhost.evil.example/x'
        "<br>et https://evil.example</p>\n<p>&lt;script&gt;</p>"
    )


def test_a_letter_is_told_to_who_holds_each_role(session: Session, make: Make, world: World, clock: Clock) -> None:
    step = journal.append(session, world.dossier, "test", at=clock(), body={"from": "comite", "to": "complet"})
    notices = [notice for notice in LABEL.notices if notice.on == "retirer_demande"]
    tell_label(session, LABEL, world.dossier, notices, event=step.id, at=clock())
    told = session.execute(select(Message.notice, Message.person_id).where(Message.event == step.id)).all()
    its_people = people_of_structures(session, [world.dossier.structure_id], clock())
    assert world.candidate.id in its_people
    assert {tuple(row) for row in told} == {
        *(("label:demande_retiree", person) for person in its_people),
        ("label:demande_retiree_avise", world.officer.id),
    }


def test_what_both_sides_are_told_leads_each_to_its_own_page(session: Session, write: Write, make: Make) -> None:
    dossier = make.dossier(stage="modalites", entry="a_posteriori")
    person = dossier.officer_id or ""
    for side, path in (("team", "/avise/dossiers/"), ("structure", "http://localhost/dossiers/")):
        values = {"dossier": dossier.id, "structure": dossier.structure_id, "side": side}
        for notice in (Engine.AGREEMENT_TO_CONFIRM, Engine.AGREEMENT_MADE):
            text = write(row(session, notice, person, event=f"{side}:{notice}", **values)).text
            assert f"{path}{dossier.id}/accord" in text
            assert ("Votre interlocutrice ou interlocuteur" in text) is (side == "structure")


def test_a_structure_is_told_whom_to_call_from_now_on(session: Session, write: Write, make: Make) -> None:
    dossier, thomas = make.dossier(), make.officer()
    values = {"dossier": dossier.id, "structure": dossier.structure_id, "officer": thomas.id}
    message = row(session, Engine.OFFICER_CHANGED, dossier.officer_id or "", **values)
    assert f"est désormais {thomas.name}" in write(message).text
    assert thomas.email in write(message).text
    thomas.phone = "01 99 00 14 22"
    session.flush()
    assert "01 99 00 14 22" in write(message).text.replace("\u00a0", " ")


@pytest.mark.parametrize("what", ["removed", "recovered", "removal_asked", "codes"])
def test_every_change_of_a_second_factor_has_its_own_words(
    session: Session, write: Write, world: World, settings: config.Settings, what: str
) -> None:
    added, other = (
        write(row(session, "second_factor_changed", world.candidate.id, event=f"test:{one}", what=one))
        for one in ("added", what)
    )
    check(other, settings.base_url)
    assert other.text != added.text


def test_a_link_to_sign_in_says_its_code_in_two_groups(session: Session, write: Write, world: World) -> None:
    text = write(engine_row(session, world, Engine.SIGN_IN_LINK)).text
    assert len(re.findall(r"^\d{3}[ \u00a0\u202f]\d{3}$", text, re.MULTILINE)) == 1
    assert "Ce n’était pas vous" in text
