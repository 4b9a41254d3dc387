"""What the history is played with: its clock, its stores, and what it has made so far."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from app.actor import Actor
from app.demo.fictional import Network
from app.files.store import Store
from app.keys import Keys
from app.models import LabelVersion
from app.queries.actors import actor
from app.queries.labels import label_of
from workflows.label import Label


@dataclass
class PastClock:
    """A clock that is moved forward from one act to the next."""

    at: datetime

    def __call__(self) -> datetime:
        return self.at


@dataclass
class Play:
    """Everything the history needs, and the identifiers of what it has made so far, by their keys."""

    db: Session
    store: Store
    keys: Keys
    clock: PastClock
    network: Network
    version: LabelVersion
    password: str
    collectives: dict[str, str]
    structures: dict[str, str] = field(default_factory=dict)
    people: dict[str, str] = field(default_factory=dict)
    enquiries: dict[str, str] = field(default_factory=dict)
    dossiers: dict[str, str] = field(default_factory=dict)
    polls: dict[str, str] = field(default_factory=dict)
    kept: list[str] = field(default_factory=list)

    @property
    def label(self) -> Label:
        return label_of(self.version)

    def actor(self, person: str) -> Actor:
        found = actor(self.db, self.people[person], self.clock())
        if found is None:
            raise LookupError(person)
        return found
