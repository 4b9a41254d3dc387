"""What somebody may make of a dossier now: each transition out of its stage, with what it still lacks."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.actor import Actor
from app.models import Dossier
from app.policies import DossierScope, make, may
from app.queries.facts import facts_of
from workflows.label import Label, Transition
from workflows.machine import possible
from workflows.requirements import Requirement, missing


@dataclass(frozen=True)
class Passage:
    """One transition this person may make, and what the dossier lacks for it."""

    transition: Transition
    lacks: tuple[Requirement, ...]

    @property
    def name(self) -> str:
        return self.transition.name

    @property
    def ready(self) -> bool:
        return not self.lacks


def passages_of(db: Session, me: Actor, dossier: Dossier, label: Label, scope: DossierScope) -> tuple[Passage, ...]:
    """The transitions out of a dossier's stage that this person may make, ready or not, in the label's order."""
    facts = facts_of(db, dossier)
    # Accepting the commitments is what its page is for: it cannot be lacking before the page is opened.
    asked = facts._replace(commitments_accepted=True)
    return tuple(
        Passage(transition, missing(label, transition, asked))
        for transition in possible(label, facts)
        if may(me, make(label, transition), scope)
    )
