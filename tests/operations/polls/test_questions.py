"""Questions before the vote: who may ask, until when, what is told to whom, and that nobody learns who asked."""

import json
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.models import Draft, Message, Question
from app.operations.polls.questions import (
    answer_question,
    ask_question,
    keep_draft,
    set_question_aside,
)
from app.queries.integrity import verify_journal
from app.queries.polls import entered
from app.queries.questions import candidate_questions, peer_questions, questions_desk
from tests.conftest import Clock
from tests.make import Make, Member, World
from tests.operations.seen import body, declare, last, of_candidate, private, refused, told, types


@pytest.fixture
def world(make: Make) -> World:
    return make.poll(electors=4)


def answer(make: Make, world: World, question: Question, text: str = "Deux personnes formées.") -> Question:
    return answer_question(make.db, question.id, text, by=make.actor(world.candidate), clock=make.clock)


def set_aside(make: Make, world: World, question: Question, reason: str = "Elle vise une personne.") -> Question:
    by = make.actor(world.officer)
    return set_question_aside(make.db, question.id, reason, by=by, clock=make.clock)


def read_by(make: Make, world: World, member: Member) -> list[tuple[str, str | None, bool]]:
    """What a member reads: (question, answer, whether it is marked as hers)."""
    me = make.actor(member.person)
    found = entered(make.db, me, world.poll.id, make.clock())
    assert found is not None
    return [(one.text, one.answer, one.mine) for one in peer_questions(make.db, me, found.poll)]


def test_a_question_is_an_entry_whose_author_is_a_commitment_alone(make: Make, world: World) -> None:
    member = world.members[0]
    question = make.question(world, member)
    entry = last(make, world.poll, "question_asked")
    assert types(make, world.poll)[-1] == "question_asked"
    assert body(make, world.poll, "question_asked")["question"] == question.id
    for secret in (member.structure.id, member.structure.name, member.person.name, question.text):
        assert json.dumps(secret)[1:-1] not in entry.body
        assert secret not in entry.body
    kept = private(make, world.poll, "question_asked")
    assert kept == {"seat": member.structure.id, "person": member.person.name, "text": question.text}


def test_the_candidate_alone_is_told_and_its_message_names_nobody(make: Make, world: World) -> None:
    member = world.members[0]
    make.question(world, member)
    entry = last(make, world.poll, "question_asked")
    assert told(make, "question_asked", entry.id) == of_candidate(make, world)
    rows = make.db.execute(select(Message.values).where(Message.notice == "question_asked")).scalars().all()
    assert all(set(values) == {"poll", "dossier"} for values in rows)


def test_an_answer_is_read_by_every_member_at_the_same_moment(make: Make, world: World, clock: Clock) -> None:
    question = make.question(world, world.members[0])
    declare(make, world, world.members[3], "coportage")
    clock.forward(hours=2)
    answer(make, world, question)
    assert question.answered_at == clock()
    event = last(make, world.poll, "question_answered").id
    assert told(make, "question_answered", event) == sorted(member.person.id for member in world.members[:3])
    assert read_by(make, world, world.members[0]) == [(question.text, "Deux personnes formées.", True)]
    assert read_by(make, world, world.members[1]) == [(question.text, "Deux personnes formées.", False)]


def test_before_the_opening_members_ask_and_are_told_too(make: Make) -> None:
    world = make.poll(electors=3, opened=False)
    question = make.question(world, world.members[0])
    answer(make, world, question)
    event = last(make, world.poll, "question_answered").id
    assert told(make, "question_answered", event) == sorted(member.person.id for member in world.members)


def test_an_answer_is_given_once(make: Make, world: World) -> None:
    question = make.question(world, world.members[0])
    answer(make, world, question)
    with refused("question_answered"):
        answer(make, world, question, "Trois, en fait.")
    assert question.answer == "Deux personnes formées."


def test_a_draft_is_its_authors_alone_and_goes_with_the_answer(make: Make, world: World, clock: Clock) -> None:
    question = make.question(world, world.members[0])
    me, colleague = make.actor(world.candidate), next(p for p in of_candidate(make, world) if p != world.candidate.id)
    keep_draft(make.db, question.id, "Deux personnes", by=me, clock=clock)
    keep_draft(make.db, question.id, "Deux personnes form", by=me, clock=clock)
    mine = candidate_questions(make.db, me, world.dossier.id, clock())
    theirs = candidate_questions(make.db, make.actor(colleague), world.dossier.id, clock())
    assert ([one.draft for one in mine], [one.draft for one in theirs]) == (["Deux personnes form"], [""])
    assert read_by(make, world, world.members[0])[0][1] is None
    answer(make, world, question)
    assert make.db.execute(select(Draft)).scalars().all() == []


