"""How a cell of the shortage map looks: what is written in it, its shade, and the words for whoever cannot see it."""

from collections.abc import Iterable
from dataclasses import dataclass

from bole.talent.v1 import shortage_pb2 as shortage
from services.console.draw.classes import Classes, classify
from services.console.web.visits import Visit
from services.console.words import Words
from services.kernel.text import Text

Cell = shortage.ShortageCell
STAR_IN_DOUBT = Text(
    "观察：星级存疑，可能即将变化，或边界把握不足 80%",
    "watch: the star is in doubt, about to change or less than 80 % sure",
)


@dataclass(frozen=True, slots=True)
class Look:
    """A cell as it is drawn. `shade` is 0 without an index; `doubtful` ones are hatched."""

    label: str
    shade: int
    doubtful: bool
    grade: str
    said: str


def shades(cells: Iterable[Cell]) -> Classes | None:
    """Classes of the indices that are shown."""
    return classify([cell.index for cell in cells if cell.HasField("index")])


def look(visit: Visit, cell: Cell, classes: Classes | None) -> Look:
    """The look of a cell among others."""
    grade = grade_of(cell)
    if cell.HasField("index") and classes is not None:
        return Look(
            f"{cell.index:.0f}",
            classes.shade(cell.index),
            grade in ("C", "D"),
            grade,
            _said(visit, cell, grade),
        )
    why = instead(visit, cell)
    return Look("–", 0, False, grade, why)


def grade_of(cell: Cell) -> str:
    """A to D; empty without an index."""
    name = Cell.Grade.Name(cell.grade).removeprefix("GRADE_")
    return "" if name == "UNSPECIFIED" else name


def instead(visit: Visit, cell: Cell) -> str:
    """What is said of a cell without an index."""
    if cell.HasField("band"):
        return visit.text(cell.band)
    words = Words(visit.catalogue, visit.language)
    return words.cell_state(Cell.State.Name(cell.state)) or visit.say("不显示", "not shown")


def _said(visit: Visit, cell: Cell, grade: str) -> str:
    span = f"{cell.low:.0f}–{cell.high:.0f}"
    return visit.say(
        f"指数 {cell.index:.0f}，90% 区间 {span}，证据 {grade or '—'} 级",
        f"index {cell.index:.0f}, 90 % interval {span}, evidence grade {grade or '—'}",
    )
