"""Who may do what: one table, asked one way by pages, templates, exports, mail and API.

`may(me, act, thing)` answers « may you », never « is it possible now »: the rules answer that. For a label's
transitions the table reads the roles of the dossier's own definition, through `make(transition)`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from workflows.label import Label, Transition
from workflows.label_parts import HeldBy

BINDING = frozenset({"titulaire", "suppleance", "signature"})
SIGNING = frozenset({"titulaire", "signature"})
VOTING = frozenset({"titulaire", "suppleance"})


class Relation(StrEnum):
    """What a person is to a thing."""

    ANYONE = "anyone"
    SIGNED_IN = "signed_in"
    STRUCTURE = "structure"  # acts for at least one structure
    OFFICER = "officer"
    ARBITER = "arbiter"  # and has not instructed this dossier, nor is attached to its structure
    INSTRUCTING_ARBITER = "instructing_arbiter"
    ADMINISTRATOR = "administrator"
    SIGNATORY = "signatory"  # signs for the structure whose dossier it is
    CANDIDATE = "candidate"  # acts for it
    CONTRIBUTOR = "contributor"  # writes for it
    CALLED = "called"  # acts for a voice that has not said yet whether it has a link
    ELECTOR = "elector"  # acts for a voice that takes part
    RECUSED = "recused"  # acts for a voice that does not take part
    ATTACHED = "attached"  # acts for a voice, and is attached to the candidate herself


class Act(StrEnum):
    """Everything somebody can see or do, but for the transitions of a label."""

    SEE_SITE = "see_site"
    SIGN_IN = "sign_in"
    SIGN_OUT = "sign_out"
    SEE_ACCOUNT = "see_account"
    SEE_MY_DOSSIERS = "see_my_dossiers"
    SEE_COMMITTEE = "see_committee"
    SEE_DESK = "see_desk"
    SEE_STRUCTURES = "see_structures"
    OPEN_DOSSIER = "open_dossier"
    INVITE = "invite"
    GIVE_STAFF_ROLE = "give_staff_role"
    SEE_DELIVERIES = "see_deliveries"
    SEE_DOSSIER = "see_dossier"
    WRITE_ANSWERS = "write_answers"
    FILE_PIECE = "file_piece"
    READ_PIECE = "read_piece"
    TICK_STRAND = "tick_strand"
    SEE_JOURNAL = "see_journal"
    SEE_PARTICIPATION = "see_participation"
    OPEN_POLL = "open_poll"
    EXTEND_POLL = "extend_poll"
    CLOSE_POLL = "close_poll"
    SEE_BALLOTS = "see_ballots"
    PREPARE_ARBITRATION = "prepare_arbitration"
    CONFIRM_ARBITRATION = "confirm_arbitration"
    SEE_POLL = "see_poll"
    DECLARE_LINK = "declare_link"
    READ_FILE = "read_file"
    CAST_BALLOT = "cast_ballot"
    SEE_RECEIPT = "see_receipt"
    SEE_RESULT = "see_result"


R = Relation
TABLE: dict[Act, frozenset[Relation]] = {
    Act.SEE_SITE: frozenset({R.ANYONE}),
    Act.SIGN_IN: frozenset({R.ANYONE}),
    Act.SIGN_OUT: frozenset({R.SIGNED_IN}),
    Act.SEE_ACCOUNT: frozenset({R.SIGNED_IN}),
    Act.SEE_MY_DOSSIERS: frozenset({R.STRUCTURE}),
    Act.SEE_COMMITTEE: frozenset({R.STRUCTURE}),
    Act.SEE_DESK: frozenset({R.OFFICER, R.ARBITER}),
    Act.SEE_STRUCTURES: frozenset({R.OFFICER, R.ARBITER, R.ADMINISTRATOR}),
    Act.OPEN_DOSSIER: frozenset({R.OFFICER}),
    Act.INVITE: frozenset({R.OFFICER, R.ADMINISTRATOR}),
    Act.GIVE_STAFF_ROLE: frozenset({R.ADMINISTRATOR}),
    Act.SEE_DELIVERIES: frozenset({R.OFFICER}),
    Act.SEE_DOSSIER: frozenset({R.OFFICER, R.ARBITER, R.INSTRUCTING_ARBITER, R.CANDIDATE, R.CONTRIBUTOR}),
    Act.WRITE_ANSWERS: frozenset({R.CANDIDATE, R.CONTRIBUTOR}),
    Act.FILE_PIECE: frozenset({R.CANDIDATE, R.CONTRIBUTOR}),
    Act.READ_PIECE: frozenset({R.OFFICER, R.ARBITER, R.INSTRUCTING_ARBITER, R.CANDIDATE, R.CONTRIBUTOR, R.ELECTOR}),
    Act.TICK_STRAND: frozenset({R.OFFICER, R.CANDIDATE, R.CONTRIBUTOR}),
    Act.SEE_JOURNAL: frozenset({R.OFFICER, R.ARBITER, R.INSTRUCTING_ARBITER}),
    Act.SEE_PARTICIPATION: frozenset({R.OFFICER, R.ARBITER, R.INSTRUCTING_ARBITER}),
    Act.OPEN_POLL: frozenset({R.OFFICER}),
    Act.EXTEND_POLL: frozenset({R.OFFICER}),
    Act.CLOSE_POLL: frozenset({R.OFFICER}),
    Act.SEE_BALLOTS: frozenset({R.OFFICER, R.ARBITER, R.INSTRUCTING_ARBITER}),
    Act.PREPARE_ARBITRATION: frozenset({R.ARBITER}),
    Act.CONFIRM_ARBITRATION: frozenset({R.ARBITER}),
    Act.SEE_POLL: frozenset({R.CALLED, R.ELECTOR, R.ATTACHED}),
    Act.DECLARE_LINK: frozenset({R.CALLED, R.ELECTOR}),
    Act.READ_FILE: frozenset({R.ELECTOR}),
    Act.CAST_BALLOT: frozenset({R.ELECTOR}),
    Act.SEE_RECEIPT: frozenset({R.ELECTOR, R.RECUSED}),
    Act.SEE_RESULT: frozenset({R.ELECTOR}),
}

#: A label says who holds each of its roles; these are the people the engine knows them as. A committee acts by its vote
#: and the clock by the worker: nobody makes their transitions by hand.
HELD_BY: dict[HeldBy, frozenset[Relation]] = {
    "structure": frozenset({R.CANDIDATE, R.SIGNATORY}),
    "officer": frozenset({R.OFFICER}),
    "arbiter": frozenset({R.ARBITER}),
    "committee": frozenset(),
    "clock": frozenset(),
}


@dataclass(frozen=True)
class Make:
    """Making one transition of a label, by those who hold its roles; a signed one, by who signs for the structure."""

    held_by: frozenset[HeldBy]
    signed: bool = False

    @property
    def allowed(self) -> frozenset[Relation]:
        found = frozenset[Relation]().union(*(HELD_BY[holder] for holder in self.held_by))
        return found - {Relation.CANDIDATE} if self.signed else found


def make(label: Label, transition: Transition) -> Make:
    return Make(label.hands(transition), transition.signed)


@dataclass(frozen=True)
class Capacity:
    """One mandate in force: for a structure, in a role."""

    structure_id: str
    structure: str
    role: str


@dataclass(frozen=True)
class Actor:
    """Who is asking, with every mandate she holds now. Flask-Login's protocol is its last four members."""

    id: str | None = None
    name: str = ""
    email: str = ""
    locale: str = "fr"
    zone: str = "Europe/Paris"
    staff: frozenset[str] = frozenset()
    capacities: tuple[Capacity, ...] = ()
    is_active: bool = True

    def roles_in(self, structure_id: str | None) -> frozenset[str]:
        return frozenset(c.role for c in self.capacities if c.structure_id == structure_id)

    def voices(self) -> dict[str, str]:
        """The structures she may vote for: identifier → name."""
        return {c.structure_id: c.structure for c in self.capacities if c.role in VOTING}

    @property
    def is_authenticated(self) -> bool:
        return self.id is not None

    @property
    def is_anonymous(self) -> bool:
        return self.id is None

    def get_id(self) -> str | None:
        return self.id


