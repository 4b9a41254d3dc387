"""Asking before the vote and reading the answer, on the pages of the three sides."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.db import Database
from app.models import Question
from app.operations.polls.questions import answer_question
from tests.conftest import Clock, counted
from tests.make import Make, World
from tests.operations.seen import of_candidate
from tests.web.member.forms import at, bare, hidden, link, mandate, plain, visitor

WORDS = "Qui porte le métier si l’animatrice part ?"
#: What a form must bear without failing nor obeying (trust: hostile strings in every text field).
HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "javascript:alert(1)",
    "{{7*7}}{%raw%}%s%n{0.__class__}",
    "=cmd|' /C calc'!A0",
    "\u202egnp.exe\u2028\u200b",
    "Robert'); DROP TABLE question;--",
]


@pytest.fixture
def world(make: Make) -> World:
    made = make.poll(electors=4)
    make.commit()
    return made


def asked(make: Make) -> int:
    found = make.db.execute(select(func.count(Question.id))).scalar_one()
    make.commit()
    return found


def answered(make: Make, world: World, text: str = "Deux personnes formées.") -> Question:
    question = make.question(world, world.members[0], WORDS)
    answer_question(make.db, question.id, text, by=make.actor(world.candidate), clock=make.clock)
    make.commit()
    return question


def own_page(world: World) -> str:
    return f"/dossiers/{world.dossier.id}/questions"


def test_a_member_asks_and_reads_that_it_is_hers(client: FlaskClient, make: Make, world: World) -> None:
    browser = visitor(client, world.members[0].person)
    form = browser.get(at(world, "/questions"))
    assert "ni la structure candidate ni les autres membres ne savent" in plain(form)
    answer = browser.post(at(world, "/questions"), data={**hidden(form), "text": WORDS})
    assert answer.status_code == 303
    page = plain(browser.get(answer.location))
    assert "Qui porte le métier si l’animatrice part" in page
    assert "votre question" in page
    assert "Sans réponse à ce jour." in page
    other = plain(visitor(client, world.members[1].person).get(at(world, "/questions")))
    assert "Qui porte le métier" in other
    assert "votre question" not in other


def test_the_answer_is_on_the_page_of_the_file(client: FlaskClient, make: Make, world: World) -> None:
    answered(make, world)
    page = plain(visitor(client, world.members[1].person).get(at(world, "/lire")))
    assert "Qui porte le métier" in page
    assert "Deux personnes formées." in page
    assert 'href="#questions"' in page


def test_nobody_but_the_team_learns_who_asked(client: FlaskClient, make: Make, world: World) -> None:
    """Over every page where a question is read: the candidate's, its dossier's, other members'."""
    asker = world.members[0]
    asker.person.name, asker.structure.name = "Rodrigue Maroudin", "Fleuve et Lisières"
    answered(make, world)
    secrets = ("Rodrigue", "Maroudin", "Fleuve", asker.person.id, asker.structure.id)
    pages = [own_page(world), f"/dossiers/{world.dossier.id}"]
    for person in of_candidate(make, world):
        make.commit()
        browser = visitor(client, person)  # type: ignore[arg-type]  # an identifier does as well
        for page in pages:
            text = browser.get(page).text
            assert [secret for secret in secrets if secret in text] == [], page
    for member in world.members[1:]:
        browser = visitor(client, member.person)
        for page in ("/questions", "/lire", ""):
            text = browser.get(at(world, page)).text
            assert [secret for secret in secrets if secret in text] == [], page
    desk = plain(visitor(client, world.officer).get(f"/avise/consultations/{world.poll.id}/questions"))
    assert "Question de Fleuve et Lisières" in desk
    assert "Rodrigue Maroudin" in desk


def test_a_question_says_the_same_whoever_asks(client: FlaskClient, make: Make, world: World) -> None:
    """Two worlds that differ in the author alone give the candidate the same bytes."""
    seen = []
    for member in world.members[:2]:
        question = make.question(world, member, WORDS)
        make.commit()
        browser = visitor(client, world.candidate)
        text = browser.get(own_page(world)).text + browser.get(f"/dossiers/{world.dossier.id}").text
        seen.append(bare(text).replace(question.id, "ID"))
        make.db.delete(make.db.get_one(Question, question.id))
        make.commit()
    assert seen[0] == seen[1]


