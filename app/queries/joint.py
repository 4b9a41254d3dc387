"""A joint file: who is in it, what it writes together, how far each of its dossiers is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.actor import Actor
from app.models import Answer, CoAuthor, Collective, Dossier, JointFile, LabelVersion, Person, Piece, Poll, Structure
from app.policies import Act, JointScope, may
from app.queries.labels import label_of
from app.queries.pieces import StoredPiece, stored
from workflows.answers import Said, said
from workflows.label import Criterion, Label
from workflows.label import Piece as AskedPiece


@dataclass(frozen=True)
class Member:
    """A structure of a joint file with its dossier there, for the queries alone."""

    dossier: Dossier
    structure: str
    label: Label


@dataclass(frozen=True)
class JointHeading:
    """What the pages of a joint file say first: its structures by name, and nothing of how far each is."""

    id: str
    reference: str
    collective: str
    opened_at: datetime
    structures: tuple[str, ...]
    co_authors: tuple[tuple[str, str], ...]
    scope: JointScope


@dataclass(frozen=True)
class OpenedJoint:
    """A joint file that somebody may see, for the queries alone."""

    heading: JointHeading
    members: tuple[Member, ...]

    @property
    def label(self) -> Label | None:
        """The newest definition among its dossiers: none when everybody has left."""
        return self.members[-1].label if self.members else None


@dataclass(frozen=True)
class CommonText:
    """A joint question and its text, as it is stored and as it is read.

    `asked`: somebody may still write it; `closed_for`: those it no longer changes.
    """

    label: Label
    criterion: Criterion
    text: str
    said: Said
    words: int
    at: datetime | None
    by: str | None
    asked: bool
    closed_for: tuple[str, ...]


@dataclass(frozen=True)
class CommonPiece:
    """A joint piece and the version last filed; sizes are in bytes."""

    piece: AskedPiece
    id: str
    name: str
    size: int
    at: datetime | None
    by: str | None
    asked: bool
    closed_for: tuple[str, ...]


@dataclass(frozen=True)
class MyJointFile:
    """The joint file as its people read it: what is common, and the dossiers of their own structures, each by
    (identifier, structure); of the others, only the names."""

    heading: JointHeading
    texts: tuple[CommonText, ...]
    pieces: tuple[CommonPiece, ...]
    mine: tuple[tuple[str, str], ...]
    dossiers: tuple[str, ...]
    may_write: bool


@dataclass(frozen=True)
class JointLine:
    """A joint file in a list."""

    id: str
    reference: str
    collective: str


@dataclass(frozen=True)
class Together:
    """What a dossier says of the joint file it is in: whose, and with whom, the structures by their names."""

    joint: JointLine
    others: tuple[str, ...]
    co_authors: tuple[str, ...]


def joint_of(db: Session, dossier: Dossier) -> Together | None:
    """Who writes with a dossier's structure, in one statement; nothing, and none, for a dossier that goes alone."""
    if dossier.joint_file_id is None:
        return None
    joint_id = dossier.joint_file_id
    asking = select(Structure.id).join(Dossier, Dossier.structure_id == Structure.id)
    candidates = asking.where(Dossier.joint_file_id == joint_id).scalar_subquery()
    holding = select(CoAuthor.structure_id).where(CoAuthor.joint_file_id == joint_id, CoAuthor.left_at.is_(None))
    rows = db.execute(
        select(JointFile, Collective.name, Structure.id, Structure.name, Structure.id.in_(holding))
        .join(Collective, Collective.id == JointFile.collective_id)
        .join(Structure, Structure.id.in_(candidates) | Structure.id.in_(holding))
        .where(JointFile.id == joint_id)
        .order_by(Structure.sort_key, Structure.id)
    ).all()
    joint, collective, *_ = rows[0]
    return Together(
        JointLine(joint.id, joint.reference, collective),
        tuple(row[3] for row in rows if not row[4] and row[2] != dossier.structure_id),
        tuple(row[3] for row in rows if row[4]),
    )


def opened_joint(db: Session, me: Actor, joint_id: str) -> OpenedJoint | None:
    """A joint file in two statements; nothing when there is none or when this person may not see it."""
    rows = db.execute(
        select(JointFile, Collective.name, Structure.id, Structure.name)
        .join(Collective, Collective.id == JointFile.collective_id)
        .outerjoin(CoAuthor, (CoAuthor.joint_file_id == JointFile.id) & CoAuthor.left_at.is_(None))
        .outerjoin(Structure, Structure.id == CoAuthor.structure_id)
        .where(JointFile.id == joint_id)
        .order_by(Structure.sort_key, Structure.id)
    ).all()
    if not rows:
        return None
    joint, collective, *_ = rows[0]
    members = members_of(db, joint_id)
    co_authors = tuple((row[2], row[3]) for row in rows if row[2])
    candidates = frozenset(one.dossier.structure_id for one in members)
    scope = JointScope(candidates, frozenset(structure_id for structure_id, _ in co_authors))
    if not may(me, Act.SEE_JOINT_FILE, scope):
        return None
    heading = JointHeading(
        joint.id,
        joint.reference,
        collective,
        joint.opened_at,
        tuple(one.structure for one in members),
        co_authors,
        scope,
    )
    return OpenedJoint(heading, members)


