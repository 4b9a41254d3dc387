"""Whether a definition's acts hold together: convene, give an opinion, decide, notify, accept, and no side door.

An appellation is only had by a decision to grant that was notified; a decision is only recorded after a closed poll;
a poll is only opened by convening, and a committee only left by what closes or cancels its poll.
"""

from collections.abc import Iterator
from typing import NamedTuple

from workflows.label_faults import Fault
from workflows.label_model import Label
from workflows.label_parts import BACK, HeldBy, Stage, StageKind, Transition

YES = ("granted", "granted_reserves")


class Manner(NamedTuple):
    """Where an act leaves from, where it leads, and in whose hands it is; None where any stage will do."""

    leaves: StageKind | None
    leads: StageKind | None
    hands: frozenset[HeldBy]


AWARDER: frozenset[HeldBy] = frozenset({"officer", "arbiter"})
MANNERS = {
    "ask": Manner("way", "way", AWARDER),
    "convene": Manner("way", "committee", AWARDER),
    "decide": Manner("committee", "decision", AWARDER),
    "arbitrate": Manner("committee", "decision", frozenset({"arbiter"})),
    "notify": Manner("decision", None, AWARDER),
    "accept": Manner(None, "granted", frozenset({"structure"})),
    "withdraw": Manner(None, None, frozenset({"structure"})),
}
ENTERED_BY = {
    "committee": ("convene",),
    "decision": ("decide", "arbitrate"),
    "granted": ("notify", "accept"),
}
LEFT_BY = {"committee": ("decide", "arbitrate", "withdraw"), "decision": ("notify",)}


def act_faults(label: Label) -> Iterator[Fault]:
    """Every fault of the acts of a definition."""
    for transition in label.transitions:
        yield from _manner(label, transition)
        yield from _guard(label, transition)
        yield from _notification(label, transition)
        for source in label.sources(transition):
            for target in label.targets(transition, source):
                yield from _doors(label, transition, label.stage(source), label.stage(target))
    for stage in label.stages:
        if stage.kind == "committee":
            yield from _committee(label, stage)
        if stage.kind == "decision":
            yield from _decision(label, stage)
    if not any(stage.kind == "committee" for stage in label.stages):
        yield Fault("stages", "no_committee")


def _manner(label: Label, transition: Transition) -> Iterator[Fault]:
    if transition.act is None:
        return
    manner, path = MANNERS[transition.act], f"transitions[{transition.name}]"
    said = {"act": transition.act}
    for source in label.sources(transition):
        if manner.leaves and label.stage(source).kind != manner.leaves:
            yield Fault(f"{path}.source", "act_misplaced", {**said, "stage": source, "expected": manner.leaves})
    led = transition.target == BACK or label.stage(transition.target).kind != manner.leads
    if manner.leads and led:
        yield Fault(f"{path}.target", "act_misled", {**said, "stage": transition.target, "expected": manner.leads})
    for role in transition.by:
        if label.role(role).held_by not in manner.hands:
            expected = ", ".join(sorted(manner.hands))
            yield Fault(f"{path}.by", "act_wrong_hands", {**said, "role": role, "expected": expected})


def _guard(label: Label, transition: Transition) -> Iterator[Fault]:
    """No decision before its poll is closed; under a binding effect, none but the committee's own, or what it left."""
    wanted = {
        "decide": ("poll_settled",) if label.effect == "binding" else ("poll_closed", "poll_settled"),
        "arbitrate": ("poll_left_open",),
        "accept": ("commitments",),
    }.get(transition.act or "", ())
    if wanted and not set(wanted) & set(transition.guards):
        said = {"act": transition.act, "expected": wanted[0]}
        yield Fault(f"transitions[{transition.name}].guards", "act_unguarded", said)


def _notification(label: Label, transition: Transition) -> Iterator[Fault]:
    path = f"transitions[{transition.name}]"
    if transition.act != "notify":
        if transition.outcome is not None:
            yield Fault(f"{path}.outcome", "outcome_without_notify")
        return
    decided = [guard for guard in transition.guards if guard.startswith("decision:")]
    if decided != [f"decision:{transition.outcome}"]:
        yield Fault(path, "notify_without_outcome", {"outcome": transition.outcome or "…"})
    if transition.outcome in YES and not _grants(label, transition.target):
        yield Fault(f"{path}.target", "not_to_granted", {"outcome": transition.outcome})


def _grants(label: Label, stage: str) -> bool:
    if stage == BACK:
        return False
    accepted = any(move.act == "accept" for move in label.exits[stage])
    return accepted or label.stage(stage).kind == "granted"


def _doors(label: Label, transition: Transition, source: Stage, target: Stage) -> Iterator[Fault]:
    path, act = f"transitions[{transition.name}]", transition.act
    entered, left = ENTERED_BY.get(target.kind), LEFT_BY.get(source.kind)
    if entered and act not in entered:
        said = {"stage": target.key, "expected": ", ".join(entered)}
        yield Fault(f"{path}.target", "stage_entered_otherwise", said)
    if left and act not in left:
        yield Fault(f"{path}.source", "stage_left_otherwise", {"stage": source.key, "expected": ", ".join(left)})
    to_yes = target.kind == "granted" or any(move.act == "accept" for move in label.exits[target.key])
    if to_yes and act != "accept" and transition.outcome not in YES:
        yield Fault(f"{path}.target", "granted_without_yes")


def _committee(label: Label, stage: Stage) -> Iterator[Fault]:
    """Whatever the committee's poll gives is followed by something."""
    path = f"stages[{stage.key}]"
    if not any(move.act == "convene" and move.target == stage.key for move in label.transitions):
        yield Fault(path, "committee_not_convened")
    followed = {guard for move in label.exits[stage.key] if move.act != "withdraw" for guard in move.guards}
    for guard in ("poll_settled", "poll_left_open"):
        if not {guard, "poll_closed"} & followed:
            yield Fault(path, "committee_without_outcome", {"expected": guard})


def _decision(label: Label, stage: Stage) -> Iterator[Fault]:
    """A poll may end in a yes, a yes with reserves, or a no: each has its notification."""
    announced = {move.outcome for move in label.exits[stage.key]}
    for outcome in ("granted", "granted_reserves", "not_granted"):
        if outcome not in announced:
            yield Fault(f"stages[{stage.key}]", "decision_without_notice", {"outcome": outcome})
