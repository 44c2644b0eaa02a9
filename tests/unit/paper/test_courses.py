"""The line of a value through time, as a picture."""

from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from services.kernel.text import Text
from services.paper.courses import Scale, course
from services.paper.document import Chart, Drawn, Mark
from tests.unit.paper.papers import COURSE, quarter

_SVG = "{http://www.w3.org/2000/svg}"


def drawn(*marks: Mark) -> ElementTree.Element:
    return ElementTree.fromstring(course(Chart(Drawn.LINE, Text("线", "line"), 1, marks), "en"))  # noqa: S314 - our own drawing


def test_what_is_not_known_is_a_gap_with_its_sign() -> None:
    picture = drawn(*COURSE)
    lines = [each for each in picture.iter(f"{_SVG}path") if each.get("fill") == "none"]
    assert [each.get("d", "").count("L") for each in lines] == [1]
    assert len(list(picture.iter(f"{_SVG}circle"))) == 3
    words = [each.text for each in picture.iter(f"{_SVG}text")]
    assert words[-8:] == ["2025Q2", "48.2", "2025Q3", "51.0", "2025Q4", "–", "2026Q1", "57.4"]


def test_the_later_stands_to_the_right_and_the_higher_above() -> None:
    dots = [
        (float(each.get("cx", "")), float(each.get("cy", "")))
        for each in drawn(quarter("a", 30.0, 20.0, 40.0), quarter("b", 60.0, 50.0, 70.0)).iter(
            f"{_SVG}circle"
        )
    ]
    assert dots[0][0] < dots[1][0]
    assert dots[0][1] > dots[1][1]


@given(st.lists(st.tuples(*[st.floats(0, 100)] * 3).map(sorted), min_size=1, max_size=12))
def test_the_scale_holds_every_interval(found: list[list[float]]) -> None:
    marks = [Mark(str(at), Text("", ""), value, low, high) for at, (low, value, high) in enumerate(found)]
    scale = Scale.of(marks)
    assert 0 <= scale.low < scale.high <= 100
    assert all(scale.low <= low and high <= scale.high for low, _, high in found)
    assert scale.high - scale.low >= 20
