"""The permission matrix: each of its rows has a test that exists, or says what it waits for."""

import ast
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent
ROWS = tomllib.loads(Path(__file__).with_name("matrix.toml").read_text())
NUMBER_OF_ROWS = 95


def test_every_row_is_there() -> None:
    assert [int(number) for number in ROWS] == list(range(1, NUMBER_OF_ROWS + 1))


def test_every_row_has_a_test_or_says_what_it_waits_for() -> None:
    assert [number for number, row in ROWS.items() if not row.get("tests") and not row.get("waits")] == []


def test_every_test_that_a_row_names_exists() -> None:
    lost = []
    for number, row in ROWS.items():
        for test in row.get("tests", []):
            path, _, name = test.partition("::")
            file = ROOT / path
            tree = ast.parse(file.read_text()) if file.exists() else ast.Module([], [])
            names = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
            if name not in names if name else not names:
                lost.append((number, test))
    assert lost == []
