"""Whether each question of a definition holds what its kind of answer needs, and nothing that it has no use for."""

from collections.abc import Iterator, Mapping

from workflows.label_faults import Fault
from workflows.label_model import Label
from workflows.label_parts import Criterion

#: The kinds that each field is for, and those among them that cannot do without it.
FIELDS: Mapping[str, tuple[frozenset[str], frozenset[str]]] = {
    "max_words": (frozenset({"text", "line"}), frozenset({"text", "line"})),
    "options": (frozenset({"choice", "choices"}), frozenset({"choice", "choices"})),
    "minimum": (frozenset({"number"}), frozenset()),
    "maximum": (frozenset({"number"}), frozenset()),
    "unit": (frozenset({"number"}), frozenset({"number"})),
    "minimum_types": (frozenset({"partners"}), frozenset()),
}
LISTS = {"partners": "partner_types", "territories": "territory_kinds"}


def answer_faults(label: Label) -> Iterator[Fault]:
    """Faults of the questions, in the order of the definition."""
    for criterion in label.criteria:
        path = f"criteria[{criterion.key}]"
        yield from _fields(path, criterion)
        yield from _options(path, criterion)
        yield from _bounds(path, criterion)
        yield from _types(path, criterion, label)


def _fields(path: str, criterion: Criterion) -> Iterator[Fault]:
    for field, (foreseen, needed) in FIELDS.items():
        given = getattr(criterion, field) not in (None, ())
        if given and criterion.kind not in foreseen:
            yield Fault(f"{path}.{field}", "not_for_kind", {"kind": criterion.kind})
        if not given and criterion.kind in needed:
            yield Fault(f"{path}.{field}", "missing_for_kind", {"kind": criterion.kind})


def _options(path: str, criterion: Criterion) -> Iterator[Fault]:
    if len(criterion.options) == 1:
        yield Fault(f"{path}.options", "too_few_options")
    seen: set[str] = set()
    for option in criterion.options:
        if option.key in seen:
            yield Fault(f"{path}.options[{option.key}].key", "duplicate_key", {"key": option.key})
        seen.add(option.key)


def _bounds(path: str, criterion: Criterion) -> Iterator[Fault]:
    low, high = criterion.minimum, criterion.maximum
    if low is not None and high is not None and low > high:
        yield Fault(f"{path}.minimum", "bounds_crossed", {"minimum": low, "maximum": high})


def _types(path: str, criterion: Criterion, label: Label) -> Iterator[Fault]:
    name = LISTS.get(criterion.kind)
    if name is None:
        return
    listed = len(getattr(label, name))
    if not listed:
        yield Fault(f"{path}.kind", "list_missing", {"kind": criterion.kind, "list": name})
    elif (criterion.minimum_types or 0) > listed:
        yield Fault(
            f"{path}.minimum_types", "types_out_of_reach", {"needed": criterion.minimum_types, "listed": listed}
        )
