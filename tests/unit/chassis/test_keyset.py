from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import (
    Column,
    Connection,
    Integer,
    MetaData,
    String,
    Table,
    create_engine,
    insert,
    select,
    text,
)

from services.chassis.storage.keyset import SortKey, after, order_by

ROWS = Table(
    "rows",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("score", Integer, nullable=False),
    Column("name", String),
)
VALUES = st.tuples(st.integers(0, 3), st.none() | st.sampled_from(["a", "b", "苏"]))


@pytest.fixture(scope="module")
def connection() -> Iterator[Connection]:
    engine = create_engine("sqlite://")
    with engine.connect() as opened:
        ROWS.metadata.create_all(opened)
        opened.execute(text("CREATE INDEX by_score ON rows (score DESC, id)"))
        yield opened
    engine.dispose()


def keys(score_down: bool, name_down: bool, id_down: bool) -> list[SortKey]:
    return [
        SortKey(ROWS.c.score, score_down),
        SortKey(ROWS.c.name, name_down, nullable=True),
        SortKey(ROWS.c.id, id_down),
    ]


def pages(connection: Connection, sort: list[SortKey], size: int) -> list[tuple[Any, ...]]:
    """All rows, read page by page."""
    statement = select(*(key.column for key in sort)).order_by(*order_by(sort)).limit(size)
    page = connection.execute(statement).fetchall()
    seen = [tuple(row) for row in page]
    while len(page) == size:
        page = connection.execute(statement.where(after(sort, seen[-1]))).fetchall()
        seen += [tuple(row) for row in page]
    return seen


@given(
    st.lists(VALUES, min_size=1, max_size=14),
    st.booleans(),
    st.booleans(),
    st.booleans(),
    st.permutations([0, 1, 2]),
    st.integers(1, 4),
)
def test_pages_show_every_row_once_in_order(
    connection: Connection,
    values: list[tuple[int, str | None]],
    score_down: bool,
    name_down: bool,
    id_down: bool,
    order: list[int],
    size: int,
) -> None:
    connection.execute(ROWS.delete())
    rows = [{"id": id_, "score": score, "name": name} for id_, (score, name) in enumerate(values)]
    connection.execute(insert(ROWS), rows)
    sort = [keys(score_down, name_down, id_down)[index] for index in order]
    whole = connection.execute(select(*(key.column for key in sort)).order_by(*order_by(sort))).fetchall()
    assert pages(connection, sort, size) == [tuple(row) for row in whole]


def test_nulls_come_last_in_both_directions(connection: Connection) -> None:
    connection.execute(ROWS.delete())
    rows = [{"id": id_, "score": 0, "name": name} for id_, name in enumerate([None, "b", "a"])]
    connection.execute(insert(ROWS), rows)
    for down, expected in ((False, ["a", "b", None]), (True, ["b", "a", None])):
        sort = [SortKey(ROWS.c.name, down, nullable=True), SortKey(ROWS.c.id)]
        assert [name for name, _ in pages(connection, sort, 1)] == expected


def test_an_index_finds_the_start_of_a_page(connection: Connection) -> None:
    sort = [SortKey(ROWS.c.score, descending=True), SortKey(ROWS.c.id)]
    statement = select(ROWS.c.id).where(after(sort, [2, 1])).order_by(*order_by(sort))
    compiled = statement.compile(connection, compile_kwargs={"literal_binds": True})
    plan = connection.execute(text(f"EXPLAIN QUERY PLAN {compiled}")).fetchall()
    assert any("SEARCH rows USING" in row[3] and "score<?" in row[3] for row in plan)
    assert not any("TEMP B-TREE" in row[3] for row in plan)


def test_a_cursor_of_another_length_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="argument"):
        after([SortKey(ROWS.c.id)], [1, 2])
    with pytest.raises(ValueError, match="at least one key"):
        after([], [])
