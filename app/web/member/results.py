"""The result, once it is notified, for the voices that took part in the examination."""

from flask import render_template
from flask_babel import gettext as _

from app import db
from app.policies import Act
from app.queries.counts import Count
from app.queries.results import RollLine
from app.queries.results import result as read_result
from app.web.doors import allow, found_or_404
from app.web.member import pages
from app.web.member.entrance import enter
from app.words_vote import choice_name, decision_name, outcome_sentence, quorum_sentence
from workflows.voting import Rule

#: An objection is drawn as a « contre »: it is one.
MARKS = {"objection": "against"}
SIGNS = {"for": "full", "reserves": "half", "against": "no", "abstention": "dots", "objection": "no"}


@pages.get("/consultations/<poll_id>/resultat")
def result(poll_id: str) -> str:
    """The outcome and how it was reached; before the notification there is nothing here."""
    scope = enter(poll_id).scope
    found = found_or_404(read_result(db.session(), poll_id))
    allow(Act.SEE_RESULT, scope)
    return render_template(
        "member/poll/result.html",
        result=found,
        decision=decision_name(found.decision),
        outcome=outcome_sentence(found.rule, found.count),
        quorum=quorum_sentence(found.rule, found.count),
        marks=marks(found.rule, found.count),
        lines=[cells(line) for line in found.lines],
        reasons=[line for line in found.lines if line.reasons],
    )


def marks(rule: Rule, count: Count) -> list[tuple[str, int, str]]:
    """How many voices said what, for the drawing: (word, number, mark), in the order of the ballot."""
    numbers = {
        "for": count.pour,
        "reserves": count.reserves,
        "against": count.against,
        "abstention": count.abstention,
        "objection": count.objection,
    }
    said = [(choice_name(c.value), numbers[c.value], MARKS.get(c.value, c.value)) for c in rule.choices]
    return [*said, (str(_("sans avis")), count.silent, "missing")]


def cells(line: RollLine) -> list[object]:
    """A line of the table: the structure, who spoke for it, what it said."""
    if line.recused:
        said: object = {"text": _("ne prend pas part à l’examen"), "soft": True}
    elif line.choice is None:
        said = {"text": _("appellation terminée") if line.ended else _("sans avis"), "soft": True}
    else:
        said = {"text": choice_name(line.choice), "sign": SIGNS[line.choice], "tone": ""}
    return [line.structure, line.person or "–", said]
