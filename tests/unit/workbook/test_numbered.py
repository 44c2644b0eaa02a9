"""Cells that list names with a number each."""

from collections.abc import Callable
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.catalogue import load
from services.kernel.errors import InvalidArgument
from services.workbook import numbered


def refused(call: Callable[[], object]) -> tuple[str, str]:
    """The field and the reason."""
    with pytest.raises(InvalidArgument) as caught:
        call()
    return caught.value.violations[0].field, caught.value.reason


def test_shares() -> None:
    resolve = load().resolve_direction
    assert numbered.shares("碳化硅单晶衬底及外延材料制备", field="列", resolve=resolve) == {"sic": 1}
    assert numbered.shares("sic:0.6；gan：40%", field="列", resolve=resolve) == {
        "sic": Fraction(3, 5),
        "gan": Fraction(2, 5),
    }
    thirds = numbered.shares("sic:1/3;gan:1/3;ga2o3:1/3", field="列", resolve=resolve)
    assert sum(thirds.values()) == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("sic:0.6;gan:0.3", "SHARES_NOT_ONE"),
        ("sic:0.6;gan", "BAD_SHARES"),
        ("sic；gan", "BAD_SHARES"),
        ("sic;sick", "UNKNOWN_DIRECTION"),
        (";", "SHARES_NOT_ONE"),
        ("sic:0.5;SiC:0.5", "BAD_SHARES"),
        ("sic:0;gan:1", "BAD_SHARES"),
        ("sic:1/0;gan:1", "BAD_SHARES"),
        ("sick:0.5;gan:0.5", "UNKNOWN_DIRECTION"),
    ],
)
def test_wrong_shares(text: str, expected: str) -> None:
    assert refused(lambda: numbered.shares(text, field="列", resolve=load().resolve_direction)) == (
        "列",
        expected,
    )


def test_several_directions_without_shares_are_shown_how_equal_ones_are_written() -> None:
    with pytest.raises(InvalidArgument, match=r"写成“sic:1/2;gan:1/2”"):
        numbered.shares("sic；gan", field="列", resolve=load().resolve_direction)


def test_heads() -> None:
    resolve = load().resolve_direction
    text = "碳化硅单晶衬底及外延材料制备=2；gan ＝ ３"
    assert numbered.heads(text, field="列", resolve=resolve, maximum=500) == (("sic", 2), ("gan", 3))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("sic", "BAD_HEADS"),
        ("sic=0", "BAD_HEADS"),
        ("sic=1.5", "BAD_HEADS"),
        ("sic=-1", "BAD_HEADS"),
        ("sic=501", "BAD_HEADS"),
        ("sic=1;SiC=2", "BAD_HEADS"),
        ("sick=1", "UNKNOWN_DIRECTION"),
    ],
)
def test_wrong_heads(text: str, expected: str) -> None:
    resolve = load().resolve_direction
    assert refused(lambda: numbered.heads(text, field="列", resolve=resolve, maximum=500)) == ("列", expected)


@given(st.lists(st.integers(1, 50), min_size=1, max_size=8, unique=True))
def test_shares_that_sum_to_one_are_kept_exactly(parts: list[int]) -> None:
    codes = [leaf.code for leaf in load().leaves][: len(parts)]
    total = sum(parts)
    text = ";".join(f"{code}:{part}/{total}" for code, part in zip(codes, parts, strict=True))
    found = numbered.shares(text, field="列", resolve=lambda name, _: name)
    assert found == {code: Fraction(part, total) for code, part in zip(codes, parts, strict=True)}
