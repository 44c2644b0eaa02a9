"""docs/reliability.md says which tests show each promise; what runs at length runs shortly among the tests, too."""

import ast
import json
import re
from functools import cache
from pathlib import Path

import pytest

from tests.promises.all import PROMISES
from tests.storm.record import table

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs" / "reliability.md"
PROMISED = [f"P{number}" for number in range(1, 20)]
AT_LENGTH_ONLY = {"P6", "P7", "P8-embedded", "P8-full", "P16", "P18-days"}
"""Runs of minutes, or that measure time, of which there is no shorter one: other tests show those promises."""


@cache
def named_tests() -> dict[str, list[str]]:
    """The test files of each promise's row."""
    section = PAGE.read_text("utf-8").partition("## Where each promise is tested")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (P\d+) [^|]*\| (.+) \|$", section, re.MULTILINE)
    return {promise: re.findall(r"tests/[\w/]+\.py", named) for promise, named in rows}


@cache
def count_tests(path: str) -> int:
    """How many test functions a file has."""
    file = ROOT / path
    tree = ast.parse(file.read_text("utf-8")) if file.exists() else ast.Module([], [])
    found = (each for each in ast.walk(tree) if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef))
    return sum(each.name.startswith("test_") for each in found)


@cache
def runs_in_tests() -> set[str]:
    """The modules of promises whose `violations` some test asks for."""
    found: set[str] = set()
    for file in (ROOT / "tests").rglob("test_*.py"):
        text = file.read_text("utf-8")
        found |= (
            set(re.findall(r"\b(\w+)\.violations\(", text)) if "from tests.promises import" in text else set()
        )
        found |= set(re.findall(r"^from tests\.promises\.(\w+) import .*\bviolations\b", text, re.MULTILINE))
    return found


def test_every_promise_has_a_row() -> None:
    assert sorted(named_tests(), key=PROMISED.index) == PROMISED


@pytest.mark.parametrize("promise", PROMISED)
def test_every_promise_names_a_test_that_tests(promise: str) -> None:
    named = named_tests()[promise]
    assert named, f"{promise} has no test"
    assert not [each for each in named if not count_tests(each)], f"{promise} names a file without a test"


@pytest.mark.parametrize("run", PROMISES)
def test_what_runs_at_length_has_a_short_run(run: str) -> None:
    module = PROMISES[run].violations
    names = {*module.__code__.co_names, module.__module__.rpartition(".")[2]}
    short = bool(names & runs_in_tests())
    assert short != (run in AT_LENGTH_ONLY), f"{run} has {'a' if short else 'no'} short run among the tests"


def test_the_page_shows_the_record_and_every_promise_is_in_it() -> None:
    rows = json.loads((ROOT / "docs" / "reliability.json").read_text("utf-8"))
    shown = PAGE.read_text("utf-8").partition("<!-- figures -->")[2].partition("<!-- end of figures -->")[0]
    assert shown.strip() == table(rows).strip()
    assert {each["name"].partition(" ")[0] for each in rows} == {*PROMISED, "fuzz"}
    assert all(each["runs"] and each["command"].startswith("make ") for each in rows)
