from hypothesis import given
from hypothesis import strategies as st

from services.console.draw.fan import draw

_MONTHS = st.lists(st.lists(st.floats(0, 500), min_size=5, max_size=5).map(sorted), min_size=1, max_size=24)
_PAST = st.lists(st.none() | st.floats(0, 500), max_size=8)


@given(st.floats(0, 500), _MONTHS, _PAST)
def test_a_fan_opens_from_today_and_stays_within_its_frame(
    today: float, months: list[list[float]], before: list[float | None]
) -> None:
    past = [(3.0 * (len(before) - at), value) for at, value in enumerate(before)]
    fan = draw(today, months, [today] * (len(months) + 1), 300.0, 90.0, past)
    paths = [fan.outer, fan.inner, fan.middle, fan.other, *filter(None, fan.past.split(" "))]
    drawn = [tuple(map(float, each.split(","))) for path in paths for each in path.strip("MZ").split("L")]
    written = [(each.x, each.y) for each in (fan.today, *fan.ends)]
    assert all(0 <= x <= 300 and -0.1 <= y <= 90.1 for x, y in (*drawn, *written, *fan.dots))
    begins = {path.partition("L")[0] for path in (fan.outer, fan.inner, fan.middle)}
    assert begins == {f"M{fan.today.x:g},{fan.today.y:g}"}
    assert len(fan.dots) == sum(value is not None for value in before) + 1
    assert months[-1][2] in [each.value for each in fan.ends]


def test_nothing_at_all_is_a_flat_line_at_the_bottom() -> None:
    assert draw(0.0, [[0.0] * 5], [0.0, 0.0], 300.0, 90.0).middle == "M0,90L300,90"


def test_the_past_leads_to_today_and_breaks_where_nothing_is_known() -> None:
    past = [(4.0, 1.0), (3.0, 2.0), (2.0, None), (1.0, 4.0)]
    fan = draw(4.0, [[0.0, 1.0, 2.0, 3.0, 4.0]] * 4, [0.0] * 5, 80.0, 40.0, past)
    assert fan.past == "M0,30L10,20 M30,0L40,0"
    assert (fan.today.x, fan.today.value) == (40.0, 4.0)
    assert [each.value for each in fan.ends] == [0.0, 2.0, 4.0]


def test_numbers_at_the_end_do_not_stand_on_each_other() -> None:
    fan = draw(4.0, [[1.9, 1.9, 2.0, 2.1, 4.0]], [0.0, 0.0], 80.0, 40.0)
    assert [each.value for each in fan.ends] == [2.0, 4.0]
