"""设区市: the map, and each city with the ranks it may have; never a bare league table."""

from dataclasses import replace

from services.kernel.text import Text
from services.paper.document import Chart, Column, Drawn, Section, Table, Value
from services.talent.domain.axes import ALL
from services.talent.domain.report.printed import belief_of
from services.talent.domain.report.returns import FEN_PER_WAN, Reported, Source
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
from services.talent.domain.shortage.reasons.comparison import rank_intervals, standardised
from services.talent.domain.shortage.table import Address, ShortageTable

_LEAST_MOVES = 5
BY_CITY, DEALS_BY_CITY = 3, 5
"""The versions of the funding service's return that first told of firms and holdings by city, and of deals."""
_USE = Text(
    "用于督查激励等评价的，须连同区间、证据等级与方法说明一并使用，不得只取名次。",
    "Whoever uses this to commend or to inspect (督查激励) takes it with the intervals, the grades of evidence and the "
    "method, never by the ranks alone.",
)
_WITHHELD = Text(
    "各市的人才流入流出、企业、项目与投资的增长属内部资料，不在公开版中。",
    "Moves of people, and the growth of firms, deals and holdings, by city are internal and not part of the public "
    "edition.",
)
_STANDARDISED = (
    "标准化指数：各市按全省的需求结构加权，不因产业结构不同而偏高或偏低。流入、流出为近四季人次，1–4 不显示。",
    "Standardised: every city weighed by the province's mix of demand. Moves within four quarters, 1 to 4 not shown.",
)


_STANDARDISED_OF = Text(
    "标准化指数：各市按全省的需求结构加权，不因产业结构不同而偏高或偏低；只由该市显示指数的产业算出，“需求覆盖”为这些产业占全省"
    "需求的份额，不到一半的不列指数。流入、流出为近四季人次，1–4 不显示。",
    "Standardised: every city weighed by the province's mix of demand, made of the industries alone of which the city "
    "shows an index; covered is their share of the province's demand, and below a half there is no such index. Moves "
    "within four quarters, 1 to 4 not shown.",
)
_LEAST_COVERED = 0.5


def cities(view: View) -> Section:
    """The section."""
    said = Text(
        "城市之间只宜结合区间比较：名次区间相交的城市不能分先后。",
        "Compare cities by their intervals: where the ranks that two may have overlap, neither is ahead.",
    )
    growth = () if view.early or view.public else (_growth(view),)
    told = (said,) if view.early else (said, _USE, _WITHHELD) if view.public else (said, _USE)
    tables = (_table(view), *growth)
    return Section("cities", Text("设区市", "Cities"), paragraphs=told, charts=(_chart(view),), tables=tables)


def _growth(view: View) -> Table:
    """Firms, deals and holdings of each city, as the funding service reported them, and what became of the holdings
    since the period before; empty where its method told of no cities.
    """
    said = view.facts.returns.of(Source.FUNDING) if view.facts.returns else None
    rows: tuple[tuple[Value, ...], ...] = ()
    if said is not None and said.told and from_method(said, BY_CITY):
        rows = tuple(_grown(view, said, city) for city in view.axes.cities[:-1])
    columns = (
        CITY,
        Column(Text("在册企业", "firms on record"), 0),
        Column(Text("其中本期成立", "founded in the period"), 0),
        Column(Text("企业增长率", "growth of firms"), 1, percent=True),
        Column(Text("申报项目", "deals submitted"), 0),
        Column(Text("批准项目", "deals approved"), 0),
        Column(Text("新增投资", "holdings begun"), 0),
        Column(Text("较上期", "since the period before"), 0, signed=True),
        WAN,
        Column(Text("金额较上期（万元）", "change of the amount"), 0, signed=True),
    )
    note = Text(
        "投资服务报送：在册企业为统计时登记在册、期末前成立的，未填写成立日的不计，增长率为本期成立数与期初在册数之比；申报、批准按"
        "当季发生、新增投资按交割日，均按企业所在市计；上期有季度未报送的，不作比较。在册不等于全部企业，增长只说明本系统所知。",
        "As the funding service reported: firms on record when counted that were founded by the last day, none "
        "without that date, and their growth those founded in the period against those before it; deals of the period "
        "and holdings by the day of closing, by the city of the firm; nothing is compared where a quarter of the "
        "period before was not reported. Not all firms are on record: this is growth of what the system knows.",
    )
    empty = Text("投资服务未报送分市数字。", "The funding service has reported no figures by city.")
    title = Text("企业、项目与投资的增长", "growth of firms, deals and holdings")
    return Table("city-growth", title, columns, rows, empty, note)


def _grown(view: View, said: Reported, city: str) -> tuple[Value, ...]:
    """One city. Deals by city are None of a method that did not tell of them."""
    firms = replace(said, told=said.told[-1:]).value("firms", city)
    founded = said.value("firms_founded", city)
    deals = from_method(said, DEALS_BY_CITY)
    return (
        view.facts.name(city),
        firms,
        founded,
        _rate(firms, founded),
        *(said.value(code, city) if deals else None for code in ("city_submitted", "city_approved")),
        said.value("city", city),
        _since(view, said.value("city", city), "city", city),
        said.wan("city", city),
        _since(view, said.wan("city", city), "city_fen", city, FEN_PER_WAN),
    )


def _rate(firms: Value, founded: Value) -> float | None:
    if not isinstance(firms, int) or not isinstance(founded, int) or firms <= founded:
        return None
    return founded / (firms - founded)


def _since(view: View, now: Value, code: str, city: str, unit: int = 1) -> int | None:
    """By how much a number differs from that of the period before; None where that was not reported in full."""
    before = view.facts.inner.cities_before if view.facts.inner else None
    then = before.of(Source.FUNDING) if before else None
    if then is None or then.missing or not from_method(then, BY_CITY) or not isinstance(now, int):
        return None
    value = then.value(code, city, unit)
    return now - value if isinstance(value, int) else None


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
        rows.append((view.facts.name(city), *cell_values(row), said, *_inner(view, city)))
    columns = (CITY, *cell_columns(view), Column(Text("名次区间", "ranks")), *_inner_columns(view))
    note = (
        noted(view)
        if view.public
        else noted(view, *(_STANDARDISED if view.fourth else (_STANDARDISED_OF.zh, _STANDARDISED_OF.en)))
    )
    title = Text("按设区市", "by city")
    return Table("by-city", title, columns, tuple(rows), Text("发布中没有城市。", "No cities."), note)


def _inner_columns(view: View) -> tuple[Column, ...]:
    if view.public:
        return ()
    covered = () if view.fourth else (Column(Text("需求覆盖", "covered"), 0, percent=True),)
    return (
        Column(Text("标准化指数", "standardised"), 1),
        *covered,
        Column(Text("流入", "moved in"), 0),
        Column(Text("流出", "moved out"), 0),
    )


def _inner(view: View, city: str) -> tuple[Value, ...]:
    table = view.table
    if table is None:
        return ()
    found, moved = standardised(table, Address(city=city)), _moved(table, table.at(Address(city=city)))
    if view.fourth:
        return (found.index if found else None, *moved)
    covered = found.covered if found else None
    return (found.index if found and found.covered >= _LEAST_COVERED else None, covered, *moved)


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
