"""The committee and a joint file: its dossiers are convened together, and its decisions leave together.

Each keeps its own poll, outcome and letter: a peer may say yes to four and not yet to one.
"""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.actor import Actor
from app.clock import Clock
from app.mail.notices import in_force, people_of_structures, tell
from app.models import Decision, Dossier, Mandate, Person, Poll, Structure
from app.models.base import new_id
from app.models.outbox import Engine
from app.operations.joint import co_authors_of
from app.operations.locks import lock_members
from app.operations.polls.convene import convene_poll, last_round, round_to_come
from app.operations.polls.decide import Sending, notify_settled
from app.operations.polls.deciding import lock_both
from app.operations.polls.waiting import refuse_unsettled
from app.queries.facts import facts_of
from app.queries.joint_waiting import examined
from app.queries.labels import label_for
from workflows.refused import Refused
from workflows.requirements import missing


def convene_together(
    db: Session,
    joint_id: str,
    *,
    opens_at: datetime,
    closes_at: datetime,
    ready_only: bool = False,
    by: Actor,
    clock: Clock,
) -> list[Poll]:
    """Convene the committee on the dossiers of a joint file, one poll each, one window for all, all or none.

    Those that have been before the committee, or are closed, are left alone; with `ready_only`, so are those still on
    their way. Raises `Refused`: `gone`, `joint_not_ready` (structures), `joint_nothing_ready`, and what `convene_poll`
    refuses.
    """
    dossiers = lock_members(db, joint_id)
    moment = frozen(clock())
    ready = [dossier for dossier in dossiers if is_ready(db, dossier)]
    late = [dossier.structure_id for dossier in dossiers if dossier not in ready and is_on_its_way(db, dossier)]
    if not ready:
        raise Refused("joint_nothing_ready")
    if late and not ready_only:
        raise Refused("joint_not_ready", structures=named(db, late))
    return [
        convene_poll(db, dossier.id, opens_at=opens_at, closes_at=closes_at, by=by, clock=moment) for dossier in ready
    ]


def frozen(at: datetime) -> Clock:
    """One moment for an act on several dossiers, read after the last lock."""
    return lambda: at


def is_ready(db: Session, dossier: Dossier) -> bool:
    """Whether the committee could be convened on a dossier now."""
    label = label_for(db, dossier)
    try:
        coming = round_to_come(dossier, label, last_round(db, dossier))
    except Refused:
        return False
    convening = next((t for t in label.exits[dossier.stage] if t.act == "convene"), None)
    return coming.within or (convening is not None and not missing(label, convening, facts_of(db, dossier)))


def is_on_its_way(db: Session, dossier: Dossier) -> bool:
    """Whether a dossier still comes to the committee: neither examined, nor decided, nor at its end."""
    return label_for(db, dossier).stage(dossier.stage).kind in {"way", "paused"} and not was_notified(db, dossier)


def was_notified(db: Session, dossier: Dossier) -> bool:
    """Whether its request was answered already: a deferred one is back on its way, and nobody waits for it."""
    asked = select(Decision.id).where(Decision.dossier_id == dossier.id, Decision.notified_at.is_not(None))
    return db.execute(asked.limit(1)).scalar_one_or_none() is not None


def named(db: Session, structures: list[str]) -> str:
    """The names of structures, in French order, for a sentence."""
    asked = select(Structure.name).where(Structure.id.in_(structures)).order_by(Structure.sort_key, Structure.id)
    return ", ".join(db.execute(asked).scalars())


def notify_together(
    db: Session, joint_id: str, sendings: Mapping[str, Sending] | None = None, *, by: Actor, clock: Clock
) -> list[Decision]:
    """Notify every decision of a joint file in one transaction, at one moment: as many letters as structures.

    `sendings` says, by dossier, how each leaves. Co-authors and those who write for several are told that the letters
    left, never what they say. Raises `Refused`: `gone`, `decision_missing`, `joint_waits` (structures) and what
    `notify_decision` refuses.
    """
    lock_members(db, joint_id)
    moment = frozen(clock())
    awaited = examined(db, joint_id)
    if not awaited:
        raise Refused("decision_missing")
    refuse_unsettled(awaited)
    how = sendings or {}
    decisions = [
        notify_one(db, one.dossier_id, how.get(one.dossier_id, Sending()), by=by, clock=moment) for one in awaited
    ]
    at = moment()
    told = beside(db, joint_id, at)
    tell(db, Engine.JOINT_NOTIFIED, told, event=f"joint:{new_id()}", at=at, values={"joint": joint_id})
    return decisions


def notify_one(db: Session, dossier_id: str, sending: Sending, *, by: Actor, clock: Clock) -> Decision:
    """Notify one of several decisions; a refusal says which `dossier` it comes from."""
    try:
        return notify_settled(db, lock_both(db, dossier_id, clock), sending, by=by)
    except Refused as error:
        raise Refused(error.code, **{**error.values, "dossier": dossier_id}) from error


def beside(db: Session, joint_id: str, at: datetime) -> set[str]:
    """Who writes a joint file beside its candidates: the people of its co-authors, and who contributes to a dossier."""
    contributors = (
        select(Mandate.person_id)
        .join(Person, Person.id == Mandate.person_id)
        .join(Dossier, Dossier.structure_id == Mandate.structure_id)
        .where(Dossier.joint_file_id == joint_id, Mandate.role == "contribution", in_force(at), Person.active)
    )
    return {*db.execute(contributors).scalars(), *people_of_structures(db, co_authors_of(db, joint_id), at)}
