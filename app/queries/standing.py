"""How each of a person's structures stands in a poll: one statement, for permissions, for pages and for lists."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased

from app.actor import Actor
from app.models import Dossier, LabelVersion, Link, NetworkStatus, Poll, Structure
from app.queries.voices import voices_asked

#: The structure whose dossier it is.
Candidate = aliased(Structure, name="candidate")


def standing_asked(me: Actor) -> Any:
    """A row for each poll and each of the structures that a person may vote for: what `state_of` reads, and more.

    `own_word`: she has made a declaration herself in this poll. `away`: one of her own keeps her away from it.
    """
    mine = select(Link.id).where(Link.poll_id == Poll.id, Link.declared_by == me.id).correlate(Poll)
    holds = (
        select(NetworkStatus.id)
        .where(
            NetworkStatus.structure_id == Structure.id,
            NetworkStatus.label == LabelVersion.slug,
            NetworkStatus.status == "holder",
            NetworkStatus.until.is_(None),
        )
        .correlate(Structure, LabelVersion)
    )
    return (
        voices_asked()
        .add_columns(
            Poll.opened_at,
            Poll.dossier_id,
            Candidate.id.label("candidate_id"),
            (Structure.register == Candidate.register).label("same_network"),
            (Structure.collective_id == Candidate.collective_id).label("same_collective"),
            holds.exists().label("holds"),
            mine.exists().label("own_word"),
            mine.where(Link.personal, Link.kind != "none").exists().label("away"),
        )
        .join(Dossier, Dossier.id == Poll.dossier_id)
        .join(LabelVersion, LabelVersion.id == Dossier.label_version_id)
        .join(Candidate, Candidate.id == Dossier.structure_id)
        .where(Structure.id.in_(list(me.voices())))
    )


def state_of(row: Any) -> str | None:
    """How a structure stands in a poll: called, elector, ended or recused; nothing when it has no voice there.

    Before the opening a voice is that of a holder that would have a seat; afterwards it is a seat of the frozen roll.
    The structure's word and the person's own are two: the file opens to who has given both.
    """
    if row.opened_at is not None:
        if row.seat_id is None:
            return None
        if row.recused_at is not None or row.hard:
            return "recused"
        if row.ended_at is not None:
            return "ended"
    elif not row.holds or not row.same_network or row.structure_id == row.candidate_id:
        return None
    elif row.same_collective or row.hard:
        return "recused"
    return "elector" if row.kind and row.own_word else "called"
