"""设区市: the map, and each city with the ranks it may have; never a bare league table."""

from services.kernel.text import Text
from services.paper.document import Chart, Column, Drawn, Section, Table, Value
from services.talent.domain.axes import ALL
from services.talent.domain.report.printed import belief_of
from services.talent.domain.report.sections.cells import (
    CITY,
    SYMBOLS,
    cell_columns,
    cell_values,
    index_digits,
    mark_of,
)
from services.talent.domain.report.view import View
from services.talent.domain.shortage.comparison import rank_intervals, standardised
from services.talent.domain.shortage.table import Address, ShortageTable

_LEAST_MOVES = 5


def cities(view: View) -> Section:
    """The section."""
    said = Text(
        "城市之间只宜结合区间比较：名次区间相交的城市不能分先后。",
        "Compare cities by their intervals: where the ranks that two may have overlap, neither is ahead.",
    )
    return Section(
        "cities", Text("设区市", "Cities"), paragraphs=(said,), charts=(_chart(view),), tables=(_table(view),)
    )


def _chart(view: View) -> Chart:
    name, now = view.facts.name, view.now
    marks = tuple(mark_of(city, name(city), now.at(ALL, city)) for city in view.axes.cities[:-1])
    return Chart(Drawn.MAP, Text("各设区市的紧缺指数", "index of each city"), index_digits(view), marks)


def _table(view: View) -> Table:
    codes = view.axes.cities[:-1]
    ranks = rank_intervals([belief_of(view.now.at(ALL, city)) for city in codes], view.composition.rank_sure)
    rows: list[tuple[Value, ...]] = []
    for city, rank in zip(codes, ranks, strict=True):
        row = view.now.at(ALL, city)
        said = f"{rank[0]}–{rank[1]}" if rank else None
        rows.append((view.facts.name(city), *cell_values(row), said, *_inner(view.table, city)))
    columns = (CITY, *cell_columns(view), Column(Text("名次区间", "ranks")), *_inner_columns(view))
    note = SYMBOLS if view.public else _note()
    title = Text("按设区市", "by city")
    return Table("by-city", title, columns, tuple(rows), Text("发布中没有城市。", "No cities."), note)


def _inner_columns(view: View) -> tuple[Column, ...]:
    if view.public:
        return ()
    return (
        Column(Text("标准化指数", "standardised"), 1),
        Column(Text("流入", "moved in"), 0),
        Column(Text("流出", "moved out"), 0),
    )


def _inner(table: ShortageTable | None, city: str) -> tuple[Value, ...]:
    if table is None:
        return ()
    found = standardised(table, Address(city=city))
    return (found.index if found else None, *_moved(table, table.at(Address(city=city))))


def _moved(table: ShortageTable, at: tuple[int, int, int]) -> tuple[Value, Value]:
    """People within the last quarters, both ways; few of them stay unsaid."""
    into, out = table.cube.moved_in, table.cube.moved_out
    if into is None or out is None:
        return None, None
    both = float(into[at]), float(out[at])
    if sum(both) != sum(both):
        return None, None
    said = tuple("c" if 0 < each < _LEAST_MOVES else round(each) for each in both)
    return said[0], said[1]


def _note() -> Text:
    return Text(
        "标准化指数：各市按全省的需求结构加权，不因产业结构不同而偏高或偏低。流入、流出为近四季人次，1–4 不显示。"
        f"{SYMBOLS.zh}",
        "Standardised: every city weighed by the province's mix of demand. Moves within four quarters, 1 to 4 not "
        f"shown. {SYMBOLS.en}",
    )
