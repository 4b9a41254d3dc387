"""One transition of one dossier, as whoever may make it reads it before it happens."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.actor import Actor
from app.queries.facts import facts_of
from app.queries.headings import Heading, opened
from workflows.label import Commitment, Label, Text, Transition
from workflows.machine import possible
from workflows.requirements import Requirement, missing

REASON = "{reason}"


@dataclass(frozen=True)
class Passing:
    """A transition, what its dossier lacks for it, and who will read the words that go with it.

    `here` says whether it leaves the stage where the dossier stands. `told_structure` and `told` are its readers: the
    structure, and the other roles by their names.
    """

    heading: Heading
    label: Label
    transition: Transition
    here: bool
    lacks: tuple[Requirement, ...]
    told_structure: bool
    told: tuple[Text, ...]
    commitments: tuple[Commitment, ...]


def passing(db: Session, me: Actor, dossier_id: str, name: str) -> Passing | None:
    """The transition of that name; nothing when the dossier is not seen or its label has none."""
    return found_by(db, me, dossier_id, lambda transition: transition.name == name)


def passing_of_act(db: Session, me: Actor, dossier_id: str, act: str) -> Passing | None:
    """The transition that an act of the engine makes, such as `accept` or `withdraw`."""
    return found_by(db, me, dossier_id, lambda transition: transition.act == act)


def found_by(db: Session, me: Actor, dossier_id: str, asked: Callable[[Transition], bool]) -> Passing | None:
    found = opened(db, me, dossier_id)
    if found is None:
        return None
    label = found.label
    facts = facts_of(db, found.dossier, commitments_accepted=True)
    leaving = [transition for transition in possible(label, facts) if asked(transition)]
    named = leaving or [transition for transition in label.transitions if asked(transition)]
    if not named:
        return None
    transition = named[0]
    held = readers(label, transition)
    return Passing(
        heading=found.heading,
        label=label,
        transition=transition,
        here=bool(leaving),
        lacks=missing(label, transition, facts) if leaving else (),
        told_structure="structure" in held,
        told=tuple(label.role(key).name for holder, key in held.items() if holder != "structure"),
        commitments=label.commitments,
    )


def readers(label: Label, transition: Transition) -> dict[str, str]:
    """Who receives the reason of a transition, by the notices that carry it: kind of actor → its role."""
    telling = [n for n in label.notices if n.on == transition.name and REASON in n.body.fr + n.subject.fr]
    return {label.role(notice.to).held_by: notice.to for notice in telling}
