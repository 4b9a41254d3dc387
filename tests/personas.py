"""One person for each thing somebody can be to a dossier and to its poll, around one open poll."""

from dataclasses import dataclass, field

from sqlalchemy import select

from app.models import Instructor, Invitation, Mandate, Person, Piece, Structure
from app.operations.polls.decide import notify_decision, record_decision
from app.operations.polls.link import declare_link
from app.operations.polls.open import open_poll
from app.policies import Relation
from tests.make import Make, World

#: Whom each persona stands for. Everybody is also ANYONE, and everybody but the first SIGNED_IN.
STANDS_FOR: dict[str, set[Relation]] = {
    "anonymous": {Relation.ANYONE},
    "nobody": {Relation.SIGNED_IN},
    "officer": {Relation.OFFICER},
    "arbiter": {Relation.ARBITER},
    "instructing_arbiter": {Relation.INSTRUCTING_ARBITER},
    "administrator": {Relation.ADMINISTRATOR},
    "signatory": {Relation.SIGNATORY},
    "candidate": {Relation.CANDIDATE},
    "contributor": {Relation.CONTRIBUTOR},
    "co_author": {Relation.CO_AUTHOR},
    "called": {Relation.CALLED},
    "elector": {Relation.ELECTOR},
    "recused": {Relation.RECUSED},
    "ended": {Relation.ENDED},
    "attached": {Relation.ATTACHED},
    "stranger": {Relation.STRUCTURE},
}


@dataclass
class Cast:
    """The personas and the identifiers that routes ask for."""

    world: World
    people: dict[str, Person | None] = field(default_factory=dict)
    values: dict[str, str] = field(default_factory=dict)
    voices: dict[str, str] = field(default_factory=dict)
    #: The structure that each persona acts for, where she acts for one.
    homes: dict[str, str] = field(default_factory=dict)


def cast(make: Make, *, all_vote: bool = True) -> Cast:
    """Build the world: eight voices, one recused, one silent, one ended, one whose person is attached to the candidate.

    Unless `all_vote`, the last voice, which is no persona's, has not voted yet.
    """
    members = [make.holder() for _ in range(8)]
    world = make.poll_of(members, opened=False, declared=False)
    elector, called, recused, attached, ended, *others = members
    for member in (elector, attached, ended, *others):
        make.no_link(world, member)
    structure = world.dossier.structure_id
    made = Cast(world)
    instructing = make.arbiter()
    make.db.add(Instructor(dossier_id=world.dossier.id, person_id=instructing.id))
    make.db.flush()
    candidate = make.db.get_one(Structure, structure)
    made.people = {
        "anonymous": None,
        "nobody": former(make),
        "officer": world.officer,
        "arbiter": make.arbiter(),
        "instructing_arbiter": instructing,
        "administrator": make.person("administrator"),
        "signatory": world.candidate,
        "candidate": make.person("suppleance", structure=candidate),
        "contributor": make.person("contribution", structure=candidate),
        "called": called.person,
        "elector": elector.person,
        "recused": recused.person,
        "ended": ended.person,
        "attached": attached.person,
        "stranger": make.person("titulaire", structure=make.structure("Ailleurs")),
    }
    make.no_link(world, recused)
    open_poll(make.db, world.poll.id, clock=make.clock, by=make.actor(world.officer))
    co_author = make.holder()  # after the roll is frozen: it has no voice there
    made.people["co_author"] = co_author.person
    joint = make.joint_file(world.dossier, co_author.structure)
    for member in (elector, recused, ended, *others[: None if all_vote else -1]):
        make.cast(world, member)
    make.seat(world, ended).ended_at = make.clock()
    by = make.actor(recused.person)
    declare_link(make.db, world.poll.id, recused.structure.id, "coportage", words="", by=by, clock=make.clock)
    make.db.add(Mandate(person_id=attached.person.id, structure_id=structure, role="contribution", since=make.clock()))
    made.voices = {
        "called": called.structure.id,
        "elector": elector.structure.id,
        "recused": recused.structure.id,
        "ended": ended.structure.id,
        "attached": attached.structure.id,
    }
    made.homes = made.voices | dict.fromkeys(("signatory", "candidate", "contributor"), structure)
    question = make.question(world, elector)
    filed = select(Piece).where(Piece.dossier_id == world.dossier.id, Piece.requirement == "deliberation")
    piece = make.db.execute(filed).scalar_one()
    invitation = make.db.execute(select(Invitation).limit(1)).scalar_one()
    made.values = {
        "dossier_id": world.dossier.id,
        "joint_id": joint.id,
        "question_id": question.id,
        "poll_id": world.poll.id,
        "structure_id": elector.structure.id,
        "structure": elector.structure.id,
        "person_id": elector.person.id,
        "piece_id": piece.id,
        "invitation_id": invitation.id,
        "slug": elector.structure.slug,
        "enquiry_id": make.enquiry().id,
        "sitting_id": make.sitting(by=world.officer).id,
    }
    make.commit()
    return made


def cast_after_the_end(make: Make) -> Cast:
    """The same world once its poll is closed, decided and notified."""
    made = cast(make)
    end(make, made)
    return made


def end(make: Make, made: Cast) -> None:
    """Let time pass, close the poll, decide and notify."""
    make.clock.forward(days=30)  # type: ignore[attr-defined]  # the clock of the tests
    make.close(made.world)
    officer, arbiter = made.people["officer"], made.people["arbiter"]
    assert officer is not None
    assert arbiter is not None
    dossier = made.world.dossier.id
    record_decision(make.db, dossier, letter="Bravo.", by=make.actor(officer), clock=make.clock)
    notify_decision(make.db, dossier, by=make.actor(arbiter), clock=make.clock, sending=make.sending())
    make.commit()


def former(make: Make) -> Person:
    """Somebody whose mandates have all ended: signed in, and nothing more."""
    person = make.person("titulaire", structure=make.structure("Autrefois"))
    mandate = make.db.execute(select(Mandate).where(Mandate.person_id == person.id)).scalar_one()
    mandate.until = make.clock()
    make.db.flush()
    return person
