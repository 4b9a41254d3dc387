"""What was said of a dossier: everything for the team, what it shared for the structure, nothing for anybody else."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, String, case, cast, exists, func, literal, select, union_all
from sqlalchemy.orm import Session, aliased

from app.actor import Actor
from app.models import Agreement, Dossier, Exchange, Mandate, Person, Structure
from app.policies import Act, may
from app.queries.headings import Heading, opened
from workflows.agreement import open_at
from workflows.label import Label

SAID, AGREEMENT = "exchange", "agreement"
#: How many the page of a dossier shows; the others are on their own page.
LATEST = 5
#: How many come back to the desk at once.
MOST = 100


@dataclass(frozen=True)
class Said:
    """One exchange; `ours`: somebody of the structure wrote it."""

    id: str
    kind: str
    words: str
    shared: bool
    next_on: date | None
    at: datetime
    by: str
    ours: bool


@dataclass(frozen=True)
class Waiting:
    """Where the newest version of an agreement stands: which sides have given their word."""

    version: int
    written_at: datetime
    structure: bool
    team: bool

    @property
    def agreed(self) -> bool:
        return self.structure and self.team


@dataclass(frozen=True)
class Beside:
    """What stands beside a structure’s own writing: what is agreed, and what was said, the latest first.

    `open`: the agreement may be written, or confirmed, at the dossier’s stage.
    """

    agreement: Waiting | None
    open: bool
    exchanges: tuple[Said, ...]

    @property
    def awaits_structure(self) -> bool:
        """Whether a version waits for the structure’s word, and may still have it."""
        return self.open and self.agreement is not None and not self.agreement.structure


@dataclass(frozen=True)
class ExchangePage:
    """The exchanges of a dossier, the latest first, as this person may read them."""

    heading: Heading
    exchanges: tuple[Said, ...]
    may_note: bool
    may_correct: bool


@dataclass(frozen=True)
class SeenAgain:
    """A dossier whose day to be seen again has come; `by` is who asked for it, in which words."""

    dossier_id: str
    reference: str
    structure: str
    next_on: date
    words: str
    by: str


def exchange_page(db: Session, me: Actor, dossier_id: str) -> ExchangePage | None:
    """Every exchange for the team, the shared ones for the structure: two statements."""
    found = opened(db, me, dossier_id)
    if found is None:
        return None
    scope = found.heading.scope
    inside = may(me, Act.SEE_EXCHANGES, scope)
    asked = said(dossier_id, scope.structure_id)
    if not inside:
        asked = asked.where(Exchange.shared)
    rows = db.execute(asked.order_by(Exchange.at.desc(), Exchange.id.desc())).all()
    return ExchangePage(
        heading=found.heading,
        exchanges=tuple(line(row) for row in rows),
        may_note=may(me, Act.NOTE_EXCHANGE, scope),
        may_correct=may(me, Act.CORRECT_EXCHANGE, scope),
    )


def said(dossier_id: str, structure_id: str) -> Select[*tuple[Any, ...]]:
    """The exchanges of a dossier, with who noted each and whether she acts, or acted, for the structure."""
    ours = exists().where(Mandate.person_id == Exchange.by, Mandate.structure_id == structure_id)
    return (
        select(Exchange, Person.name, ours.label("ours"))
        .join(Person, Person.id == Exchange.by)
        .where(Exchange.dossier_id == dossier_id)
    )


def line(row: Any) -> Said:
    kept = row.Exchange
    return Said(kept.id, kept.kind, kept.words, kept.shared, kept.next_on, kept.at, row.name, bool(row.ours))


def beside(db: Session, dossier: Dossier, label: Label) -> Beside:
    """What the structure’s page of a dossier shows beside its own writing, in one statement. Nothing internal."""
    rows = db.execute(union_all(latest(dossier, inside=False), standing(dossier.id))).all()
    return beside_of(rows, dossier, label)


def latest(dossier: Dossier, *, inside: bool) -> Select[*tuple[Any, ...]]:
    """The latest exchanges, with one more than a page shows, in columns that fit the rest of what a dossier holds.

    `number` is 1 for a shared one, `size` 1 for one that somebody of the structure wrote.
    """
    ours = exists().where(Mandate.person_id == Exchange.by, Mandate.structure_id == dossier.structure_id)
    asked = (
        select(
            literal(SAID).label("kind"),
            Exchange.id.label("id"),
            Exchange.kind.label("key"),
            Exchange.words.label("words"),
            Person.name.label("who"),
            func.coalesce(cast(Exchange.next_on, String), "").label("more"),
            case((Exchange.shared, 1), else_=0).label("number"),
            case((ours, 1), else_=0).label("size"),
            Exchange.at.label("at"),
        )
        .join(Person, Person.id == Exchange.by)
        .where(Exchange.dossier_id == dossier.id)
        .order_by(Exchange.at.desc(), Exchange.id.desc())
        .limit(LATEST + 1)
    )
    return select((asked if inside else asked.where(Exchange.shared)).subquery())


def standing(dossier_id: str) -> Select[*tuple[Any, ...]]:
    """Where the newest version of an agreement stands, in the same columns: `size` adds 1 for the structure’s word, 2
    for the team’s."""
    empty = literal("")
    given = case((Agreement.structure_at.is_not(None), 1), else_=0) + case((Agreement.team_at.is_not(None), 2), else_=0)
    asked = (
        select(
            literal(AGREEMENT).label("kind"),
            Agreement.id.label("id"),
            empty.label("key"),
            empty.label("words"),
            empty.label("who"),
            empty.label("more"),
            Agreement.version.label("number"),
            given.label("size"),
            Agreement.written_at.label("at"),
        )
        .where(Agreement.dossier_id == dossier_id)
        .order_by(Agreement.version.desc())
        .limit(1)
    )
    return select(asked.subquery())


def beside_of(rows: Iterable[Any], dossier: Dossier, label: Label) -> Beside:
    """What these rows say of exchanges and agreement, whatever else is among them."""
    kept = list(rows)
    waiting = [
        Waiting(row.number, row.at, bool(row.size & 1), bool(row.size & 2)) for row in kept if row.kind == AGREEMENT
    ]
    exchanges = [
        Said(
            row.id,
            row.key,
            row.words,
            bool(row.number),
            date.fromisoformat(row.more) if row.more else None,
            row.at,
            row.who,
            bool(row.size),
        )
        for row in kept
        if row.kind == SAID
    ]
    return Beside(
        agreement=waiting[0] if waiting else None,
        open=open_at(label, dossier.stage, written=bool(waiting)),
        exchanges=tuple(sorted(exchanges, key=lambda one: (one.at, one.id), reverse=True)),
    )


def to_see_again(db: Session, day: date) -> tuple[SeenAgain, ...]:
    """The dossiers whose « revoir le » has come, the oldest day first, in one statement.

    A later day asked for takes its place; a word noted by the team, from that day on, ends it.
    """
    later, of_team = aliased(Exchange), aliased(Mandate)
    same = (later.dossier_id == Exchange.dossier_id) & (later.at > Exchange.at)
    replaced = exists().where(same, later.next_on.is_not(None))
    by_team = exists().where(of_team.person_id == later.by, of_team.structure_id.is_(None))
    answered = exists().where(same, later.at >= Exchange.next_on, by_team)
    rows = db.execute(
        select(Exchange, Dossier.reference, Structure.name.label("structure"), Person.name.label("by"))
        .join(Dossier, Dossier.id == Exchange.dossier_id)
        .join(Structure, Structure.id == Dossier.structure_id)
        .join(Person, Person.id == Exchange.by)
        .where(Exchange.next_on <= day, ~replaced, ~answered)
        .order_by(Exchange.next_on, Exchange.at)
        .limit(MOST)
    ).all()
    return tuple(
        SeenAgain(
            row.Exchange.dossier_id, row.reference, row.structure, row.Exchange.next_on, row.Exchange.words, row.by
        )
        for row in rows
    )
