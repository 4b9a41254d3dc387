"""A collective of six: five structures that ask for the appellation together, one that has it already."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from app.models import Answer, Dossier, JointFile, NetworkStatus, Person, Poll, Structure
from app.models.base import new_id
from app.operations.joint import Joining, add_structure, open_joint_file
from app.operations.joint_parts import write_joint_answer
from app.operations.polls.cast import Opinion, cast_ballot
from app.operations.polls.close import close_poll
from app.operations.polls.decide import record_decision
from app.operations.polls.link import declare_link
from app.operations.polls.open import open_poll
from app.operations.polls.together import convene_together
from tests.make import Make, Member
from tests.operations.seen import LETTERS
from workflows.voting import Choice

NAME = "Le Semeur d’Armagnac"
COMMON = "apport_reseau"
FRESH = {"populate_existing": True}


@dataclass
class Semeur:
    """The collective, its people, and the acts of the team on its joint file."""

    make: Make
    officer: Person
    people: list[Person]
    structures: list[Structure]
    holder: Member
    joint: JointFile

    def dossiers(self) -> list[Dossier]:
        """Its dossiers, in the order of its structures, as the database has them."""
        asked = select(Dossier).where(Dossier.structure_id.in_([one.id for one in self.structures]))
        found = {one.structure_id: one for one in self.make.db.execute(asked, execution_options=FRESH).scalars()}
        return [found[one.id] for one in self.structures]

    def texts(self, criterion: str = COMMON) -> list[str | None]:
        asked = select(Answer.dossier_id, Answer.text).where(Answer.criterion == criterion)
        rows = {row.dossier_id: row.text for row in self.make.db.execute(asked).all()}
        return [rows.get(dossier.id) for dossier in self.dossiers()]

    def write(self, text: str, by: Person | None = None, replaces: str | None = None) -> None:
        person = self.make.actor(by or self.holder.person)
        write_joint_answer(
            self.make.db, self.joint.id, COMMON, text, by=person, clock=self.make.clock, replaces=replaces
        )

    def add(self, structure: Structure) -> JointFile:
        by = self.make.actor(self.officer)
        return add_structure(
            self.make.db, self.joint.id, structure.id, joining(self.make), by=by, clock=self.make.clock
        )

    def convene(self, *, ready_only: bool = False, days: int = 10) -> list[Poll]:
        at: datetime = self.make.clock()
        return convene_together(
            self.make.db,
            self.joint.id,
            opens_at=at,
            closes_at=at + timedelta(days=days),
            ready_only=ready_only,
            by=self.make.actor(self.officer),
            clock=self.make.clock,
        )

    def vote(self, poll: Poll, members: list[Member], letters: str) -> None:
        """Declare no link, open the poll, and give one opinion a letter."""
        make = self.make
        for member in members:
            by = make.actor(member.person)
            declare_link(make.db, poll.id, member.structure.id, "none", words="", by=by, clock=make.clock)
        open_poll(make.db, poll.id, clock=make.clock, by=make.actor(self.officer))
        for member, letter in zip(members, letters, strict=True):
            if letter == "-":
                continue
            opinion = Opinion(Choice(LETTERS[letter]), "Une raison.", 0, new_id())
            by = make.actor(member.person)
            cast_ballot(make.db, poll.id, member.structure.id, opinion, by=by, clock=make.clock, keys=make.keys)

    def close(self, polls: list[Poll]) -> None:
        for poll in polls:
            close_poll(self.make.db, poll.id, clock=self.make.clock, keys=self.make.keys)

    def settle(self, polls: list[Poll]) -> None:
        """Close and record, one after the other, what each poll says."""
        self.close(polls)
        for poll in polls:
            by = self.make.actor(self.officer)
            record_decision(self.make.db, poll.dossier_id, letter="La lettre.", by=by, clock=self.make.clock)


def joining(make: Make, entry: str = "creation") -> Joining:
    return Joining(make.label_version(), entry)


def semeur(make: Make, candidates: int = 5, *, stage: str = "experimentation", bare: bool = False) -> Semeur:
    """The joint file of a collective with so many candidates and one structure that holds; `bare`: no dossier yet."""
    officer = make.officer()
    structures = [make.structure(f"Structure {number} du Semeur") for number in range(1, candidates + 1)]
    people = [make.person("titulaire", structure=one) for one in structures]
    for structure, person in zip(structures, people, strict=True) if not bare else ():
        make.dossier(structure, stage=stage, officer=officer, candidate=person)
    holder = make.holder("La Grange de Lomagne")
    by = make.actor(officer)
    chosen = [*(one.id for one in structures), holder.structure.id]
    joint = open_joint_file(make.db, NAME, chosen, joining(make), by=by, clock=make.clock)
    return Semeur(make, officer, people, structures, holder, joint)


def holds(make: Make, structure: Structure) -> None:
    """The structure has the appellation."""
    make.db.add(
        NetworkStatus(
            structure_id=structure.id,
            label="fabrique-a-initiatives",
            status="holder",
            since="2021-01",
            recorded_at=make.clock() - timedelta(days=40),
        )
    )
    make.db.flush()
