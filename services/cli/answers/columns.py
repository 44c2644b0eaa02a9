"""Columns of an answer: raw values for machines, and how people see them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from rich.text import Text as RichText

from services.cli.answers.amounts import exact
from services.cli.answers.wrapping import JOINER
from services.kernel.money import Money
from services.kernel.text import Language, Text
from services.wording.chances import chance

Show: TypeAlias = Callable[[Any, Language], str | RichText]
ENDS = (Text("下限", "low"), Text("上限", "high"))
RANKS = (Text("最前", "first"), Text("最后", "last"))


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its key in machine formats, its header, how a value is shown, and how it is set.

    `whole` values, such as names to copy, are never broken, and stand under the table, by row number, where it would be
    too wide; `below` ones always do;
    `wraps` marks texts, whose rows get a line between; `least`: cells that a long text keeps beside the others; `room`:
    the cells without which a text stands under the table too, since in fewer it would be a column of single words.
    `parts`: of a value that is so many in one, the headers of the columns that it fills in a CSV or XLSX file; of any
    other, the one header that it has there, with its unit.
    """

    key: str
    header: Text
    right: bool = False
    wraps: bool = False
    least: int | None = None
    room: int | None = None
    whole: bool = False
    below: bool = False
    show: Show | None = None
    parts: Sequence[Text] = ()

    def text(self, value: Any, language: Language) -> RichText:
        """A value as people see it; a dash for none."""
        if value is None or value == "":
            return RichText("—", style="dim")
        shown = self.show(value, language) if self.show else plain(value)
        return shown if isinstance(shown, RichText) else RichText(str(shown))

    def cell(self, value: Any, language: Language) -> Any:
        """A value as one cell of a workbook: a number or an amount as such, a code in the words that people see."""
        if isinstance(value, Money):
            return value
        if self.show is None or value is None or value == "" or isinstance(value, bool | int | float):
            return plain(value)
        return self.text(value, language).plain.replace(JOINER, "")


ORIGIN = Column("origin", Text("数据来源", "origin"))


def plain(value: Any) -> Any:
    """A value as one cell of a machine format: lists are joined by line breaks, money is exact in yuan."""
    if isinstance(value, list | tuple):
        return "\n".join(str(plain(each)) for each in value)
    if isinstance(value, dict):
        return "; ".join(f"{key}={plain(each)}" for key, each in value.items())
    if isinstance(value, Money):
        return exact(value)
    return value


def number(digits: int, *, signed: bool = False) -> Show:
    """Shows a number with so many digits after the point."""
    sign = "+" if signed else ""
    return lambda value, _: f"{value:{sign}.{digits}f}"


def interval(key: str, header: Text, digits: int, *, ends: tuple[Text, Text] = ENDS) -> Column:
    """The column of two numbers, shown as one span with so many digits after the point; `ends`: of a file's headers."""
    low, high = (Text(f"{header.zh}{end.zh}", f"{header.en} {end.en}") for end in ends)
    return Column(
        key,
        header,
        parts=(low, high),
        show=lambda value, _: "–".join(f"{each:.{digits}f}" for each in value),
    )


def likely(value: Any, _: Language) -> str:
    """Shows a probability."""
    return chance(value)


def probability(*, calibrated: bool) -> Column:
    """The column of a list's probabilities; an asterisk at its header while they are not calibrated on outcomes."""
    mark = "" if calibrated else "*"
    return Column("probability", Text(f"概率{mark}", f"prob.{mark}"), right=True, show=likely)


def tick(value: Any, _: Language) -> RichText:
    """Shows a yes or no."""
    return RichText("✓", style="green") if value else RichText("✗", style="red")
