import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.console.draw import series
from services.console.draw.bars import signed_bars, span
from services.console.draw.classes import SHADES, classify

_VALUES = st.lists(st.floats(-50, 150), min_size=1, max_size=40)


@given(_VALUES)
def test_shades_rise_with_the_values_and_stay_in_the_ramp(values: list[float]) -> None:
    classes = classify(values)
    assert classes is not None
    shades = [classes.shade(value) for value in sorted(values)]
    assert shades == sorted(shades)
    assert {1} <= set(shades) <= set(range(1, SHADES + 1))
    assert len({shade for shade, _ in classes.legend}) == len(classes.limits)
    assert {classes.shade(value) for value in values} <= {shade for shade, _ in classes.legend}
    alike = {f"{value:.0f}": set[int]() for value in values}
    for value in values:
        alike[f"{value:.0f}"].add(classes.shade(value))
    assert all(len(each) == 1 for each in alike.values())


@pytest.mark.parametrize(
    ("values", "legend"),
    [
        ([40, 50, 60], [(1, "40–49"), (4, "50–59"), (7, "60")]),
        ([50.01, 50.02, 50.03], [(1, "50")]),
        ([49.6, 50.4, 52.4], [(1, "50–51"), (3, "52")]),
        ([1.02, 1.03, 2], [(1, "1"), (2, "2")]),
    ],
)
def test_a_small_sample_has_no_more_classes_than_its_numbers_tell_apart(
    values: list[float], legend: list[tuple[int, str]]
) -> None:
    classes = classify(values)
    assert classes is not None
    assert classes.legend == legend


def test_nothing_to_show_has_no_classes_and_equal_values_have_one() -> None:
    assert classify([]) is None
    same = classify([5.0, 5.0, 5.0])
    assert same is not None
    assert same.legend == [(1, "5")]


@given(_VALUES)
def test_bars_lie_within_the_width_on_their_side_of_zero(values: list[float]) -> None:
    bars = signed_bars(values, 100.0)
    lefts = [bar.x + bar.width for bar in bars if bar.negative]
    rights = [bar.x for bar in bars if not bar.negative]
    assert max(lefts, default=0.0) <= min(rights, default=100.0) + 0.2  # each rounded to a tenth
    assert all(bar.x >= -0.1 and bar.x + bar.width <= 100.2 for bar in bars)
    assert [bar.negative for bar in bars] == [value < 0 for value in values]


def test_a_span_is_cut_at_the_ends_of_its_scale_and_never_invisible() -> None:
    assert span(-10, 50, 0, 100, 200.0).x == 0.0
    assert span(-10, 50, 0, 100, 200.0).width == 100.0
    assert span(40, 40, 0, 100, 200.0).width == 1.0


def test_a_series_breaks_where_a_value_is_missing() -> None:
    drawn = series.draw([(50, 40, 60), (60, 50, 70), None, (100, 100, 100)], 300, 100, 0, 100)
    assert drawn.line == "M0,50L100,40 M300,0"
    assert drawn.band == "M0,40L100,30L100,50L0,60Z M300,0L300,0Z"
    assert [at for at, _, _ in drawn.points] == [0, 1, 3]
