"""What a joint file writes once: read in its dossiers, given to who comes in, written by a co-author."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy.orm import Session

from app.actor import Actor
from app.clock import Clock
from app.models import Piece
from app.operations.content import (
    Filed,
    file_for_all,
    last_piece,
    newest_answer,
    put_answer,
    put_piece,
    write_for_all,
)
from app.operations.writing import Writing, lock_joint_writings, shares, takes
from app.queries.joint_parts import newest_piece
from workflows.answers import Raw
from workflows.refused import Refused


def write_joint_answer(
    db: Session, joint_id: str, criterion: str, raw: Raw, *, by: Actor, clock: Clock, replaces: str | None = None
) -> None:
    """Write what the structures of a joint file say together, from no dossier of one's own.

    Raises `Refused`: `gone`, `unknown_criterion`, `not_at_this_stage`, `answer_changed`, and what `answers.read` does.
    """
    writings = asked_together(db, joint_id, "answer", criterion, clock)
    if not any(takes(found, found.label.criterion(criterion).stages, f"answer:{criterion}") for found in writings):
        raise Refused("not_at_this_stage")
    write_for_all(db, writings, criterion, raw, by=by, replaces=replaces)


def file_joint_piece(
    db: Session, joint_id: str, requirement: str, copies: Mapping[str, Filed], *, by: Actor, clock: Clock
) -> None:
    """File what they file together: `copies` holds the bytes once for each of their dossiers.

    Raises `Refused`: `gone`, `unknown_piece`, `not_at_this_stage`, `joint_changed`.
    """
    writings = asked_together(db, joint_id, "piece", requirement, clock)
    if not any(takes(found, found.label.piece(requirement).stages, f"piece:{requirement}") for found in writings):
        raise Refused("not_at_this_stage")
    file_for_all(db, writings, requirement, copies, by=by)


def asked_together(db: Session, joint_id: str, kind: str, key: str, clock: Clock) -> list[Writing]:
    """The dossiers of a joint file whose definition asks for this once, under their locks."""
    found = [each for each in lock_joint_writings(db, joint_id, clock) if shares(each.label, kind, key)]
    if not found:
        raise Refused("unknown_criterion" if kind == "answer" else "unknown_piece")
    return found


def share_parts(
    db: Session,
    writings: Sequence[Writing],
    came: Collection[str],
    copies: Mapping[tuple[str, str], Filed],
    *,
    by: Actor,
) -> None:
    """Give those who come into a joint file what is written together, every lock held.

    What was there before holds over what they bring; where nothing was, the newest of what they bring is everybody's. A
    text that gives way to another stays readable in the journal of its dossier.
    """
    for criterion in sorted({each.key for found in writings for each in found.label.joint_criteria}):
        before, targets = sides(writings, came, "answer", criterion)
        known = newest_answer(db, before, criterion)
        if known is None or not known.text:
            known, targets = newest_answer(db, came, criterion), [*before.values(), *targets]
        if known is None or not known.text:
            continue
        for found in targets:
            if takes(found, found.label.criterion(criterion).stages, f"answer:{criterion}"):
                put_answer(db, found, criterion, known.text, by=by, keeps=True)
    for requirement in sorted({each.key for found in writings for each in found.label.joint_pieces}):
        before, targets = sides(writings, came, "piece", requirement)
        source = newest_piece(db, before, requirement)
        if source is None:
            source, targets = newest_piece(db, came, requirement), [*before.values(), *targets]
        if source is None:
            continue
        for found in targets:
            if takes(found, found.label.piece(requirement).stages, f"piece:{requirement}"):
                give_piece(db, found, source, copies, by=by)


def sides(
    writings: Sequence[Writing], came: Collection[str], kind: str, key: str
) -> tuple[dict[str, Writing], list[Writing]]:
    """Those whose definition asks for this once: who was there before, by dossier, and who comes in."""
    asking = [found for found in writings if shares(found.label, kind, key)]
    before = {found.dossier.id: found for found in asking if found.dossier.id not in came}
    return before, [found for found in asking if found.dossier.id in came]


def give_piece(
    db: Session, found: Writing, source: Piece, copies: Mapping[tuple[str, str], Filed], *, by: Actor
) -> None:
    """File a copy of a piece in one dossier, unless it is the version it has."""
    last = last_piece(db, found.dossier.id, source.requirement)
    if last is not None and last.digest == source.digest:
        return
    copy = copies.get((found.dossier.structure_id, source.requirement))
    if copy is None or copy.digest != source.digest:
        raise Refused("joint_changed")
    put_piece(db, found, source.requirement, copy, by=by)
