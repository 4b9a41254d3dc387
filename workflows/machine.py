"""A definition compiled into ONE shared machine per version; what may happen next; the diagram.

A transition is tried on a cursor that is thrown away: nothing is kept alive, whatever the number of dossiers.
"""

from collections.abc import Iterator
from functools import lru_cache, partial
from typing import Any

from transitions import EventData, Machine

from workflows.label import BACK, Label, Transition
from workflows.refused import Refused
from workflows.requirements import Check, Facts, checks, missing


class Cursor:
    """Where one dossier stands while one transition is tried."""

    __slots__ = ("facts", "state")

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.state = facts.stage


@lru_cache(maxsize=64)
def compiled(label: Label) -> Machine:
    """The machine of a version of a label: one for all dossiers, shared by equal definitions."""
    machine = Machine(
        model=None,
        states=[stage.key for stage in label.stages],
        initial=None,
        auto_transitions=False,
        send_event=True,
    )
    for transition in label.transitions:
        conditions = [partial(_passes, check) for check in checks(label, transition)]
        for source in label.sources(transition):
            for target in label.targets(transition, source):
                back = [partial(_was_paused_in, target)] if transition.target == BACK else []
                machine.add_transition(transition.name, source, target, conditions=[*back, *conditions])
    return machine


def _passes(check: Check, event: EventData) -> bool:
    cursor: Any = event.model
    return not check(cursor.facts)


def _was_paused_in(stage: str, event: EventData) -> bool:
    cursor: Any = event.model
    return bool(cursor.facts.paused_in == stage)


def possible(label: Label, facts: Facts) -> tuple[Transition, ...]:
    """The transitions that leave where the dossier stands, whether or not it lacks something for them."""
    return tuple(
        transition
        for transition in label.exits.get(facts.stage, ())
        if transition.target != BACK or facts.paused_in in label.paused_from(facts.stage)
    )


def fire(label: Label, name: str, facts: Facts) -> str:
    """The stage a transition leads to.

    Refuses `not_from_here` when nothing of that name leaves this stage, `requirements_missing` with what the dossier
    lacks when a guard refuses.
    """
    event = compiled(label).events.get(name)
    cursor = Cursor(facts)
    if event and facts.stage in event.transitions and event.trigger(cursor):
        return cursor.state
    transition = label.transition(name, facts.stage)
    lacking = missing(label, transition, facts)
    if not lacking:
        raise Refused("not_from_here", transition=name, stage=facts.stage)
    raise Refused("requirements_missing", transition=name, missing=lacking)


def diagram(label: Label, locale: str) -> str:
    """The stages and transitions as Mermaid text (stateDiagram-v2), in the words of a locale."""
    return "\n".join(["stateDiagram-v2", *(f"    {line}" for line in _lines(label, locale))]) + "\n"


def _lines(label: Label, locale: str) -> Iterator[str]:
    for stage in label.stages:
        yield f'state "{_plain(stage.name.in_(locale))}" as {stage.key}'
    for entry in label.entries:
        yield f"[*] --> {entry.stage}: {_plain(entry.name.in_(locale))}"
    for transition in label.transitions:
        said = _plain(transition.label.in_(locale))
        for source in label.sources(transition):
            for target in label.targets(transition, source):
                yield f"{source} --> {target}: {said}"
    for stage in label.stages:
        if stage.final:
            yield f"{stage.key} --> [*]"


def _plain(words: str) -> str:
    """Words without the signs that Mermaid reads as its own."""
    return " ".join("".join(" " if sign in '":;#{}<>\n' else sign for sign in words).split())
