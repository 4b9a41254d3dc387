"""The public network: who is in it, since when and where. It says only what is public."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, case, literal, null, select, tuple_, union_all
from sqlalchemy.orm import Session

from app.folding import folded
from app.models import Collective, NetworkStatus, Structure, StructureName, Territory
from app.queries.publication import is_current, is_published
from workflows.label import Label

#: What a list of the network shows, in this order; a structure that has left keeps its page, not its line.
SHOWN = ("holder", "experimenting", "member")
PUBLIC = (*SHOWN, "left")
PAGE = 60
RANK = case({status: rank for rank, status in enumerate(SHOWN)}, value=NetworkStatus.status)


@dataclass(frozen=True)
class Asked:
    """What a reader looks for: a status, a département by its code, words; and where she was in the list, by slug."""

    status: str | None = None
    departement: str | None = None
    words: str = ""
    after: str | None = None
    before: str | None = None


@dataclass(frozen=True)
class Listed:
    """A structure in the list. `since` is known to the year, the month or the day."""

    slug: str
    name: str
    status: str
    since: str | None
    territories: tuple[str, ...]
    trade_names: tuple[str, ...]


@dataclass(frozen=True)
class Network:
    """A page of the network, and the départements that its structures cover: (code, name)."""

    structures: tuple[Listed, ...]
    departements: tuple[tuple[str, str], ...]
    previous: str | None = None
    next: str | None = None


@dataclass(frozen=True)
class Span:
    """What a structure was, from when to when, as precisely as it is known."""

    status: str
    since: str | None
    until: str | None
    note: str


@dataclass(frozen=True)
class StructurePage:
    """What everybody may know of a structure; `territories` are (name, since when), `former` (name, until when)."""

    slug: str
    name: str
    about: str
    contact: str
    source: str
    register: str
    collective: str | None
    spans: tuple[Span, ...]
    territories: tuple[tuple[str, str | None], ...]
    trade_names: tuple[str, ...]
    former: tuple[tuple[str, str | None], ...]

    @property
    def now(self) -> Span | None:
        """What it is today; nothing when it has only been."""
        return next((span for span in self.spans if span.until is None), None)


def network(db: Session, label: Label, registers: tuple[str, ...], asked: Asked, day: date) -> Network:
    """A page of the structures that are in a label's network on a day, by status then in French order."""
    grounds = covered(db, registers)
    departements = tuple(sorted({(code, name) for kind, code, name in grounds if kind == "departement" and code}))
    where, wanted = filters(db, label, registers, asked, [name for _, _, name in grounds])
    backwards = asked.before is not None
    rows = db.execute(page_of(current(label, registers, day), where, wanted, asked)).all()
    more, rows = len(rows) > PAGE, rows[:PAGE]
    if backwards:
        rows = rows[::-1]
    territories, names = details(db, [row.id for row in rows])
    listed = tuple(
        Listed(row.slug, row.name, row.status, row.since, tuple(territories[row.id]), tuple(names[row.id]))
        for row in rows
    )
    if not listed:
        return Network((), departements)
    return Network(
        listed,
        departements,
        previous=listed[0].slug if (more if backwards else asked.after) else None,
        next=listed[-1].slug if (more or backwards) else None,
    )


def page_of(listed: Select[Any], where: list[ColumnElement[bool]], wanted: str | None, asked: Asked) -> Select[Any]:
    """The statement of one page, one line more than is shown: it says whether there is another page."""
    backwards = asked.before is not None
    order = (RANK, Structure.sort_key, Structure.id)
    rows = listed.add_columns(Structure.slug, Structure.name, NetworkStatus.status, NetworkStatus.since)
    if wanted in SHOWN:
        rows = rows.where(NetworkStatus.status == wanted)
    if cursor := asked.before or asked.after:
        here = [
            listed.with_only_columns(one).where(Structure.slug == cursor).correlate(None).scalar_subquery()
            for one in order
        ]
        place, edge = tuple_(*order), tuple_(*here)
        rows = rows.where(place < edge if backwards else place > edge)
    return rows.where(*where).order_by(*(one.desc() if backwards else one for one in order)).limit(PAGE + 1)


def current(label: Label, registers: tuple[str, ...], day: date) -> Select[Any]:
    """The structures with a status shown in the list, on a day."""
    return (
        select(Structure.id)
        .join(NetworkStatus, NetworkStatus.structure_id == Structure.id)
        .where(
            Structure.register.in_(registers),
            NetworkStatus.label == label.slug,
            NetworkStatus.status.in_(SHOWN),
            is_current(day),
        )
    )


def covered(db: Session, registers: tuple[str, ...]) -> list[tuple[str, str | None, str]]:
    """Every territory of these registers, once: its kind, its code and its name."""
    rows = db.execute(
        select(Territory.kind, Territory.code, Territory.name)
        .join(Structure, Structure.id == Territory.structure_id)
        .where(Structure.register.in_(registers))
        .distinct()
    ).all()
    return [(row.kind, row.code, row.name) for row in rows]


