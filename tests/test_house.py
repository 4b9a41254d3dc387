"""The rules of the house, kept by the house itself."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from flask import Flask

from app.models.outbox import Engine
from app.words_refusals import LACKING, REFUSALS
from workflows import requirements

ROOT = Path(__file__).parent.parent
CODE = [path for folder in ("app", "workflows") for path in sorted((ROOT / folder).rglob("*.py"))]
OUTSIDE = [ROOT / "config.py", ROOT / "wsgi.py"]
LONGEST_FILE, LONGEST_FUNCTION = 300, 40
BANNED_NAMES = {"utils", "helpers", "common", "misc", "base_views"}
SAFE = {"GET", "HEAD", "OPTIONS"}


def trees() -> Iterator[tuple[Path, ast.Module]]:
    for path in [*CODE, *OUTSIDE]:
        yield path, ast.parse(path.read_text())


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def calls(tree: ast.AST) -> Iterator[str]:
    """Every call as it is written: `db.session().commit`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func)


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_files_and_functions_stay_small_enough_to_hold() -> None:
    long = [name_of(path) for path, _ in trees() if len(path.read_text().splitlines()) > LONGEST_FILE]
    assert long == []
    long = [
        f"{name_of(path)}: {one.name}"
        for path, tree in trees()
        for one in functions(tree)
        if (one.end_lineno or 0) - one.lineno + 1 > LONGEST_FUNCTION
    ]
    assert long == []


def test_no_file_is_named_after_nothing() -> None:
    assert [name_of(path) for path in CODE if path.stem in BANNED_NAMES] == []


def test_only_views_the_command_line_and_the_worker_commit() -> None:
    """And the second short transactions of `db`, which serve who asks, how often, and who has read what."""
    may = ("app/web/", "app/cli/", "app/worker.py", "app/db.py", "app/mail/outbox.py", "app/demo/")
    committing = {
        name_of(path)
        for path, tree in trees()
        for call in calls(tree)
        if call.endswith(".commit") and call != "ledger.commit"  # a commitment, not a transaction
    }
    assert [path for path in committing if not path.startswith(may)] == []


def test_a_state_changes_through_the_journal_alone() -> None:
    """Nobody else assigns the stage of a dossier or the status of a poll."""
    assigned = {
        f"{name_of(path)}:{target.lineno}"
        for path, tree in trees()
        if name_of(path) != "app/operations/journal.py"
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign | ast.AugAssign)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        for one in ast.walk(target)
        if isinstance(one, ast.Attribute)
        and one.attr in {"stage", "stage_since", "status"}
        and ast.unparse(one.value) in {"dossier", "poll", "found.dossier", "found.poll", "subject"}
    }
    assert assigned == set()


def test_the_database_never_tells_the_time() -> None:
    written = "|".join(
        (r"func\.now\(", r"CURRENT_TIMESTAMP", r"datetime\.now\(", r"datetime\.utcnow\(", r"server_default")
    )
    found = {name_of(path) for path, _ in trees() if re.search(written, path.read_text())}
    assert found == {"app/clock.py"}


def test_rules_use_integers_alone() -> None:
    floats = {
        f"{name_of(path)}:{node.lineno}"
        for path, tree in trees()
        if name_of(path).startswith("workflows/")
        for node in ast.walk(tree)
        if (isinstance(node, ast.Constant) and isinstance(node.value, float))
        or (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div))
        or (isinstance(node, ast.Call) and ast.unparse(node.func) == "float")
    }
    assert floats == set()


def test_every_refusal_has_its_sentence() -> None:
    raised = {
        str(node.args[0].value)
        for _, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) == "Refused"
        and node.args
        and isinstance(node.args[0], ast.Constant)
    }
    assert raised - set(REFUSALS) == set()


def test_every_requirement_has_its_sentence() -> None:
    source = Path(requirements.__file__).read_text()
    lacking = set(re.findall(r'(?:_lacking|Requirement)\(\s*"(\w+)"', source))
    assert lacking == set(LACKING)


def test_every_notice_has_its_template() -> None:
    templates = {path.stem for path in (ROOT / "app/templates/mail").glob("*.txt")}
    assert {notice.value for notice in Engine} <= templates


def test_the_english_catalogue_is_complete_and_up_to_date(tmp_path: Path) -> None:
    with (ROOT / "app/translations/en/LC_MESSAGES/messages.po").open("rb") as file:
        catalogue = read_po(file, locale="en")
    empty = [
        message.id
        for message in catalogue
        if message.id and not all(message.string if isinstance(message.string, tuple) else (message.string,))
    ]
    assert empty == []
    assert [message.id for message in catalogue if message.fuzzy and message.id] == []


#: A class made by a macro, and the names of two sites, the same in every language.
NOT_WORDS = {"btn", "defenseurdesdroits", "cnil", "fr"}


def test_templates_say_nothing_outside_the_catalogue() -> None:
    """A text node with letters is a sentence nobody can translate."""
    literal = []
    unread = r"{#.*?#}|<style>.*?</style>|{%-?\s*trans.*?endtrans\s*-?%}|{%.*?%}|{{.*?}}"
    for path in sorted((ROOT / "app/templates").rglob("*.html")):
        text = re.sub(unread, " ", path.read_text(), flags=re.DOTALL)
        text = re.sub(r"<!--.*?-->|<[^>]*>", " ", text, flags=re.DOTALL)
        words = set(re.findall(r"[^\W\d_]{2,}", text)) - NOT_WORDS
        if words:
            literal.append((name_of(path), sorted(words)[:5]))
    assert literal == []


def test_every_post_answers_only_to_its_verbs(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        methods = rule.methods or set()
        if rule.endpoint == "static":  # served in front of the application, by its own rules
            continue
        assert methods <= {"GET", "HEAD", "POST"}, rule
        assert "OPTIONS" not in methods, rule


@pytest.mark.parametrize("word", ["TODO", "FIXME", "XXX", "NotImplementedError", "pytest.skip", "mark.skip", "xfail"])
def test_nothing_is_left_for_later(word: str) -> None:
    here = Path(__file__)
    found = [
        name_of(path)
        for folder in ("app", "workflows", "tests", "migrations", "bench")
        for path in (ROOT / folder).rglob("*.py")
        if path != here and word in path.read_text()
    ]
    assert found == []


def test_templates_are_html_or_text_and_named_by_noun_and_verb() -> None:
    """Jinja escapes `.html` and `.txt` would not be: text templates are mail alone."""
    for path in sorted((ROOT / "app/templates").rglob("*")):
        if path.is_file():
            mail = path.parent.name == "mail"
            assert path.suffix in ({".html", ".txt"} if mail else {".html"}), path


def test_the_sources_name_no_place_of_a_machine() -> None:
    places = re.compile(r"(?<![\w.])/(?:home|root|tmp)/")
    found = [
        name_of(path)
        for folder in ("app", "workflows", "tests", "docs", "bin")
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and path != Path(__file__) and path.suffix in {".py", ".md", ".toml", ".html", ""}
        if places.search(path.read_text())
    ]
    assert found == []
