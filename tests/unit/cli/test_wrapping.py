"""Line breaks of Chinese and Latin text."""

from io import StringIO
from itertools import pairwise

from hypothesis import example, given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from services.cli.answers.wrapping import JOINER, Wrapped, breaks

MIXED = st.text(alphabet="人才岗位氢能，。（）“”abc xyz-3.5%", max_size=60)


def pieces(line: str, width: int) -> list[str]:
    cuts = [0, *breaks(line, width), len(line)]
    return [line[start:end] for start, end in pairwise(cuts)]


@example(line="3333人 .", width=3)
@given(line=MIXED, width=st.integers(2, 40))
def test_no_piece_is_too_wide_and_nothing_is_lost(line: str, width: int) -> None:
    found = pieces(line, width)
    assert "".join(found) == line
    assert all(cell_len(piece.rstrip()) <= width for piece in found)


def test_lines_break_between_ideographs_and_not_before_a_closing_mark() -> None:
    assert pieces("库内没有可得人才，请补充", 16) == ["库内没有可得人", "才，请补充"]


def test_latin_words_stay_whole_where_they_fit() -> None:
    assert pieces("PEM electrolyser stack", 14) == ["PEM ", "electrolyser ", "stack"]


def test_what_is_joined_stays_on_one_line() -> None:
    joined = JOINER.join("方向 +0.30")
    out = StringIO()
    console = Console(file=out, width=20)
    console.print(Wrapped(Text(f"基准 -2.00  {joined}")))
    assert [line.rstrip() for line in out.getvalue().splitlines()] == ["基准 -2.00", "方向 +0.30"]
