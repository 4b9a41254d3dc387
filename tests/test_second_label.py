"""A label as unlike the Fabrique à initiatives as can be, from its first page to its number: nothing of one label hides
in the code, and a vote that advises is told apart from one that binds."""

import ast
import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from app.actor import NOBODY
from app.models import Appellation, Dossier, LabelVersion, NetworkStatus, Person, Poll
from app.operations.content import Filed, file_piece, tick_strand, write_answer
from app.operations.polls.arbitrate import confirm_arbitration, prepare_arbitration
from app.operations.polls.convene import convene_poll
from app.operations.polls.decide import notify_decision, record_decision
from app.operations.polls.deciding import Promise
from app.operations.polls.window import withdraw_request
from app.operations.way import open_dossier, pass_stage
from app.queries.integrity import verify_journal
from app.queries.labels import label_of
from tests.conftest import Clock
from tests.make import FABRIQUE, Make, Member, World
from tests.operations.seen import body, declare, opened, private, refused, told, types, vote
from workflows.label import Label, load

ROOT = Path(__file__).parent.parent
VILLAGE = ROOT / "tests" / "labels" / "village-remarquable.toml"
SLUG = "village-remarquable"
#: Words of a definition that are the engine's own too.
ENGINE = {"decision", "appellation"}


class Village(Make):
    """Makes rows under the other label."""

    def __init__(self, make: Make) -> None:
        super().__init__(make.db, make.clock, make.keys)
        self.numbers = make.numbers

    def label_version(self, path: Path = VILLAGE) -> LabelVersion:
        return super().label_version(path)

    def juror(self) -> Member:
        structure = self.structure()
        self.db.add(
            NetworkStatus(
                structure_id=structure.id, label=SLUG, status="holder", since="2019", recorded_at=self.clock()
            )
        )
        return Member(structure, self.person(structure=structure))

    def before_the_jury(self, jurors: int = 6) -> World:
        """A commune's dossier at its visit, its piece, answer and checklist done on the way."""
        officer, structure = self.officer(), self.structure()
        mayor = self.person(structure=structure)
        members = [self.juror() for _ in range(jurors)]
        dossier = self.begun(structure.id, officer)
        self.filed(dossier, mayor)
        self.step(dossier, "engager", officer)
        write_answer(self.db, dossier.id, "place", "Une halle et un tilleul.", by=self.actor(mayor), clock=self.clock)
        self.step(dossier, "demander_visite", mayor)
        return World(dossier, Poll(), mayor, officer, members)

    def begun(self, structure_id: str, officer: Person) -> Dossier:
        by, version = self.actor(officer), self.label_version()
        return open_dossier(self.db, structure_id, version, entry="candidature", by=by, clock=self.clock)

    def filed(self, dossier: Dossier, mayor: Person) -> None:
        filed = Filed("deliberation.pdf", "pdf", 10, "d" * 64, f"stored {dossier.id}")
        file_piece(self.db, dossier.id, "deliberation", filed, by=self.actor(mayor), clock=self.clock)

    def step(self, dossier: Dossier, name: str, by: Person) -> None:
        pass_stage(self.db, dossier.id, name, by=self.actor(by), clock=self.clock)

    def convened(self, world: World) -> World:
        for strand in ("rapport", "photographies"):
            tick_strand(self.db, world.dossier.id, strand, by=self.actor(world.officer), clock=self.clock)
        at, by = self.clock(), self.actor(world.officer)
        world.poll = convene_poll(
            self.db, world.dossier.id, opens_at=at, closes_at=at + timedelta(days=6), by=by, clock=self.clock
        )
        return world

    def answered(self, ballots: str) -> World:
        """The jury has answered: one letter for each of its members."""
        world = self.convened(self.before_the_jury(len(ballots)))
        for member in world.members:
            self.no_link(world, member)
        opened(self, world)
        vote(self, world, ballots)
        self.clock.forward(days=7)  # type: ignore[attr-defined]
        self.close(world)
        return world

    def follow(self, world: World, arbiter: Person, reason: str = "La place vit.") -> None:
        by = self.actor(arbiter)
        record_decision(self.db, world.dossier.id, letter="Chère commune…", reason=reason, by=by, clock=self.clock)

    def depart(
        self, world: World, first: Person, second: Person, outcome: str, reason: str = "La halle menace."
    ) -> None:
        prepare_arbitration(
            self.db,
            world.dossier.id,
            outcome=outcome,
            reason=reason,
            letter="Chère commune…",
            by=self.actor(first),
            clock=self.clock,
        )
        confirm_arbitration(self.db, world.dossier.id, by=self.actor(second), clock=self.clock)


@pytest.fixture
def village(make: Make) -> Village:
    return Village(make)


