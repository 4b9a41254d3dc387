"""Whether a definition makes sense: what it names exists, nobody is stuck, no decision is had by a side door."""

import string
from collections.abc import Callable, Iterable, Iterator

from workflows.label_acts import act_faults
from workflows.label_answers import answer_faults
from workflows.label_faults import Fault
from workflows.label_model import Label
from workflows.label_parts import ANYWHERE, BACK, NOTICE_FIELDS, ON_STAGE, Notice, Stage, Transition

LISTS = (
    "roles",
    "entries",
    "stages",
    "pieces",
    "criteria",
    "strands",
    "steps",
    "commitments",
    "partner_types",
    "territory_kinds",
    "links",
    "notices",
)
FINAL_KINDS = ("granted", "closed")


def find_faults(label: Label) -> Iterator[Fault]:
    """Every fault of sense. Where a name leads nowhere, what depends on the graph is not looked at yet."""
    named = [*_duplicates(label), *_references(label)]
    yield from named
    if not named:
        for check in CHECKS:
            yield from check(label)


def _duplicates(label: Label) -> Iterator[Fault]:
    for name in LISTS:
        seen: set[str] = set()
        for part in getattr(label, name):
            if part.key in seen:
                yield Fault(f"{name}[{part.key}].key", "duplicate_key", {"key": part.key})
            seen.add(part.key)


def _references(label: Label) -> Iterator[Fault]:
    stages = {stage.key for stage in label.stages}
    roles = {role.key for role in label.roles}
    names = {transition.name for transition in label.transitions}
    for path, stage in _stages_named(label):
        if stage not in stages:
            yield Fault(path, "unknown_stage", {"stage": stage})
    for path, role in _roles_named(label):
        if role not in roles:
            yield Fault(path, "unknown_role", {"role": role})
    for path, name in _transitions_named(label):
        if name not in names:
            yield Fault(path, "unknown_transition", {"transition": name})
    pieces = {piece.key for piece in label.pieces}
    for criterion in label.criteria:
        if criterion.read_first is not None and criterion.read_first not in pieces:
            yield Fault(f"criteria[{criterion.key}].read_first", "unknown_piece", {"piece": criterion.read_first})


def _stages_named(label: Label) -> Iterator[tuple[str, str]]:
    for entry in label.entries:
        yield f"entries[{entry.key}].stage", entry.stage
    for transition in label.transitions:
        path = f"transitions[{transition.name}]"
        if transition.source != ANYWHERE:
            yield from ((f"{path}.source", stage) for stage in transition.source)
        yield from ((f"{path}.except_from", stage) for stage in transition.except_from)
        if transition.target != BACK:
            yield f"{path}.target", transition.target
    for piece in label.pieces:
        yield from ((f"pieces[{piece.key}].stages", stage) for stage in piece.stages)
    for criterion in label.criteria:
        yield from ((f"criteria[{criterion.key}].stages", stage) for stage in criterion.stages)
    for strand in label.strands:
        yield f"strands[{strand.key}].stage", strand.stage
    for notice in label.notices:
        if notice.on.startswith(ON_STAGE):
            yield f"notices[{notice.key}].on", notice.on.removeprefix(ON_STAGE)


def _roles_named(label: Label) -> Iterator[tuple[str, str]]:
    for stage in label.stages:
        if stage.waits_on is not None:
            yield f"stages[{stage.key}].waits_on", stage.waits_on
    for transition in label.transitions:
        yield from ((f"transitions[{transition.name}].by", role) for role in transition.by)
    for notice in label.notices:
        yield f"notices[{notice.key}].to", notice.to


def _transitions_named(label: Label) -> Iterator[tuple[str, str]]:
    for piece in label.pieces:
        yield from ((f"pieces[{piece.key}].required_for", name) for name in piece.required_for)
    for criterion in label.criteria:
        yield from ((f"criteria[{criterion.key}].required_for", name) for name in criterion.required_for)
    for notice in label.notices:
        if not notice.on.startswith(ON_STAGE):
            yield f"notices[{notice.key}].on", notice.on


def _stages(label: Label) -> Iterator[Fault]:
    for stage in label.stages:
        path = f"stages[{stage.key}]"
        if stage.final and stage.kind not in FINAL_KINDS:
            yield Fault(f"{path}.final", "final_kind", {"kind": stage.kind})
        if stage.kind == "closed" and not stage.final:
            yield Fault(f"{path}.final", "closed_not_final")
        if not stage.final and stage.waits_on is None:
            yield Fault(path, "nobody_expected")
        if stage.kind == "paused" and BACK not in {move.target for move in label.exits[stage.key]}:
            yield Fault(path, "pause_without_back")


def _entries(label: Label) -> Iterator[Fault]:
    for entry in label.entries:
        if label.stage(entry.stage).kind != "way":
            yield Fault(f"entries[{entry.key}].stage", "entry_misplaced", {"stage": entry.stage})


def _transitions(label: Label) -> Iterator[Fault]:
    kinds = {stage.key: stage for stage in label.stages}
    left: set[tuple[str, str]] = set()
    for transition in label.transitions:
        path = f"transitions[{transition.name}]"
        if transition.source == ():
            yield Fault(f"{path}.source", "no_stage")
        if transition.except_from and transition.source != ANYWHERE:
            yield Fault(f"{path}.except_from", "except_without_star")
        for stage in label.sources(transition):
            if (transition.name, stage) in left:
                yield Fault(path, "same_name_from_stage", {"transition": transition.name, "stage": stage})
            left.add((transition.name, stage))
            yield from _departure(path, transition, kinds[stage])


