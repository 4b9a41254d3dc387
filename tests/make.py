"""What tests begin with: `make.poll(electors=3)` gives real rows, made by the acts of the house."""

from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.actor import Actor
from app.clock import Clock
from app.keys import Keys
from app.models import (
    Agreement,
    CoAuthor,
    Collective,
    Dossier,
    Enquiry,
    Exchange,
    JointFile,
    LabelVersion,
    NetworkStatus,
    Person,
    Poll,
    Question,
    Seat,
    Sitting,
    Structure,
)
from app.models.base import new_id
from app.operations.agreements import confirm_agreement, write_agreement
from app.operations.content import Filed, file_piece, write_answer
from app.operations.enquiries import Asked, ask
from app.operations.exchanges import note_exchange
from app.operations.greeters import choose_greeter
from app.operations.labels import publish_label
from app.operations.people import invite
from app.operations.polls.cast import Opinion, Receipt, cast_ballot
from app.operations.polls.close import close_poll
from app.operations.polls.convene import convene_poll
from app.operations.polls.decide import Sending
from app.operations.polls.link import declare_link
from app.operations.polls.open import open_poll
from app.operations.polls.questions import ask_question
from app.operations.sittings import Days, plan_sitting
from app.operations.structures import Ground, register_structure
from app.operations.way import open_dossier, pass_stage
from app.queries.actors import actor
from app.queries.labels import label_of
from workflows.agreement import terms
from workflows.answers import Raw
from workflows.voting import Choice

LABELS = Path(__file__).parent.parent / "workflows" / "labels"
FABRIQUE = LABELS / "fabrique-a-initiatives.toml"
WAY = ("juger_pertinente", "entrer_experimentation", "demander_appellation", "declarer_complet")
WAYS = {"creation": WAY, "a_posteriori": ("convenir_modalites", *WAY[2:])}


@dataclass
class Member:
    """A structure that holds the appellation, and the person who votes for it."""

    structure: Structure
    person: Person


@dataclass
class World:
    """A poll and everybody around it."""

    dossier: Dossier
    poll: Poll
    candidate: Person
    officer: Person
    members: list[Member] = field(default_factory=list)


