"""Every form of the site × every bad value: a 4xx with a sentence at the field, the rest kept, nothing written."""

import re
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tests.hostile.cases import BESIDE, BUTTONS, FORMS
from tests.hostile.ground import Hands
from tests.hostile.page import CHOSEN, MEASURED, TYPED, Field, Page
from tests.hostile.values import BROKEN, FORMATS, SCRIPTS, STRANGERS, TIMES, UNTYPED
from tests.make import Make

ROOT = Path(__file__).parent.parent.parent
REFUSED = {400, 403, 404, 409, 410, 413, 422, 429}
ACCEPTED = {200, 302, 303}


def posted(app: Flask) -> set[str]:
    return {rule.endpoint for rule in app.url_map.iter_rules() if "POST" in (rule.methods or set())}


def test_every_form_of_the_site_is_tried(app: Flask) -> None:
    assert posted(app) == set(FORMS) | set(BESIDE) | BUTTONS
    assert len(FORMS) + len(BESIDE) + len(BUTTONS) == len(posted(app))
    assert [file for file in BESIDE.values() if not (ROOT / file).exists()] == []


def bad_values(one: Field) -> tuple[str, ...]:
    """What this field must refuse, by its kind."""
    if one.kind in MEASURED:
        return (*TIMES, *UNTYPED)
    if one.kind in CHOSEN:
        return (*STRANGERS, *UNTYPED)
    return UNTYPED if one.kind in {*TYPED, "password", "hidden", "checkbox"} else ()


@pytest.fixture(params=sorted(FORMS))
def hands(request: pytest.FixtureRequest, app: Flask, make: Make) -> Hands:
    ground = FORMS[request.param](make)
    make.commit()
    made = Hands(app, ground)
    rule, _ = app.url_map.bind("localhost").match(made.action, method="POST", return_rule=True)
    assert isinstance(rule, Rule)
    assert rule.endpoint == request.param
    return made


def test_a_form_filled_well_is_taken(hands: Hands) -> None:
    """Otherwise its refusals would prove nothing."""
    answer = hands.send(hands.well())
    assert answer.status_code in ACCEPTED or hands.ground.always_refused, problems(answer)


def test_a_bad_value_is_refused_at_its_field_and_nothing_is_lost(hands: Hands) -> None:
    for one in hands.form.fields.values():
        if one.name == "csrf_token":
            continue
        for value in bad_values(one):
            sent = {**hands.well(), one.name: value}
            answer = hands.send(sent)
            said = f"{hands.action} {one.name}={value[:40]!r} → {answer.status_code}"
            assert answer.status_code in REFUSED, said
            assert hands.notes.kept == [], said
            if answer.status_code == 422 and one.kind != "hidden":
                assert explained(answer, one) or hands.ground.always_refused, f"{said}: no sentence at the field"
                assert lost(hands, answer, sent, one) == [], said


def test_words_stay_words_wherever_they_are_typed(hands: Hands) -> None:
    for one in hands.form.fields.values():
        if one.kind not in TYPED:
            continue
        for value in (*SCRIPTS, *FORMATS, BROKEN):
            sent = {**hands.well(), one.name: value}
            answer = hands.send(sent)
            said = f"{hands.action} {one.name}={value!r} → {answer.status_code}"
            assert answer.status_code in REFUSED | ACCEPTED, said
            if answer.status_code in REFUSED:
                assert hands.notes.kept == [], said
                assert lost(hands, answer, sent, one) == [], said


def problems(answer: TestResponse) -> str:
    """What a page complains of, in words."""
    said = re.findall(r'class="err"[^>]*>(.*?)</p>|<main.*?<h1>(.*?)</h1>', answer.text, re.DOTALL)
    return f"{answer.status_code} {said}"


def explained(answer: TestResponse, one: Field) -> bool:
    """Whether the page says something at this field: its own line of errors, which it is described by."""
    ids = Page(answer.text).ids
    return any(f"{name}-error" in ids for name in (one.id, one.name, one.id.rsplit("-", 1)[0]))


def lost(hands: Hands, answer: TestResponse, sent: dict[str, Any], bad: Field) -> list[str]:
    """The other fields that do not hold what was typed any more; passwords never come back, nor keys of a form."""
    if answer.status_code != 422:
        return []
    form = hands.found(answer)
    kept = {name: one.value for name, one in form.fields.items()}
    every = (one for one in hands.form.fields.values() if one.kind not in {"password", "hidden", "file"})
    return [
        one.name
        for one in every
        if one.name != bad.name and one.name in sent and folded(kept.get(one.name, "")) != folded(sent[one.name])
    ]


def folded(text: str) -> str:
    return " ".join(text.split())
