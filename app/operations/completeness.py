"""Completeness, apart from merit: what a file lacks is asked for item by item, and nothing else of it may change."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from app.actor import Actor
from app.clock import Clock
from app.models import Dossier
from app.operations.locks import lock_dossier
from app.operations.way import move
from app.queries.facts import facts_of
from app.queries.labels import label_for
from workflows.label import Label, Transition
from workflows.refused import Refused

LONGEST_SENTENCE = 600  # characters
PIECE, ANSWER = "piece:", "answer:"


def ask_to_complete(
    db: Session, dossier_id: str, *, asked: Mapping[str, str], note: str = "", by: Actor, clock: Clock
) -> Dossier:
    """Ask a structure to complete its file: what is lacking, each with a sentence, and a few words of one's own.

    Keys are `piece:KEY` and `answer:KEY`. Until the dossier goes on, its structure changes these and nothing else.
    Raises `Refused`: `gone`, `not_from_here`, `requirements_missing`, `asked_missing`, `asked_unknown`,
    `asked_without_words`, `text_too_long`.
    """
    dossier = lock_dossier(db, dossier_id)
    at = clock()
    label = label_for(db, dossier)
    transition = next((t for t in label.exits[dossier.stage] if t.act == "ask"), None)
    if transition is None:
        raise Refused("not_from_here", transition="ask", stage=dossier.stage)
    kept = {key: sentence.strip() for key, sentence in asked.items()}
    refuse_list(label, transition, kept)
    body: dict[str, object] = {"asked": sorted(kept)}
    words = in_words(label, kept, note)
    move(db, dossier, label, facts_of(db, dossier), transition.name, by=by, at=at, body=body, note=words)
    dossier.asked = kept
    db.flush()
    return dossier


def refuse_list(label: Label, transition: Transition, asked: Mapping[str, str]) -> None:
    """Something is asked, the label has it, and each says what is lacking."""
    if not asked:
        raise Refused("asked_missing")
    known = {f"{PIECE}{piece.key}" for piece in label.pieces if transition.target in piece.stages}
    known |= {f"{ANSWER}{one.key}" for one in label.criteria if transition.target in one.stages}
    if not asked.keys() <= known:
        raise Refused("asked_unknown")
    for sentence in asked.values():
        if not sentence:
            raise Refused("asked_without_words")
        if len(sentence) > LONGEST_SENTENCE:
            raise Refused("text_too_long", limit=LONGEST_SENTENCE)


def in_words(label: Label, asked: Mapping[str, str], note: str) -> str:
    """The list as its structure reads it in the letter, in the order of the label."""
    named = {f"{PIECE}{piece.key}": piece.name.fr for piece in label.pieces}
    named |= {f"{ANSWER}{one.key}": one.name.fr for one in label.criteria}
    lines = [f"– {name} : {asked[key]}" for key, name in named.items() if key in asked]
    return "\n\n".join(part for part in ("\n".join(lines), note.strip()) if part)
