from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.catalogue import load
from services.catalogue.succession import (
    WHOLE,
    Succession,
    divided,
    load_succession,
    parse_succession,
    renewed,
)
from services.kernel.errors import InvalidArgument

THREE = """
editions:
  - {version: "1", directions: {}}
  - {version: "2", directions: {a: {b: 1000}, c: {d: 1000}, e: {f: 600, g: 400}}}
  - {version: "3", directions: {b: {h: 1000}, d: {h: 1000}, g: {i: 500, j: 500}}}
"""
LEAVES = ("f", "h", "i", "j")


def edition(directions: str, version: str = "1") -> Succession:
    return parse_succession(f'editions: [{{version: "{version}", directions: {directions}}}]'.encode())


def test_the_editions_that_ship_lead_to_the_catalogue() -> None:
    catalogue = load()
    load_succession().check(catalogue.version, (leaf.code for leaf in catalogue.leaves))


def test_codes_of_the_past_lead_to_todays_through_every_edition() -> None:
    found = parse_succession(THREE.encode())
    found.check("3", LEAVES)
    assert found.former["a"] == found.former["c"] == (("h", 1000),)
    assert found.former["e"] == (("f", 600), ("i", 200), ("j", 200))


@pytest.mark.parametrize(
    "wrong",
    [
        edition("{a: {h: 900}}"),
        edition("{a: {}}"),
        edition("{a: {a: 1000}}"),
        edition("{a: {h: 1100, f: -100}}"),
        edition("{f: {h: 1000}}"),
        edition("{a: {nowhere: 1000}}"),
        edition("{}", "2"),
        Succession(),
    ],
)
def test_editions_that_lead_elsewhere_are_refused(wrong: Succession) -> None:
    with pytest.raises(ValueError, match=r"edition|catalogue"):
        wrong.check("1", LEAVES)


@given(st.integers(0, 10**9), st.lists(st.integers(1, 50), min_size=1, max_size=5))
def test_what_is_divided_adds_up_to_the_last_unit(amount: int, weights: list[int]) -> None:
    total = sum(weights)
    shares = [WHOLE * each // total for each in weights]
    shares[0] += WHOLE - sum(shares)
    parts = divided(amount, tuple((str(at), share) for at, share in enumerate(shares)))
    assert sum(part for _, part in parts) == amount
    assert all(
        abs(part - amount * share / WHOLE) <= len(shares)
        for (_, part), share in zip(parts, shares, strict=True)
    )


def test_shares_of_directions_that_merge_are_one() -> None:
    former = parse_succession(THREE.encode()).former
    assert renewed((("a", 300), ("c", 300), ("f", 400)), former) == (("h", 600), ("f", 400))
    assert renewed((("e", 1000),), former) == (("f", 600), ("i", 200), ("j", 200))


def test_a_renamed_direction_is_understood_and_a_split_one_is_refused_with_its_successors() -> None:
    leaves = [leaf.code for leaf in load().leaves][:2]
    shares = "{old-name: {%s: 1000}, old-split: {%s: 500, %s: 500}}" % (leaves[0], *leaves)  # noqa: UP031
    catalogue = replace(load(), succession=edition(shares))
    assert catalogue.resolve_direction("old-name") == leaves[0]
    with pytest.raises(InvalidArgument) as refused:
        catalogue.resolve_direction("old-split")
    assert refused.value.metadata["suggestions"] == ",".join(leaves)