def members_of(db: Session, joint_id: str) -> tuple[Member, ...]:
    """The dossiers of a joint file by the French order of their structures, each with its own definition."""
    rows = db.execute(
        select(Dossier, Structure.name, LabelVersion)
        .join(Structure, Structure.id == Dossier.structure_id)
        .join(LabelVersion, LabelVersion.id == Dossier.label_version_id)
        .where(Dossier.joint_file_id == joint_id)
        .order_by(Structure.sort_key, Structure.id)
    ).all()
    return tuple(Member(dossier, name, label_of(version)) for dossier, name, version in rows)


def my_joint_file(db: Session, me: Actor, joint_id: str) -> MyJointFile | None:
    """The joint file as whoever writes it reads it, in four statements."""
    found = opened_joint(db, me, joint_id)
    if found is None:
        return None
    mine = tuple((one.dossier.id, one.structure) for one in found.members if me.roles_in(one.dossier.structure_id))
    return MyJointFile(
        found.heading,
        common_texts(db, found.members),
        common_pieces(db, found.members),
        mine,
        tuple(one.dossier.id for one in found.members),
        may(me, Act.WRITE_JOINT_PART, found.heading.scope),
    )


def common_texts(db: Session, members: Iterable[Member]) -> tuple[CommonText, ...]:
    """What is written together, in the order of the definition; of each question the text written last."""
    every = list(members)
    asked = {criterion.key: (one.label, criterion) for one in every for criterion in one.label.joint_criteria}
    rows = db.execute(
        select(Answer, Person.name)
        .join(Person, Person.id == Answer.written_by)
        .where(Answer.dossier_id.in_([one.dossier.id for one in every]), Answer.criterion.in_(list(asked)))
        .order_by(Answer.written_at, Answer.dossier_id.desc())
    ).all()
    newest = {answer.criterion: (answer, name) for answer, name in rows}
    texts = []
    for label, criterion in asked.values():
        open_for, closed_for = sides(every, criterion)
        answer, by = newest.get(criterion.key, (None, None))
        if open_for or answer:
            texts.append(
                CommonText(
                    label,
                    criterion,
                    text=answer.text if answer else "",
                    said=said(label, criterion, answer.text if answer else ""),
                    words=answer.words if answer else 0,
                    at=answer.written_at if answer else None,
                    by=by,
                    asked=bool(open_for),
                    closed_for=closed_for,
                )
            )
    return tuple(texts)


def common_pieces(db: Session, members: Iterable[Member]) -> tuple[CommonPiece, ...]:
    """What is filed together, in the order of the definition; of each piece the version filed last."""
    every = list(members)
    asked = {piece.key: piece for one in every for piece in one.label.joint_pieces}
    rows = db.execute(
        select(Piece, Person.name)
        .join(Person, Person.id == Piece.filed_by)
        .where(Piece.dossier_id.in_([one.dossier.id for one in every]), Piece.requirement.in_(list(asked)))
        .order_by(Piece.filed_at, Piece.dossier_id.desc())
    ).all()
    newest = {piece.requirement: (piece, name) for piece, name in rows}
    found = []
    for piece in asked.values():
        open_for, closed_for = sides(every, piece)
        filed, by = newest.get(piece.key, (None, None))
        if open_for or filed:
            found.append(
                CommonPiece(
                    piece,
                    id=filed.id if filed else "",
                    name=filed.name if filed else "",
                    size=filed.size if filed else 0,
                    at=filed.filed_at if filed else None,
                    by=by,
                    asked=bool(open_for),
                    closed_for=closed_for,
                )
            )
    return tuple(found)


def stored_common_piece(db: Session, me: Actor, joint_id: str, key: str, piece_id: str) -> StoredPiece | None:
    """A common piece as its door serves it; nothing but the version last filed, to who may see the joint file."""
    found = opened_joint(db, me, joint_id)
    line = next((one for one in common_pieces(db, found.members) if one.piece.key == key), None) if found else None
    if line is None or line.id != piece_id:
        return None
    return stored(db.get_one(Piece, piece_id))


def sides(members: Iterable[Member], part: Criterion | AskedPiece) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The structures for which a part may still be given, and those it no longer changes."""
    open_for = tuple(one.structure for one in members if one.dossier.stage in part.stages)
    return open_for, tuple(one.structure for one in members if one.dossier.stage not in part.stages)


def my_joint_files(db: Session, me: Actor) -> tuple[JointLine, ...]:
    """The joint files that somebody writes as a co-author, the newest first, in one statement."""
    mine = {capacity.structure_id for capacity in me.capacities}
    writing = select(CoAuthor.joint_file_id).where(CoAuthor.structure_id.in_(mine), CoAuthor.left_at.is_(None))
    rows = db.execute(
        select(JointFile.id, JointFile.reference, Collective.name)
        .join(Collective, Collective.id == JointFile.collective_id)
        .where(JointFile.id.in_(writing))
        .order_by(JointFile.opened_at.desc(), JointFile.id)
    ).all()
    return tuple(JointLine(*row) for row in rows)


def joint_of_polls(db: Session, polls: Iterable[str]) -> Mapping[str, JointLine]:
    """The joint file whose dossier each of these polls examines: those of one collective read under one heading."""
    rows = db.execute(
        select(Poll.id, JointFile.id, JointFile.reference, Collective.name)
        .join(Dossier, Dossier.id == Poll.dossier_id)
        .join(JointFile, JointFile.id == Dossier.joint_file_id)
        .join(Collective, Collective.id == JointFile.collective_id)
        .where(Poll.id.in_(list(polls)))
    ).all()
    return {poll: JointLine(*line) for poll, *line in rows}
