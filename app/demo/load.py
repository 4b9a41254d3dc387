"""Loading the demonstration: both networks, in the transaction of the caller, once."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import select, update
from sqlalchemy.orm import Session

import workflows
from app.demo.collective import collective_deeds
from app.demo.fictional import Network, read_network, read_ways
from app.demo.plan import Deed, plan
from app.demo.play import PastClock, Play
from app.demo.register import PUBLIC, load_register
from app.demo.welcome import welcome_deeds
from app.files.store import Store
from app.keys import Keys
from app.models import Collective, Message, Person, Structure
from app.models.base import new_id
from app.operations.labels import publish_label

LABEL = Path(workflows.__file__).parent / "labels" / "fabrique-a-initiatives.toml"
QUIET = "histoire de la démonstration"


@dataclass(frozen=True)
class Loaded:
    """What was loaded, in numbers."""

    known: int
    structures: int
    people: int
    dossiers: int


def is_loaded(db: Session) -> bool:
    """Whether it was loaded before: nothing else writes the register of public facts."""
    return db.execute(select(Structure.id).where(Structure.register == PUBLIC).limit(1)).first() is not None


def load_demo(db: Session, *, store: Store, keys: Keys, now: datetime, password: str) -> Loaded | None:
    """Load the real register and the fictional network; nothing when they are there already.

    `now` (aware) is the moment of the loading: all of the history lies before it, over three years. `password` is the
    hash that every fictional person is given. The caller commits; when the history fails, its files are removed.
    """
    if is_loaded(db):
        return None
    network, ways = read_network(), read_ways()
    deeds = sorted([*plan(network, ways, now), *welcome_deeds(now), *collective_deeds(now)], key=lambda deed: deed.at)
    clock = PastClock(deeds[0].at)
    version = publish_label(db, LABEL.read_text(encoding="utf-8"), clock=clock)
    known = load_register(db, version.slug, clock=lambda: now)
    play = Play(db, store, keys, clock, network, version, password, collectives(db, network))
    enact(play, deeds)
    quiet(db)
    return Loaded(known, len(play.structures), len(play.people), len(play.dossiers))


def collectives(db: Session, network: Network) -> dict[str, str]:
    made = {name: new_id() for name in network.collectives}
    db.add_all(Collective(id=id, name=name) for name, id in made.items())
    db.flush()
    return made


def enact(play: Play, deeds: list[Deed]) -> None:
    """Do everything in its order, the clock moving from each deed to the next."""
    try:
        for deed in deeds:
            play.clock.at = deed.at
            deed.do(play)
    except BaseException:
        for key in play.kept:
            play.store.remove(key)
        raise


def quiet(db: Session) -> None:
    """No message of the past is sent: the mailbox of the demonstration begins empty."""
    theirs = select(Person.id).where(Person.fictional)
    waiting = update(Message).where(Message.status == "waiting", Message.person_id.in_(theirs))
    db.execute(waiting.values(status="cancelled", why=QUIET))
