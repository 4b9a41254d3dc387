"""Where a dossier may still go: from which stages a committee lies ahead."""

from functools import lru_cache

from workflows.label import Label


def may_ask_time(label: Label, stage: str) -> bool:
    """Whether something is expected of a structure at this stage by a day, or because the team asked for it."""
    here = label.stage(stage)
    if here.kind != "way" or here.waits_on is None or label.role(here.waits_on).held_by != "structure":
        return False
    asked = (move for move in label.transitions if move.act == "ask")
    return here.working_days is not None or any(move.target == stage for move in asked)


@lru_cache(maxsize=1024)
def committee_ahead(label: Label, stage: str) -> bool:
    """Whether a dossier on its way at this stage may still come before the committee.

    A paused, examined, decided or closed dossier is not on its way; nor is one that was granted.
    """
    if label.stage(stage).kind != "way":
        return False
    seen, ahead = {stage}, [stage]
    while ahead:
        here = ahead.pop()
        if label.stage(here).kind == "committee":
            return True
        onward = {target for move in label.exits[here] for target in label.targets(move, here)}
        fresh = {key for key in onward - seen if label.stage(key).kind in {"way", "committee"}}
        seen |= fresh
        ahead += fresh
    return False
