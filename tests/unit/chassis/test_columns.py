"""JSON as it is kept: the quick way and the canonical one give the same bytes."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.chassis.columns import canonical_json, floatless_json

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
