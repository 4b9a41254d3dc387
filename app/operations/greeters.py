"""Who answers first contacts, chosen by the team."""

from sqlalchemy.orm import Session

from app.clock import Clock
from app.models import Greeter, Person
from app.operations.enquiries import PHONE, line
from app.queries.greeters import choices
from workflows.refused import Refused


def choose_greeter(db: Session, label: str, person_id: str, *, phone: str, clock: Clock) -> None:
    """Let a person who follows dossiers answer first contacts, by name and at this number; nobody when it is empty.

    Raises `Refused`: `greeter_unknown`, `phone_malformed`.
    """
    at = clock()
    kept = db.get(Greeter, label)
    if not person_id:
        if kept is not None:
            db.delete(kept)
            db.flush()
        return
    if person_id not in {one.person_id for one in choices(db, at)}:
        raise Refused("greeter_unknown")
    if phone.strip() and not PHONE.fullmatch(phone.strip()):
        raise Refused("phone_malformed")
    if kept is None:
        db.add(Greeter(label=label, person_id=person_id, since=at))
    elif kept.person_id != person_id:
        kept.person_id, kept.since = person_id, at
    db.get_one(Person, person_id).phone = line(phone)
    db.flush()
