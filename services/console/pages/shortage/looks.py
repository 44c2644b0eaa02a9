"""How a cell of the shortage map looks: what is written in it, its shade, and the words for whoever cannot see it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bole.talent.v1 import shortage_pb2 as shortage
from services.console.draw.classes import Classes, classify
from services.console.pages.shortage.causes import causes_of, has_cause
from services.console.web.visits import Visit
from services.console.words import Words
from services.kernel.text import Text
from services.wording.causes import CAUSES

Cell = shortage.ShortageCell
STAR_IN_DOUBT = Text(
    "观察：星级存疑，可能即将变化，或边界把握不足 80%",
    "watch: the star is in doubt, about to change or less than 80 % sure",
)


@dataclass(frozen=True, slots=True)
class Look:
    """A cell as it is drawn. `shade` is 0 without an index; `doubtful` ones are hatched; `causes`: codes of why it is
    short.
    """

    label: str
    shade: int
    doubtful: bool
    grade: str
    said: str
    causes: Sequence[str] = ()


def shades(cells: Iterable[Cell]) -> Classes | None:
    """Classes of the indices that are shown."""
    return classify([cell.index for cell in cells if cell.HasField("index")])


def look(visit: Visit, cell: Cell, classes: Classes | None, cause: str = "") -> Look:
    """The look of a cell among others. With a `cause`, cells that it does not explain are left blank."""
    grade, causes = grade_of(cell), causes_of(cell)
    if not has_cause(cell, cause):
        named = visit.text(CAUSES[cause])
        return Look("·", 0, False, grade, visit.say(f"成因不含“{named}”", f"not short for: {named}"))
    if cell.HasField("index") and classes is not None:
        return Look(
            f"{cell.index:.0f}",
            classes.shade(cell.index),
            grade in ("C", "D"),
            grade,
            _said(visit, cell, grade) + _why(visit, causes),
            causes,
        )
    return Look("–", 0, False, grade, instead(visit, cell) + _why(visit, causes), causes)


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


def _why(visit: Visit, causes: Sequence[str]) -> str:
    """The causes in words, as the end of a sentence; empty without any."""
    named = [visit.text(CAUSES[each]) for each in causes]
    if not named:
        return ""
    return visit.say(f"；成因：{'、'.join(named)}", f"; short for: {', '.join(named)}")


def _said(visit: Visit, cell: Cell, grade: str) -> str:
    span = f"{cell.low:.0f}–{cell.high:.0f}"
    return visit.say(
        f"指数 {cell.index:.0f}，90% 区间 {span}，证据 {grade or '—'} 级",
        f"index {cell.index:.0f}, 90 % interval {span}, evidence grade {grade or '—'}",
    )
