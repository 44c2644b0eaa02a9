"""Columns and rows that several sections share."""

from dataclasses import replace

from services.kernel.text import Text
from services.paper.document import Column, Mark, Section, Table, Value
from services.paper.values import written
from services.talent.domain.release.content import Row
from services.talent.domain.report.printed import count_of, gap_of, index_of, stars_of
from services.talent.domain.report.view import View

SYMBOLS = Text(
    "z 不适用（无需求）；x 无数据；c 不显示（人数过少或防止推算）；– 未列入发布；— 没有此项；☆ 不足一星；"
    "星后的 ? 星级存疑（观察）",
    "z: not applicable (no demand); x: no data; c: suppressed (too few people, or to protect others); –: not in the "
    "release; —: nothing to tell; ☆: not one star; ? after stars: in doubt",
)
"""At the head of a report, once."""
SYMBOLS_FOURTH = Text(
    "z 不适用（无需求）；x 无数据；c 不显示（人数过少或防止推算）；– 未列入发布；— 没有此项；★ 后的 ? 星级存疑（观察）",
    "z: not applicable (no demand); x: no data; c: suppressed (too few people, or to protect others); –: not in the "
    "release; —: nothing to tell; ? after stars: in doubt",
)
_SYMBOLS_EARLY = Text(
    "符号：z 不适用（无需求），x 无数据，c 不显示（人数过少或防止推算），– 未列入；★ 后的 ? 表示观察（星级存疑）。",
    "Symbols: z not applicable (no demand), x unavailable, c suppressed (too few, or to protect others), – not "
    "listed; ? after stars: in doubt.",
)
_STARS = Text("星级", "stars")
INDUSTRY = Column(Text("产业", "industry"))
CITY = Column(Text("设区市", "city"))


def noted(view: View, zh: str = "", en: str = "") -> Text | None:
    """The note of a table of cells. The first three versions explained the symbols under each of them."""
    if view.early:
        return Text(f"{zh}{_SYMBOLS_EARLY.zh}", f"{en}{en and ' '}{_SYMBOLS_EARLY.en}")
    return Text(zh, en) if zh else None


def starred(section: Section) -> Section:
    """With ☆ where a cell has an index and not one star: the dash is what is not in the release."""
    return replace(section, tables=tuple(map(_starred, section.tables)))


def _starred(table: Table) -> Table:
    stars = [column.title == _STARS for column in table.columns]
    if not any(stars):
        return table
    rows = tuple(
        tuple(
            f"☆{value[1:]}" if of_stars and isinstance(value, str) and value[:1] == "–" else value
            for of_stars, value in zip(stars, row, strict=True)
        )
        for row in table.rows
    )
    return replace(table, rows=rows)


def index_digits(view: View) -> int:
    """Public editions print whole indices."""
    return 0 if view.public else 1


def signed(value: float, digits: int) -> str:
    """A change within a sentence, as its table writes it."""
    return written(value, "zh", Column(Text("", ""), digits, signed=True))


def cell_columns(view: View) -> tuple[Column, ...]:
    """What is said of any cell."""
    digits = index_digits(view)
    return (
        Column(Text("指数", "index"), digits),
        Column(Text("90% 下限", "90% low"), digits),
        Column(Text("90% 上限", "90% high"), digits),
        Column(_STARS),
        Column(Text("证据", "grade")),
        Column(Text("在招", "open"), 0),
        Column(Text("可得", "available"), digits),
        Column(Text("缺口", "gap"), digits),
    )


def cell_values(row: Row | None) -> tuple[Value, ...]:
    """The values of one cell under `cell_columns`."""
    return (
        index_of(row),
        None if row is None else row.low,
        None if row is None else row.high,
        stars_of(row),
        "" if row is None else row.grade,
        count_of(row, "demand"),
        count_of(row, "supply"),
        gap_of(row),
    )


def mark_of(code: str, name: Text, row: Row | None) -> Mark:
    """A cell in a picture."""
    index = index_of(row)
    if isinstance(index, str) or row is None:
        return Mark(code, name, said=str(index))
    return Mark(code, name, index, row.low, row.high)


def tightest(rows: list[Row], limit: int) -> list[Row]:
    """Cells with an index that is not of grade D, the highest first; ties by name of the cell."""
    ranked = [row for row in rows if row.index is not None and row.grade != "D"]
    return sorted(ranked, key=lambda row: (-(row.index or 0.0), row.key))[:limit]
