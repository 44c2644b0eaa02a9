"""The migrations of every service are one line, numbered as their files are, and leave room for the program before."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import services

_SERVICES = Path(services.__path__[0])
_NAMED = re.compile(r'^(revision|down_revision)(?:: str)? = "?(\w+)"?', re.MULTILINE)


@pytest.mark.parametrize("name", ["talent", "funding", "matcher"])
def test_every_step_follows_the_one_before(name: str) -> None:
    files = sorted((_SERVICES / name / "migrations" / "versions").glob("[0-9]*.py"))
    steps = [dict(_NAMED.findall(file.read_text(encoding="utf-8"))) for file in files]
    numbers = [file.name[:4] for file in files]
    assert [step["revision"] for step in steps] == [f"{name}_{number}" for number in numbers]
    assert [step["down_revision"] for step in steps] == ["None", *(f"{name}_{each}" for each in numbers[:-1])]
    assert numbers == [f"{at:04d}" for at in range(1, len(files) + 1)]


_BEFORE_ANY_RELEASE = {
    ("talent", "0018_search.py", "drop_table"),
    ("matcher", "0011_keys_of_partners.py", "alter_column"),
}


@pytest.mark.parametrize("name", ["talent", "funding", "matcher"])
def test_the_program_before_still_runs_on_what_a_step_makes(name: str) -> None:
    """While replicas are replaced, the old ones read and write the new schema: nothing goes, nothing new is asked."""
    found = {
        (name, file.name, what)
        for file in (_SERVICES / name / "migrations" / "versions").glob("[0-9]*.py")
        for what in _taken_away(ast.parse(file.read_text(encoding="utf-8")))
    }
    assert found == {each for each in _BEFORE_ANY_RELEASE if each[0] == name}


def _taken_away(module: ast.Module) -> Iterator[str]:
    """Operations of `upgrade` that the program before would notice."""
    (upgrade,) = (
        each for each in module.body if isinstance(each, ast.FunctionDef) and each.name == "upgrade"
    )
    for call in ast.walk(upgrade):
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
            continue
        what, said = call.func.attr, ast.unparse(call)
        demands = re.search(r"\bnullable=False", said) is not None and "server_default" not in said
        if what in {"drop_column", "drop_table", "rename_table"} or (
            what in {"add_column", "alter_column"} and demands
        ):
            yield what
