"""The vote, by one door: the rule, ballots and their tally, the verdict, its certainty, the poll and its clock."""

from workflows.certainty import certain
from workflows.poll import Phase, PollFacts, SeatFacts, Status, may_cast, may_close, may_extend, phase
from workflows.rule import Ratio, Rule
from workflows.tally import CastBallot, Choice, Tally, effective, tally
from workflows.verdict import Outcome, Quorum, Verdict, may_open, next_step, quorum, verdict

__all__ = [
    "CastBallot",
    "Choice",
    "Outcome",
    "Phase",
    "PollFacts",
    "Quorum",
    "Ratio",
    "Rule",
    "SeatFacts",
    "Status",
    "Tally",
    "Verdict",
    "certain",
    "effective",
    "may_cast",
    "may_close",
    "may_extend",
    "may_open",
    "next_step",
    "phase",
    "quorum",
    "tally",
    "verdict",
]
