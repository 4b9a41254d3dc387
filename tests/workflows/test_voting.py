"""The vote compared with an independent recount: fractions, a list of ballots, and every completion enumerated."""

from collections import Counter
from fractions import Fraction
from itertools import combinations_with_replacement
from math import ceil

from hypothesis import given, settings
from hypothesis import strategies as st

from workflows.voting import Choice, Ratio, Rule, certain, tally, verdict


def recount(rule, ballots, *, voters, seats, present, round=1, casting=None):
    said = Counter(ballots)
    yes = said["for"] + said["reserves"]
    no = said["against"] + said["objection"]
    of = {"expressed": yes + no, "ballots": len(ballots), "seats": voters}[rule.majority_base]
    asked = ceil(Fraction(rule.quorum.num, rule.quorum.den) * (seats if rule.quorum_base == "seats" else voters))
    bar = Fraction(rule.majority.num, rule.majority.den)
    if round == 1 and (present < asked or present < rule.quorum_minimum):
        return "no_quorum"
    if yes + no == 0 or voters < rule.minimum_seats:
        return "no_result"
    if said["objection"] and rule.objection in ("hold", "veto"):
        return {"hold": "objection", "veto": "unfavourable"}[rule.objection]
    if no > (rule.maximum_against if rule.maximum_against is not None else len(ballots)) or yes < rule.minimum_for:
        return "unfavourable"
    if rule.consent:
        won = no == 0
    else:
        won = Fraction(yes, of) > bar if rule.strict else Fraction(yes, of) >= bar
        if not won and yes == no and bar == Fraction(1, 2) and rule.strict and rule.majority_base == "expressed":
            if rule.tie in ("arbitration", "new_round") or (rule.tie == "casting" and casting in (None, "abstention")):
                return "tie"
            won = rule.tie == "casting" and casting in ("for", "reserves")
            yes += 1
            said["reserves"] += casting == "reserves"
    if not won:
        return "unfavourable"
    share = Fraction(said["reserves"], yes)
    return "favourable_reserves" if share > 0 and share >= Fraction(*ratio(rule.reserves)) else "favourable"


def ratio(share):
    return share.num, share.den


@st.composite
def ratios(draw, least=0):
    den = draw(st.integers(1, 6))
    return Ratio(draw(st.integers(min(least, den), den)), den)


@st.composite
def rules(draw):
    majority = draw(ratios(least=1))
    return Rule(
        quorum=draw(ratios()),
        quorum_base=draw(st.sampled_from(["not_recused", "seats"])),
        quorum_minimum=draw(st.sampled_from([0, 0, 0, 2, 4])),
        quorum_counts_proxies=draw(st.booleans()),
        majority=majority,
        strict=draw(st.booleans()) and majority.num < majority.den,
        majority_base=draw(st.sampled_from(["expressed", "expressed", "ballots", "seats"])),
        minimum_for=draw(st.sampled_from([0, 0, 0, 1, 3])),
        maximum_against=draw(st.sampled_from([None, None, None, 0, 2])),
        consent=draw(st.sampled_from([False, False, False, True])),
        reserves=draw(ratios()),
        tie=draw(st.sampled_from(["arbitration", "refusal", "casting", "new_round"])),
        objection=draw(st.sampled_from(["none", "count", "hold", "veto"])),
        minimum_seats=draw(st.integers(1, 4)),
    )


@st.composite
def committees(draw, most=12):
    rule = draw(rules())
    voters = draw(st.integers(0, most))
    recused = draw(st.integers(0, 3))
    ballots = draw(st.lists(st.sampled_from(rule.choices), max_size=voters))
    by_proxy = draw(st.integers(0, len(ballots)))
    return rule, voters, voters + recused, ballots, by_proxy, draw(st.integers(1, 2))


@settings(max_examples=600, deadline=None)
@given(committees(), st.sampled_from([None, *Choice]), st.booleans())
def test_a_verdict_equals_an_independent_recount(committee, casting, sitting):
    rule, voters, seats, ballots, by_proxy, round = committee
    attended = len(ballots) - (0 if rule.quorum_counts_proxies else by_proxy)
    present = voters if sitting else None
    found = verdict(
        rule,
        tally(ballots, by_proxy),
        seats=seats,
        recused=seats - voters,
        present=present,
        round=round,
        casting=casting,
    )
    expected = recount(
        rule,
        ballots,
        voters=voters,
        seats=seats,
        present=voters if sitting else attended,
        round=round,
        casting=casting,
    )
    assert found.outcome == expected


@settings(max_examples=300, deadline=None)
@given(committees(most=8), st.booleans())
def test_an_outcome_is_certain_exactly_when_every_completion_gives_it(committee, sitting):
    rule, voters, seats, ballots, by_proxy, round = committee
    remaining = voters - len(ballots)
    kinds = [(choice, proxy) for choice in rule.choices for proxy in (False, True)[: 2 - rule.quorum_counts_proxies]]
    attendance = (voters + len(ballots)) // 2
    every = set()
    for more in combinations_with_replacement([None, *kinds], min(remaining, 4)):
        cast = [kind for kind in more if kind]
        full = ballots + [choice for choice, _ in cast]
        proxies = by_proxy + sum(proxy for _, proxy in cast)
        present = attendance if sitting else len(full) - (0 if rule.quorum_counts_proxies else proxies)
        every.add(recount(rule, full, voters=voters, seats=seats, present=present, round=round))
    found = certain(
        rule,
        tally(ballots, by_proxy),
        seats=seats,
        recused=seats - voters,
        remaining=min(remaining, 4),
        round=round,
        present=attendance if sitting else None,
    )
    assert found == (every.pop() if len(every) == 1 else None)


@settings(max_examples=300, deadline=None)
@given(committees())
def test_the_number_of_pour_said_to_be_needed_is_the_first_that_wins(committee):
    rule, voters, seats, ballots, by_proxy, round = committee
    found = verdict(rule, tally(ballots, by_proxy), seats=seats, recused=seats - voters, round=round)
    bar = Fraction(*ratio(rule.majority))

    def wins(pour):
        share = Fraction(pour, found.majority_base or 1)
        passed = pour > 0 if rule.consent else (share > bar if rule.strict else share >= bar)
        return passed and pour >= rule.minimum_for

    if found.majority_base:
        assert found.majority_needed == next(pour for pour in range(99) if wins(pour))
