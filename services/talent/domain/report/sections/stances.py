"""政策要求: what the document asks of the directions of each industry, and what stands there today.

The document's own verbs are the yardstick: a direction that is to be laid out ahead (超前布局) is not behind because
few positions are open in it, one that is to be scaled up is.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final

from services.kernel.text import Text
from services.paper.document import Column, Table, Value
from services.talent.domain.axes import ALL
from services.talent.domain.release.content import Row
from services.talent.domain.report.sections.cells import INDUSTRY
from services.talent.domain.report.view import View

ASKED: Final[Mapping[str, tuple[Text, Text]]] = {
    "scale": (
        Text("发展壮大", "scale up"),
        Text("持续的岗位、人才与投资", "steady positions, people and money"),
    ),
    "breakthrough": (
        Text("攻关突破", "break through"),
        Text("人才、团队与研发项目", "people, teams and R&D projects"),
    ),
    "forward": (
        Text("超前布局", "lay out ahead"),
        Text("已有人从事；不以岗位多少衡量", "somebody at work on it; never by how many positions"),
    ),
    "apply": (
        Text("推广应用", "apply and demonstrate"),
        Text("应用场景与岗位", "scenarios and positions"),
    ),
}
"""By the catalogue's classes of verbs: what is asked, and what it is seen by."""
_COLUMNS: Final = (
    INDUSTRY,
    Column(Text("文件要求", "the document asks to")),
    Column(Text("方向", "directions"), 0),
    Column(Text("有人才", "with people"), 0),
    Column(Text("有在招", "with positions open"), 0),
    Column(Text("紧缺", "short"), 0),
    Column(Text("不显示", "not shown"), 0),
    Column(Text("衡量", "seen by")),
)


def stances(view: View) -> Table:
    """The table: of each industry the directions by what is asked of them."""
    by_class: dict[tuple[str, str], list[str]] = defaultdict(list)
    for leaf in view.axes.policy_leaves:
        if stance := view.facts.stances.get(leaf):
            by_class[view.axes.industry_of(leaf), stance].append(leaf)
    rows = tuple(
        _row(view, industry, stance, leaves)
        for industry in view.axes.industries
        for stance in ASKED
        if (leaves := by_class.get((industry, stance)))
    )
    stars = view.composition.short_stars
    note = Text(
        f"按文件对各方向所用动词归类（大力发展、着力突破、超前布局、推动应用等）。有人才、有在招、紧缺（★{stars} 以上）"
        "按全省单元格的发布数字计；数字不显示的方向单列，不计入前几列。",
        "Directions by the verb that the document uses of them. With people, with positions open and short "
        f"(★{stars} and above) as the release prints the cell of the province; directions whose numbers are not shown "
        "stand apart and count in none of them.",
    )
    title = Text(
        "各产业方向的政策要求与现状", "what the document asks of the directions, and what stands there"
    )
    return Table("policy-verbs", title, _COLUMNS, rows, Text("没有方向。", "No directions."), note)


def _row(view: View, industry: str, stance: str, leaves: Sequence[str]) -> tuple[Value, ...]:
    asked, seen_by = ASKED[stance]
    cells = [row for leaf in leaves if (row := view.now.at(leaf, ALL)) is not None]
    shown = [row for row in cells if not _is_hidden(row)]
    return (
        view.facts.name(industry),
        asked,
        len(leaves),
        sum(bool(row.persons) for row in shown),
        sum(bool(row.demand) for row in shown),
        sum(row.stars >= view.composition.short_stars for row in shown),
        len(cells) - len(shown),
        seen_by,
    )


def _is_hidden(row: Row) -> bool:
    return row.persons is None or row.demand is None