NOBODY = Actor()


@dataclass(frozen=True)
class DossierScope:
    """What a permission needs to know of a dossier."""

    structure_id: str
    instructors: frozenset[str] = frozenset()


@dataclass(frozen=True)
class PollScope:
    """What a permission needs to know of a poll: each voice by its structure, `called`, `elector` or `recused`.

    `kept_away` says that this person declared a link of her own.
    """

    dossier: DossierScope
    voices: Mapping[str, str] = field(default_factory=dict)
    kept_away: bool = False


Thing = DossierScope | PollScope | None


def relations(me: Actor, thing: Thing = None) -> frozenset[Relation]:
    """What somebody is to a thing, or to the house when there is no thing."""
    found = {R.ANYONE}
    if me.id is None:
        return frozenset(found)
    found.add(R.SIGNED_IN)
    if me.capacities:
        found.add(R.STRUCTURE)
    found |= {Relation(role) for role in me.staff - {"arbiter"}}
    dossier = thing.dossier if isinstance(thing, PollScope) else thing
    if "arbiter" in me.staff:
        instructed = dossier is not None and me.id in dossier.instructors
        found.add(R.INSTRUCTING_ARBITER if instructed else R.ARBITER)
    roles = me.roles_in(dossier.structure_id) if dossier else frozenset()
    if roles and isinstance(thing, DossierScope):
        found.add(R.CANDIDATE if roles & BINDING else R.CONTRIBUTOR)
        if roles & SIGNING:
            found.add(R.SIGNATORY)
    if isinstance(thing, PollScope):
        found |= voice_relations(me, thing, attached=bool(roles) or thing.kept_away)
    return frozenset(found)


def voice_relations(me: Actor, poll: PollScope, *, attached: bool) -> set[Relation]:
    """What somebody is to a poll by the voices she may act for.

    A person attached to the candidate acts for no voice; the voice itself is not recused for that.
    """
    states = {poll.voices[structure] for structure in me.voices() if structure in poll.voices}
    if attached:
        return {R.ATTACHED} if states - {"recused"} else set()
    return {Relation(state) for state in states}


def may(me: Actor, act: Act | Make, thing: Thing = None) -> bool:
    """Whether somebody may do something to a thing, whatever the moment."""
    allowed = act.allowed if isinstance(act, Make) else TABLE[act]
    return bool(allowed & relations(me, thing))
