import pytest

from services.wording.chances import CAREFUL, Manner, chance, in_hundredths, share_in_hundredths


@pytest.mark.parametrize(
    ("probability", "written"),
    [
        (0.0, "<0.01"),
        (0.00499, "<0.01"),
        (0.005, "0.01"),
        (0.256, "0.26"),
        (0.9949, "0.99"),
        (0.995, ">0.99"),
        (1.0, ">0.99"),
    ],
)
def test_no_estimate_is_written_as_a_certainty(probability: float, written: str) -> None:
    assert chance(probability) == written
    assert chance(probability, calibrated=False) == f"{written}*"


@pytest.mark.parametrize(
    ("probability", "written"),
    [
        (0.0, "<1%"),
        (0.00499, "<1%"),
        (0.006, "1%"),
        (0.256, "26%"),
        (0.9949, "99%"),
        (0.995, ">99%"),
        (1.0, ">99%"),
    ],
)
def test_nor_in_per_cent(probability: float, written: str) -> None:
    assert in_hundredths(probability) == written


@pytest.mark.parametrize(
    ("part", "digits", "written"),
    [
        (0.0, 0, "0%"),
        (0.0004, 0, "<1%"),
        (0.0004, 1, "<0.1%"),
        (0.006, 0, "1%"),
        (0.9949, 0, "99%"),
        (0.996, 0, ">99%"),
        (0.9996, 1, ">99.9%"),
        (1.0, 0, "100%"),
        (12.5, 0, "1,250%"),
        (-0.034, 0, "-3%"),
    ],
)
def test_a_share_is_none_or_all_only_when_it_is(part: float, digits: int, written: str) -> None:
    assert share_in_hundredths(part, digits) == written


def test_an_estimate_in_a_column_of_shares_is_never_certain() -> None:
    assert [share_in_hundredths(CAREFUL.estimate(each)) for each in (0.0, 0.5, 1.0)] == ["<1%", "50%", ">99%"]
    assert [Manner(plain=True).estimate(each) for each in (0.0, 0.5, 1.0)] == [0.0, 0.5, 1.0]
