"""The agreement of the second entry: written by either side, confirmed by both, each version a row of its own.

A new version asks both for their word again, and the one before stays as it was. The chain holds the digest of what was
written and which side confirmed; the names stay behind commitments.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.actor import Actor
from app.clock import Clock
from app.mail.notices import people_of_role, tell
from app.models import Agreement, Mandate
from app.models.base import new_id
from app.models.outbox import Engine
from app.operations import journal
from app.operations.way import remember_instructor
from app.operations.writing import Writing, lock_for_writing
from app.queries.agreements import terms_of
from workflows import ledger
from workflows.agreement import Match, Terms, open_at
from workflows.answers import as_written
from workflows.refused import Refused

STRUCTURE, TEAM = "structure", "team"
OTHER = {STRUCTURE: TEAM, TEAM: STRUCTURE}
HELD_BY = {STRUCTURE: "structure", TEAM: "officer"}


def side_of(by: Actor) -> str:
    """The side somebody speaks for: nobody of the team acts for a structure."""
    return TEAM if "officer" in by.staff else STRUCTURE


def write_agreement(
    db: Session, dossier_id: str, written: Terms, *, replaces: int, by: Actor, clock: Clock
) -> Agreement:
    """Write the next version, and tell the other side. The same terms again are the version there is.

    `replaces` is the number of the version its author was shown, 0 for none: when another was written since, nothing
    is lost. Raises `Refused`: `gone`, `not_at_this_stage`, `agreement_changed`, `text_too_long`.
    """
    found = lock_for_writing(db, dossier_id, clock)
    last = newest(db, dossier_id)
    refuse_elsewhere(found, last)
    written = composed(written)
    if last is not None and terms_of(last) == written:
        return last
    if replaces != (last.version if last else 0):
        raise Refused("agreement_changed")
    made = Agreement(
        id=new_id(),
        dossier_id=dossier_id,
        version=replaces + 1,
        written_by=str(by.id),
        written_at=found.at,
        **written.kept(),
    )
    db.add(made)
    db.flush()
    step = journal.append(
        db,
        found.dossier,
        "agreement_written",
        at=found.at,
        body={"version": made.version, "side": side_of(by), "digest": ledger.digest(written.kept())},
        private={"person": by.name},
    )
    remember_instructor(db, found.dossier, by)
    say(db, found, Engine.AGREEMENT_TO_CONFIRM, (OTHER[side_of(by)],), event=step.id)
    return made


def confirm_agreement(db: Session, dossier_id: str, version: int, *, by: Actor, clock: Clock) -> Agreement:
    """Give one side's word to the newest version; with both words it is agreed. A word given twice is given once.

    Raises `Refused`: `gone`, `not_at_this_stage`, `agreement_missing`, `agreement_changed`.
    """
    found = lock_for_writing(db, dossier_id, clock)
    last = newest(db, dossier_id)
    refuse_elsewhere(found, last)
    if last is None:
        raise Refused("agreement_missing")
    if last.version != version:
        raise Refused("agreement_changed")
    side = side_of(by)
    if side in words_given(last):
        return last
    if side == TEAM:
        last.team_by, last.team_at = str(by.id), found.at
    else:
        last.structure_by, last.structure_at = str(by.id), found.at
    step = journal.append(
        db,
        found.dossier,
        "agreement_confirmed",
        at=found.at,
        body={"version": version, "side": side, "digest": ledger.digest(terms_of(last).kept())},
        private={"person": by.name},
    )
    remember_instructor(db, found.dossier, by)
    tell_of_word(db, found, last, side, event=step.id)
    return last


def tell_of_word(db: Session, found: Writing, given: Agreement, side: str, *, event: str) -> None:
    """Both sides learn that it is agreed; before that, the other one that its word is awaited, unless it was told."""
    if len(words_given(given)) == len(OTHER):
        say(db, found, Engine.AGREEMENT_MADE, (STRUCTURE, TEAM), event=event)
    elif side != author_side(db, given):
        say(db, found, Engine.AGREEMENT_TO_CONFIRM, (OTHER[side],), event=event)


def author_side(db: Session, given: Agreement) -> str:
    """The side that wrote a version: whoever has ever been of the team speaks for it."""
    of_team = select(Mandate.id).where(Mandate.person_id == given.written_by, Mandate.structure_id.is_(None)).limit(1)
    return TEAM if db.execute(of_team).first() else STRUCTURE


def say(db: Session, found: Writing, notice: Engine, sides: tuple[str, ...], *, event: str) -> None:
    for side in sides:
        people = people_of_role(db, HELD_BY[side], found.dossier, found.at)
        values = {"dossier": found.dossier.id, "structure": found.dossier.structure_id, "side": side}
        tell(db, notice, people, event=event, at=found.at, values=values)


def newest(db: Session, dossier_id: str) -> Agreement | None:
    return db.execute(
        select(Agreement)
        .where(Agreement.dossier_id == dossier_id)
        .order_by(Agreement.version.desc())
        .limit(1)
        .execution_options(populate_existing=True)
    ).scalar_one_or_none()


def refuse_elsewhere(found: Writing, last: Agreement | None) -> None:
    if not open_at(found.label, found.dossier.stage, written=last is not None):
        raise Refused("not_at_this_stage")


def composed(written: Terms) -> Terms:
    """Terms in composed letters, so that the same words are the same."""
    return Terms(
        as_written(written.recognised),
        as_written(written.remaining),
        written.until,
        tuple(Match(as_written(match.own), match.step) for match in written.steps),
    )


def words_given(kept: Agreement) -> frozenset[str]:
    """The sides that gave their word."""
    return frozenset(side for side, at in ((STRUCTURE, kept.structure_at), (TEAM, kept.team_at)) if at)
