"""The committee and a joint file: convened together, notified together, each with its own poll, outcome and letter."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from app.models import Decision, Dossier, NetworkStatus, Person, Poll, Seat
from app.operations.collectives import leave_collective
from app.operations.joint import end_co_author, leave_joint_file
from app.operations.polls import together
from app.operations.polls.committee import composition
from app.operations.polls.decide import Sending, accept_commitments, notify_decision
from app.operations.polls.link import declare_link
from app.operations.polls.together import notify_together
from app.operations.polls.window import withdraw_request
from app.queries.integrity import verify_journal
from tests.conftest import Clock
from tests.make import Make, Member
from tests.operations.joint_world import Semeur, semeur
from tests.operations.seen import private, refused, told, types

CALLED = Sending(no_call="Elle ne répond pas.", despite="Elle attend cette lettre.")


def ready(make: Make, candidates: int = 5, neighbours: int = 3) -> tuple[Semeur, list[Member]]:
    """A collective whose requests are all complete, and the neighbours that will examine them."""
    members = [make.holder(f"Voisine {number:02d}") for number in range(1, neighbours + 1)]
    return semeur(make, candidates, stage="complet"), members


def decided(make: Make, clock: Clock, votes: list[str]) -> tuple[Semeur, list[Poll]]:
    """Each poll voted by three neighbours, closed and recorded."""
    made, members = ready(make, len(votes))
    polls = made.convene()
    for poll, letters in zip(polls, votes, strict=True):
        made.vote(poll, members, letters)
    clock.forward(days=11)
    made.settle(polls)
    return made, polls


def notify(make: Make, made: Semeur, sendings: dict[str, Sending] | None = None) -> list[Decision]:
    by = make.actor(make.arbiter())
    return notify_together(make.db, made.joint.id, sendings, by=by, clock=make.clock)


def test_all_are_convened_in_one_act_with_one_window_and_a_poll_each(make: Make) -> None:
    made, _ = ready(make)
    polls = made.convene()
    assert sorted(poll.dossier_id for poll in polls) == sorted(one.id for one in made.dossiers())
    assert len({(poll.opens_at, poll.closes_at, poll.convened_at) for poll in polls}) == 1
    assert {one.stage for one in made.dossiers()} == {"comite"}
    assert verify_journal(make.db, make.keys).faults == []


def test_eighteen_holders_are_seventeen_for_each_of_the_five(make: Make) -> None:
    """The holder of the collective takes no part; its neighbours, which share its ground, all do."""
    made, _ = ready(make, neighbours=17)
    for poll in made.convene():
        roll = composition(make.db, poll, make.clock())
        assert len(roll) == 18
        out = [seat for seat in roll if seat.recused_for]
        assert [(seat.structure, seat.recused_for) for seat in out] == [(made.holder.structure.id, "collective")]
        assert {one.id for one in made.structures}.isdisjoint(seat.structure for seat in roll)


def test_neighbours_with_a_soft_link_stay_seventeen(make: Make, clock: Clock) -> None:
    made, members = ready(make, 2, neighbours=17)
    poll = made.convene()[0]
    for member in members:
        by, of = make.actor(member.person), member.structure.id
        declare_link(make.db, poll.id, of, "territoire_commun", words="", by=by, clock=clock)
    roll = composition(make.db, poll, clock())
    assert sum(seat.recused_for is None for seat in roll) == 17


def test_no_member_of_the_committee_is_brought_in_while_it_examines(make: Make, clock: Clock) -> None:
    """Nobody keeps a voice out of a vote by making it a co-author of the file."""
    made, members = ready(make, 2)
    poll = made.convene()[0]
    made.vote(poll, members, "ff-")
    with refused("joint_examined"):
        made.add(members[2].structure)
    make.db.flush()
    seats = make.db.execute(select(Seat.structure_id, Seat.recused_for).where(Seat.poll_id == poll.id)).all()
    assert dict(iter(seats))[members[2].structure.id] is None


def test_one_that_is_not_ready_stops_all_and_is_named(make: Make) -> None:
    made, _ = ready(make, 3)
    late = make.structure("La Retardataire")
    make.dossier(late, stage="experimentation")
    made.add(late)
    make.commit()
    with refused("joint_not_ready", structures="La Retardataire"):
        made.convene()
    make.db.rollback()
    assert make.db.execute(select(Poll)).scalars().all() == []
    assert len(made.convene(ready_only=True)) == 3
    with refused("joint_nothing_ready"):
        made.convene(ready_only=True)


def test_a_convening_that_breaks_in_the_middle_convenes_none(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    made, _ = ready(make)
    make.commit()
    real, calls = together.convene_poll, []

    def breaking(*args: object, **kwargs: object) -> Poll:
        calls.append(args)
        if len(calls) == 4:
            raise OSError("the disk is full")
        return real(*args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(together, "convene_poll", breaking)
    with pytest.raises(OSError, match="disk is full"):
        made.convene()
    make.db.rollback()
    assert make.db.execute(select(Poll)).scalars().all() == []
    assert told(make, "poll_convened") == []
    make.db.expire_all()
    assert {one.stage for one in made.dossiers()} == {"complet"}


def test_five_letters_leave_at_the_same_second_four_yes_one_no(make: Make, clock: Clock) -> None:
    made, polls = decided(make, clock, ["fff", "fff", "fff", "fff", "aaa"])
    refusal = polls[4].dossier_id
    decisions = notify(make, made, {refusal: CALLED})
    assert len({one.notified_at for one in decisions}) == 1
    assert {one.notified_at for one in decisions} == {clock()}
    outcomes = {one.dossier_id: one.outcome for one in decisions}
    assert sorted(outcomes.values()) == ["granted"] * 4 + ["not_granted"]
    assert outcomes[refusal] == "not_granted"
    assert len(told(make, "label:accord")) > 0
    assert {one.stage for one in made.dossiers()} == {"acceptation", "experimentation"}
    assert verify_journal(make.db, make.keys).faults == []


def test_who_writes_beside_the_candidates_is_told_that_letters_left_and_nothing_else(make: Make, clock: Clock) -> None:
    made, members = ready(make, 2)
    maud = make.person("contribution", structure=made.structures[1])
    polls = made.convene()
    for poll in polls:
        made.vote(poll, members, "fff")
    clock.forward(days=11)
    made.settle(polls)
    notify(make, made)
    assert told(make, "joint_notified") == sorted([maud.id, made.holder.person.id])
    assert made.holder.person.id not in told(make, "label:accord") + told(make, "result_notified")


def test_letters_wait_for_all_and_the_refusal_says_for_whom(make: Make, clock: Clock) -> None:
    made, members = ready(make, 3)
    polls = made.convene()
    for poll in polls[:2]:
        made.vote(poll, members, "fff")
    clock.forward(days=11)
    made.settle(polls[:2])
    waited = make.db.get_one(Dossier, polls[2].dossier_id)
    (name,) = [one.name for one in made.structures if one.id == waited.structure_id]
    with refused("joint_waits", structures=name):
        notify(make, made)
    with refused("joint_waits", structures=name):
        notify_decision(make.db, polls[0].dossier_id, by=make.actor(make.arbiter()), clock=clock)
    assert told(make, "label:accord") == []


def test_one_alone_does_not_leave_when_all_are_ready(make: Make, clock: Clock) -> None:
    _, polls = decided(make, clock, ["fff", "fff"])
    with refused("joint_together"):
        notify_decision(make.db, polls[0].dossier_id, by=make.actor(make.arbiter()), clock=clock)


def test_a_letter_leaves_without_waiting_for_a_reason_that_the_journal_keeps(make: Make, clock: Clock) -> None:
    made, members = ready(make, 2)
    polls = made.convene()
    made.vote(polls[0], members, "fff")
    clock.forward(days=11)
    made.settle(polls[:1])
    by = make.actor(make.arbiter())
    why = "Son financeur attend la lettre avant vendredi."
    notify_decision(make.db, polls[0].dossier_id, by=by, clock=clock, alone=why)
    dossier = make.db.get_one(Dossier, polls[0].dossier_id)
    assert private(make, dossier, "joint_not_waited")["reason"] == why
    assert types(make, dossier)[-2:] == ["joint_not_waited", "notifier_accord"]
    assert dossier.stage == "acceptation"


def test_who_withdrew_or_left_is_not_waited_for(make: Make, clock: Clock) -> None:
    made, members = ready(make, 4)
    polls = made.convene()
    for poll in polls[:2]:
        made.vote(poll, members, "fff")
    people = {structure.id: person for structure, person in zip(made.structures, made.people, strict=True)}
    gone, left = (make.db.get_one(Dossier, poll.dossier_id) for poll in polls[2:])
    withdraw_request(make.db, gone.id, by=make.actor(people[gone.structure_id]), clock=clock)
    leave_joint_file(
        make.db, left.id, words="Nous attendons l’an prochain.", by=make.actor(people[left.structure_id]), clock=clock
    )
    clock.forward(days=11)
    made.settle(polls[:2])
    assert len(notify(make, made)) == 2


def test_a_notification_that_breaks_in_the_middle_notifies_none(
    make: Make, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, _ = decided(make, clock, ["fff", "fff", "fff"])
    make.commit()
    real, calls = together.notify_settled, []

    def breaking(*args: object, **kwargs: object) -> Decision:
        calls.append(args)
        if len(calls) == 3:
            raise OSError("the disk is full")
        return real(*args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(together, "notify_settled", breaking)
    with pytest.raises(OSError, match="disk is full"):
        notify(make, made)
    make.db.rollback()
    assert make.db.execute(select(Decision.notified_at)).scalars().all() == [None] * 3
    assert told(make, "label:accord") == []
    assert told(make, "joint_notified") == []


def test_letters_leave_once(make: Make, clock: Clock) -> None:
    made, _ = decided(make, clock, ["fff", "fff"])
    notify(make, made)
    with refused("decision_missing"):
        notify(make, made)


def test_the_new_ones_are_those_granted_never_who_held_before(make: Make, clock: Clock) -> None:
    """Six names: four are granted, one is not, and one held before: four are new."""
    made, polls = decided(make, clock, ["fff", "fff", "fff", "fff", "aaa"])
    before: datetime = clock()
    notify(make, made, {polls[4].dossier_id: CALLED})
    clock.forward(hours=2)
    for poll, person in signing(made, polls[:4]):
        every = frozenset({"territoire", "reseau"})
        accept_commitments(make.db, poll.dossier_id, accepted=every, by=make.actor(person), clock=clock)
    asked = select(NetworkStatus.structure_id).where(
        NetworkStatus.status == "holder", NetworkStatus.recorded_at > before
    )
    new = set(make.db.execute(asked).scalars())
    assert len(new) == 4
    assert made.holder.structure.id not in new


def signing(made: Semeur, polls: list[Poll]) -> list[tuple[Poll, Person]]:
    """Each poll with the person who may sign for its structure."""
    people = {structure.id: person for structure, person in zip(made.structures, made.people, strict=True)}
    dossiers = {one.id: one for one in made.dossiers()}
    return [(poll, people[dossiers[poll.dossier_id].structure_id]) for poll in polls]


def test_who_left_the_collective_examines_the_next_ones_but_not_the_roll_that_was_frozen(
    make: Make, clock: Clock
) -> None:
    made, members = ready(make, 2)
    first, second = made.convene()
    made.vote(first, members, "fff")
    by, holder = make.actor(made.officer), made.holder.structure.id
    end_co_author(make.db, made.joint.id, holder, by=by, clock=clock)
    leave_collective(make.db, holder, by=by, clock=clock)
    frozen = select(Seat).where(Seat.poll_id == first.id, Seat.structure_id == made.holder.structure.id)
    assert make.db.execute(frozen).scalar_one().recused_for == "collective"
    (seat,) = [one for one in composition(make.db, second, clock()) if one.structure == made.holder.structure.id]
    assert seat.recused_for is None


def test_a_round_without_quorum_is_convened_again_together(make: Make, clock: Clock) -> None:
    made, members = ready(make, 2)
    polls = made.convene()
    for poll in polls:
        made.vote(poll, members[:1], "f")
    clock.forward(days=11)
    made.close(polls)
    again = made.convene(days=6)
    assert [poll.round for poll in again] == [2, 2]
    assert again[0].closes_at - clock() == timedelta(days=6)
