"""Who may do what: one table, asked one way by pages, templates, exports, mail and API.

`may(me, act, thing)` answers « may you », never « is it possible now »: the rules answer that. For a label's
transitions the table reads the roles of the dossier's own definition, through `make(transition)`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from app.actor import BINDING, SIGNING, Actor
from workflows.label import Label, Transition
from workflows.label_parts import HeldBy


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
    CO_AUTHOR = "co_author"  # acts for a structure with the appellation that writes a joint file with the others
    CALLED = "called"  # acts for a voice; it, or she, has not said yet whether there is a link
    ELECTOR = "elector"  # acts for a voice that takes part, and both have said so
    ENDED = "ended"  # acts for a voice whose appellation ended once the roll was frozen
    RECUSED = "recused"  # acts for a voice that does not take part
    ATTACHED = "attached"  # acts for a voice, and is attached to the candidate herself


class Act(StrEnum):
    """Everything somebody can see or do, but for the transitions of a label."""

    SEE_SITE = "see_site"
    ASK = "ask"
    SIGN_IN = "sign_in"
    SIGN_OUT = "sign_out"
    SEE_ACCOUNT = "see_account"
    SEE_MY_DOSSIERS = "see_my_dossiers"
    SEE_PEOPLE = "see_people"
    INVITE_COLLEAGUE = "invite_colleague"
    GIVE_MANDATE = "give_mandate"
    END_COLLEAGUE = "end_colleague"
    LEAVE_STRUCTURE = "leave_structure"
    REOPEN_DOSSIER = "reopen_dossier"
    ASK_TIME = "ask_time"
    ASK_CALL_BACK = "ask_call_back"
    SEE_COMMITTEE = "see_committee"
    SEE_DESK = "see_desk"
    SEE_STRUCTURES = "see_structures"
    OPEN_DOSSIER = "open_dossier"
    INVITE = "invite"
    GIVE_STAFF_ROLE = "give_staff_role"
    MANAGE_ACCESS = "manage_access"
    SEE_DELIVERIES = "see_deliveries"
    SEE_ENQUIRIES = "see_enquiries"
    ANSWER_ENQUIRY = "answer_enquiry"
    CHOOSE_GREETER = "choose_greeter"
    KEEP_CALENDAR = "keep_calendar"
    SEE_DOSSIER = "see_dossier"
    WRITE_ANSWERS = "write_answers"
    FILE_PIECE = "file_piece"
    READ_PIECE = "read_piece"
    TICK_STRAND = "tick_strand"
    WRITE_AGREEMENT = "write_agreement"
    CONFIRM_AGREEMENT = "confirm_agreement"
    NOTE_EXCHANGE = "note_exchange"
    SEE_EXCHANGES = "see_exchanges"  # the internal ones too
    CORRECT_EXCHANGE = "correct_exchange"
    ASSIGN_OFFICER = "assign_officer"
    SEE_JOINT_FILE = "see_joint_file"
    WRITE_JOINT_PART = "write_joint_part"
    OPEN_JOINT_FILE = "open_joint_file"
    LEAVE_JOINT_FILE = "leave_joint_file"
    LEAVE_COLLECTIVE = "leave_collective"
    SEE_JOURNAL = "see_journal"
    SEE_PARTICIPATION = "see_participation"
    OPEN_POLL = "open_poll"
    EXTEND_POLL = "extend_poll"
    CLOSE_POLL = "close_poll"
    SEE_BALLOTS = "see_ballots"
    PREPARE_ARBITRATION = "prepare_arbitration"
    CONFIRM_ARBITRATION = "confirm_arbitration"
    HOLD_OUTCOME = "hold_outcome"
    END_APPELLATION = "end_appellation"
    SEE_POLL = "see_poll"
    DECLARE_LINK = "declare_link"
    READ_FILE = "read_file"
    CAST_BALLOT = "cast_ballot"
    SEE_RECEIPT = "see_receipt"
    SEE_RESULT = "see_result"
    SEE_QUESTIONS = "see_questions"
    ASK_QUESTION = "ask_question"
    ANSWER_QUESTION = "answer_question"
    SET_QUESTION_ASIDE = "set_question_aside"


R = Relation
TABLE: dict[Act, frozenset[Relation]] = {
    Act.SEE_SITE: frozenset({R.ANYONE}),
    Act.ASK: frozenset({R.ANYONE}),
    Act.SIGN_IN: frozenset({R.ANYONE}),
    Act.SIGN_OUT: frozenset({R.SIGNED_IN}),
    Act.SEE_ACCOUNT: frozenset({R.SIGNED_IN}),
    Act.SEE_MY_DOSSIERS: frozenset({R.STRUCTURE}),
    Act.SEE_PEOPLE: frozenset({R.CANDIDATE, R.CONTRIBUTOR}),
    Act.INVITE_COLLEAGUE: frozenset({R.CANDIDATE, R.CONTRIBUTOR}),
    Act.GIVE_MANDATE: frozenset({R.SIGNATORY}),
    Act.END_COLLEAGUE: frozenset({R.SIGNATORY}),
    Act.LEAVE_STRUCTURE: frozenset({R.CANDIDATE, R.CONTRIBUTOR}),
    Act.REOPEN_DOSSIER: frozenset({R.SIGNATORY}),
    Act.ASK_TIME: frozenset({R.CANDIDATE, R.CONTRIBUTOR}),
    Act.ASK_CALL_BACK: frozenset({R.CANDIDATE, R.CONTRIBUTOR}),
    Act.SEE_COMMITTEE: frozenset({R.STRUCTURE}),
    Act.SEE_DESK: frozenset({R.OFFICER, R.ARBITER}),
    Act.SEE_STRUCTURES: frozenset({R.OFFICER, R.ARBITER, R.ADMINISTRATOR}),
    Act.OPEN_DOSSIER: frozenset({R.OFFICER}),
    Act.INVITE: frozenset({R.OFFICER, R.ADMINISTRATOR}),
    Act.GIVE_STAFF_ROLE: frozenset({R.ADMINISTRATOR}),
    Act.MANAGE_ACCESS: frozenset({R.ADMINISTRATOR}),
    Act.SEE_DELIVERIES: frozenset({R.OFFICER}),
    Act.SEE_ENQUIRIES: frozenset({R.OFFICER}),
    Act.ANSWER_ENQUIRY: frozenset({R.OFFICER}),
    Act.CHOOSE_GREETER: frozenset({R.OFFICER, R.ADMINISTRATOR}),
    Act.KEEP_CALENDAR: frozenset({R.OFFICER}),
    Act.SEE_DOSSIER: frozenset({R.OFFICER, R.ARBITER, R.INSTRUCTING_ARBITER, R.CANDIDATE, R.CONTRIBUTOR}),
    Act.WRITE_ANSWERS: frozenset({R.CANDIDATE, R.CONTRIBUTOR}),
    Act.FILE_PIECE: frozenset({R.CANDIDATE, R.CONTRIBUTOR}),
    Act.READ_PIECE: frozenset({R.OFFICER, R.ARBITER, R.INSTRUCTING_ARBITER, R.CANDIDATE, R.CONTRIBUTOR, R.ELECTOR}),
    Act.TICK_STRAND: frozenset({R.OFFICER, R.CANDIDATE, R.CONTRIBUTOR}),
    Act.WRITE_AGREEMENT: frozenset({R.OFFICER, R.CANDIDATE, R.CONTRIBUTOR}),
    Act.CONFIRM_AGREEMENT: frozenset({R.OFFICER, R.SIGNATORY}),
    Act.NOTE_EXCHANGE: frozenset({R.OFFICER}),
    Act.SEE_EXCHANGES: frozenset({R.OFFICER, R.ARBITER, R.INSTRUCTING_ARBITER}),
    Act.CORRECT_EXCHANGE: frozenset({R.CANDIDATE, R.CONTRIBUTOR}),
    Act.ASSIGN_OFFICER: frozenset({R.OFFICER}),
    Act.SEE_JOINT_FILE: frozenset({R.OFFICER, R.ARBITER, R.CANDIDATE, R.CONTRIBUTOR, R.CO_AUTHOR}),
    Act.WRITE_JOINT_PART: frozenset({R.CANDIDATE, R.CONTRIBUTOR, R.CO_AUTHOR}),
    Act.OPEN_JOINT_FILE: frozenset({R.OFFICER}),
    Act.LEAVE_JOINT_FILE: frozenset({R.OFFICER, R.SIGNATORY}),
    Act.LEAVE_COLLECTIVE: frozenset({R.OFFICER}),
    Act.SEE_JOURNAL: frozenset({R.OFFICER, R.ARBITER, R.INSTRUCTING_ARBITER}),
    Act.SEE_PARTICIPATION: frozenset({R.OFFICER, R.ARBITER, R.INSTRUCTING_ARBITER}),
    Act.OPEN_POLL: frozenset({R.OFFICER}),
    Act.EXTEND_POLL: frozenset({R.OFFICER}),
    Act.CLOSE_POLL: frozenset({R.OFFICER}),
    Act.SEE_BALLOTS: frozenset({R.OFFICER, R.ARBITER, R.INSTRUCTING_ARBITER}),
    Act.PREPARE_ARBITRATION: frozenset({R.ARBITER}),
    Act.CONFIRM_ARBITRATION: frozenset({R.ARBITER}),
    Act.HOLD_OUTCOME: frozenset({R.ARBITER}),
    Act.END_APPELLATION: frozenset({R.ARBITER}),
    Act.SEE_POLL: frozenset({R.CALLED, R.ELECTOR, R.ENDED, R.ATTACHED}),
    Act.DECLARE_LINK: frozenset({R.CALLED, R.ELECTOR}),
    Act.READ_FILE: frozenset({R.ELECTOR}),
    Act.CAST_BALLOT: frozenset({R.ELECTOR, R.ENDED}),  # the rule tells the second why not
    Act.SEE_RECEIPT: frozenset({R.CALLED, R.ELECTOR, R.ENDED, R.RECUSED}),
    Act.SEE_RESULT: frozenset({R.CALLED, R.ELECTOR}),  # whoever was on the roll
    Act.SEE_QUESTIONS: frozenset({R.OFFICER, R.ARBITER, R.INSTRUCTING_ARBITER, R.CANDIDATE, R.CONTRIBUTOR, R.ELECTOR}),
    Act.ASK_QUESTION: frozenset({R.ELECTOR}),
    Act.ANSWER_QUESTION: frozenset({R.CANDIDATE, R.CONTRIBUTOR}),
    Act.SET_QUESTION_ASIDE: frozenset({R.OFFICER}),
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
class DossierScope:
    """What a permission needs to know of a dossier."""

    structure_id: str
    instructors: frozenset[str] = frozenset()


@dataclass(frozen=True)
class StructureScope(DossierScope):
    """What a permission needs to know of a structure itself: its own people stand to it as to its dossier."""


@dataclass(frozen=True)
class PollScope:
    """What a permission needs to know of a poll: each voice, `called`, `elector`, `ended` or `recused`.

    `kept_away` says that this person declared a link of her own.
    """

    dossier: DossierScope
    voices: Mapping[str, str] = field(default_factory=dict)
    kept_away: bool = False


@dataclass(frozen=True)
class JointScope:
    """What a permission needs to know of a joint file: the structures whose dossiers are in it, and its co-authors."""

    candidates: frozenset[str]
    co_authors: frozenset[str] = frozenset()


Thing = DossierScope | PollScope | JointScope | None


def relations(me: Actor, thing: Thing = None) -> frozenset[Relation]:
    """What somebody is to a thing, or to the house when there is no thing."""
    found = {R.ANYONE}
    if me.id is None:
        return frozenset(found)
    found.add(R.SIGNED_IN)
    if me.capacities:
        found.add(R.STRUCTURE)
    found |= {Relation(role) for role in me.staff - {"arbiter"}}
    if isinstance(thing, JointScope):
        found |= joint_relations(me, thing)
        thing = None
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


def joint_relations(me: Actor, joint: JointScope) -> set[Relation]:
    """What somebody is to a joint file: by a dossier of it that she acts or writes for, or by a co-author."""
    roles = frozenset[str]().union(*(me.roles_in(structure) for structure in joint.candidates))
    found = {R.CANDIDATE if roles & BINDING else R.CONTRIBUTOR} if roles else set[Relation]()
    if any(me.roles_in(structure) for structure in joint.co_authors):
        found.add(R.CO_AUTHOR)
    return found


def may(me: Actor, act: Act | Make, thing: Thing = None) -> bool:
    """Whether somebody may do something to a thing, whatever the moment."""
    allowed = act.allowed if isinstance(act, Make) else TABLE[act]
    return bool(allowed & relations(me, thing))
