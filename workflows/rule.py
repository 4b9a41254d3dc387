"""The rule of a committee: a label's data, frozen with each poll, shown to its electors and quoted in its minutes."""

import re
from dataclasses import dataclass
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, PlainValidator, StrictBool, model_validator
from pydantic_core import PydanticCustomError

from workflows import ledger
from workflows.refused import Refused
from workflows.tally import Choice

SECRET_MODES = ("secret", "secret_boxes")
SECRET_SEATS = 8


@dataclass(frozen=True, slots=True)
class Ratio:
    """A fraction from 0 to 1, kept as written and compared with integers only: 55 % of 100 is 55, where floats say 56.

    Raises Refused("ratio_out_of_range", ratio=…) above 1, below 0 or without a denominator.
    """

    num: int
    den: int

    def __post_init__(self) -> None:
        if self.den < 1 or not 0 <= self.num <= self.den:
            raise Refused("ratio_out_of_range", ratio=str(self))

    def __str__(self) -> str:
        return f"{self.num}/{self.den}"

    @classmethod
    def parse(cls, text: object) -> Self:
        """Read "1/2". Raises Refused("ratio_malformed", ratio=…) for anything else, a decimal number included."""
        written = re.fullmatch(r"([0-9]{1,6})/([0-9]{1,6})", text) if isinstance(text, str) else None
        if written is None:
            raise Refused("ratio_malformed", ratio=str(text))
        return cls(int(written[1]), int(written[2]))

    def reached(self, count: int, base: int, strict: bool = False) -> bool:
        """Whether `count` of `base` is at least this fraction, or more than it when `strict`."""
        have, ask = count * self.den, self.num * base
        return have > ask if strict else have >= ask

    def needed(self, base: int, strict: bool = False) -> int:
        """The smallest count of `base` that reaches this fraction: 6.5 of 13 rounds up to 7."""
        ask = self.num * base
        return ask // self.den + 1 if strict else -(-ask // self.den)


def _ratio(value: object) -> Ratio:
    try:
        return value if isinstance(value, Ratio) else Ratio.parse(value)
    except Refused as refused:
        raise PydanticCustomError(refused.code, "{ratio}", refused.values) from refused


Share = Annotated[Ratio, PlainValidator(_ratio), PlainSerializer(str, return_type=str)]
Count = Annotated[int, Field(strict=True, ge=0)]
Positive = Annotated[int, Field(strict=True, ge=1)]


