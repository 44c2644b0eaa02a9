"""最紧缺的单元格: where most is wanted against what there is, and how many cells have how many stars."""

from collections import Counter

from services.kernel.text import Text
from services.paper.document import Column, Section, Table
from services.talent.domain.report.sections.cells import cell_columns, cell_values, noted, tightest
from services.talent.domain.report.view import View


def tight(view: View) -> Section:
    """The section."""
    return Section(
        "tightest", Text("最紧缺的单元格", "Tightest cells"), tables=(_tightest(view), _stars(view))
    )


def _tightest(view: View) -> Table:
    found = tightest(view.fine, view.composition.tightest)
    return Table(
        "tightest-cells",
        Text("最紧缺的单元格（方向 × 设区市）", "tightest cells (direction by city)"),
        (Column(Text("单元格", "cell")), *cell_columns(view)),
        tuple((view.place(row), *cell_values(row)) for row in found),
        Text("没有可排序的单元格。", "No cell can be ranked."),
        noted(view, "证据 D 级的单元格不排序。", "Cells of grade D are not ranked."),
    )


def _stars(view: View) -> Table:
    shown = [row for row in view.fine if row.index is not None]
    count, before = Counter(row.stars for row in shown), _before(view)
    columns = (
        Column(Text("星级", "stars")),
        Column(Text("本期", "now"), 0),
        Column(Text("上期（修订后）", "before, as revised"), 0),
    )
    rows = [
        ("★" * stars or "–", count[stars], None if before is None else before[stars])
        for stars in range(5, -1, -1)
    ]
    return Table(
        "stars",
        Text("各星级的单元格数", "cells by stars"),
        columns,
        tuple(rows) if shown else (),
        Text("没有可显示的指数。", "No index is shown."),
    )


def _before(view: View) -> Counter[int] | None:
    if view.revised is None:
        return None
    rows = view.revised.within(row.key for row in view.fine)
    return Counter(row.stars for row in rows if row.index is not None)
