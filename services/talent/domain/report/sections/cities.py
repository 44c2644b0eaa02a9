"""设区市: the map, and each city with the ranks it may have; never a bare league table."""

from dataclasses import replace

from services.kernel.text import Text
from services.paper.document import Chart, Column, Drawn, Section, Table, Value
from services.talent.domain.axes import ALL
from services.talent.domain.report.printed import belief_of
from services.talent.domain.report.returns import Source
from services.talent.domain.report.sections.cells import (
    CITY,
    cell_columns,
    cell_values,
    index_digits,
    mark_of,
    noted,
)
from services.talent.domain.report.sections.reported import WAN, from_method
from services.talent.domain.report.view import View
from services.talent.domain.shortage.comparison import rank_intervals, standardised
from services.talent.domain.shortage.table import Address, ShortageTable

_LEAST_MOVES = 5
BY_CITY = 3
"""The version of the funding service's return that first told of cities."""
_WITHHELD = Text(
    "各市的人才流入流出、企业与投资的增长属内部资料，不在公开版中。",
    "Moves of people, and the growth of firms and holdings, by city are internal and not part of the public edition.",
)
_STANDARDISED = (
    "标准化指数：各市按全省的需求结构加权，不因产业结构不同而偏高或偏低。流入、流出为近四季人次，1–4 不显示。",
    "Standardised: every city weighed by the province's mix of demand. Moves within four quarters, 1 to 4 not shown.",
)


def cities(view: View) -> Section:
    """The section."""
    said = Text(
        "城市之间只宜结合区间比较：名次区间相交的城市不能分先后。",
        "Compare cities by their intervals: where the ranks that two may have overlap, neither is ahead.",
    )
    growth = () if view.early or view.public else (_growth(view),)
    told = (said,) if view.early or not view.public else (said, _WITHHELD)
    tables = (_table(view), *growth)
    return Section("cities", Text("设区市", "Cities"), paragraphs=told, charts=(_chart(view),), tables=tables)


def _growth(view: View) -> Table:
    """Firms and holdings of each city, as the funding service reported them; empty where its method told of none."""
    said = view.facts.returns.of(Source.FUNDING) if view.facts.returns else None
    newest = replace(said, told=said.told[-1:]) if said is not None else None
    rows: tuple[tuple[Value, ...], ...] = ()
    if said is not None and newest is not None and said.told and from_method(said, BY_CITY):
        rows = tuple(
            (
                view.facts.name(city),
                newest.value("firms", city),
                said.value("firms_founded", city),
                said.value("city", city),
                said.wan("city", city),
            )
            for city in view.axes.cities[:-1]
        )
    columns = (
        CITY,
        Column(Text("在册企业", "firms on record"), 0),
        Column(Text("其中本期成立", "founded in the period"), 0),
        Column(Text("新增投资", "holdings begun"), 0),
        WAN,
    )
    note = Text(
        "投资服务报送：在册企业为统计时登记在册、期末前成立的，未填写成立日的不计；新增投资按交割日、企业所在市计。"
        "在册不等于全部企业，增长只说明本系统所知。",
        "As the funding service reported: firms on record when counted that were founded by the last day, none "
        "without that date; holdings by the day of closing and the city of the firm. Not all firms are on record: "
        "this is growth of what the system knows.",
    )
    empty = Text("投资服务未报送分市数字。", "The funding service has reported no figures by city.")
    return Table(
        "city-growth", Text("企业与投资的增长", "growth of firms and holdings"), columns, rows, empty, note
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
    note = noted(view) if view.public else noted(view, *_STANDARDISED)
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
