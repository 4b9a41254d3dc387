"""The way of a dossier: opening one, and passing from a stage to the next."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.actor import Actor
from app.clock import Clock
from app.mail.notices import tell_label
from app.models import Dossier, Entry, Instructor, LabelVersion, NetworkStatus, Structure
from app.models.base import new_id
from app.operations import journal
from app.operations.locks import lock_dossier, lock_numbering
from app.queries.facts import facts_of
from app.queries.labels import label_of
from workflows.label import Label, Transition
from workflows.machine import fire
from workflows.refused import Refused
from workflows.requirements import Facts

NETWORK = {"experimenting": "experimenting", "holder": "holder", "none": None}


def open_dossier(
    db: Session,
    structure_id: str,
    version: LabelVersion,
    *,
    entry: str,
    by: Actor,
    clock: Clock,
    enquiry: str | None = None,
    officer_id: str | None = None,
) -> Dossier:
    """Open a structure's dossier by one of the label's entries. One way at a time for a structure and a label.

    `enquiry`: the first contact it began with. `officer_id`: who follows it where no officer opens it. It is linked to
    the one before. Raises `Refused`: `gone`, `unknown_entry`, `dossier_already_open`, `already_holds`.
    """
    label = label_of(version)
    first = label.entry(entry).stage
    lock_structure(db, structure_id)
    previous = refuse_second(db, structure_id, label)
    lock_numbering(db)
    at = clock()
    dossier = Dossier(
        id=new_id(),
        reference=next_reference(db, at),
        structure_id=structure_id,
        label_version_id=version.id,
        entry=entry,
        stage=first,
        stage_since=at,
        officer_id=by.id if "officer" in by.staff else officer_id,
        previous_id=previous.id if previous else None,
        opened_at=at,
    )
    db.add(dossier)
    db.flush()
    step = write_opening(db, dossier, label, version, previous, enquiry=enquiry, by=by)
    remember_instructor(db, dossier, by)
    tell_label(db, label, dossier, label.notices_of(None, first), event=step.id, at=at)
    return dossier


def write_opening(
    db: Session,
    dossier: Dossier,
    label: Label,
    version: LabelVersion,
    previous: Dossier | None,
    *,
    enquiry: str | None,
    by: Actor,
) -> Entry:
    """The first entry of a dossier, and the last one of the dossier that it takes up again."""
    at = dossier.opened_at
    body: dict[str, object] = {"entry": dossier.entry, "stage": dossier.stage, "label": label.slug}
    body |= {"version": version.number, "digest": label.digest}
    body |= {"enquiry": enquiry} if enquiry else {}
    body |= {"previous": previous.reference} if previous else {}
    step = journal.append(db, dossier, "opened", at=at, body=body, private={"person": by.name})
    if previous is not None:
        again = {"dossier": dossier.id, "reference": dossier.reference}
        journal.append(db, previous, "taken_up_again", at=at, body=again, private={"person": by.name})
    return step


def lock_structure(db: Session, structure_id: str) -> None:
    """One act at a time on what a structure holds and asks for. Raises `Refused("gone")`."""
    asked = select(Structure.id).where(Structure.id == structure_id).with_for_update(key_share=True)
    if db.execute(asked).scalar_one_or_none() is None:
        raise Refused("gone")


def refuse_second(db: Session, structure_id: str, label: Label) -> Dossier | None:
    """The structure's last dossier for this label, at its end, under its lock; none if there is none."""
    last = db.execute(
        select(Dossier)
        .join(LabelVersion, LabelVersion.id == Dossier.label_version_id)
        .where(Dossier.structure_id == structure_id, LabelVersion.slug == label.slug)
        .order_by(Dossier.opened_at.desc())
        .limit(1)
    ).scalar_one_or_none()
    status = current_status(db, structure_id, label.slug)
    if status is not None and status.status == "holder":
        raise Refused("already_holds")
    if last is None:
        return None
    stage = label_of(db.get_one(LabelVersion, last.label_version_id)).stage(last.stage)
    if stage.kind not in {"closed", "granted"}:
        raise Refused("dossier_already_open", reference=last.reference)
    return lock_dossier(db, last.id)