def test_a_commune_goes_from_its_application_to_a_departure_from_the_jury_that_grants(
    village: Village, clock: Clock
) -> None:
    """Five of seven take part and three are against: two arbiters grant it, and every juror reads why."""
    first, second = village.arbiter(), village.arbiter()
    world = village.answered("fbaaa--")
    assert (world.poll.outcome, world.poll.quorum_needed) == ("unfavourable", 5)
    village.depart(world, first, second, "granted", reason="Les travaux de la halle ont commencé.")
    assert (world.dossier.stage, world.poll.status) == ("avis_rendu", "decided")
    said = body(village, world.dossier, "decider")
    assert (said["opinion"], said["outcome"], said["arbitrated"]) == ("unfavourable", "granted", True)
    assert private(village, world.dossier, "decider")["note"] == "Les travaux de la halle ont commencé."
    decision = notify_decision(village.db, world.dossier.id, by=village.actor(first), clock=clock)
    assert decision.reason == "Les travaux de la halle ont commencé."
    assert told(village, "result_notified") == sorted(member.person.id for member in world.members)
    assert world.dossier.stage == "remarquable"
    appellation = village.db.execute(select(Appellation)).scalar_one()
    assert (appellation.number, appellation.label, appellation.since) == ("VR-2026-0001", SLUG, "2026-11")
    status = select(NetworkStatus.label, NetworkStatus.status).where(
        NetworkStatus.structure_id == world.dossier.structure_id, NetworkStatus.until.is_(None)
    )
    assert [tuple(row) for row in village.db.execute(status)] == [(SLUG, "holder")]
    assert verify_journal(village.db, village.keys).faults == []


def test_its_journal_speaks_its_own_words(village: Village) -> None:
    world = village.answered("ffffff")
    assert types(village, world.dossier) == [
        "opened",
        "piece_filed",
        "engager",
        "answer_written",
        "demander_visite",
        "strand_ticked",
        "strand_ticked",
        "reunir_jury",
        "poll_closed",
    ]
    assert told(village, "label:visite_demandee") == [world.officer.id]


@pytest.mark.parametrize(
    ("ballots", "outcome"),
    [
        ("ffffaa", "favourable"),  # 4 of 6: two thirds of the ballots, reached
        ("fffaab", "unfavourable"),  # 3 of 6: abstentions weigh
        ("ffff--", "favourable"),  # 4 of 6 seats: the quorum of two thirds
        ("fff---", "no_quorum"),
        ("fffaaa", "unfavourable"),  # its ties are a no
        ("rrffaa", "favourable_reserves"),
    ],
)
def test_its_jury_counts_by_its_own_rule(village: Village, ballots: str, outcome: str) -> None:
    assert village.answered(ballots).poll.outcome == outcome


def test_its_jury_may_follow_its_opinion_with_a_reason_where_the_label_asks_for_one(village: Village) -> None:
    world, arbiter = village.answered("ffffff"), village.arbiter()
    with refused("reason_missing"):
        village.follow(world, arbiter, reason=" ")
    village.follow(world, arbiter)
    assert body(village, world.dossier, "decider")["arbitrated"] is False
    assert private(village, world.dossier, "decider")["note"] == "La place vit."


def test_one_person_alone_never_departs_from_the_jury(village: Village, clock: Clock) -> None:
    world, first = village.answered("ffffff"), village.arbiter()
    with refused("reason_missing"):
        village.depart(world, first, village.arbiter(), "not_granted", reason="  ")
    with refused("same_arbiter"):
        village.depart(world, first, first, "not_granted")
    assert world.dossier.stage == "jury"
    with refused("decision_missing"):
        notify_decision(village.db, world.dossier.id, by=village.actor(first), clock=clock)
    with refused("arbitration_prepared"):
        village.follow(world, village.arbiter())


def test_who_has_instructed_does_not_depart_from_the_jury(village: Village) -> None:
    world = village.answered("ffffff")
    with refused("arbiter_instructed"):
        village.depart(world, world.officer, village.arbiter(), "not_granted")
    with refused("arbiter_instructed"):
        village.depart(world, village.arbiter(), world.officer, "not_granted")


def test_a_yes_of_the_jury_may_become_a_no_that_closes(village: Village, clock: Clock) -> None:
    world = village.answered("ffffff")
    first, second = village.arbiter(), village.arbiter()
    village.depart(world, first, second, "not_granted")
    notify_decision(village.db, world.dossier.id, by=village.actor(second), clock=clock, sending=village.sending())
    assert world.dossier.stage == "classee"
    assert village.db.execute(select(Appellation)).scalars().all() == []


@pytest.mark.parametrize(("ballots", "outcome"), [("fff---", "no_quorum"), ("bbbbbb", "no_result")])
def test_what_its_jury_left_open_is_for_two_arbiters(village: Village, ballots: str, outcome: str) -> None:
    world = village.answered(ballots)
    assert world.poll.outcome == outcome
    with refused("requirements_missing") as caught:
        village.follow(world, village.arbiter())
    assert [lacking.code for lacking in caught.value.values["missing"]] == ["committee_left_open"]  # type: ignore[attr-defined]
    village.depart(world, village.arbiter(), village.arbiter(), "granted")
    assert world.dossier.stage == "avis_rendu"


def test_nothing_is_decided_while_its_jury_is_out(village: Village) -> None:
    world = village.convened(village.before_the_jury())
    with refused("requirements_missing"):
        village.depart(world, village.arbiter(), village.arbiter(), "granted")