def filters(
    db: Session, label: Label, registers: tuple[str, ...], asked: Asked, grounds: Iterable[str]
) -> tuple[list[ColumnElement[bool]], str | None]:
    """The conditions that a search means, and the status it asks for, said by its words if not chosen."""
    wanted = asked.status
    where = []
    if asked.departement:
        where.append(covers(Territory.code == asked.departement, Territory.kind == "departement"))
    words = folded(asked.words).split()
    held, network = synonyms(label)
    if not wanted and not held.isdisjoint(words):
        wanted = "holder"
    sought = [word for word in words if word not in held | network]
    other_names = names_of(db, registers) if sought else []
    for word in sought:
        where.append(
            Structure.sort_key.contains(word, autoescape=True)
            | covers(Territory.name.in_([name for name in grounds if word in folded(name)]))
            | Structure.id.in_([structure for structure, name in other_names if word in folded(name)])
        )
    return where, wanted


def covers(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return select(Territory.id).where(Territory.structure_id == Structure.id, *conditions).exists()


def synonyms(label: Label) -> tuple[frozenset[str], frozenset[str]]:
    """The words that mean « with the appellation », however they are spelt, and those that name the network itself.

    Among the synonyms of a label an acronym is a name of the network, as the words of its own name are.
    """
    names = (label.name.fr, label.name.en, *(word for word in label.words.synonyms if word.isupper()))
    held = frozenset(folded(word) for word in label.words.synonyms if not word.isupper()) | {"appellation"}
    return held, frozenset(word for name in names for word in folded(name).split()) - held


def names_of(db: Session, registers: tuple[str, ...]) -> list[tuple[str, str]]:
    """The trade and former names of these registers, each with its structure."""
    rows = db.execute(
        select(StructureName.structure_id, StructureName.name)
        .join(Structure, Structure.id == StructureName.structure_id)
        .where(Structure.register.in_(registers))
    ).all()
    return [(row.structure_id, row.name) for row in rows]


def details(db: Session, ids: list[str]) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """The territories and the trade names of some structures, in one statement."""
    grounds, names = select(Territory.structure_id, literal("territory"), Territory.name), StructureName
    said = select(names.structure_id, literal("name"), names.name).where(names.kind == "trade")
    rows = db.execute(
        union_all(grounds.where(Territory.structure_id.in_(ids)), said.where(names.structure_id.in_(ids)))
    ).all()
    found: dict[str, dict[str, list[str]]] = {"territory": defaultdict(list), "name": defaultdict(list)}
    for structure, kind, name in sorted(rows, key=lambda row: folded(row[2])):
        found[kind][structure].append(name)
    return found["territory"], found["name"]


def structure_page(db: Session, label: Label, slug: str, registers: tuple[str, ...], day: date) -> StructurePage | None:
    """A structure with a public status on a day, or before; nothing for the others."""
    found = db.execute(
        select(Structure, Collective.name)
        .outerjoin(Collective, Collective.id == Structure.collective_id)
        .where(Structure.slug == slug, Structure.register.in_(registers))
    ).one_or_none()
    if found is None:
        return None
    structure, collective = found
    spans = history(db, label, structure.id, day)
    if not spans:
        return None
    grounds = db.execute(select(Territory).where(Territory.structure_id == structure.id)).scalars().all()
    names = db.execute(select(StructureName).where(StructureName.structure_id == structure.id)).scalars().all()
    return StructurePage(
        slug=structure.slug,
        name=structure.name,
        about=structure.about,
        contact=structure.contact,
        source=structure.source,
        register=structure.register,
        collective=collective,
        spans=spans,
        territories=tuple(sorted(((g.name, g.since) for g in grounds), key=lambda one: folded(one[0]))),
        trade_names=tuple(name.name for name in names if name.kind == "trade"),
        former=tuple((name.name, name.until) for name in names if name.kind == "former"),
    )


def history(db: Session, label: Label, structure_id: str, day: date) -> tuple[Span, ...]:
    """What a structure has been in the network, the latest first; a candidature is not public."""
    rows = db.execute(
        select(
            NetworkStatus.status,
            NetworkStatus.since,
            case((is_current(day), null()), else_=NetworkStatus.until).label("until"),
            NetworkStatus.note,
        ).where(
            NetworkStatus.structure_id == structure_id,
            NetworkStatus.label == label.slug,
            NetworkStatus.status.in_(PUBLIC),
            is_published(day),
        )
    ).all()
    latest_first = sorted(rows, key=lambda row: (row.until is None, row.since or ""), reverse=True)
    return tuple(Span(row.status, row.since, row.until, row.note) for row in latest_first)