def current_status(db: Session, structure_id: str, label: str) -> NetworkStatus | None:
    """What a structure is in the network of a label today."""
    return db.execute(
        select(NetworkStatus).where(
            NetworkStatus.structure_id == structure_id, NetworkStatus.label == label, NetworkStatus.until.is_(None)
        )
    ).scalar_one_or_none()


def next_reference(db: Session, at: datetime) -> str:
    """The next reference of the year, such as 2026-014; after 2026-999 comes 2026-1000."""
    year = f"{at.year}-"
    last = db.execute(
        select(Dossier.reference)
        .where(Dossier.reference.startswith(year))
        .order_by(func.length(Dossier.reference).desc(), Dossier.reference.desc())
        .limit(1)
    ).scalar()
    return f"{year}{int(last.removeprefix(year)) + 1 if last else 1:03d}"


def pass_stage(db: Session, dossier_id: str, transition: str, *, by: Actor, clock: Clock, note: str = "") -> Dossier:
    """Make one transition that needs nothing but a word, under the dossier's lock.

    Raises `Refused`: `not_from_here`, `requirements_missing`, `reason_missing`, and `act_of_its_own` for a transition
    that has its own page (convening, deciding, notifying…).
    """
    dossier = lock_dossier(db, dossier_id)
    at = clock()
    label = label_of(db.get_one(LabelVersion, dossier.label_version_id))
    facts = facts_of(db, dossier)
    asked = label.transition(transition, facts.stage)
    if asked.act is not None:
        raise Refused("act_of_its_own", transition=transition)
    refuse_without_reason(asked, note)
    move(db, dossier, label, facts, transition, by=by, at=at, note=note)
    return dossier


def refuse_without_reason(transition: Transition, note: str) -> None:
    """Refuse a transition that asks why and is not told. Raises `Refused("reason_missing")`."""
    if transition.asks == "reason" and not note.strip():
        raise Refused("reason_missing")


def move(
    db: Session,
    dossier: Dossier,
    label: Label,
    facts: Facts,
    transition: str,
    *,
    by: Actor,
    at: datetime,
    note: str = "",
    body: dict[str, object] | None = None,
) -> Entry:
    """Fire a transition on a dossier whose lock is held: stage, history, network status and notices together."""
    target = fire(label, transition, facts)
    notices = label.notices_of(label.transition(transition, facts.stage), target)
    dossier.asked = None
    dossier.paused_in = dossier.stage if label.stage(target).kind == "paused" else None
    private = {"person": by.name, **({"note": note.strip()} if note.strip() else {})}
    step = journal.advance(db, dossier, target, transition, at=at, body=body, private=private)
    remember_instructor(db, dossier, by)
    arrive_in_network(db, dossier, label, target, at=at)
    tell_label(db, label, dossier, notices, event=step.id, at=at, reason=note.strip())
    return step


def remember_instructor(db: Session, dossier: Dossier, by: Actor) -> None:
    """Whoever acts as an officer has instructed the dossier from then on."""
    if by.id and "officer" in by.staff and db.get(Instructor, (dossier.id, by.id)) is None:
        db.add(Instructor(dossier_id=dossier.id, person_id=by.id))


def arrive_in_network(db: Session, dossier: Dossier, label: Label, stage: str, *, at: datetime) -> None:
    """Give the structure the public status of the stage it comes to, known to the month.

    Coming back to experimentation leaves a member what it was.
    """
    network = label.stage(stage).network
    if network == "keep":
        return
    status = NETWORK[network]
    month = at.strftime("%Y-%m")
    current = current_status(db, dossier.structure_id, label.slug)
    if current is not None and current.status == status:
        return
    if current is not None:
        current.until = month
    if status is not None:
        db.add(
            NetworkStatus(
                structure_id=dossier.structure_id, label=label.slug, status=status, since=month, recorded_at=at
            )
        )
    db.flush()
