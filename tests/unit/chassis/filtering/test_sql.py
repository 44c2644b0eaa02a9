"""SQL selects the same rows as the evaluator in memory, for any filter and any rows."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Date,
    Dialect,
    Float,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    create_engine,
    insert,
    make_url,
    select,
)

from services.chassis.filtering import (
    And,
    Comparison,
    Expression,
    Kind,
    Operator,
    Prefix,
    Present,
    canonical,
    matches,
    parse,
)
from services.chassis.filtering.schema import Field, Schema
from services.chassis.filtering.sql import ChildRows, Columns, JsonCodes, compile_filter
from services.chassis.filtering.syntax import conjunction, disjunction, negation
from services.chassis.storage.columns import Json, UtcInstant

POSTGRESQL: Dialect = make_url("postgresql+psycopg://").get_dialect()()
METADATA = MetaData()
ROWS = Table(
    "rows",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("name", String),
    Column("stage", String),
    Column("headcount", Integer, nullable=False),
    Column("score", Float),
    Column("amount", BigInteger),
    Column("founded", Date),
    Column("create_time", UtcInstant),
    Column("verified", Boolean),
    Column("tags", Json, nullable=False),
)
CODES = Table(
    "codes",
    METADATA,
    Column("row_id", ForeignKey(ROWS.c.id), primary_key=True),
    Column("code", String, primary_key=True),
)
COLUMNS: Columns = {
    **{name: ROWS.c[name] for name in ROWS.c.keys() if name not in ("id", "tags")},  # noqa: SIM118
    "tags": JsonCodes(ROWS.c.tags),
    "codes": ChildRows(CODES.c.code, CODES.c.row_id == ROWS.c.id),
}
SCHEMA = Schema.of(
    Field.text("name"),
    Field.code("stage", ["seed", "startup"]),
    Field.integer("headcount"),
    Field.number("score"),
    Field.money("amount"),
    Field.date("founded"),
    Field.instant("create_time"),
    Field.boolean("verified"),
    Field.codes("tags", ["sic", "gan", "si_"]),
    Field.codes("codes", ["sic", "gan", "si_"]),
)
VALUES: dict[Kind, st.SearchStrategy[Any]] = {
    Kind.TEXT: st.text(alphabet="aAbB%_\\*'\"张苏É ", max_size=4),
    Kind.CODE: st.sampled_from(["seed", "startup"]),
    Kind.CODES: st.sampled_from(["sic", "gan", "si_"]),
    Kind.INTEGER: st.integers(-2, 2),
    Kind.NUMBER: st.sampled_from([-1.5, 0.0, 0.1, 1e300]),
    Kind.MONEY: st.sampled_from([-1, 0, 100, 9 * 10**15]),
    Kind.DATE: st.dates(date(2025, 12, 30), date(2026, 1, 2)),
    Kind.INSTANT: st.sampled_from([0, 1, 500_000]).map(lambda us: datetime(2026, 1, 1, 0, 0, 0, us, UTC)),
    Kind.BOOLEAN: st.booleans(),
}


def comparisons(field: Field) -> st.SearchStrategy[Expression]:
    value = VALUES[field.kind]
    compare = [Operator.EQ, Operator.NE, Operator.HAS]
    if field.kind in (Kind.INTEGER, Kind.NUMBER, Kind.MONEY, Kind.DATE, Kind.INSTANT):
        compare = list(Operator)
    elif field.kind is Kind.CODES:
        compare = [Operator.HAS]
    pairs = st.tuples(st.sampled_from(compare), value) | st.just((Operator.HAS, Present()))
    if field.kind is Kind.TEXT:
        prefixes = value.filter(bool).map(Prefix)
        pairs |= st.tuples(st.sampled_from([Operator.EQ, Operator.NE]), prefixes)
        pairs = pairs.filter(lambda pair: pair != (Operator.HAS, ""))
    return pairs.map(lambda pair: Comparison(field.name, field.kind, *pair))


LEAVES = st.one_of(*map(comparisons, SCHEMA.fields))
FILTERS = st.just(And(())) | st.recursive(
    LEAVES,
    lambda inner: (
        inner.map(negation)
        | st.lists(inner, min_size=1, max_size=3).map(conjunction)
        | st.lists(inner, min_size=1, max_size=3).map(disjunction)
    ),
    max_leaves=6,
)
LISTS = st.lists(VALUES[Kind.CODES], unique=True)
CELLS = {
    field.name: LISTS
    if field.kind is Kind.CODES
    else (VALUES[field.kind] if field.name == "headcount" else st.none() | VALUES[field.kind])
    for field in SCHEMA.fields
}
TABLES = st.lists(st.fixed_dictionaries(CELLS), max_size=6)


@pytest.fixture(scope="module")
def connection() -> Iterator[Connection]:
    engine = create_engine("sqlite://")
    with engine.connect() as opened:
        METADATA.create_all(opened)
        yield opened
    engine.dispose()


def fill(connection: Connection, rows: list[dict[str, Any]]) -> None:
    connection.execute(CODES.delete())
    connection.execute(ROWS.delete())
    plain = [{name: value for name, value in row.items() if name != "codes"} for row in rows]
    codes = [{"row_id": id_, "code": code} for id_, row in enumerate(rows) for code in row["codes"]]
    if rows:
        connection.execute(insert(ROWS), [{"id": id_, **row} for id_, row in enumerate(plain)])
    if codes:
        connection.execute(insert(CODES), codes)


@settings(max_examples=400)
@given(TABLES, FILTERS)
def test_sql_equals_the_evaluator(
    connection: Connection, rows: list[dict[str, Any]], expression: Expression
) -> None:
    fill(connection, rows)
    statement = select(ROWS.c.id).where(compile_filter(expression, COLUMNS)).order_by(ROWS.c.id)
    expected = [id_ for id_, row in enumerate(rows) if matches(expression, row.get)]
    assert connection.execute(statement).scalars().all() == expected


@given(TABLES, FILTERS)
def test_a_negation_selects_exactly_the_other_rows(
    connection: Connection, rows: list[dict[str, Any]], expression: Expression
) -> None:
    fill(connection, rows)
    both = [
        set(connection.execute(select(ROWS.c.id).where(compile_filter(tree, COLUMNS))).scalars())
        for tree in (expression, negation(expression))
    ]
    assert both[0] | both[1] == set(range(len(rows)))
    assert not both[0] & both[1]


@given(FILTERS)
def test_the_canonical_form_means_the_same_tree(expression: Expression) -> None:
    assert parse(canonical(expression), SCHEMA) == expression


@given(FILTERS)
def test_values_are_always_parameters(expression: Expression) -> None:
    statement = select(ROWS.c.id).where(compile_filter(expression, COLUMNS))
    for text in (str(statement), str(statement.compile(dialect=POSTGRESQL))):
        assert text.isascii()
        assert "'" not in text.replace(" ESCAPE '\\'", "").replace(" ESCAPE '\\\\'", "")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ('name = "50%"', ["50%"]),
        ('name = "50%*"', ["50%", "50% off"]),
        ('name = "a_*"', ["a_b"]),
        ('name:"_"', ["a_b"]),
        (r'name:"\\"', ["back\\slash"]),
        ("name:SIC", ["sic", "SiC"]),
        ("name = sic", ["sic"]),
        ("name = si*", ["sic", "SiC"]),
        ('name:"\'; DROP TABLE rows; --"', []),
        ("name = 江苏*", ["江苏苏州"]),
        ("name:苏州", ["江苏苏州"]),
    ],
)
def test_wildcards_and_like_characters(connection: Connection, text: str, names: list[str]) -> None:
    stored = ["50%", "500", "50% off", "a_b", "axb", "back\\slash", "sic", "SiC", "江苏苏州"]
    connection.execute(CODES.delete())
    connection.execute(ROWS.delete())
    connection.execute(insert(ROWS), [{"name": name, "headcount": 0, "tags": []} for name in stored])
    condition = compile_filter(parse(text, SCHEMA), COLUMNS)
    assert (
        connection.execute(select(ROWS.c.name).where(condition).order_by(ROWS.c.id)).scalars().all() == names
    )


def test_a_field_without_a_column_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(KeyError):
        compile_filter(parse("stage = seed", SCHEMA), {})


def test_conditions_on_columns_that_are_never_null_stay_plain() -> None:
    assert "IS NULL" not in str(compile_filter(parse("NOT headcount = 1", SCHEMA), COLUMNS))
    assert "IS NULL" in str(compile_filter(parse("NOT amount = 1", SCHEMA), COLUMNS))
