"""Pages that say which test shows what: the tests exist, and docs/invariants.md leaves nothing out."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs" / "invariants.md"
ROWS = {"I": 20, "U": 15, "B": 23, "E": 15, "N": 89}


def rows() -> dict[str, list[str]]:
    """The tests that each row names, by its number."""
    lines = re.findall(r"^\| ([A-Z]\d+) \| .* \| (.+) \|$", PAGE.read_text("utf-8"), re.MULTILINE)
    return {number: re.findall(r"`([^`]+)`", named) for number, named in lines}


@cache
def defined(path: str) -> frozenset[str]:
    """Functions and classes at the top of a test file."""
    tree = ast.parse((ROOT / "tests" / path).read_text("utf-8"))
    return frozenset(each.name for each in tree.body if isinstance(each, ast.FunctionDef | ast.ClassDef))


def test_every_rule_question_refusal_and_edge_is_there_and_names_a_test() -> None:
    found = rows()
    assert list(found) == [f"{kind}{number}" for kind, most in ROWS.items() for number in range(1, most + 1)]
    assert not [number for number, named in found.items() if not named]


@pytest.mark.parametrize(("number", "named"), rows().items())
def test_the_tests_it_names_exist(number: str, named: list[str]) -> None:
    for each in named:
        path, _, name = each.partition("::")
        assert name in defined(path), f"{number}: {each}"


@pytest.mark.parametrize("page", sorted((ROOT / "docs").glob("*.md")), ids=lambda page: page.name)
def test_test_files_that_a_page_names_exist(page: Path) -> None:
    named = re.findall(r"tests/[\w/]+\.py", page.read_text("utf-8"))
    assert not [each for each in named if not (ROOT / each).exists()]