def test_a_recused_voice_sees_nothing_of_them(client: FlaskClient, make: Make, world: World) -> None:
    link(make, world, world.members[3], "coportage")
    answered(make, world)
    browser = visitor(client, world.members[3].person)
    assert browser.get(at(world, "/questions")).status_code == 404
    sent = {"structure": world.members[3].structure.id, "text": WORDS}
    assert browser.post(at(world, "/questions"), data=sent).status_code == 404
    assert "Qui porte" not in plain(browser.get("/comite"))


def test_who_has_not_declared_is_led_to_it_and_asks_nothing(client: FlaskClient, make: Make) -> None:
    world = make.poll(electors=3, declared=False)
    make.commit()
    browser = visitor(client, world.members[0].person)
    assert browser.get(at(world, "/questions")).location == at(world, "/lien")
    sent = {"structure": world.members[0].structure.id, "text": WORDS}
    assert browser.post(at(world, "/questions"), data=sent).status_code == 403
    assert asked(make) == 0


def test_the_candidate_answers_once_by_way_of_a_draft(client: FlaskClient, make: Make, world: World) -> None:
    question = make.question(world, world.members[0], WORDS)
    make.commit()
    browser = visitor(client, world.candidate)
    listed = plain(browser.get(own_page(world)))
    assert "<h1>Une question du comité attend votre réponse</h1>" in listed
    address = f"{own_page(world)}/{question.id}"
    kept = browser.post(address, data={"text": "Deux personnes", "keep": "1"})
    assert (kept.status_code, kept.location) == (303, address)
    assert "Deux personnes" in plain(browser.get(address))
    member = visitor(client, world.members[1].person)
    assert "Deux personnes" not in plain(member.get(at(world, "/questions")))
    sent = browser.post(address, data={"text": "Deux personnes formées."})
    assert (sent.status_code, sent.location) == (303, own_page(world))
    assert "Deux personnes formées." in plain(member.get(at(world, "/questions")))
    assert browser.get(address).location == own_page(world)
    assert browser.post(address, data={"text": "Trois."}).status_code == 409


def test_strangers_find_no_question(client: FlaskClient, make: Make, world: World) -> None:
    question = make.question(world, world.members[0], WORDS)
    stranger = make.person("titulaire", structure=make.structure("Ailleurs"))
    make.commit()
    browser = visitor(client, stranger)
    assert browser.get(own_page(world)).status_code == 404
    assert browser.get(f"{own_page(world)}/{question.id}").status_code == 404
    assert browser.get(at(world, "/questions")).status_code == 404
    assert browser.get(f"/avise/consultations/{world.poll.id}/questions").status_code == 403
    other = make.poll(electors=3)
    make.commit()
    assert visitor(client, other.candidate).get(f"{own_page(other)}/{question.id}").status_code == 404


def test_an_officer_sets_an_improper_question_aside_with_a_reason(
    client: FlaskClient, make: Make, world: World
) -> None:
    question, arbiter = make.question(world, world.members[0], WORDS), make.arbiter()
    make.commit()
    browser = visitor(client, world.officer)
    address = f"/avise/consultations/{world.poll.id}/questions"
    assert browser.post(address, data={"question": question.id, "reason": " "}).status_code == 422
    assert browser.post(address, data={"question": "inconnue", "reason": "x"}).status_code == 404
    assert browser.post(address, data={"question": question.id, "reason": "Elle vise une personne."}).status_code == 303
    assert "Elle vise une personne." in plain(browser.get(address))
    mine = plain(visitor(client, world.members[0].person).get(at(world, "/questions")))
    assert "Écartée par l’Avise" in mine
    assert "Elle vise une personne." in mine
    assert "Qui porte" not in plain(visitor(client, world.members[1].person).get(at(world, "/questions")))
    assert "Qui porte" not in plain(visitor(client, world.candidate).get(own_page(world)))
    assert visitor(client, arbiter).post(address, data={"question": question.id, "reason": "x"}).status_code == 403