class Rule(BaseModel):
    """How a committee decides. The defaults are those of the Fabrique à initiatives, « règle fixée pour ce comité ».

    Its founding documents publish no quorum and no majority: the defaults follow the décret 2006-672 (art. 9 to 13).

    Raises pydantic's ValidationError; the `type` of each error is a code (ratio_malformed, majority_unreachable, …).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    mode: Literal["named_sealed", "open", "secret", "secret_boxes"] = Field(
        "named_sealed",
        description="Who sees which ballot: named and sealed until the close; named and open; "
        "secret, in a box apart; secret, encrypted to a bureau of peers.",
    )
    quorum: Share = Field(
        Ratio(1, 2), description="Share of the quorum base that must take part (décret 2006-672 art. 11)."
    )
    quorum_base: Literal["not_recused", "seats"] = Field(
        "not_recused", description="What the quorum is a share of: the seats that are not recused, or all of them."
    )
    quorum_minimum: Count = Field(0, description="Number of voices under which the quorum is missed in any case.")
    quorum_counts_proxies: StrictBool = Field(
        True, description="Whether a seat represented by a proxy counts for the quorum (décret 2006-672 art. 11)."
    )
    majority: Share = Field(
        Ratio(1, 2), description="Share of the majority base that the « pour » must reach (décret 2006-672 art. 12)."
    )
    strict: StrictBool = Field(True, description="Whether the « pour » must pass that share, not only reach it.")
    majority_base: Literal["expressed", "ballots", "seats"] = Field(
        "expressed",
        description="What the majority is a share of: ballots that take a side; all ballots, abstentions included; "
        "all seats that are not recused.",
    )
    minimum_for: Count = Field(0, description="Number of « pour » under which the outcome is unfavourable.")
    maximum_against: Count | None = Field(
        None, description="Number of « contre » above which the outcome is unfavourable; none when absent."
    )
    consent: StrictBool = Field(
        False, description="Consent: favourable when a side is taken and nobody is « contre »; no majority is asked."
    )
    reserves: Share = Field(
        Ratio(1, 2), description="Share of the « pour » given with reserves from which the outcome has reserves."
    )
    tie: Literal["arbitration", "refusal", "casting", "new_round"] = Field(
        "arbitration",
        description="As many « pour » as « contre » under a strict half of the expressed: arbitration, unfavourable, "
        "casting vote of the chair, or a new round.",
    )
    objection: Literal["none", "count", "hold", "veto"] = Field(
        "none",
        description="Objections: there are none; they count as « contre » and no more; one holds the outcome for "
        "arbitration; one makes it unfavourable.",
    )
    change_until_close: StrictBool = Field(True, description="Whether a seat may replace its ballot until the close.")
    reasons_for: tuple[Choice, ...] = Field(
        (Choice.RESERVES, Choice.AGAINST),
        description="Choices that ask for a written reason, where the mode has reasons.",
    )
    proxies_per_holder: Count = Field(1, description="Most proxies one seat may hold (décret 2006-672 art. 10).")
    proxies_per_person: Count = Field(1, description="Most proxies one person may hold, over all the seats acted for.")
    early_close: Literal["never", "all_voted", "certain"] = Field(
        "all_voted",
        description="When a window may close before its end: never; once every seat has taken part; or once no ballot "
        "still to come can change the outcome, which tells the outcome of a sealed poll.",
    )
    rounds: Positive = Field(
        2, description="Rounds in all; no quorum is asked from the second on (décret 2006-672 art. 11)."
    )
    second_notice_days: Count = Field(5, description="Fewest days from a missed quorum to the end of the next round.")
    minimum_seats: Positive = Field(
        3,
        description="Seats not recused under which a poll cannot open, or gives no result at the close "
        "(ordonnance 2014-1329: a college of at least three).",
    )
    notice_days: Count = Field(
        5, description="Fewest days from the convening to the end of a window (décret 2006-672 art. 9)."
    )
    eligible_status: Literal["holder"] = Field(
        "holder", description="Status of the structures that form the committee: those with the appellation."
    )

    @model_validator(mode="after")
    def _can_be_met(self) -> Self:
        out_of_reach = self.majority.num == 0 or (self.strict and self.majority.num == self.majority.den)
        if out_of_reach and not self.consent:
            raise PydanticCustomError("majority_unreachable", "{ratio}", {"ratio": str(self.majority)})
        if self.mode in SECRET_MODES and self.change_until_close:
            raise PydanticCustomError("secret_ballot_is_final", "a secret ballot cannot be replaced")
        if self.mode in SECRET_MODES and self.minimum_seats < SECRET_SEATS:
            raise PydanticCustomError("secret_needs_seats", "{needed} seats at least", {"needed": SECRET_SEATS})
        return self

    @property
    def choices(self) -> tuple[Choice, ...]:
        """What a seat may choose, in the order of the ballot."""
        return tuple(choice for choice in Choice if choice is not Choice.OBJECTION or self.objection != "none")

    def needs_reason(self, choice: Choice) -> bool:
        """Whether this choice asks for a written reason. An objection asks for one wherever a « contre » does."""
        asked = choice in self.reasons_for or (choice is Choice.OBJECTION and Choice.AGAINST in self.reasons_for)
        return asked and self.mode not in SECRET_MODES

    def presence(self, in_person: int, represented: int) -> int:
        """Voices that count for the quorum, of those present themselves and those represented by a proxy."""
        return in_person + (represented if self.quorum_counts_proxies else 0)

    def digest(self) -> str:
        """SHA-256 of the canonical JSON of this rule, in hexadecimal: what a poll freezes when it opens."""
        return ledger.digest(self.model_dump(mode="json"))