class Make:
    """Makes rows. Its `commit` ends the transaction, so that a request can write."""

    def __init__(self, db: Session, clock: Clock, keys: Keys) -> None:
        self.db = db
        self.clock = clock
        self.keys = keys
        self.numbers = count(1)

    def commit(self) -> None:
        self.db.commit()

    def actor(self, person: Person | str) -> Actor:
        found = actor(self.db, person if isinstance(person, str) else person.id, self.clock())
        assert found is not None
        return found

    def label_version(self, path: Path = FABRIQUE) -> LabelVersion:
        return publish_label(self.db, path.read_text(), clock=self.clock)

    def structure(self, name: str | None = None, *, collective: Collective | None = None) -> Structure:
        name = name or f"Les Ateliers nº {next(self.numbers)}"
        return register_structure(
            self.db,
            name,
            grounds=[Ground("departement", "Drôme", "26")],
            register="fictional",
            collective_id=collective.id if collective else None,
            clock=self.clock,
        )

    def collective(self, name: str = "Le Semeur d’Armagnac") -> Collective:
        made = Collective(id=new_id(), name=name)
        self.db.add(made)
        self.db.flush()
        return made

    def person(self, role: str = "titulaire", *, structure: Structure | None = None, name: str | None = None) -> Person:
        number = next(self.numbers)
        return invite(
            self.db,
            name=name or f"Personne {number}",
            email=f"personne{number}@fabrique.example",
            role=role,
            structure_id=structure.id if structure else None,
            fictional=True,
            clock=self.clock,
        )

    def officer(self) -> Person:
        return self.person("officer", name=f"Inès Baudry {next(self.numbers)}")

    def arbiter(self) -> Person:
        return self.person("arbiter", name=f"Fanny Arbitre {next(self.numbers)}")

    def holder(self, name: str | None = None, *, collective: Collective | None = None) -> Member:
        """A structure with the appellation, and its titulaire."""
        structure = self.structure(name, collective=collective)
        self.db.add(
            NetworkStatus(
                structure_id=structure.id,
                label="fabrique-a-initiatives",
                status="holder",
                since="2020-06",
                recorded_at=self.clock() - timedelta(days=400),
            )
        )
        self.db.flush()
        return Member(structure, self.person("titulaire", structure=structure))

    def dossier(
        self,
        structure: Structure | None = None,
        *,
        stage: str = "renseignement",
        entry: str = "creation",
        officer: Person | None = None,
        candidate: Person | None = None,
    ) -> Dossier:
        """A dossier walked to a stage by the acts of its actors, its answers and pieces filed on the way."""
        structure = structure or self.structure()
        officer = officer or self.officer()
        candidate = candidate or self.person("titulaire", structure=structure)
        version = self.label_version()
        dossier = open_dossier(self.db, structure.id, version, entry=entry, by=self.actor(officer), clock=self.clock)
        for name in WAYS[entry]:
            if dossier.stage == stage:
                return dossier
            if name == "convenir_modalites":
                self.agreed(dossier)
            if name == "demander_appellation":
                self.complete(dossier, candidate)
                self.colleague(structure)
            by = candidate if name == "demander_appellation" else officer
            dossier = pass_stage(self.db, dossier.id, name, by=self.actor(by), clock=self.clock)
        return dossier

    def complete(self, dossier: Dossier, by: Person) -> None:
        """Answer and file everything that the request for the appellation waits for."""
        label = label_of(self.db.get_one(LabelVersion, dossier.label_version_id))
        actor = self.actor(by)
        text = "Sept besoins étudiés avec les habitants, trois activités ouvertes."
        for criterion in label.criteria:
            if criterion.required_for:
                raw: Raw = text
                if criterion.kind == "partners":
                    raw = tuple((each.key, f"Partenaire {each.key}") for each in label.partner_types[:2])
                write_answer(self.db, dossier.id, criterion.key, raw, by=actor, clock=self.clock)
        for piece in label.pieces:
            if piece.required_for:
                filed = Filed(f"{piece.key}.pdf", "pdf", 1000, "0" * 64, new_id())
                file_piece(self.db, dossier.id, piece.key, filed, by=actor, clock=self.clock)

    def colleague(self, structure: Structure, role: str = "signature") -> Person:
        """A second person for a structure, so that nothing stops when the first is away."""
        return self.person(role, structure=structure)

    def poll(self, electors: int = 3, *, opened: bool = True, declared: bool = True, days: int = 10) -> World:
        """A poll on a complete dossier, with as many members who hold the appellation."""
        members = [self.holder() for _ in range(electors)]
        return self.poll_of(members, opened=opened, declared=declared, days=days)

    def poll_of(self, members: list[Member], *, opened: bool = True, declared: bool = True, days: int = 10) -> World:
        officer = self.officer()
        structure = self.structure()
        candidate = self.person("titulaire", structure=structure)
        dossier = self.dossier(structure, stage="complet", officer=officer, candidate=candidate)
        at = self.clock()
        poll = convene_poll(
            self.db,
            dossier.id,
            opens_at=at,
            closes_at=at + timedelta(days=days),
            by=self.actor(officer),
            clock=self.clock,
        )
        world = World(dossier, poll, candidate, officer, members)
        if declared:
            for member in members:
                self.no_link(world, member)
        if opened:
            open_poll(self.db, poll.id, clock=self.clock, by=self.actor(officer))
        return world

    def no_link(self, world: World, member: Member) -> None:
        by = self.actor(member.person)
        declare_link(self.db, world.poll.id, member.structure.id, "none", words="", by=by, clock=self.clock)

    def cast(
        self,
        world: World,
        member: Member,
        choice: str = "for",
        *,
        replaces: int = 0,
        once: str | None = None,
        reasons: str = "Le savoir-faire est là.",
        by: Person | None = None,
    ) -> Receipt:
        opinion = Opinion(Choice(choice), reasons, replaces, once or new_id())
        person = self.actor(by or member.person)
        return cast_ballot(
            self.db, world.poll.id, member.structure.id, opinion, by=person, clock=self.clock, keys=self.keys
        )

    def close(self, world: World) -> Poll:
        return close_poll(self.db, world.poll.id, clock=self.clock, keys=self.keys)

    def seat(self, world: World, member: Member) -> Seat:
        asked = select(Seat).where(Seat.poll_id == world.poll.id, Seat.structure_id == member.structure.id)
        return self.db.execute(asked).scalar_one()

    def sending(self) -> Sending:
        """How a hard letter leaves: after a call, at whatever hour the test stands."""
        return Sending(called_on=self.clock().date(), called_by="Inès Baudry", despite="La structure l’attend.")

    def enquiry(
        self,
        *,
        name: str = "Solène Kervadec",
        email: str = "solene@leguer.example",
        once: str | None = None,
        **told: Any,
    ) -> Enquiry:
        """A first contact, waiting for its answer."""
        version = self.label_version()
        said = {"territory": "Trégor", "brings": "Trois associations cherchent un lieu.", "structure": "Le Léguer"}
        asked = Asked(name=name, email=email, **{**said, **told})
        return self.db.get_one(Enquiry, ask(self.db, label_of(version), asked, once=once or new_id(), clock=self.clock))

    def sitting(self, *, days: int = 60, by: Person | None = None) -> Sitting:
        """A committee so many days ahead, dossiers complete two weeks before."""
        version = self.label_version()
        held_on = self.clock().date() + timedelta(days=days)
        asked = Days(held_on, held_on - timedelta(days=14), "Paris")
        by_whom = self.actor(by or self.officer())
        return self.db.get_one(Sitting, plan_sitting(self.db, version.slug, asked, by=by_whom, clock=self.clock))

    def greeter(self, name: str = "Inès Baudry", phone: str = "01 99 00 12 34") -> Person:
        """Who answers first contacts."""
        version = self.label_version()
        person = self.person("officer", name=name)
        choose_greeter(self.db, version.slug, person.id, phone=phone, clock=self.clock)
        return person

    def pass_stage(self, dossier: Dossier, name: str, by: Person, note: str = "") -> Dossier:
        """One transition of a dossier, by a person."""
        return pass_stage(self.db, dossier.id, name, by=self.actor(by), clock=self.clock, note=note)

    def agreement(
        self,
        dossier: Dossier,
        *,
        by: Person | str | None = None,
        structure: Person | None = None,
        team: Person | str | None = None,
        **said: Any,
    ) -> Agreement:
        """The next version of a dossier's agreement, written by `by` or its officer, confirmed by whom it names."""
        label = label_of(self.db.get_one(LabelVersion, dossier.label_version_id))
        last = self.db.execute(select(func.max(Agreement.version)).where(Agreement.dossier_id == dossier.id)).scalar()
        told = {
            "recognised": "La détection des besoins, menée depuis douze ans.",
            "remaining": "L’étude d’opportunité écrite, sur deux besoins.",
            "until": "2027-06",
            "steps": [("Tendre l’oreille", "detection"), ("Mettre la table", "")],
            **said,
        }
        written = terms(label.steps, today=self.clock().date(), **told)
        author = self.actor(by or dossier.officer_id or self.officer())
        made = write_agreement(self.db, dossier.id, written, replaces=last or 0, by=author, clock=self.clock)
        for person in (structure, team):
            if person is not None:
                confirm_agreement(self.db, dossier.id, made.version, by=self.actor(person), clock=self.clock)
        return made

    def agreed(self, dossier: Dossier) -> Agreement:
        """An agreement that both sides have confirmed."""
        signing = self.person("signature", structure=self.db.get_one(Structure, dossier.structure_id))
        return self.agreement(dossier, structure=signing, team=dossier.officer_id)

    def exchange(self, dossier: Dossier, words: str, *, by: Person | None = None, **said: Any) -> Exchange:
        """What was said, noted by the dossier's officer: internal unless told otherwise."""
        author = self.actor(by or dossier.officer_id or self.officer())
        told = {"kind": "call", "shared": False, **said}
        return note_exchange(self.db, dossier.id, words=words, by=author, clock=self.clock, **told)

    def own_word(self, world: World, person: Person, structure: Structure) -> None:
        """« No link » for herself, by a person whose colleague has already spoken for the structure."""
        by = self.actor(person)
        declare_link(self.db, world.poll.id, structure.id, "none", words="", by=by, clock=self.clock, own=True)

    def question(
        self, world: World, member: Member, text: str = "Qui porte le métier si l’animatrice part ?"
    ) -> Question:
        by = self.actor(member.person)
        return ask_question(self.db, world.poll.id, member.structure.id, text, by=by, clock=self.clock)

    def joint_file(self, dossier: Dossier, holder: Structure) -> JointFile:
        """The joint file that a dossier already examined is in, with a co-author that holds the appellation."""
        collective = self.collective(f"Collectif nº {next(self.numbers)}")
        joint = JointFile(
            id=new_id(),
            reference=f"2026-C{next(self.numbers):02d}",
            label="fabrique-a-initiatives",
            collective_id=collective.id,
            opened_at=self.clock(),
            opened_by=str(dossier.officer_id),
        )
        self.db.add(joint)
        self.db.flush()
        self.db.add(CoAuthor(joint_file_id=joint.id, structure_id=holder.id, joined_at=self.clock()))
        dossier.joint_file_id = joint.id
        self.db.flush()
        return joint
