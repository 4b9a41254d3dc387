"""The demonstration: public facts of real structures and nothing else; everything that happens is fictional."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import pytest
from flask import Flask
from pypdf import PdfReader
from sqlalchemy import func, select
from sqlalchemy.orm import Session

import config
from app import create_app
from app.db import Database
from app.demo import history
from app.demo.fictional import read_network, read_ways, situations
from app.demo.load import QUIET, is_loaded, load_demo
from app.demo.pdf import one_page
from app.demo.plan import plan
from app.demo.register import read_register
from app.demo.welcome import read_welcome, welcome_deeds, working_day
from app.files.store import Store, folder_store
from app.keys import Keys, read_keys
from app.models import (
    Answer,
    Appellation,
    Ballot,
    Base,
    CoAuthor,
    Collective,
    Decision,
    Dossier,
    Enquiry,
    Entry,
    Instructor,
    JointFile,
    LabelVersion,
    Link,
    Mandate,
    Message,
    NetworkStatus,
    Person,
    Piece,
    Poll,
    Reserve,
    Seat,
    Sitting,
    Structure,
    Territory,
)
from app.operations.polls.convene import convene_poll
from app.queries.actors import actor
from app.queries.greeters import host_of
from app.queries.integrity import verify_journal
from app.queries.labels import label_of
from tests.conftest import Clock
from tests.database import Server
from tests.make import Make
from workflows import ledger
from workflows.deadlines import is_working_day
from workflows.refused import Refused

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
PUBLIC = Structure.register == "public"
DATE = re.compile(r"\d{4}(-\d{2})?")


@dataclass
class Demo:
    """A loaded demonstration, to be read."""

    db: Session
    store: Store
    keys: Keys

    def structure(self, name: str) -> Structure:
        return self.db.execute(select(Structure).where(Structure.name == name)).scalar_one()

    def dossier(self, name: str) -> Dossier:
        asked = select(Dossier).join(Structure, Structure.id == Dossier.structure_id).where(Structure.name == name)
        return self.db.execute(asked).scalar_one()

    def poll(self, name: str) -> Poll:
        return self.db.execute(select(Poll).where(Poll.dossier_id == self.dossier(name).id)).scalar_one()

    def enquiries(self) -> dict[str, list[Enquiry]]:
        found: dict[str, list[Enquiry]] = {}
        for one in self.db.execute(select(Enquiry).order_by(Enquiry.received_at)).scalars():
            found.setdefault(one.status, []).append(one)
        return found

    def count(self, table: type[Base], *conditions: object) -> int:
        return self.db.execute(select(func.count()).select_from(table).where(*conditions)).scalar_one()  # type: ignore[arg-type]

    def statuses(self, name: str) -> list[tuple[str, str | None]]:
        asked = select(NetworkStatus.status, NetworkStatus.since).where(
            NetworkStatus.structure_id == self.structure(name).id, NetworkStatus.until.is_(None)
        )
        return [(row.status, row.since) for row in self.db.execute(asked)]


@pytest.fixture(scope="module")
def demo(database_server: Server, signing_key: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """One loading for all the tests that only read it."""
    store = folder_store(tmp_path_factory.mktemp("demo") / "pieces")
    keys = read_keys("a secret for the tests alone, of more than 32 characters", signing_key)
    with database_server.fresh() as url:
        database = Database(url)
        with database.session(writes=True) as db:
            load_demo(db, store=store, keys=keys, now=NOW, password="a hash of nothing")
            db.commit()
        with database.session(writes=False) as db:
            yield Demo(db, store, keys)
        database.engine.dispose()


# ── The command ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_loading_twice_changes_nothing(app: Flask) -> None:
    def sizes() -> dict[str, int]:
        with app.extensions["database"].session(writes=False) as db:
            tables = Base.metadata.sorted_tables
            return {table.name: db.execute(select(func.count()).select_from(table)).scalar_one() for table in tables}

    runner = app.test_cli_runner()
    first = runner.invoke(args=["demo", "load"])
    assert first.exit_code == 0, first.output
    assert "25 dossiers" in first.output
    before = sizes()
    second = runner.invoke(args=["demo", "load"])
    assert second.exit_code == 0
    assert second.output == "The demonstration is loaded already.\n"
    assert sizes() == before


def test_production_never_loads_it(settings: config.Settings, clock: Clock) -> None:
    app = create_app(replace(settings, testing=False), clock)
    told = app.test_cli_runner().invoke(args=["demo", "load"])
    assert told.exit_code == 1
    assert "never loaded in production" in told.output
    with app.extensions["database"].session(writes=False) as db:
        assert not is_loaded(db)
    app.extensions["database"].engine.dispose()


def test_a_structure_that_a_visitor_registers_does_not_count_as_loaded(make: Make, session: Session) -> None:
    make.structure("Une structure de passage")
    assert not is_loaded(session)


def test_a_history_that_fails_leaves_no_file_behind(make: Make, session: Session, settings: config.Settings) -> None:
    intruder = make.person("officer", name="Mehdi Arnaud")
    intruder.email = "mehdi.arnaud@passerelles26.example"
    session.flush()
    folder = settings.data_dir / "left"
    with pytest.raises(Refused, match="role_incompatible"):
        load_demo(session, store=folder_store(folder), keys=make.keys, now=NOW, password="a hash of nothing")
    assert list(folder.iterdir()) == []


# ── The real register ────────────────────────────────────────────────────────────────────────────────────────────────


def test_no_real_structure_has_a_person_a_dossier_a_poll_or_an_address(demo: Demo) -> None:
    real = select(Structure.id).where(PUBLIC)
    for table in (Mandate, Dossier, Seat, Link, Appellation):
        assert demo.count(table, table.structure_id.in_(real)) == 0, table.__name__  # type: ignore[attr-defined]
    assert demo.count(Structure, PUBLIC, Structure.contact != "") == 0
    assert demo.count(Structure, PUBLIC, Structure.siret.is_not(None)) == 0


def test_the_register_names_no_address_of_anybody(demo: Demo) -> None:
    texts = demo.db.execute(select(Structure.name, Structure.about, Structure.source).where(PUBLIC)).all()
    notes = demo.db.execute(select(NetworkStatus.note)).scalars().all()
    assert not [text for row in [*texts, notes] for text in row if "@" in text]


def test_no_real_structure_was_refused_suspended_or_removed(demo: Demo) -> None:
    asked = select(NetworkStatus.status).join(Structure, Structure.id == NetworkStatus.structure_id).where(PUBLIC)
    assert set(demo.db.execute(asked).scalars()) == {"candidate", "experimenting", "holder", "member"}


def test_each_fact_has_its_source_and_a_date_known_to_the_month_or_the_year(demo: Demo) -> None:
    register = read_register()
    assert all(known.sources for known in register.structures)
    assert {key for known in register.structures for key in known.sources} == set(register.sources)
    kept = demo.db.execute(select(Structure.source).where(PUBLIC)).scalars().all()
    assert len(kept) == len(register.structures)
    assert all(0 < len(source) <= 400 for source in kept)
    statuses = [status for known in register.structures for status in known.statuses]
    dates = [date for status in statuses for date in (status.since, status.until)]
    dates += [place.since for known in register.structures for place in known.grounds]
    assert all(DATE.fullmatch(date) for date in dates if date)


def test_the_nine_new_appellations_of_2021_are_ten_names_with_the_one_that_had_it_already(demo: Demo) -> None:
    asked = (
        select(Structure.name)
        .join(NetworkStatus, NetworkStatus.structure_id == Structure.id)
        .where(PUBLIC, NetworkStatus.status == "holder", NetworkStatus.since == "2021")
    )
    assert set(demo.db.execute(asked).scalars()) == {
        "Active, Pôle de l’économie solidaire",
        "Clus’Ter Jura",
        "Fédération Départementale des Foyers Ruraux de l’Yonne",
        "France Active Bourgogne",
        "Pôle d’Économie Solidaire 21",
        "TAg22",
        "TAg29",
        "France Active Alsace",
        "France Active Nouvelle-Aquitaine",
    }
    collective = demo.db.execute(select(Collective.id).where(Collective.name == "Générateur BFC")).scalar_one()
    assert demo.count(Structure, Structure.collective_id == collective) == 6
    assert demo.statuses("France Active Franche-Comté") == [("holder", None)]


def test_public_statuses_are_those_of_the_sources(demo: Demo) -> None:
    assert demo.statuses("TAg35") == [("holder", "2017-10")]
    assert demo.statuses("ATIS") == [("member", "2010-06")]
    assert demo.statuses("TAg56") == [("experimenting", None)]
    assert demo.statuses("Les Ecossolies") == [("experimenting", "2018")]
    assert demo.statuses("PTCE Ancrage Guyane") == [("candidate", "2018")]
    asked = select(Territory.name, Territory.since).where(Territory.structure_id == demo.structure("ATIS").id)
    since = {row.name: row.since for row in demo.db.execute(asked)}
    assert (since["Gironde"], since["Dordogne"], since["Charente"]) == ("2010", "2018", "2020")


def test_holders_that_are_counted_without_a_name_are_not_invented(demo: Demo) -> None:
    """November 2020 counts 22 structures, 9 of them holders; only two holders of that time have a name here."""
    named = [known for known in read_register().structures if any(s.status == "holder" for s in known.statuses)]
    before_2021 = [k.name for k in named if not any(s.since == "2021" for s in k.statuses)]
    assert before_2021 == ["France Active Franche-Comté", "TAg35"]


# ── The fictional network ────────────────────────────────────────────────────────────────────────────────────────────


def test_every_stage_and_both_entries_have_a_fictional_dossier(demo: Demo) -> None:
    label = label_of(demo.db.execute(select(LabelVersion)).scalar_one())
    stages = Counter(demo.db.execute(select(Dossier.stage)).scalars())
    assert set(stages) == {stage.key for stage in label.stages}
    assert stages["experimentation"] >= 3
    assert set(demo.db.execute(select(Dossier.entry)).scalars()) == {entry.key for entry in label.entries}
    registers = select(Structure.register).join(Dossier, Dossier.structure_id == Structure.id).distinct()
    assert demo.db.execute(registers).scalars().all() == ["fictional"]


def test_the_tie_is_4_to_4_with_1_abstention_and_awaits_arbitration(demo: Demo) -> None:
    poll = demo.poll("Le Chai")
    assert (poll.pour, poll.reserves, poll.against, poll.abstention, poll.outcome) == (4, 0, 4, 1, "tie")
    assert demo.dossier("Le Chai").stage == "comite"
    assert demo.count(Decision, Decision.poll_id == poll.id) == 0


def test_the_missed_quorum_awaits_a_second_notice(demo: Demo) -> None:
    poll = demo.poll("Les Ateliers de Brissange")
    assert (poll.status, poll.outcome, poll.round, poll.quorum_needed) == ("closed", "no_quorum", 1, 6)
    assert demo.count(Ballot, Ballot.poll_id == poll.id) == 4


def test_the_open_poll_is_under_way_and_ends_some_days_after_the_loading(demo: Demo) -> None:
    poll = demo.poll("La Passerelle du Val-d’Orsanne")
    assert poll.status == "open"
    assert NOW + timedelta(days=3) < poll.closes_at < NOW + timedelta(days=21)
    assert demo.count(Ballot, Ballot.poll_id == poll.id) == 4
    assert demo.count(Seat, Seat.poll_id == poll.id) == 11
    recused = select(Structure.name).join(Seat, Seat.structure_id == Structure.id)
    recused = recused.where(Seat.poll_id == poll.id, Seat.recused_at.is_not(None))
    assert demo.db.execute(recused).scalars().all() == ["Rives"]


def test_one_committee_is_convened_and_not_open_yet(demo: Demo) -> None:
    poll = demo.poll("Terre de Solvange")
    assert poll.status == "convened"
    assert poll.opens_at > NOW


def test_each_outcome_is_where_it_leads(demo: Demo) -> None:
    found = demo.db.execute(
        select(Structure.name, Dossier.stage, Poll.outcome, Decision.outcome.label("decided"))
        .join(Dossier, Dossier.structure_id == Structure.id)
        .join(Poll, Poll.dossier_id == Dossier.id)
        .outerjoin(Decision, Decision.poll_id == Poll.id)
        .where(Poll.closed_at.is_not(None))
    )
    assert {row.name: (row.outcome, row.decided, row.stage) for row in found} == {
        "Les Passeurs de Cormance": ("favourable", "granted", "appellation"),
        "Un Toit pour Entreprendre": ("unfavourable", "not_granted", "experimentation"),
        "Le Comptoir de la Vessonne": ("tie", "deferred", "experimentation"),
        "Atelier Brévent-Solidaire": ("favourable", "granted", "acceptation"),
        "Ressorts du Pays d’Ambroy": ("favourable_reserves", "granted_reserves", "decision"),
        "Terres d’Élan": ("favourable", None, "comite"),
        "Le Chai": ("tie", None, "comite"),
        "Les Ateliers de Brissange": ("no_quorum", None, "comite"),
    }
    assert demo.count(Reserve) == 2


def test_only_founding_holders_have_a_status_that_no_act_gave(demo: Demo) -> None:
    """Eleven fictional holders: ten founding ones, and one whose appellation its dossier gave."""
    kept = demo.db.execute(select(Appellation.number, Appellation.dossier_id)).all()
    assert len(kept) == len({row.number for row in kept}) == 11
    given = [row for row in kept if row.dossier_id]
    assert [row.dossier_id for row in given] == [demo.dossier("Les Passeurs de Cormance").id]
    assert demo.statuses("Les Passeurs de Cormance") == [("holder", "2026-02")]


def test_nobody_of_the_fictional_network_is_real(demo: Demo) -> None:
    people = demo.db.execute(select(Person.email, Person.fictional)).all()
    assert all(row.email.endswith(".example") and row.fictional for row in people)
    contacts = demo.db.execute(select(Structure.contact).where(Structure.register == "fictional")).scalars().all()
    assert all(re.search(r"@[a-z0-9-]+\.example, 0\d( \d\d){4}$", contact) for contact in contacts)


def test_two_arbiters_have_instructed_nothing(demo: Demo) -> None:
    arbiters = select(Mandate.person_id).where(Mandate.role == "arbiter")
    assert len(set(demo.db.execute(arbiters).scalars())) == 2
    assert demo.count(Instructor, Instructor.person_id.in_(arbiters)) == 0
    assert demo.count(Instructor) > 0


def test_people_have_the_rights_that_their_situations_need(demo: Demo) -> None:
    def rights(name: str) -> set[tuple[str, str | None]]:
        person = demo.db.execute(select(Person).where(Person.name == name)).scalar_one()
        me = actor(demo.db, person.id, NOW)
        assert me is not None
        return {(capacity.role, capacity.structure) for capacity in me.capacities} | {(r, None) for r in me.staff}

    assert rights("Pauline Vasseur") == {("titulaire", "Rives"), ("titulaire", "Rives-Nord")}
    assert rights("Gaëlle Sophie") == {("suppleance", "Fleuve & Lisières")}
    assert rights("Camille Orsini") == set()
    assert rights("Mathilde Ruben") == {("administrator", None)}
    zone = select(Person.zone).where(Person.name == "Gaëlle Sophie")
    assert demo.db.execute(zone).scalar_one() == "America/Cayenne"
    assert set(situations()) <= set(demo.db.execute(select(Person.email)).scalars())


def test_a_structure_whose_file_waits_for_a_signature_lacks_nothing_else(demo: Demo) -> None:
    dossier = demo.dossier("Les Greniers d’Astarac")
    label = label_of(demo.db.get_one(LabelVersion, dossier.label_version_id))
    asked = "demander_appellation"
    pieces = set(demo.db.execute(select(Piece.requirement).where(Piece.dossier_id == dossier.id)).scalars())
    answers = set(demo.db.execute(select(Answer.criterion).where(Answer.dossier_id == dossier.id)).scalars())
    assert {piece.key for piece in label.pieces if asked in piece.required_for} <= pieces
    assert {criterion.key for criterion in label.criteria if asked in criterion.required_for} <= answers


def test_answers_keep_the_length_their_readers_were_promised_and_differ(demo: Demo) -> None:
    label = label_of(demo.db.execute(select(LabelVersion)).scalar_one())
    most = {criterion.key: criterion.max_words for criterion in label.criteria}
    answers = demo.db.execute(select(Answer.criterion, Answer.text, Answer.words)).all()
    assert [answer.text for answer in answers if answer.words > (most[answer.criterion] or 1)] == []
    common = {criterion.key for criterion in label.joint_criteria}  # a collective writes these once for all
    own = [answer.text for answer in answers if answer.criterion not in common]
    assert len(set(own)) == len(own)


def test_pieces_are_real_files_that_a_strict_reader_opens(demo: Demo) -> None:
    rows = demo.db.execute(
        select(Piece, Structure.name)
        .join(Dossier, Dossier.id == Piece.dossier_id)
        .join(Structure, Structure.id == Dossier.structure_id)
    ).all()
    assert len(rows) > 50
    for piece, name in rows:
        assert demo.store.intact(piece.stored_as, piece.digest)
        body = b"".join(demo.store.read(piece.stored_as))
        assert name in PdfReader(BytesIO(body), strict=True).pages[0].extract_text()


def test_every_object_of_a_page_is_where_its_table_says() -> None:
    body = one_page("Bilan", "Un paragraphe.")
    places = re.findall(rb"^(\d{10}) 00000 n $", body, re.M)
    assert len(places) == body.count(b" 0 obj\n") == 6
    assert all(body[int(place) :].startswith(b"%d 0 obj\n" % n) for n, place in enumerate(places, start=1))
    start = int(body.rsplit(b"startxref\n", 1)[1].split()[0])
    assert body[start:].startswith(b"xref\n")


def test_a_page_keeps_its_accents_its_brackets_and_its_quotes() -> None:
    said = "L’étude (menée à Bédarieux) coûte 12 000 € \\ « trois fois rien » œuvre"
    page = PdfReader(BytesIO(one_page("Été", said)), strict=True).pages[0]
    assert page.extract_text().replace("\n", " ").split() == ["Été", *said.split()]


def test_the_mailbox_begins_quiet(demo: Demo) -> None:
    kept = demo.db.execute(select(Message.status, Message.why).distinct()).all()
    assert [tuple(row) for row in kept] == [("cancelled", QUIET)]


def test_the_house_finds_no_fault_in_the_history(demo: Demo) -> None:
    report = verify_journal(demo.db, demo.keys)
    assert report.faults == []
    assert report.chains == demo.count(Dossier) + demo.count(Poll)


def test_every_chain_holds(demo: Demo) -> None:
    stored = demo.db.execute(select(Entry).order_by(Entry.chain, Entry.height)).scalars()
    entries = [ledger.Entry(e.chain, e.height, e.parent, e.type, json.loads(e.body), e.hash) for e in stored]
    assert len({entry.chain for entry in entries}) == demo.count(Dossier) + demo.count(Poll)
    assert ledger.verify(entries) == []


def test_the_history_lies_in_the_past_over_three_years(demo: Demo) -> None:
    entries = demo.db.execute(select(Entry.chain, Entry.at).order_by(Entry.chain, Entry.height)).all()
    assert all(one.at <= other.at for one, other in pairwise(entries) if one.chain == other.chain)
    moments = [entry.at for entry in entries]
    assert max(moments) < NOW
    assert min(moments) < NOW - timedelta(days=1095)


def test_the_second_notice_can_be_sent_on_the_day_of_the_loading(
    make: Make, session: Session, settings: config.Settings, clock: Clock
) -> None:
    clock.at = NOW
    store = folder_store(settings.data_dir / "pieces")
    load_demo(session, store=store, keys=make.keys, now=NOW, password="a hash of nothing")
    asked = select(Dossier).join(Structure, Structure.id == Dossier.structure_id)
    dossier = session.execute(asked.where(Structure.name == "Les Ateliers de Brissange")).scalar_one()
    ines = session.execute(select(Person).where(Person.name == "Inès Baudry")).scalar_one()
    again = convene_poll(
        session, dossier.id, opens_at=NOW, closes_at=NOW + timedelta(days=6), by=make.actor(ines), clock=clock
    )
    assert (again.round, again.status) == (2, "convened")


# ── Whenever it is loaded ────────────────────────────────────────────────────────────────────────────────────────────


def test_on_every_day_of_two_years_the_past_is_past_and_the_open_poll_is_open() -> None:
    first = datetime(2026, 1, 1, 5, 30, tzinfo=UTC)
    for days in range(0, 730, 3):
        now = first + timedelta(days=days, hours=days % 24)
        deeds = plan(read_network(), read_ways(), now)
        done = Counter(deed.do.func for deed in deeds)  # type: ignore[attr-defined]
        assert deeds[-1].at < now, now
        assert (done[history.convene], done[history.open_window], done[history.close]) == (10, 9, 8), now
        windows = [deed.do.keywords for deed in deeds if deed.do.func is history.convene]  # type: ignore[attr-defined]
        ends = sorted(window["closes_at"] for window in windows)
        assert ends[-3] < now < now + timedelta(days=3) < ends[-2], now
        arrived: set[str] = set()
        for said in (deed.do.keywords for deed in deeds):  # type: ignore[attr-defined]
            arrived |= {said["person"].key} if "person" in said else set()
            assert {one.by for name, one in said.items() if name in {"step", "said"}} <= arrived, now
        for way in read_ways():
            mine = [deed.do.keywords for deed in deeds if deed.do.keywords.get("way") is way]  # type: ignore[attr-defined]
            assert list(dict.fromkeys(one["step"].do for one in mine if "step" in one)) == list(
                dict.fromkeys(step.do for step in way.steps)
            ), (now, way.structure)


def test_first_contacts_are_in_every_state_and_one_waits_past_its_delay(demo: Demo) -> None:
    found = demo.enquiries()
    assert set(found) == {"waiting", "answered", "opened", "closed", "set_aside"}
    assert sum(one.received_at < NOW - timedelta(days=16) for one in found["waiting"]) == 1
    assert [one.dossier_id for one in found["opened"]] == [demo.dossier("Les Ateliers du Léguer").id]
    assert any(one.call_back for one in found["waiting"])
    welcomed = host_of(demo.db, "fabrique-a-initiatives", NOW)
    assert welcomed is not None
    assert welcomed.first_name == "Inès"


def test_committees_lie_on_both_sides_of_the_loading_on_days_that_are_worked(demo: Demo) -> None:
    days = list(demo.db.execute(select(Sitting).order_by(Sitting.held_on)).scalars())
    assert [one.held_on > NOW.date() for one in days] == [False, True, True]
    assert all(is_working_day(one.held_on) and is_working_day(one.complete_by) for one in days)
    assert days[1].complete_by > NOW.date()


def test_on_every_day_of_two_years_the_welcome_is_in_the_past_and_its_committees_make_sense() -> None:
    for ago in range(730):
        now = NOW + timedelta(days=ago)
        assert all(deed.at <= now for deed in welcome_deeds(now))
        for one in read_welcome().sittings:
            held, complete = (working_day(now.date() + timedelta(days=days)) for days in (one.held, one.complete))
            assert complete < held


def test_a_collective_of_six_writes_a_joint_file_and_one_goes_on_alone(demo: Demo) -> None:
    joint = demo.db.execute(select(JointFile)).scalar_one()
    inside = select(Structure.name).join(Dossier, Dossier.structure_id == Structure.id)
    names = set(demo.db.execute(inside.where(Dossier.joint_file_id == joint.id)).scalars())
    assert names == {
        "Les Greniers d’Astarac",
        "La Bergerie de Gimonne",
        "Le Lavoir de Baïse",
        "La Halle de Ténarèze",
    }
    holder = select(Structure.name).join(CoAuthor, CoAuthor.structure_id == Structure.id)
    assert demo.db.execute(holder).scalar_one() == "La Grange de Lomagne"
    assert demo.dossier("Terre de Solvange").joint_file_id is None
    common = select(Answer.text).where(Answer.criterion == "apport_reseau", Answer.text.contains("demander ensemble"))
    assert len(demo.db.execute(common).all()) == 4
