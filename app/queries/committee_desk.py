"""The committee of a dossier, as it would be today: its voices, who takes no part and why, what the quorum asks."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.actor import VOTING
from app.models import Link, Mandate, NetworkStatus, Person, Poll, Structure
from app.queries.counts import is_held
from app.queries.dossiers import Head, head_of
from app.queries.facts import notice
from workflows import committee
from workflows.deadlines import PARIS
from workflows.refused import Refused
from workflows.voting import Rule, may_open, quorum


@dataclass(frozen=True)
class Voice:
    """A structure of the committee: `link` is what it has declared, empty before it says anything.

    `people` counts those who may act for it. `taken_part` says that an opinion was given, never which.
    """

    structure: str
    recused_for: str | None = None
    link: str = ""
    words: str = ""
    people: int = 0
    taken_part: bool = False
    ended: bool = False


@dataclass(frozen=True)
class Committee:
    """The committee as it would be, or as it is, with the participations its quorum asks for."""

    voices: tuple[Voice, ...]
    seats: int
    recused: int
    needed: int
    enough: bool

    @property
    def taking_part(self) -> int:
        return self.seats - self.recused

    @property
    def taken(self) -> int:
        return sum(voice.taken_part for voice in self.voices)

    @property
    def unheard(self) -> tuple[Voice, ...]:
        """Voices that take part and have nobody to act for them."""
        return tuple(voice for voice in self.voices if voice.recused_for is None and not voice.people)


@dataclass(frozen=True)
class Convening:
    """What is shown before the committee is convened: the rule, the roll as it would be, the zones of its people.

    `notice` is which notice of the request it would be: from the second on, none asks for a quorum. `again` says that
    an outcome was set aside and that the committee begins again; `held`, that one waits for that.
    """

    head: Head
    rule: Rule
    notice: int
    committee: Committee
    zones: tuple[str, ...]
    possible: bool
    again: bool
    held: bool
    tied: bool

    @property
    def days(self) -> int:
        """The fewest days the rule leaves between the invitation and the end."""
        return self.rule.notice_days if self.notice == 1 else self.rule.second_notice_days


def convening(db: Session, dossier_id: str, at: datetime) -> Convening | None:
    """The committee a dossier would have today, in four statements and one more in a new round."""
    found = head_of(db, dossier_id)
    if found is None:
        return None
    head, dossier = found
    rule = head.label.committee
    last = last_round(db, dossier_id) if head.stage.kind == "committee" else None
    again = last is not None and last.status == "cancelled"
    renewed = last is not None and last.status == "closed" and is_renewed(rule, last.outcome, last.notice)
    convenes = any(t.act == "convene" for t in head.label.exits[head.stage.key])
    number = last.notice + 1 if last is not None and renewed else 1
    rows = holders(db, dossier.structure_id, head.label.slug, at)
    said = hard_links(db, last.id) if last is not None else {}
    roll = committee_of(rule, voices_of(rows, dossier.structure_id, said, at), number)
    return Convening(
        head=head,
        rule=rule,
        notice=number,
        committee=roll,
        zones=zones_of(db, [row.id for row in rows], at),
        possible=again or renewed or convenes,
        again=again,
        held=last is not None and last.held,
        tied=last is not None and last.outcome == "tie",
    )


def last_round(db: Session, dossier_id: str) -> Any:
    """The newest poll of a dossier: how it ended, which notice of its request it was, whether it is held."""
    return db.execute(
        select(Poll.id, Poll.status, Poll.outcome, notice().label("notice"), is_held().label("held"))
        .where(Poll.dossier_id == dossier_id)
        .order_by(Poll.round.desc())
        .limit(1)
    ).one_or_none()


def is_renewed(rule: Rule, outcome: str | None, notice: int) -> bool:
    """Whether an outcome gives the committee one more round, while the rule has one left."""
    renewing = {"no_quorum", "tie"} if rule.tie == "new_round" else {"no_quorum"}
    return outcome in renewing and notice < rule.rounds


def hard_links(db: Session, poll_id: str) -> dict[str, Any]:
    """What kept a voice away from the last round keeps it away from the next one too."""
    rows = db.execute(
        select(Link.structure_id, Link.kind, Link.hard, Link.words)
        .where(Link.poll_id == poll_id, Link.hard)
        .order_by(Link.version)
    ).all()
    return {row.structure_id: row for row in rows}


def zones_of(db: Session, structures: list[str], at: datetime) -> tuple[str, ...]:
    """The zones where the people of these structures live; Paris when there is nobody."""
    rows = db.execute(
        select(Person.zone)
        .join(Mandate, Mandate.person_id == Person.id)
        .where(Mandate.structure_id.in_(structures), Mandate.role.in_(VOTING), Person.active, in_force(at))
        .distinct()
    ).scalars()
    return tuple(sorted(rows)) or (PARIS,)


def in_force(at: datetime) -> Any:
    return and_(Mandate.since <= at, or_(Mandate.until.is_(None), Mandate.until > at))


def holders(db: Session, candidate_id: str, label: str, at: datetime) -> list[Any]:
    """The structures with the appellation in the candidate's network, with their collectives and their people."""
    candidate = aliased(Structure)
    acting = (
        select(
            Mandate.structure_id,
            func.count(Person.id.distinct()).label("people"),
        )
        .join(Person, Person.id == Mandate.person_id)
        .where(Mandate.role.in_(VOTING), Person.active, in_force(at))
        .group_by(Mandate.structure_id)
        .subquery()
    )
    return list(
        db.execute(
            select(
                Structure.id,
                Structure.name,
                Structure.collective_id,
                NetworkStatus.recorded_at,
                candidate.collective_id.label("group"),
                func.coalesce(acting.c.people, 0).label("people"),
            )
            .join(NetworkStatus, NetworkStatus.structure_id == Structure.id)
            .join(candidate, and_(candidate.id == candidate_id, candidate.register == Structure.register))
            .outerjoin(acting, acting.c.structure_id == Structure.id)
            .where(NetworkStatus.label == label, NetworkStatus.status == "holder", NetworkStatus.until.is_(None))
            .order_by(Structure.sort_key, Structure.id)
        ).all()
    )


def voices_of(rows: list[Any], candidate_id: str, said: dict[str, Any], at: datetime) -> tuple[Voice, ...]:
    """The roll as the rules compute it, with the names it is read by."""
    named = {row.id: row for row in rows}
    roll = committee.composition(
        [committee.Holder(row.id, row.collective_id, since=row.recorded_at) for row in rows],
        candidate=candidate_id,
        collective=rows[0].group if rows else None,
        links=[
            committee.Link(one.structure_id, one.kind, hard=one.hard) for one in said.values() if one.kind != "none"
        ],
        moment=at,
    )
    return tuple(
        Voice(
            structure=named[str(seat.structure)].name,
            recused_for=seat.recused_for,
            link=said[str(seat.structure)].kind if str(seat.structure) in said else "",
            words=said[str(seat.structure)].words if str(seat.structure) in said else "",
            people=named[str(seat.structure)].people,
        )
        for seat in roll
    )


def committee_of(rule: Rule, voices: tuple[Voice, ...], notice: int) -> Committee:
    """What the quorum asks of these voices. One whose appellation ended before it took part leaves the base."""
    seats = [voice for voice in voices if not (voice.ended and not voice.taken_part)]
    recused = sum(voice.recused_for is not None for voice in seats)
    try:
        may_open(rule, seats=len(seats), recused=recused)
        enough = True
    except Refused:
        enough = False
    needed = quorum(rule, seats=len(seats), recused=recused, round=notice).needed
    return Committee(voices, len(seats), recused, needed, enough)
