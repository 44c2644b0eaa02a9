"""What was done, and what is not told, has a word."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from bole.talent.v1 import shortage_pb2
from services.cli.talent.shortage import facts
from services.talent.domain.identity.judgement import Verdict
from services.talent.domain.nomination.steps import StepKind
from services.talent.domain.release.lifecycle import Action
from services.wording.library import ACTIONS

SERVICES = Path(__file__).parents[3] / "services"
SOURCES = (
    *sorted((SERVICES / "talent" / "rpc").rglob("*.py")),
    SERVICES / "chassis" / "rpc" / "import_desk.py",
    SERVICES / "chassis" / "audit" / "reveals.py",
)
TELLING = {"entry_of", "changed_once", "once", "_once", "_audit", "_outcome"}
"""The functions that are told an action, before their fourth argument is over."""
NAMED_BY_ENUMS = {
    *(each.value.lower().replace("_", "-") for each in StepKind),
    *(each.value.lower() for each in Action),
    *(f"judge {each.value.lower()}" for each in Verdict),
}


def called(node: ast.Call) -> str:
    function = node.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def actions(path: Path) -> Iterator[str]:
    """The actions that a source names."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and called(node) in TELLING:
            told = [each.value for each in node.args[:3] if isinstance(each, ast.Constant)]
            yield from (each for each in told if isinstance(each, str) and each)


FOUND = sorted({action for path in SOURCES for action in actions(path)} | NAMED_BY_ENUMS)


def test_the_sources_name_actions() -> None:
    assert {"create", "reveal", "deny", "erase", "void-outcome", "undo-import", "take back"} <= set(FOUND)


@pytest.mark.parametrize("action", FOUND)
def test_every_action_has_a_word_in_both_languages(action: str) -> None:
    assert ACTIONS[action].zh
    assert ACTIONS[action].en
    assert ACTIONS[action].zh != ACTIONS[action].en


def test_a_cell_of_which_nothing_is_told_says_so() -> None:
    told = facts(shortage_pb2.ShortageCell(hidden=True), whole=False)
    assert told["state"] == "WITHHELD"
    known = shortage_pb2.ShortageCell(state=shortage_pb2.ShortageCell.STATE_NO_DATA)
    assert facts(known, whole=False)["state"] == "NO_DATA"
