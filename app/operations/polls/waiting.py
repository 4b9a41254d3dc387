"""Who is waited for before the decisions of a joint file leave: all that the committee examines, all together."""

from sqlalchemy.orm import Session

from app.actor import Actor
from app.operations import journal
from app.operations.polls.deciding import UnderDecision
from app.queries.joint_waiting import Awaited, examined
from workflows.refused import Refused


def refuse_unsettled(awaited: tuple[Awaited, ...]) -> None:
    """Refuse to notify some before all. Raises `Refused("joint_waits")`, which names those who are waited for."""
    if late := [one.structure for one in awaited if not one.settled]:
        raise Refused("joint_waits", structures=", ".join(late))


def refuse_alone(db: Session, found: UnderDecision, alone: str, *, by: Actor) -> None:
    """A letter of a joint file leaves with the others, unless the team says why it does not wait: the journal keeps it.

    Raises `Refused`: `joint_waits`, and `joint_together` when the others are ready and leave with it.
    """
    joint_id = found.dossier.joint_file_id
    others = tuple(one for one in examined(db, joint_id) if one.dossier_id != found.dossier.id) if joint_id else ()
    if not others:
        return
    if not alone.strip():
        refuse_unsettled(others)
        raise Refused("joint_together", structures=", ".join(one.structure for one in others))
    body = {"joint": joint_id, "dossiers": [one.dossier_id for one in others]}
    private = {"person": by.name, "reason": alone.strip()}
    journal.append(db, found.dossier, "joint_not_waited", at=found.at, body=body, private=private)