def _departure(path: str, transition: Transition, stage: Stage) -> Iterator[Fault]:
    if stage.final:
        yield Fault(f"{path}.source", "leaves_final_stage", {"stage": stage.key})
    if transition.target == BACK and stage.kind != "paused":
        yield Fault(f"{path}.target", "back_without_pause", {"stage": stage.key})


def _graph(label: Label) -> Iterator[Fault]:
    forward = {stage.key: _next_stages(label, stage.key) for stage in label.stages}
    reached = _reached(forward, (entry.stage for entry in label.entries))
    finals = {stage.key for stage in label.stages if stage.final}
    granted = {stage.key for stage in label.stages if stage.kind == "granted"}
    for stage in label.stages:
        path = f"stages[{stage.key}]"
        if stage.key not in reached:
            yield Fault(path, "unreachable_stage")
        if not stage.final and not label.exits[stage.key]:
            yield Fault(path, "dead_end_stage")
        elif stage.kind != "paused" and not finals & _reached(forward, [stage.key]):
            yield Fault(path, "endless_stage")
    for entry in label.entries:
        if not granted & _reached(forward, [entry.stage]):
            yield Fault(f"entries[{entry.key}]", "no_way_to_granted")


def _next_stages(label: Label, stage: str) -> frozenset[str]:
    """Where a dossier may go from a stage. Back from a pause it is where it was: that opens no new way."""
    return frozenset(move.target for move in label.exits[stage] if move.target != BACK)


def _reached(forward: dict[str, frozenset[str]], starts: Iterable[str]) -> set[str]:
    reached: set[str] = set()
    waiting = list(starts)
    while waiting:
        stage = waiting.pop()
        if stage not in reached:
            reached.add(stage)
            waiting.extend(forward[stage])
    return reached


def _guards(label: Label) -> Iterator[Fault]:
    """What is required is checked, what is checked is required, and can be given where it is asked."""
    for guard, parts in (("pieces", label.pieces), ("criteria", label.criteria)):
        for transition in label.transitions:
            required = [part for part in parts if transition.name in part.required_for]
            said = {"transition": transition.name, "guard": guard}
            if guard in transition.guards and not required:
                yield Fault(f"transitions[{transition.name}].guards", "guard_without_object", said)
            for part in required:
                path = f"{guard}[{part.key}]"
                if guard not in transition.guards:
                    yield Fault(f"{path}.required_for", "required_but_unchecked", said)
                for stage in set(label.sources(transition)) - set(part.stages):
                    yield Fault(f"{path}.stages", "not_open_at_stage", {**said, "stage": stage})
    yield from _bare_guards(label)


def _bare_guards(label: Label) -> Iterator[Fault]:
    with_strands = {strand.stage for strand in label.strands}
    for transition in label.transitions:
        path = f"transitions[{transition.name}].guards"
        for guard, empty in (
            ("strands", not with_strands >= set(label.sources(transition))),
            ("commitments", not label.commitments),
            ("agreement", not label.steps),
        ):
            if guard in transition.guards and empty:
                yield Fault(path, "guard_without_object", {"transition": transition.name, "guard": guard})


def _notices(label: Label) -> Iterator[Fault]:
    for notice in label.notices:
        for name in ("subject", "body"):
            text = getattr(notice, name)
            for language in ("fr", "en"):
                path = f"notices[{notice.key}].{name}.{language}"
                fields = _fields(getattr(text, language))
                if fields is None:
                    yield Fault(path, "bad_braces")
                else:
                    yield from _notice_fields(label, notice, path, fields)


def _fields(text: str) -> frozenset[str] | None:
    """The names between braces; None where a brace holds anything else, or is not closed."""
    try:
        parsed = [(name, spec, conversion) for _, name, spec, conversion in string.Formatter().parse(text)]
    except ValueError:
        return None
    fields = [name for name, _, _ in parsed if name is not None]
    plain = all(not spec and not conversion for _, spec, conversion in parsed)
    return frozenset(fields) if plain and all(name.isidentifier() for name in fields) else None


def _notice_fields(label: Label, notice: Notice, path: str, fields: frozenset[str]) -> Iterator[Fault]:
    expected = ", ".join(sorted(NOTICE_FIELDS))
    for field in sorted(fields - NOTICE_FIELDS):
        yield Fault(path, "unknown_notice_field", {"field": field, "expected": expected})
    moves = [transition for transition in label.transitions if transition.name == notice.on]
    if "reason" in fields and not (moves and all(move.asks != "nothing" for move in moves)):
        yield Fault(path, "reason_not_asked")
    if "deadline" in fields and not all(_has_deadline(label, stage) for stage in _arrivals(notice, moves)):
        yield Fault(path, "deadline_unknown")


def _arrivals(notice: Notice, moves: list[Transition]) -> set[str]:
    return {move.target for move in moves} or {notice.on.removeprefix(ON_STAGE)}


def _has_deadline(label: Label, key: str) -> bool:
    """A committee's deadline is the end of its poll; another stage's is the delay it announces."""
    if key == BACK:
        return False
    stage = label.stage(key)
    return stage.kind == "committee" or stage.working_days is not None


CHECKS: tuple[Callable[[Label], Iterator[Fault]], ...] = (
    _entries,
    _stages,
    _transitions,
    _graph,
    _guards,
    act_faults,
    answer_faults,
    _notices,
)
