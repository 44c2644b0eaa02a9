from hypothesis import given
from hypothesis import strategies as st

from services.console.draw.fan import draw

_MONTHS = st.lists(st.lists(st.floats(0, 500), min_size=5, max_size=5).map(sorted), min_size=1, max_size=24)


@given(st.floats(0, 500), _MONTHS)
def test_a_fan_begins_with_today_and_stays_within_its_frame(today: float, months: list[list[float]]) -> None:
    fan = draw(today, months, [today] * (len(months) + 1), 300.0, 90.0)
    assert fan.most >= max([today, *(row[4] for row in months)])
    for path in (fan.outer, fan.inner, fan.middle, fan.other):
        points = [tuple(map(float, each.split(","))) for each in path.strip("MZ").split("L")]
        assert all(0 <= x <= 300 and -0.1 <= y <= 90.1 for x, y in points)
    begins = {path.partition("L")[0] for path in (fan.outer, fan.inner, fan.middle)}
    assert len(begins) == 1


def test_nothing_at_all_is_a_flat_line_at_the_bottom() -> None:
    assert draw(0.0, [[0.0] * 5], [0.0, 0.0], 300.0, 90.0).middle == "M0,90L300,90"
