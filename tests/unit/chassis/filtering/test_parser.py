import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.filtering import (
    And,
    Comparison,
    Expression,
    Field,
    Kind,
    Not,
    Operator,
    Or,
    Prefix,
    Present,
    Schema,
    canonical,
    parse,
)
from services.kernel.errors import InvalidArgument

Read = Callable[[str], Expression]
NAME = Schema.of(Field.text("name"))
A, B, C = (Comparison("headcount", Kind.INTEGER, Operator.EQ, number) for number in (1, 2, 3))
ONE, TWO, THREE = "headcount = 1", "headcount = 2", "headcount = 3"


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("", And(())),
        (" \t\r\n\u3000", And(())),
        (ONE, A),
        (f"((({ONE})))", A),
        (f"{ONE} AND {TWO} AND {THREE}", And((A, B, C))),
        (f"{ONE} AND ({TWO} AND {THREE})", And((A, B, C))),
        (f"({ONE} OR {TWO}) OR {THREE}", Or((A, B, C))),
        (f"{ONE} AND {TWO} OR {THREE}", And((A, Or((B, C))))),
        (f"{ONE} OR {TWO} AND {THREE}", And((Or((A, B)), C))),
        (f"{ONE} OR ({TWO} AND {THREE})", Or((A, And((B, C))))),
        (f"NOT {ONE} OR {TWO}", Or((Not(A), B))),
        (f"-{ONE} AND NOT({TWO})", And((Not(A), Not(B)))),
        (f"NOT ({ONE} AND {TWO})", Not(And((A, B)))),
        (f"NOT (-{ONE})", A),
        (f"-({ONE})\nAND\u3000{TWO}", And((Not(A), B))),
    ],
)
def test_structure(text: str, tree: Expression, read: Read) -> None:
    assert read(text) == tree


@pytest.mark.parametrize(
    ("text", "operator", "value"),
    [
        ("name = 张三", "=", "张三"),
        ("name='张 三'", "=", "张 三"),
        ('name != "AND"', "!=", "AND"),
        ('name = ""', "=", ""),
        (r'name = "a\"b\\c\*"', "=", 'a"b\\c*'),
        ("name = 'it\"s'", "=", 'it"s'),
        ("name = 苏州*", "=", Prefix("苏州")),
        (r'name != "50\*%*"', "!=", Prefix("50*%")),
        ("name:电解水", ":", "电解水"),
        ("name:*", ":", Present()),
        ("name = e\u0301", "=", "é"),
        ("stage = seed", "=", "seed"),
        ("fund:funds/a-1", ":", "funds/a-1"),
        ("industry = 氢能", "=", "hydrogen"),
        ('industry = "Hydrogen energy"', "=", "hydrogen"),
        ("directions:碳化硅单晶衬底及外延材料制备", ":", "sic"),
        ("directions:*", ":", Present()),
        ("headcount>=0012", ">=", 12),
        ("score < 1e-3", "<", 0.001),
        ("amount >= 500万", ">=", 500_000_000),
        ("amount > -0.01", ">", -1),
        ("amount = 2,000万元", "=", 2_000_000_000),
        ("founded <= 2024-02-29", "<=", date(2024, 2, 29)),
        ("create_time > 2026-01-31T08:00:00+08:00", ">", datetime(2026, 1, 31, tzinfo=UTC)),
        ('create_time > "2026-01-31t00:00:00.5z"', ">", datetime(2026, 1, 31, 0, 0, 0, 500_000, tzinfo=UTC)),
        ("verified = true", "=", True),
        ("verified:false", ":", False),
    ],
)
def test_values(text: str, operator: str, value: object, read: Read) -> None:
    tree = read(text)
    assert isinstance(tree, Comparison)
    assert tree.operator == operator
    assert tree.value == value
    assert type(tree.value) is type(value)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        (
            "industry=氢能 AND (stage = seed OR -stage = startup) AND amount >= 1.5亿",
            "industry = hydrogen AND stage = seed OR NOT stage = startup AND amount >= 150000000",
        ),
        (f"{ONE} OR ({TWO} AND {THREE})", f"{ONE} OR ({TWO} AND {THREE})"),
        (f"-({ONE} OR {TWO})", f"NOT ({ONE} OR {TWO})"),
        ("name:a\u3000", 'name : "a"'),
        ("said:'qnkj   苏州'", 'said : "qnkj 苏州"'),
        ("name = 50%*", 'name = "50%*"'),
        (r'name = "\*\""', r'name = "\*\""'),
        ("create_time < 2026-01-31T08:00:00.5+08:00", "create_time < 2026-01-31T00:00:00.500000Z"),
        ("amount = 0.1", "amount = 0.1"),
        ("directions : * AND verified = true", "directions : * AND verified = true"),
        ("", ""),
    ],
)
def test_canonical_form(text: str, written: str, read: Read) -> None:
    assert canonical(read(text)) == written
    assert read(written) == read(text)


INJECTIONS = [
    "'; DROP TABLE rows; --",
    '" OR "1"="1',
    "%",
    "_",
    "\\",
    "(a+)+$",
    "name = 1",
    "${jndi:ldap://x}",
    "{{7*7}}",
]


@pytest.mark.parametrize("text", INJECTIONS)
def test_injections_are_just_text(text: str, read: Read) -> None:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("*", "\\*")
    assert read(f'name = "{escaped}"') == Comparison("name", Kind.TEXT, Operator.EQ, text)


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=60))
def test_any_text_survives_quoting(text: str) -> None:
    tree = parse(canonical(Comparison("name", Kind.TEXT, Operator.EQ, text)), NAME)
    reread = parse(canonical(tree), NAME)
    assert reread == tree


@given(st.text(alphabet="name=!<>:()\"'\\*-ANDORT 苏州（）“”１1.é", max_size=60) | st.text(max_size=60))
def test_any_input_parses_or_is_refused_in_place(text: str) -> None:
    try:
        tree = parse(text, NAME)
    except InvalidArgument as error:
        column = int(error.metadata["column"])
    else:
        column = 1
        assert parse(canonical(tree), NAME) == tree
    assert 1 <= column <= len(text) + 1


def test_the_parser_does_not_need_sqlalchemy() -> None:
    code = "import sys, services.chassis.filtering, services.chassis.storage.paging; print('sqlalchemy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