def test_its_decisions_are_its_own(village: Village) -> None:
    world = village.answered("ffffff")
    with refused("unknown_outcome"):
        village.depart(world, village.arbiter(), village.arbiter(), "deferred")


def test_its_reserves_have_dates_too(village: Village, clock: Clock) -> None:
    world, arbiter = village.answered("rrffff"), village.arbiter()
    village.follow(world, arbiter)
    assert body(village, world.dossier, "decider")["outcome"] == "granted"
    other = village.answered("rrrrrrrrrrrrrr")
    with refused("reserves_missing"):
        village.follow(other, arbiter)
    promise = Promise("Réparer la halle.", "La commune", date(2027, 9, 1))
    by = village.actor(arbiter)
    record_decision(
        village.db, other.dossier.id, letter="Chère…", reason="Oui.", promises=(promise,), by=by, clock=clock
    )


def test_its_jury_waits_for_its_checklist_and_its_five_seats(village: Village, clock: Clock) -> None:
    world = village.before_the_jury(4)
    at, by = clock(), village.actor(world.officer)
    until = at + timedelta(days=6)
    with refused("requirements_missing") as caught:
        convene_poll(village.db, world.dossier.id, opens_at=at, closes_at=until, by=by, clock=clock)
    assert {lacking.code for lacking in caught.value.values["missing"]} == {"strand_open"}  # type: ignore[attr-defined]
    with refused("too_few_seats", needed=5, seats=4):
        village.convened(world)


def test_the_calendar_closes_what_was_never_begun(village: Village, clock: Clock) -> None:
    dossier = village.begun(village.structure().id, village.officer())
    clock.forward(days=365)
    pass_stage(village.db, dossier.id, "prescrire", by=NOBODY, clock=clock)
    assert dossier.stage == "classee"


def test_it_may_be_given_up_even_before_its_jury(village: Village, clock: Clock) -> None:
    world = village.convened(village.before_the_jury())
    withdraw_request(village.db, world.dossier.id, by=village.actor(world.candidate), clock=clock)
    assert (world.dossier.stage, world.poll.status) == ("classee", "cancelled")


def test_two_labels_live_in_one_house_and_never_share_a_committee(make: Make, village: Village) -> None:
    """A holder of one label has no voice in the other, and a structure may walk both ways at once."""
    peers = make.poll(electors=3)
    world = village.convened(village.before_the_jury())
    with refused("no_mandate"):
        declare(village, world, peers.members[0], "none")
    with refused("no_mandate"):
        declare(make, peers, world.members[0], "none")
    both = village.begun(peers.dossier.structure_id, village.officer())
    assert both.reference != peers.dossier.reference


def test_it_has_no_kind_of_link_of_the_other(village: Village) -> None:
    world = village.convened(village.before_the_jury())
    with refused("unknown_link"):
        declare(village, world, world.members[0], "coportage")


def own_names(label: Label) -> set[str]:
    """Every name that a definition gives to what is its own."""
    lists = (label.stages, label.entries, label.pieces, label.criteria, label.strands, label.commitments, label.links)
    keys = {part.key for parts in lists for part in parts} | {notice.key for notice in label.notices}
    return (keys | {transition.name for transition in label.transitions}) - ENGINE


def test_no_name_of_the_fabrique_is_written_in_the_code() -> None:
    """What is true of one label alone lives in its definition; the demonstration plays one, and may name it.

    A name in two words is never there at all; a single word may be a part of an address, and is never compared with.
    """
    names = own_names(load(FABRIQUE.read_text()))
    written = {
        f"{file.relative_to(ROOT)}: {name}"
        for folder in ("app", "workflows")
        for file in sorted((ROOT / folder).rglob("*.py"))
        if "demo" not in file.parts
        for name in names & said_in(ast.parse(file.read_text()))
    }
    assert written == set()


def said_in(tree: ast.Module) -> set[object]:
    """The words of a file that are in two parts, and those that something is compared with."""
    compared = (
        one for node in ast.walk(tree) if isinstance(node, ast.Compare) for one in (node.left, *node.comparators)
    )
    everywhere = (one for one in ast.walk(tree) if isinstance(one, ast.Constant) and "_" in str(one.value))
    return {one.value for one in (*compared, *everywhere) if isinstance(one, ast.Constant)}


def test_no_template_asks_for_a_name_of_the_fabrique() -> None:
    """A name in two words is never there at all; a single word may be an anchor, and is never compared with."""
    names = own_names(load(FABRIQUE.read_text()))
    long, every = "|".join(name for name in names if "_" in name), "|".join(names)
    asked = re.compile(rf"""["']({long})["']|(?:==|!=)\s*["']({every})["']""")
    found = {
        f"{file.relative_to(ROOT)}: {match[0]}"
        for file in sorted((ROOT / "app" / "templates").rglob("*.*"))
        if "demo" not in file.parts and file.name != "style.html"
        for match in asked.finditer(file.read_text())
    }
    assert found == set()


def test_a_version_says_which_label_it_is(village: Village, make: Make) -> None:
    assert label_of(village.label_version()).slug == SLUG
    assert label_of(make.label_version()).slug != SLUG
