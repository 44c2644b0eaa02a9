"""JSON and instants as they are kept: the quick way and the canonical one give the same text."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.dialects import sqlite

from services.chassis.storage.columns import UtcInstant, canonical_json, floatless_json, sqlite_instant

_TEXT = st.text(st.characters(exclude_categories=["Cs"]))
_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | _TEXT,
    lambda inner: st.lists(inner) | st.dictionaries(_TEXT, inner),
)


@given(_VALUES)
def test_the_quick_way_gives_the_canonical_text(value: Any) -> None:
    assert floatless_json(value) == canonical_json(value)


def test_control_characters_and_han_beyond_the_basic_plane_are_written_alike() -> None:
    value = {"z": '\x00\x1f\x7f\u2028"\\/\t', "a": "𠀀·欧阳", "A": ["é", None, True]}
    assert floatless_json(value) == canonical_json(value)


@pytest.mark.parametrize(
    "instant",
    [
        datetime(1, 1, 1, tzinfo=UTC),
        datetime(2026, 2, 3, 4, 5, 6, 7, tzinfo=UTC),
        datetime(2026, 1, 1, 7, 59, 59, 999_999, tzinfo=timezone(timedelta(hours=8))),
    ],
)
def test_an_instant_is_written_as_a_statement_writes_it(instant: datetime) -> None:
    dialect = sqlite.dialect()
    written = UtcInstant().dialect_impl(dialect).bind_processor(dialect)
    assert written is not None
    assert sqlite_instant(instant) == written(instant)
    with pytest.raises(ValueError, match="naive"):
        sqlite_instant(instant.replace(tzinfo=None))
