"""What was said and agreed around the fictional dossiers."""

from datetime import timedelta

from app.demo.fictional import Step, Way
from app.demo.play import Play
from app.operations.agreements import confirm_agreement, write_agreement
from app.operations.exchanges import note_exchange
from workflows.agreement import terms


def agree(play: Play, way: Way, step: Step) -> None:
    """Write the terms of the second entry."""
    asked = way.agreement
    if asked is None:
        raise LookupError(way.structure)
    today, by = play.clock().date(), play.actor(step.by)
    index = today.year * 12 + today.month - 1 + asked.months
    written = terms(
        play.label.steps,
        recognised=asked.recognised,
        remaining=asked.remaining,
        until=f"{index // 12}-{index % 12 + 1:02d}",
        steps=[(line.own, line.step) for line in asked.steps],
        today=today,
    )
    write_agreement(play.db, play.dossiers[way.structure], written, replaces=0, by=by, clock=play.clock)


def give_word(play: Play, way: Way, step: Step) -> None:
    confirm_agreement(play.db, play.dossiers[way.structure], 1, by=play.actor(step.by), clock=play.clock)


def say(play: Play, way: Way, step: Step) -> None:
    """Note what was said; a day to see the dossier again may fall on the loading itself."""
    note_exchange(
        play.db,
        play.dossiers[way.structure],
        kind=step.kind,
        words=step.note,
        shared=step.shared,
        next_on=play.clock().date() + timedelta(days=step.again) if step.again is not None else None,
        by=play.actor(step.by),
        clock=play.clock,
    )
