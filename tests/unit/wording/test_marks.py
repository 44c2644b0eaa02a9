"""Chinese is set as it is printed: no half-width mark between two Chinese characters in what people read."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import services
from services.catalogue import load
from services.kernel.text import typeset

ROOT = Path(next(iter(services.__path__)))
HALF = re.compile(r"[\u3400-\u9fff][,;:?!()][\u3400-\u9fff]")
TYPED = ("字段:文字", "方向:", "类型:名称", "否:说明", "主机:端口", "万元:样机", "岗位:", "专家(评分−1)/4")
"""What is typed so, and one formula."""
SAID = re.compile(r"""_\(\s*(['"])((?:\\.|(?!\1).)*)\1""")


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("零碳负碳(碳捕集利用及封存)", "零碳负碳（碳捕集利用及封存）"),
        ("到2030年,建设20个;再建(含在建)", "到2030年，建设20个；再建（含在建）"),
        ("储能(CO2)", "储能（CO2）"),
        ("吨(级)", "吨（级）"),
        ("1,000人, 3:2, Ga(N), 2,3-丁二醇", "1,000人， 3:2, Ga(N), 2,3-丁二醇"),
    ],
)
def test_marks_that_touch_a_chinese_character_are_full_width(written: str, printed: str) -> None:
    assert typeset(written) == printed
    assert typeset(printed) == printed


def test_names_and_goals_of_the_policy_are_set() -> None:
    catalogue = load()
    said = [each.name.zh for each in (*catalogue.industries, *catalogue.directions, *catalogue.categories)]
    said += [text.zh for each in catalogue.targets for text in (each.text, each.unit)]
    said += [each.text.zh for each in catalogue.milestones]
    assert not [each for each in said if HALF.search(each)]


def test_no_message_and_no_page_has_a_half_width_mark_between_chinese_characters() -> None:
    wrong = [
        f"{at}: {said}"
        for at, said in (*_messages(), *_pages())
        if HALF.search(said) and not any(each in said for each in TYPED)
    ]
    assert wrong == []


def _messages() -> Iterator[tuple[str, str]]:
    for path in sorted(ROOT.rglob("*.py")):
        source = path.read_text("utf-8")
        for node in ast.walk(ast.parse(source)) if HALF.search(source) else ():
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
                for argument in node.args:
                    for piece in _pieces(argument):
                        yield f"{path.relative_to(ROOT)}:{node.lineno}", piece


def _pieces(argument: ast.expr) -> Iterator[str]:
    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
        yield argument.value
    elif isinstance(argument, ast.JoinedStr):
        for value in argument.values:
            yield from _pieces(value)


def _pages() -> Iterator[tuple[str, str]]:
    for path in sorted(ROOT.rglob("*.html")):
        for found in SAID.finditer(path.read_text("utf-8")):
            yield str(path.relative_to(ROOT)), found[2]
