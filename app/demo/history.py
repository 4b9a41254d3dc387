"""What happened in the fictional network, made by the same acts as everywhere else, under a clock of the past."""

from collections.abc import Callable
from datetime import datetime, timedelta
from io import BytesIO

from sqlalchemy import select

from app.demo.fictional import Body, Right, Said, Someone, Step, Way
from app.demo.pdf import one_page
from app.demo.play import Play
from app.demo.talks import agree, give_word, say
from app.files.checks import check_file
from app.models import Appellation, Invitation, Mandate, NetworkStatus, StructureName
from app.models.base import new_id
from app.operations.completeness import ask_to_complete
from app.operations.content import Filed, file_piece, tick_strand, write_answer
from app.operations.enquiries import turn_into_dossier
from app.operations.people import accept_invitation, invite
from app.operations.polls import arbitrate, decide
from app.operations.polls.cast import Opinion, cast_ballot
from app.operations.polls.close import close_poll
from app.operations.polls.convene import convene_poll
from app.operations.polls.deciding import Promise
from app.operations.polls.link import declare_link
from app.operations.polls.open import open_poll
from app.operations.polls.window import withdraw_request
from app.operations.structures import Ground, end_mandate, register_structure
from app.operations.way import open_dossier, pass_stage
from workflows.voting import Choice

FICTIONAL = "fictional"
ASKED = "demander_appellation"


def register(play: Play, body: Body) -> None:
    """A structure, and for a founding holder the status it begins with."""
    structure = register_structure(
        play.db,
        body.name,
        grounds=[Ground(place.kind, place.name, place.code) for place in body.grounds],
        about=body.about,
        contact=body.contact,
        register=FICTIONAL,
        collective_id=play.collectives[body.collective] if body.collective else None,
        clock=play.clock,
    )
    play.structures[body.key] = structure.id
    if body.trade:
        play.db.add(StructureName(structure_id=structure.id, kind="trade", name=body.trade))
    if body.holder_since:
        found(play, body, structure.id)
    play.db.flush()


def found(play: Play, body: Body, structure_id: str) -> None:
    """The founding status of a holder: the only one that no act of the house gave."""
    since, at, label = body.holder_since, play.clock(), play.label.slug
    play.db.add(NetworkStatus(structure_id=structure_id, label=label, status="holder", since=since, recorded_at=at))
    play.db.add(
        Appellation(
            number=body.number, structure_id=structure_id, label=label, since=since, status="active", begun_at=at
        )
    )


def arrive(play: Play, person: Someone, right: Right) -> None:
    """A person is invited; most open their invitation at once."""
    invited = invite(
        play.db,
        name=person.name,
        email=person.email,
        role=right.role,
        structure_id=play.structures[right.structure] if right.structure else None,
        locale=person.locale,
        zone=person.zone,
        fictional=True,
        clock=play.clock,
    )
    invited.function, invited.phone = person.function, person.phone
    play.people[person.key] = invited.id
    if person.arrived and invited.password is None:
        waiting = select(Invitation.id).where(Invitation.person_id == invited.id, Invitation.used_at.is_(None))
        accept_invitation(play.db, play.db.execute(waiting).scalar_one(), play.password, clock=play.clock)


def leave(play: Play, person: Someone, right: Right) -> None:
    """A person leaves: her mandate ends, her acts stay hers."""
    held = select(Mandate.id).where(
        Mandate.person_id == play.people[person.key],
        Mandate.role == right.role,
        Mandate.structure_id == (play.structures[right.structure] if right.structure else None),
        Mandate.until.is_(None),
    )
    mandate = play.db.execute(held).scalar_one()
    end_mandate(play.db, mandate, clock=play.clock)
    play.db.get_one(Mandate, mandate).note = right.note


def act(play: Play, way: Way, step: Step) -> None:
    """One step of a dossier: an act with a name of its own, or a transition of the label."""
    ACTS.get(step.do, go_on)(play, way, step)


def open_way(play: Play, way: Way, step: Step) -> None:
    """A dossier is opened, from the first contact that led to it where there was one."""
    by = play.actor(step.by)
    structure = play.structures[way.structure]
    asked = play.enquiries.get(way.structure)
    made = open_dossier(play.db, structure, play.version, entry=way.entry, by=by, clock=play.clock, enquiry=asked)
    play.dossiers[way.structure] = made.id
    if asked:
        turn_into_dossier(play.db, asked, made.id, by=by, clock=play.clock)


def go_on(play: Play, way: Way, step: Step) -> None:
    by = play.actor(step.by)
    pass_stage(play.db, play.dossiers[way.structure], step.do, by=by, clock=play.clock, note=step.note)


def write(play: Play, way: Way, step: Step) -> None:
    """Write the answers that the step names, or all those that the file holds."""
    by = play.actor(step.by)
    for criterion in step.only or tuple(way.answers):
        raw = way.answers[criterion]
        write_answer(play.db, play.dossiers[way.structure], criterion, raw, by=by, clock=play.clock)


