"""A label as its definition says it: one value, frozen, with the look-ups that everybody needs."""

from collections.abc import Mapping
from functools import cached_property
from types import MappingProxyType
from typing import Annotated, Literal, TypeVar

from pydantic import Field, StringConstraints

from workflows import ledger
from workflows.label_parts import (
    ANYWHERE,
    BACK,
    ON_STAGE,
    Commitment,
    Criterion,
    Entry,
    HeldBy,
    LinkKind,
    Named,
    Notice,
    Outcome,
    Part,
    Piece,
    Role,
    Stage,
    Step,
    Strand,
    Text,
    Transition,
    Words,
)
from workflows.refused import Refused
from workflows.voting import Rule

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=60)]
Prefix = Annotated[str, StringConstraints(pattern=r"^[A-Z]{1,6}$")]
Found = TypeVar("Found", bound=Named)


class Label(Part):
    """A definition of a label: its ways in, stages, transitions, what it asks, whom it tells, how peers decide.

    Two labels are equal when their contents are: a dossier keeps the version it was opened under, and a version is
    its `digest`. With a binding effect the outcome of the committee is the decision; with an advisory one it is an
    opinion. What the awarder has not published reads `rule_origin` on screen.
    """

    slug: Slug
    effect: Literal["binding", "advisory"]
    numbering: Prefix = Field(description="Prefix of the numbers of appellations.")
    name: Text
    short_name: Text
    summary: Text
    rule_origin: Text = Field(description="Where the rules of this committee come from, in a few words.")
    words: Words
    roles: tuple[Role, ...] = Field(min_length=1)
    entries: tuple[Entry, ...] = Field(min_length=1)
    stages: tuple[Stage, ...] = Field(min_length=1)
    transitions: tuple[Transition, ...] = Field(min_length=1)
    pieces: tuple[Piece, ...] = ()
    criteria: tuple[Criterion, ...] = ()
    strands: tuple[Strand, ...] = ()
    steps: tuple[Step, ...] = Field(default=(), description="The steps of the craft, in their order.")
    commitments: tuple[Commitment, ...] = ()
    partner_types: tuple[Named, ...] = ()
    territory_kinds: tuple[Named, ...] = ()
    links: tuple[LinkKind, ...] = ()
    notices: tuple[Notice, ...] = ()
    committee: Rule

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the canonical content, in hexadecimal: the name of this version."""
        return ledger.digest(self.model_dump(mode="json"))

    def __hash__(self) -> int:
        return hash(self.digest)

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, Label) and self.digest == other.digest)

    def role(self, key: str) -> Role:
        """The role of that key; refuses `unknown_role`."""
        return _found(self.roles, key, "role")

    def entry(self, key: str) -> Entry:
        """The way in of that key; refuses `unknown_entry`."""
        return _found(self.entries, key, "entry")

    def stage(self, key: str) -> Stage:
        """The stage of that key; refuses `unknown_stage`."""
        return _found(self.stages, key, "stage")

    def piece(self, key: str) -> Piece:
        """The piece of that key; refuses `unknown_piece`."""
        return _found(self.pieces, key, "piece")

    def criterion(self, key: str) -> Criterion:
        """The criterion of that key; refuses `unknown_criterion`."""
        return _found(self.criteria, key, "criterion")

    def link(self, key: str) -> LinkKind:
        """The kind of link of that key; refuses `unknown_link`."""
        return _found(self.links, key, "link")

    @cached_property
    def joint_criteria(self) -> tuple[Criterion, ...]:
        """What the structures of a joint file write once for all, in the order of the definition."""
        return tuple(criterion for criterion in self.criteria if criterion.share == "joint")

    @cached_property
    def joint_pieces(self) -> tuple[Piece, ...]:
        """What they file once for all."""
        return tuple(piece for piece in self.pieces if piece.share == "joint")

    def sources(self, transition: Transition) -> tuple[str, ...]:
        """The stages a transition leaves from; « * » is every stage that is not final, minus the exceptions."""
        if transition.source != ANYWHERE:
            return tuple(transition.source)
        excepted = {*transition.except_from, transition.target}
        return tuple(stage.key for stage in self.stages if not stage.final and stage.key not in excepted)

    @cached_property
    def exits(self) -> Mapping[str, tuple[Transition, ...]]:
        """Transitions that leave each stage, in the order of the definition."""
        leaving: dict[str, list[Transition]] = {stage.key: [] for stage in self.stages}
        for transition in self.transitions:
            for source in self.sources(transition):
                leaving.setdefault(source, []).append(transition)
        return MappingProxyType({stage: tuple(transitions) for stage, transitions in leaving.items()})

    def transition(self, name: str, stage: str) -> Transition:
        """The transition of that name that leaves a stage; refuses `not_from_here`."""
        for transition in self.exits.get(stage, ()):
            if transition.name == name:
                return transition
        raise Refused("not_from_here", transition=name, stage=stage)

    def paused_from(self, pause: str) -> tuple[str, ...]:
        """The stages a dossier may have been in before a pause, hence those that « @back » may lead to."""
        leading = (self.sources(transition) for transition in self.transitions if transition.target == pause)
        return tuple(dict.fromkeys(source for sources in leading for source in sources))

    def targets(self, transition: Transition, source: str) -> tuple[str, ...]:
        """The stages a transition may lead to from a source: one, or several for « @back »."""
        return self.paused_from(source) if transition.target == BACK else (transition.target,)

    def hands(self, transition: Transition) -> frozenset[HeldBy]:
        """The kinds of actor of the engine that may make a transition."""
        return frozenset(self.role(key).held_by for key in transition.by)

    @cached_property
    def outcomes(self) -> tuple[Outcome, ...]:
        """The decisions this label can notify, in the order of its transitions."""
        announced = (transition.outcome for transition in self.transitions if transition.outcome is not None)
        return tuple(dict.fromkeys(announced))

    def notices_of(self, transition: Transition | None, arrival: str) -> tuple[Notice, ...]:
        """What to send when a transition arrives at a stage, or when a dossier opens there (no transition).

        Coming back from a pause does not send again what the stage says on arrival.
        """
        heard = set() if transition and transition.target == BACK else {ON_STAGE + arrival}
        if transition:
            heard.add(transition.name)
        return tuple(notice for notice in self.notices if notice.on in heard)


def _found(parts: tuple[Found, ...], key: str, noun: str) -> Found:
    for part in parts:
        if part.key == key:
            return part
    raise Refused(f"unknown_{noun}", **{noun: key})