def test_questions_are_asked_until_a_day_before_the_end(make: Make, world: World, clock: Clock) -> None:
    until = world.poll.closes_at - timedelta(hours=24)
    clock.at = until
    make.question(world, world.members[0])
    clock.forward(seconds=1)
    with refused("question_too_late", until=until):
        make.question(world, world.members[1])


def test_at_the_end_questions_and_answers_freeze(make: Make, world: World, clock: Clock) -> None:
    question = make.question(world, world.members[0])
    clock.at = world.poll.closes_at
    with refused("poll_over"):
        answer(make, world, question)
    with refused("poll_over"):
        set_aside(make, world, question)
    make.close(world)
    for act in (answer, set_aside):
        with refused("poll_closed"):
            act(make, world, question)
    assert read_by(make, world, world.members[1]) == [(question.text, None, False)]


def test_only_a_voice_that_takes_part_and_has_declared_asks(make: Make) -> None:
    world = make.poll(electors=4, declared=False)
    silent, recused, other = world.members[0], world.members[1], world.members[2]
    make.no_link(world, other)
    declare(make, world, recused, "coportage")
    for member, code in ((silent, "link_not_declared"), (recused, "seat_recused")):
        with refused(code):
            make.question(world, member)
    colleague = make.person("suppleance", structure=other.structure)
    by = make.actor(colleague)
    with refused("link_not_declared"):
        ask_question(make.db, world.poll.id, other.structure.id, "Depuis quand ?", by=by, clock=make.clock)
    make.own_word(world, colleague, other.structure)
    ask_question(make.db, world.poll.id, other.structure.id, "Depuis quand ?", by=by, clock=make.clock)
    with refused("no_mandate"):
        ask_question(make.db, world.poll.id, silent.structure.id, "Depuis quand ?", by=by, clock=make.clock)


def test_a_person_attached_to_the_candidate_asks_nothing(make: Make, world: World) -> None:
    member = world.members[0]
    declare(make, world, member, "personne")
    with refused("person_attached"):
        make.question(world, member)


@pytest.mark.parametrize(("text", "code"), [(" \n\t", "text_missing"), ("é" * 1001, "text_too_long")])
def test_a_question_has_words_and_not_too_many(make: Make, world: World, text: str, code: str) -> None:
    with refused(code):
        make.question(world, world.members[0], text)
    assert make.db.execute(select(Question)).scalars().all() == []


def test_an_improper_question_is_read_by_its_author_and_by_the_team_alone(
    make: Make, world: World, clock: Clock
) -> None:
    question = make.question(world, world.members[0])
    clock.forward(minutes=1)
    kept = make.question(world, world.members[1], "Depuis quand ?")
    set_aside(make, world, question)
    assert private(make, world.poll, "question_set_aside")["reason"] == "Elle vise une personne."
    assert told(make, "question_set_aside") == [world.members[0].person.id]
    assert [text for text, _, _ in read_by(make, world, world.members[0])] == [question.text, kept.text]
    assert [text for text, _, _ in read_by(make, world, world.members[1])] == [kept.text]
    me = make.actor(world.candidate)
    assert [one.text for one in candidate_questions(make.db, me, world.dossier.id, make.clock())] == [kept.text]
    desk = questions_desk(make.db, world.poll.id, make.clock())
    assert desk is not None
    assert [one.set_aside_for for one in desk.questions] == ["Elle vise une personne.", None]
    assert desk.questions[0].structure == world.members[0].structure.name
    with refused("question_set_aside"):
        answer(make, world, question)
    with refused("question_set_aside"):
        set_aside(make, world, question)


def test_an_answered_question_is_not_set_aside_and_a_reason_is_needed(make: Make, world: World) -> None:
    question = make.question(world, world.members[0])
    with refused("reason_missing"):
        set_aside(make, world, question, "  ")
    answer(make, world, question)
    with refused("question_answered"):
        set_aside(make, world, question)


def test_the_journal_with_questions_verifies(app: Flask, make: Make, world: World, clock: Clock) -> None:
    answer(make, world, make.question(world, world.members[0]))
    set_aside(make, world, make.question(world, world.members[1]))
    clock.forward(days=11)
    make.close(world)
    make.db.flush()
    assert verify_journal(make.db, make.keys).faults == []