@pytest.mark.parametrize("text", ["", "   ", "é" * 1001])
def test_a_question_without_words_or_with_too_many_is_mended_on_the_page(
    client: FlaskClient, make: Make, world: World, text: str
) -> None:
    browser = visitor(client, world.members[0].person)
    form = browser.get(at(world, "/questions"))
    answer = browser.post(at(world, "/questions"), data={**hidden(form), "text": text})
    assert answer.status_code == 422
    assert text.strip() in answer.text
    assert asked(make) == 0


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_are_words(client: FlaskClient, make: Make, world: World, text: str) -> None:
    browser = visitor(client, world.members[0].person)
    form = browser.get(at(world, "/questions"))
    assert browser.post(at(world, "/questions"), data={**hidden(form), "text": text}).status_code == 303
    question = make.db.execute(select(Question)).scalar_one()
    make.commit()
    pages = [
        (world.members[1].person, at(world, "/questions")),
        (world.members[1].person, at(world, "/lire")),
        (world.candidate, own_page(world)),
        (world.candidate, f"{own_page(world)}/{question.id}"),
        (world.officer, f"/avise/consultations/{world.poll.id}/questions"),
    ]
    for person, address in pages:
        answer = visitor(client, person).get(address)
        assert answer.status_code == 200
        assert "<script>alert" not in answer.text
        assert "onerror=alert(1)>" not in answer.text
        assert "49" not in answer.text.split("{{7*7}}")[0][-2:]
    candidate = visitor(client, world.candidate)
    assert candidate.post(f"{own_page(world)}/{question.id}", data={"text": text}).status_code == 303


def test_the_form_of_another_structure_finds_nothing(client: FlaskClient, make: Make, world: World) -> None:
    browser = visitor(client, world.members[0].person)
    sent = {"structure": world.members[1].structure.id, "text": WORDS}
    assert browser.post(at(world, "/questions"), data=sent).status_code == 404
    assert asked(make) == 0


def test_in_the_last_day_one_reads_and_asks_no_more(
    client: FlaskClient, make: Make, world: World, clock: Clock
) -> None:
    clock.forward(days=9, seconds=1)
    browser = visitor(client, world.members[0].person)
    page = plain(browser.get(at(world, "/questions")))
    assert "On pouvait poser des questions jusqu’au 11 novembre à 10 h" in page
    assert "<textarea" not in page
    sent = {"structure": world.members[0].structure.id, "text": WORDS}
    answer = browser.post(at(world, "/questions"), data=sent)
    assert answer.status_code == 409
    assert "un jour avant la fin" in plain(answer)


def test_an_unanswered_question_is_shown_as_such_after_the_end(
    client: FlaskClient, make: Make, world: World, clock: Clock
) -> None:
    make.question(world, world.members[0], WORDS)
    clock.forward(days=10)
    make.close(world)
    make.commit()
    page = plain(visitor(client, world.members[1].person).get(at(world, "/questions")))
    assert "Sans réponse à ce jour." in page
    assert "questions et réponses ne changent plus" in page
    assert "Restée sans réponse" in plain(visitor(client, world.candidate).get(own_page(world)))


def test_a_person_of_two_structures_asks_for_the_one_she_names(client: FlaskClient, make: Make) -> None:
    first, second, third = make.holder("Rives"), make.holder("Rives-Nord"), make.holder()
    mandate(make, first.person, second.structure.id)
    world = make.poll_of([first, second, third])
    make.commit()
    browser = visitor(client, first.person)
    form = browser.get(at(world, f"/questions?pour={second.structure.id}"))
    browser.post(at(world, "/questions"), data={**hidden(form), "text": WORDS})
    assert make.db.execute(select(Question.structure_id)).scalar_one() == second.structure.id


def test_the_pages_cost_the_same_with_one_question_and_with_thirty(
    client: FlaskClient, make: Make, world: World, database: Database
) -> None:
    costs = []
    for many in (1, 30):
        for rank in range(many):
            make.question(world, world.members[rank % 3], f"Question {rank} ?")
        make.commit()
        for person, page in (
            (world.members[0].person, at(world, "/questions")),
            (world.members[0].person, at(world, "/lire")),
            (world.candidate, own_page(world)),
            (world.officer, f"/avise/consultations/{world.poll.id}/questions"),
        ):
            browser = visitor(client, person)
            with counted(database) as sent:
                assert browser.get(page).status_code == 200
            assert len(sent) <= 8, page
            costs.append(len(sent))
    assert costs[:4] == costs[4:]
