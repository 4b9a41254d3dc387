"""What one dossier asks of the person reading, or whom it waits for, by its stage and the state of its newest poll."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row

from app.actor import Actor
from app.models import Dossier
from app.policies import DossierScope, make, may
from app.queries.committee_desk import is_renewed
from workflows.deadlines import due_date, overdue
from workflows.label import Label, Role, Text
from workflows.voting import phase

#: The committee settled it: the decision only has to be recorded.
SETTLED = frozenset({"favourable", "favourable_reserves", "unfavourable"})


#: What a stage that the team holds asks of it, by an act that leaves it.
OF_AN_ACT = {"convene": "do_convene", "ask": "do_check"}


@dataclass(frozen=True)
class Task:
    """One thing to do, or to wait for: a code, whose dossier, and the values its sentence needs.

    `due` is the last day, in Paris, of a delay that was announced; `at` a moment that the task turns on; `again_on` the
    day on which the team wants to see the dossier again. A first contact has no dossier yet: `enquiry_id` is its own.
    """

    code: str
    structure: str
    since: datetime
    mine: bool = True
    dossier_id: str = ""
    reference: str = ""
    stage: Text | None = None
    officer: str = ""
    poll_id: str = ""
    enquiry_id: str = ""
    waits_for: Role | None = None
    due: date | None = None
    late: bool = False
    at: datetime | None = None
    again_on: date | None = None


def tasks_of(row: Row[Any], label: Label, me: Actor, at: datetime, *, calm: bool = False) -> Iterator[Task]:
    """What one dossier asks, or whom it waits for; of one that presses nobody, only where it stands."""
    stage = label.stage(row.Dossier.stage)
    if calm:
        yield task(row, label, me, "calm")
        return
    if stage.kind == "committee" and row.Poll is not None:
        yield committee_task(row, label, me, at)
        return
    scope = DossierScope(row.Dossier.structure_id, frozenset({str(me.id)} if row.instructed else ()))
    due = due_date(row.Dossier.stage_since, stage.working_days) if stage.working_days else None
    late = bool(stage.working_days) and overdue(row.Dossier.stage_since, stage.working_days or 0, at)
    if row.to_agree:
        mine = "officer" in me.staff
        yield task(row, label, me, "do_agree" if mine else "wait_team", due=due, late=late)
    elif stage.waits_on is None or label.role(stage.waits_on).held_by not in {"officer", "arbiter"}:
        yield task(row, label, me, "wait_structure", due=due, late=late)
    elif stage.kind == "decision":
        yield decision_task(row, label, me, scope, due=due, late=late)
    else:
        main = next((t for t in label.exits[stage.key] if t.tone == "main"), None)
        acts = {transition.act for transition in label.exits[stage.key]}
        code = next((name for act, name in OF_AN_ACT.items() if act in acts), "do_stage")
        mine = main is None or may(me, make(label, main), scope)
        yield task(row, label, me, code if mine else "wait_team", due=due, late=late)


def decision_task(row: Row[Any], label: Label, me: Actor, scope: DossierScope, *, due: date | None, late: bool) -> Task:
    """A decision that is recorded asks to be notified, unless its outcome is held."""
    if row.held:
        return hold_task(row, label, me)
    transition = next(
        (t for t in label.exits[row.Dossier.stage] if row.Decision and t.outcome == row.Decision.outcome), None
    )
    mine = transition is not None and may(me, make(label, transition), scope)
    return task(row, label, me, "do_notify" if mine else "wait_notify", due=due, late=late)


def committee_task(row: Row[Any], label: Label, me: Actor, at: datetime) -> Task:
    """What the committee's stage asks, by the state of its newest poll."""
    poll, officer = row.Poll, "officer" in me.staff
    if poll.status == "cancelled":
        return task(row, label, me, "do_convene_anew" if officer else "wait_again", at=poll.closed_at)
    if row.held:
        return hold_task(row, label, me)
    where = phase(poll.status, poll.opens_at, poll.closes_at, at)
    if where == "convened" or poll.status == "convened":
        ready = officer and poll.opens_at <= at
        return task(row, label, me, "do_open" if ready else "wait_opening", at=poll.opens_at)
    if where == "open":
        return task(row, label, me, "wait_committee", at=poll.closes_at)
    if where == "over":
        return task(row, label, me, "do_close" if officer else "wait_close", at=poll.closes_at)
    if poll.outcome in SETTLED and row.Decision is None:
        return settled_task(row, label, me)
    if is_renewed(label.committee, poll.outcome, row.notice):
        code = "do_convene_tied" if poll.outcome == "tie" else "do_convene_again"
        return task(row, label, me, code if officer else "wait_again", at=poll.closed_at)
    return arbitration_task(row, label, me)


def settled_task(row: Row[Any], label: Label, me: Actor) -> Task:
    """What the committee answered is recorded by whoever the label says."""
    scope = DossierScope(row.Dossier.structure_id, frozenset({str(me.id)} if row.instructed else ()))
    ways = [t for t in label.exits[row.Dossier.stage] if t.act == "decide"]
    mine = any(may(me, make(label, way), scope) for way in ways)
    return task(row, label, me, "do_decide" if mine else "wait_decide", at=row.Poll.closed_at)


def arbitration_task(row: Row[Any], label: Label, me: Actor) -> Task:
    """Arbitrating is for those who have not instructed; confirming, for another of them."""
    proposal = row.Decision
    able = "arbiter" in me.staff and not row.instructed
    if proposal is None:
        return task(row, label, me, "do_arbitrate" if able else "wait_arbitrate", at=row.Poll.closed_at)
    other = able and proposal.recorded_by != me.id
    return task(row, label, me, "do_confirm" if other else "wait_confirm", at=proposal.recorded_at)


def hold_task(row: Row[Any], label: Label, me: Actor) -> Task:
    """An outcome that is held waits for a person who may confirm or lift it."""
    able = "arbiter" in me.staff and not row.instructed
    return task(row, label, me, "do_hold" if able else "wait_hold", at=row.Poll.closed_at)


def task(
    row: Row[Any],
    label: Label,
    me: Actor,
    code: str,
    *,
    due: date | None = None,
    late: bool = False,
    at: datetime | None = None,
) -> Task:
    dossier: Dossier = row.Dossier
    stage = label.stage(dossier.stage)
    return Task(
        code=code,
        dossier_id=dossier.id,
        reference=dossier.reference,
        structure=row.structure,
        stage=stage.name,
        since=dossier.stage_since,
        mine=dossier.officer_id in (None, me.id),
        officer=row.officer or "",
        poll_id=row.Poll.id if row.Poll else "",
        waits_for=label.role(stage.waits_on) if stage.waits_on else None,
        due=due,
        late=late,
        at=at,
        again_on=row.again_on,
    )
