"""The mark of a session's forms."""

import pytest

from services.console.web.marks import is_mark_of, mark_of


def test_each_answer_has_a_mark_of_its_own_and_every_one_counts() -> None:
    first, second = mark_of("a session"), mark_of("a session")
    assert first != second
    assert is_mark_of("a session", first)
    assert is_mark_of("a session", second)


@pytest.mark.parametrize(
    "given",
    ["", "00", "é", "x" * 128, "0" * 64, "0" * 128, mark_of(""), mark_of("another"), mark_of("s")[:-2]],
)
def test_nothing_else_is_a_mark(given: str) -> None:
    assert not is_mark_of("s", given)


def test_a_mark_that_goes_on_is_none() -> None:
    assert not is_mark_of("s", mark_of("s") + "00")
