"""The way of a label, as the timeline that pages draw."""

from flask_babel import gettext as _

from app.queries.published import Way
from app.words import say
from workflows.label import Label, Stage

Item = dict[str, str]


def road(label: Label, own: tuple[Way, ...], common: tuple[Stage, ...]) -> list[Item]:
    """Each way in with its own stages, then those that all share: who acts in the margin, and what happens beside."""
    items = []
    for number, way in enumerate(own, start=1):
        for stage in way.stages:
            entry = _("Entrée %(number)s : %(name)s", number=number, name=say(way.entry.name))
            items.append(step(label, stage, f"{entry}. ", ""))
    return items + [step(label, stage, "", "full" if stage.kind == "granted" else "half") for stage in common]


def step(label: Label, stage: Stage, before: str, sign: str) -> Item:
    return {
        "when": margin(label, stage),
        "title": say(stage.name),
        "text": f"{before}{say(stage.says)} {say(stage.next)}",
        "sign": sign or "open",
    }


def margin(label: Label, stage: Stage) -> str:
    """Who acts at a stage, and within how many working days an answer is announced."""
    if stage.waits_on is None:
        return str(_("Et après"))
    who = say(label.role(stage.waits_on).name)
    who = who[:1].upper() + who[1:]
    if stage.working_days is None:
        return who
    return str(_("%(who)s, sous %(days)s jours ouvrés", who=who, days=stage.working_days))
