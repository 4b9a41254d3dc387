"""What a label's definition is made of: texts, roles, stages, transitions, what is asked, who is told.

Every part is read from the label's TOML file and never changes afterwards. Fields carry a description that editors
show to the people who write definitions. Words of a label live here, in both languages; words of the engine live in
the application's catalogue.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
Sentence = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Positive = Annotated[int, Field(gt=0)]

HeldBy = Literal["structure", "officer", "arbiter", "committee", "clock"]
StageKind = Literal["way", "committee", "decision", "granted", "paused", "closed"]
Network = Literal["none", "experimenting", "holder", "keep"]
Act = Literal["ask", "convene", "decide", "arbitrate", "notify", "accept", "withdraw"]
Outcome = Literal["granted", "granted_reserves", "deferred", "not_granted"]
Share = Literal["own", "joint"]
Extension = Literal["pdf", "docx", "xlsx", "odt", "ods", "png", "jpg"]
AnswerKind = Literal["text", "line", "number", "date", "month", "choice", "choices", "partners", "territories"]
Guard = Literal[
    "pieces",
    "criteria",
    "strands",
    "two_persons",
    "agreement",
    "poll_closed",
    "poll_settled",
    "poll_left_open",
    "commitments",
    "decision:granted",
    "decision:granted_reserves",
    "decision:deferred",
    "decision:not_granted",
]

ANYWHERE = "*"
BACK = "@back"
ON_STAGE = "stage:"
NOTICE_FIELDS = frozenset({"structure", "reference", "reason", "officer", "deadline", "link"})


class Part(BaseModel):
    """A piece of a definition: frozen, and nothing in it that is not foreseen."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Text(Part):
    """The same words in both languages; neither may be missing."""

    fr: Sentence
    en: Sentence

    def in_(self, locale: str) -> str:
        """The words in a locale such as "fr" or "en_GB"; French where the locale is another."""
        return self.en if locale.startswith("en") else self.fr


class Named(Part):
    """Anything a definition names: a key that never changes, and a name that may."""

    key: Key = Field(description="Stable name, in the database and in exports.")
    name: Text


class Words(Part):
    """How this label calls what every label has, ready to be used inside a sentence."""

    awarder: Text = Field(description="Who awards, with its article: « l’Avise ».")
    appellation: Text = Field(description="What is granted, with its article.")
    network: Text
    committee: Text
    candidate: Text
    experimenting: Text = Field(description="A structure whose public status is « experimenting ».")
    holder: Text = Field(description="A structure whose public status is « holder ».")
    synonyms: tuple[Sentence, ...] = Field(default=(), description="Words that search understands too.")


class Role(Named):
    """Someone of this label, and the kind of actor of the engine that holds the part."""

    held_by: HeldBy


class Entry(Named):
    """A way in: « which one is mine? » is answered by its summary."""

    summary: Text
    stage: Key = Field(description="First stage of a dossier that comes in this way.")


class Stage(Named):
    """Where a dossier stands. `says` and `next` are the first sentences a candidate reads."""

    says: Text
    next: Text
    kind: StageKind = "way"
    waits_on: Key | None = Field(default=None, description="Role expected to act; none at a final stage.")
    working_days: Positive | None = Field(
        default=None, description="Delay announced for this stage, in working days (a rule of the label)."
    )
    network: Network = Field(default="keep", description="Public status of the structure on arrival.")
    final: bool = False


class Transition(Part):
    """A move between two stages: who may make it, what it asks, what it does."""

    name: Key = Field(description="Stable name, a verb: demander_appellation.")
    label: Text = Field(description="The words on the button.")
    says: Text = Field(description="What will happen, read before the button is pressed.")
    source: tuple[Key, ...] | Literal["*"] = Field(description="Stages it leaves from; « * »: all but final.")
    except_from: tuple[Key, ...] = Field(default=(), description="With « * »: stages it does not leave from.")
    target: Key | Literal["@back"] = Field(description="« @back »: the stage the dossier was paused in.")
    by: tuple[Key, ...] = Field(min_length=1, description="Roles that may make it.")
    guards: tuple[Guard, ...] = ()
    asks: Literal["nothing", "reason", "note"] = Field(
        default="nothing", description="A reason is compulsory, a note may be left empty."
    )
    act: Act | None = Field(default=None, description="The engine's own act, with a page of its own.")
    outcome: Outcome | None = Field(default=None, description="The decision that this notification announces.")
    signed: bool = Field(default=False, description="Binds the structure: only who signs for it may do it.")
    tone: Literal["main", "second", "grave"] = "second"


class Piece(Named):
    """A document asked of the structure, by name."""

    hint: Text
    stages: tuple[Key, ...] = Field(min_length=1, description="Stages at which it can be filed.")
    required_for: tuple[Key, ...] = Field(default=(), description="Transitions that wait for it.")
    accepts: tuple[Extension, ...] = Field(min_length=1)
    max_bytes: Positive
    first_read: bool = Field(default=False, description="Read first by the committee: part of the short path.")
    share: Share = Field(default="own", description="« joint »: filed once for the structures of a joint file.")


class Criterion(Named):
    """A question; its answers are what peers read. Its kind says how it is answered, in words unless it says other."""

    question: Text
    hint: Text
    stages: tuple[Key, ...] = Field(min_length=1, description="Stages at which it can be answered.")
    required_for: tuple[Key, ...] = Field(default=(), description="Transitions that wait for it.")
    kind: AnswerKind = Field(default="text", description="« line »: a text of one line; the others: what they say.")
    max_words: Positive | None = Field(default=None, description="Of a text or a line, and of nothing else.")
    options: tuple[Named, ...] = Field(default=(), description="Of a choice (one) or of choices (several).")
    minimum: int | None = Field(default=None, description="Of a number, included.")
    maximum: int | None = Field(default=None, description="Of a number, included.")
    unit: Text | None = Field(default=None, description="Of a number, as read after it: « jours par semaine ».")
    minimum_types: Positive | None = Field(default=None, description="Of partners: how many types of them at least.")
    share: Share = Field(default="own", description="« joint »: written once for the structures of a joint file.")
    read_first: Key | None = Field(default=None, description="The piece that peers read first beside this answer.")

    @property
    def worded(self) -> bool:
        """Whether its answer is a text whose words are counted."""
        return self.kind in ("text", "line")


class Strand(Named):
    """An item of a checklist; strands go on side by side and never wait for one another."""

    hint: Text
    stage: Key


class Step(Named):
    """A step of the label’s craft, beside which a structure that comes with its own method puts its own steps."""

    hint: Text


class Commitment(Named):
    """What a structure accepts before its appellation begins."""

    says: Text


class LinkKind(Named):
    """A kind of link of interest between a member of the committee and a candidate.

    Hard links recuse; soft ones are told to the awarder, who pins or lifts them. A link of scope « person » keeps
    that person away from the dossier, whichever seat she acts for, and recuses no seat.
    """

    hint: Text
    hard: bool
    scope: Literal["structure", "person"] = "structure"


class Notice(Part):
    """A message of the label, to one role, when something happens.

    `on` is the name of a transition, or « stage:KEY »: a dossier opens at that stage or comes to it, except by
    coming back from a pause. Subject and body may hold the fields of NOTICE_FIELDS between braces, and no other.
    """

    key: Key
    on: Annotated[str, StringConstraints(pattern=r"^(stage:)?[a-z][a-z0-9_]*$")]
    to: Key
    subject: Text
    body: Text
