"""成因与对策: likely causes of the tightest cells by printed rules, and what fits them. Internal edition only."""

from collections import Counter

from services.kernel.text import Text
from services.paper.document import Column, Section, Table, Value
from services.talent.domain.axes import ALL
from services.talent.domain.release.content import Row
from services.talent.domain.report.sections.cells import tightest
from services.talent.domain.report.view import View
from services.talent.domain.shortage.reasons.drivers import Driver, drivers
from services.talent.domain.shortage.table import Address, ShortageTable
from services.wording.causes import CAUSES

_TITLE = Text("成因与对策", "Causes and remedies")


def causes(view: View) -> Section:
    """The section; of a public edition a sentence that says where it is."""
    if view.table is None:
        said = Text(
            "成因的依据（流动、培养、被拒原因等）属内部资料，不在公开版中。",
            "What the causes rest on (moves, training, refusals) is internal and not part of the public edition.",
        )
        return Section("causes", _TITLE, (said,))
    found = _found(view, view.table)
    return Section("causes", _TITLE, (_rules(),), tables=(_listed(view, found), _counted(found)))


def _rules() -> Text:
    return Text(
        "每条成因由一条写明的规则得出，可同时有几条，也可一条也没有；没有依据的不写。",
        "Each cause follows from a written rule; several may apply, or none. Nothing is said without evidence.",
    )


def _found(view: View, table: ShortageTable) -> list[tuple[Row, list[Driver]]]:
    limit = view.composition.driven
    places = ((node, ALL, kind) for node in view.axes.industries for kind in view.axes.categories[:-1])
    rows = [*tightest(view.fine, limit), *tightest(list(view.now.within(places)), limit)]
    refused = view.facts.inner.refused if view.facts.inner else ()
    return [(row, drivers(table, Address(*row.key), view.facts.name, refused, view.manner)) for row in rows]


def _listed(view: View, found: list[tuple[Row, list[Driver]]]) -> Table:
    columns = (
        Column(Text("单元格", "cell")),
        Column(Text("指数", "index"), 1),
        Column(Text("成因", "cause")),
        Column(Text("对策", "remedy")),
    )
    rows: list[tuple[Value, ...]] = [
        (view.place(row), row.index, driver.cause, driver.remedy)
        for row, several in found
        for driver in several
    ]
    title = Text("最紧缺单元格的成因", "causes of the tightest cells")
    if not found and not view.fifth:
        return Table("causes-list", title, columns, (), _UNRANKED)
    return Table(
        "causes-list",
        title,
        columns,
        tuple(rows),
        Text("所列单元格没有一条规则有足够依据。", "No rule has its evidence in any of these cells."),
        Text(
            f"看了最紧的 {len(found)} 个单元格（方向 × 设区市、产业 × 人才类别）。",
            f"Looked at: the {len(found)} tightest cells (direction by city, industry by class of talent).",
        ),
    )


_UNRANKED = Text(
    "没有可以排名的单元格，也就没有可查的成因。", "No cell can be ranked, and so no cause was looked for."
)


def _counted(found: list[tuple[Row, list[Driver]]]) -> Table:
    codes = Counter(driver.code for _, several in found for driver in several)
    columns = (Column(Text("成因", "cause")), Column(Text("单元格", "cells"), 0))
    rows = [(CAUSES.get(code, Text(code, code)), count) for code, count in sorted(codes.items())]
    return Table(
        "causes-count",
        Text("各成因的单元格数", "cells by cause"),
        columns,
        tuple(rows),
        Text("没有成因可列。", "There is no cause to list."),
    )
