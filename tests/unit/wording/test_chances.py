import pytest

from services.wording.chances import chance, in_hundredths


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
