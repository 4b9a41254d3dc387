"""The committee of one dossier: which structures have a seat, which take no part, who may act, who holds a proxy."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from workflows.refused import Refused
from workflows.rule import Rule

Key: TypeAlias = int | str
COLLECTIVE = "collective"


@dataclass(frozen=True, slots=True)
class Holder:
    """A structure that has the appellation, from `since` (included) to `until` (excluded, or none). Times are aware."""

    structure: Key
    collective: Key | None
    since: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """A link between a structure and the dossier. A hard one recuses; a soft one only when Avise pinned it."""

    structure: Key
    kind: str
    hard: bool
    lifted: bool = False
    pinned: bool = False

    @property
    def recuses(self) -> bool:
        """Whether the structure takes no part because of this link. A lifted link never recuses."""
        return (self.hard or self.pinned) and not self.lifted


@dataclass(frozen=True, slots=True)
class Seat:
    """A structure's voice in one poll. `recused_for` is "collective", the kind of a link, or None."""

    structure: Key
    number: int
    recused_for: str | None = None


@dataclass(frozen=True, slots=True)
class Proxy:
    """A seat handed to another for one poll, and the person who will act for it there."""

    giver: Key
    holder: Key
    person: Key


def composition(
    holders: Iterable[Holder],
    *,
    candidate: Key,
    collective: Key | None,
    links: Iterable[Link],
    moment: datetime,
) -> tuple[Seat, ...]:
    """The roll of a dossier: one seat for each other structure that has the appellation at `moment`, numbered from 1.

    Source: Avise, « 9 nouvelles structures rejoignent la Fabrique à initiatives » (a committee of the other structures
    with the appellation). Members of the candidate's collective and structures with a recusing link keep a seat that
    takes no part (décret 2006-672 art. 13). Holders come in the order wanted; a structure named twice has one seat.
    """
    kinds: dict[Key, str] = {}
    for link in links:
        if link.recuses:
            kinds.setdefault(link.structure, link.kind)
    electors = {
        holder.structure: holder for holder in holders if holder.structure != candidate and _holds(holder, moment)
    }
    return tuple(
        Seat(structure, number, COLLECTIVE if _together(holder, collective) else kinds.get(structure))
        for number, (structure, holder) in enumerate(electors.items(), start=1)
    )


def attached(
    person_structures: Collection[Key],
    candidate: Key,
    collective_members: Collection[Key] = (),
    partners: Collection[Key] = (),
) -> bool:
    """Whether a person belongs to the candidate, to its collective or to a partner that is recused.

    Such a person acts for no seat at all; the other seats she holds are not recused for that.
    """
    return not {candidate, *collective_members, *partners}.isdisjoint(person_structures)


def able_to_act(
    people: Mapping[Key, Collection[Key]],
    seat: Seat,
    candidate: Key,
    collective_members: Collection[Key] = (),
    partners: Collection[Key] = (),
) -> tuple[Key, ...]:
    """Of `people` (person → structures each belongs to), those who may act for this seat, in the order given.

    Nobody acts for a seat that is recused. Empty while the seat is not: the structure must name somebody else.
    """
    if seat.recused_for is not None:
        return ()
    return tuple(
        person
        for person, structures in people.items()
        if seat.structure in structures and not attached(structures, candidate, collective_members, partners)
    )


def may_give(rule: Rule, proxy: Proxy, *, given: Collection[Proxy], recused: Collection[Key]) -> None:
    """Whether this proxy may be given beside those already `given` for the poll (décret 2006-672 art. 10).

    A proxy goes one step only: who holds one gives none, who gave one holds none. Raises Refused with proxy_to_itself,
    proxy_recused, proxy_already_given, proxy_one_step, proxy_holder_full(most) or proxy_person_full(most).
    """
    if proxy.giver == proxy.holder:
        raise Refused("proxy_to_itself")
    if proxy.giver in recused or proxy.holder in recused:
        raise Refused("proxy_recused")
    if any(other.giver == proxy.giver for other in given):
        raise Refused("proxy_already_given")
    if any(other.holder == proxy.giver or other.giver == proxy.holder for other in given):
        raise Refused("proxy_one_step")
    if sum(other.holder == proxy.holder for other in given) >= rule.proxies_per_holder:
        raise Refused("proxy_holder_full", most=rule.proxies_per_holder)
    if sum(other.person == proxy.person for other in given) >= rule.proxies_per_person:
        raise Refused("proxy_person_full", most=rule.proxies_per_person)


def fallen(given: Iterable[Proxy], recused: Collection[Key]) -> tuple[Proxy, ...]:
    """Proxies that a recusal ends: those it held return to their givers, who are told, and those it gave are void."""
    return tuple(proxy for proxy in given if proxy.giver in recused or proxy.holder in recused)


def _holds(holder: Holder, moment: datetime) -> bool:
    return holder.since <= moment and (holder.until is None or moment < holder.until)


def _together(holder: Holder, collective: Key | None) -> bool:
    return collective is not None and holder.collective == collective