def file(play: Play, way: Way, step: Step) -> None:
    """File the pieces that the step names, or all those that the request waits for and those that the file holds."""
    by = play.actor(step.by)
    required = (piece.key for piece in play.label.pieces if ASKED in piece.required_for)
    for requirement in step.only or dict.fromkeys((*required, *way.pieces)):
        filed = keep(play, way, requirement)
        file_piece(play.db, play.dossiers[way.structure], requirement, filed, by=by, clock=play.clock)


def keep(play: Play, way: Way, requirement: str) -> Filed:
    """A real document, checked and stored as anybody's would be."""
    sheet, piece = play.network.sheets[requirement], play.label.piece(requirement)
    name = next(body.name for body in play.network.structures if body.key == way.structure)
    text = way.pieces.get(requirement) or sheet.text.format(structure=name)
    content = BytesIO(one_page(sheet.title, name, text, "Document de démonstration : structure et personnes fictives."))
    checked = check_file(sheet.file, content, accepts=piece.accepts, max_bytes=piece.max_bytes)
    play.kept.append(play.store.keep(content))
    return Filed(sheet.file, checked.type, checked.size, checked.digest, play.kept[-1])


def tick(play: Play, way: Way, step: Step) -> None:
    for strand in step.only:
        tick_strand(play.db, play.dossiers[way.structure], strand, by=play.actor(step.by), clock=play.clock)


def convene(play: Play, way: Way, step: Step, opens_at: datetime, closes_at: datetime) -> None:
    by = play.actor(step.by)
    dossier = play.dossiers[way.structure]
    made = convene_poll(play.db, dossier, opens_at=opens_at, closes_at=closes_at, by=by, clock=play.clock)
    play.polls[way.structure] = made.id


def declare(play: Play, way: Way, said: Said) -> None:
    poll, voice, by = play.polls[way.structure], play.structures[said.voice], play.actor(said.by)
    declare_link(play.db, poll, voice, said.link, words=said.words, by=by, clock=play.clock)


def open_window(play: Play, way: Way, step: Step) -> None:
    open_poll(play.db, play.polls[way.structure], clock=play.clock, by=play.actor(step.by))


def give_opinion(play: Play, way: Way, said: Said) -> None:
    opinion = Opinion(Choice(said.choice or ""), said.reasons, 0, new_id())
    poll, voice, by = play.polls[way.structure], play.structures[said.voice], play.actor(said.by)
    cast_ballot(play.db, poll, voice, opinion, by=by, clock=play.clock, keys=play.keys)


def close(play: Play, way: Way) -> None:
    close_poll(play.db, play.polls[way.structure], clock=play.clock, keys=play.keys)


def record(play: Play, way: Way, step: Step) -> None:
    dossier, by = play.dossiers[way.structure], play.actor(step.by)
    promises = promised(play, step)
    decide.record_decision(play.db, dossier, letter=step.letter, promises=promises, by=by, clock=play.clock)


def promised(play: Play, step: Step) -> tuple[Promise, ...]:
    today = play.clock().date()
    return tuple(Promise(p.promise, p.owner, today + timedelta(days=p.days)) for p in step.promises)


def prepare(play: Play, way: Way, step: Step) -> None:
    arbitrate.prepare_arbitration(
        play.db,
        play.dossiers[way.structure],
        outcome=step.outcome,
        reason=step.note,
        letter=step.letter,
        promises=promised(play, step),
        by=play.actor(step.by),
        clock=play.clock,
    )


def confirm(play: Play, way: Way, step: Step) -> None:
    arbitrate.confirm_arbitration(play.db, play.dossiers[way.structure], by=play.actor(step.by), clock=play.clock)


def notify(play: Play, way: Way, step: Step) -> None:
    """A no leaves after a call, whatever the hour the demonstration begins at."""
    by, today = play.actor(step.by), play.clock().date()
    sending = decide.Sending(called_on=today, called_by=by.name, despite="La structure attend cette réponse.")
    decide.notify_decision(play.db, play.dossiers[way.structure], by=by, clock=play.clock, sending=sending)


def accept(play: Play, way: Way, step: Step) -> None:
    every = frozenset(commitment.key for commitment in play.label.commitments)
    dossier, by = play.dossiers[way.structure], play.actor(step.by)
    decide.accept_commitments(play.db, dossier, accepted=every, by=by, clock=play.clock)


def ask(play: Play, way: Way, step: Step) -> None:
    """Ask to complete what the step says is lacking, thing by thing."""
    dossier, by = play.dossiers[way.structure], play.actor(step.by)
    ask_to_complete(play.db, dossier, asked=step.lacks, note=step.note, by=by, clock=play.clock)


def withdraw(play: Play, way: Way, step: Step) -> None:
    dossier, by = play.dossiers[way.structure], play.actor(step.by)
    withdraw_request(play.db, dossier, by=by, clock=play.clock, note=step.note)


ACTS: dict[str, Callable[[Play, Way, Step], None]] = {
    "open": open_way,
    "write": write,
    "file": file,
    "tick": tick,
    "agree": agree,
    "give_word": give_word,
    "say": say,
    "record": record,
    "prepare": prepare,
    "confirm": confirm,
    "notify": notify,
    "accept": accept,
    "withdraw": withdraw,
    "ask": ask,
}
