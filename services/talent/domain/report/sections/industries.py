"""产业: each of them in the province, and each by city."""

from services.kernel.text import Text
from services.paper.document import Chart, Column, Drawn, Section, Table
from services.talent.domain.axes import ALL
from services.talent.domain.report.printed import index_of
from services.talent.domain.report.sections.cells import (
    INDUSTRY,
    cell_columns,
    cell_values,
    index_digits,
    mark_of,
    noted,
)
from services.talent.domain.report.sections.presence import presence
from services.talent.domain.report.sections.stances import stances
from services.talent.domain.report.view import PROVINCE, View

_NONE = Text("发布中没有产业。", "The release has no industries.")

_NET = Text(
    "缺口为在招减可得，最少为 0；全省一行由合计数相减，各产业的富余抵减了其他产业的缺口，因此不大于各产业缺口之和。",
    "Short: open less available, at least 0. The province's is of its totals, in which what some industries have to "
    "spare counts against what others lack: it is no more than theirs together.",
)


def industries(view: View) -> Section:
    """The section."""
    further = () if view.early else (stances(view), presence(view))
    tables = (_table(view), *further, _matrix(view))
    return Section("industries", Text("产业", "Industries"), charts=(_chart(view),), tables=tables)


def _chart(view: View) -> Chart:
    name, now = view.facts.name, view.now
    marks = tuple(mark_of(code, name(code), now.at(code)) for code in view.axes.industries)
    title = Text(
        "各产业的紧缺指数与 90% 区间（50 为平衡）", "index of each industry, 90% interval (50 is balance)"
    )
    return Chart(Drawn.BARS, title, index_digits(view), marks)


def _table(view: View) -> Table:
    name, now = view.facts.name, view.now
    rows = [(PROVINCE, *cell_values(now.at()))]
    rows += [(name(code), *cell_values(now.at(code))) for code in view.axes.industries]
    title = Text("按产业", "by industry")
    note = noted(view) if view.fourth else noted(view, _NET.zh, _NET.en)
    return Table("by-industry", title, (INDUSTRY, *cell_columns(view)), tuple(rows), _NONE, note)


def _matrix(view: View) -> Table:
    name, now, cities = view.facts.name, view.now, view.axes.cities[:-1]
    digits = index_digits(view)
    columns = (
        INDUSTRY,
        Column(PROVINCE, digits),
        *(Column(name(city), digits) for city in cities),
    )
    rows = tuple(
        (PROVINCE if code == ALL else name(code), *(index_of(now.at(code, city)) for city in (ALL, *cities)))
        for code in (ALL, *view.axes.industries)
    )
    return Table(
        "matrix", Text("产业 × 设区市的指数", "index by industry and city"), columns, rows, _NONE, noted(view)
    )
