"""The dossiers of a joint file whose letters leave together."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Collective, Decision, Dossier, JointFile, LabelVersion, Poll, Structure
from app.queries.joint import JointLine
from app.queries.labels import label_of

#: Before the committee, or decided and not yet notified. Who withdrew, left or was notified is elsewhere.
EXAMINED = frozenset({"committee", "decision"})


@dataclass(frozen=True)
class Awaited:
    """One dossier of a joint file that is examined: whose, and whether its decision holds."""

    dossier_id: str
    structure: str
    settled: bool


def examined(db: Session, joint_id: str) -> tuple[Awaited, ...]:
    """The dossiers of a joint file that are before the committee or decided, in the order of their identifiers."""
    rows = db.execute(
        select(Dossier, LabelVersion, Structure.name, Decision.settled_at)
        .join(LabelVersion, LabelVersion.id == Dossier.label_version_id)
        .join(Structure, Structure.id == Dossier.structure_id)
        .outerjoin(Poll, (Poll.dossier_id == Dossier.id) & Poll.status.not_in(("cancelled", "notified")))
        .outerjoin(Decision, Decision.poll_id == Poll.id)
        .where(Dossier.joint_file_id == joint_id)
        .order_by(Dossier.id, Poll.round)
    ).all()
    found = {
        dossier.id: Awaited(dossier.id, name, settled is not None)
        for dossier, version, name, settled in rows
        if label_of(version).stage(dossier.stage).kind in EXAMINED
    }
    return tuple(found.values())


@dataclass(frozen=True)
class Beside:
    """The joint file of a dossier, and the others whose letters leave with its own."""

    joint: JointLine
    others: tuple[Awaited, ...]

    @property
    def late(self) -> tuple[str, ...]:
        """The structures still to be decided."""
        return tuple(one.structure for one in self.others if not one.settled)


def beside(db: Session, dossier_id: str) -> Beside | None:
    """Who is examined beside a dossier, in two statements; nothing for one that goes alone."""
    row = db.execute(
        select(JointFile.id, JointFile.reference, Collective.name)
        .join(Collective, Collective.id == JointFile.collective_id)
        .join(Dossier, Dossier.joint_file_id == JointFile.id)
        .where(Dossier.id == dossier_id)
    ).one_or_none()
    if row is None:
        return None
    others = tuple(one for one in examined(db, row.id) if one.dossier_id != dossier_id)
    return Beside(JointLine(*row), others)
