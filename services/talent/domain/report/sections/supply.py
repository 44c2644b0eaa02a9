"""供给与可及: who there is by class of talent, who is expected, and whom the province could reach."""

from services.kernel.text import Text
from services.paper.document import Column, Section, Table, Value
from services.talent.domain.axes import ALL
from services.talent.domain.release.content import Symbol
from services.talent.domain.report.facts import COURSES, CoverageFacts, ProgrammeFacts
from services.talent.domain.report.printed import count_of
from services.talent.domain.report.retention import FATES, RetentionFacts
from services.talent.domain.report.returns import Reported, Source, share
from services.talent.domain.report.sections.cells import INDUSTRY, cell_columns, cell_values, noted
from services.talent.domain.report.sections.reported import DISCLOSED_EARLY
from services.talent.domain.report.view import PROVINCE, View
from services.talent.domain.shortage.table import Address, ShortageTable

_CATEGORY = Column(Text("人才类别", "class of talent"))
_EVERY = Text("全部类别", "all classes")
_NONE = Text("没有数据。", "No data.")

LABELLED = ("T2025-leading-talent", "T2030-innovative-talent")
"""Ids of the goals that count a label of talents."""
_WITHHELD = Text(
    "今后的需要与来源、人才库的覆盖率和人才工程的名额不在公开版中。",
    "What is needed and expected, the coverage of the library, and the places of programmes are not part of the public "
    "edition.",
)


def supply(view: View) -> Section:
    """The section; of a public edition the classes, and what became of nominations and awards."""
    tables, said = [_classes(view)], tuple[Text, ...]()
    if view.table is not None:
        tables.append(_ahead(view, view.table))
    if view.facts.inner is not None:
        if not view.early:
            tables.append(_labels(view))
        tables.append(_coverage(view, view.facts.inner.coverage))
        tables.append(_programmes(view, view.facts.inner.programmes))
        if view.facts.inner.retention is not None:
            tables.append(_retention(view, view.facts.inner.retention))
    elif view.facts.returns is not None:
        own = view.facts.returns.of(Source.TALENT, early=view.early)
        tables += [_programmes_told(view, own), _retention_told(view, own)]
        said = (_WITHHELD,)
    return Section("supply", Text("供给与可及", "Supply and reach"), said, tables=tuple(tables))


def _name(view: View, category: str) -> Text:
    return _EVERY if category == ALL else view.facts.name(category)


def _classes(view: View) -> Table:
    columns = (_CATEGORY, Column(Text("人数", "people"), 0), *cell_columns(view))
    rows = []
    for category in (ALL, *view.axes.categories[:-1]):
        row = view.now.at(category=category)
        rows.append((_name(view, category), count_of(row, "persons"), *cell_values(row)))
    note = noted(
        view,
        "可得人数按流动意愿加权（见“方法说明”）。",
        "Available people are weighed by how ready they are to move (section “method”).",
    )
    return Table("by-class", Text("按人才类别", "by class of talent"), columns, tuple(rows), _NONE, note)


def _labels(view: View) -> Table:
    """领军人才与创新人才: the two groups that cut across the classes, which the document sets goals for."""
    columns = (
        Column(Text("称号", "label")),
        Column(Text("累计（名或个）", "so far (people or teams)"), 0),
        Column(Text("本期新增", "in the period"), 0, signed=True),
        Column(Text("目标", "goal"), 0),
        Column(Text("期限", "due")),
    )
    goals = (each for each in view.facts.goals if each.id in LABELLED)
    rows = tuple(
        (
            each.counts or each.text,
            each.progress.actual,
            each.progress.actual - each.progress.before,
            each.value,
            each.due.isoformat() if each.due else None,
        )
        for each in goals
        if each.progress is not None
    )
    note = Text(
        "横跨各人才类别，按佐证台账计数；团队与其成员如何计，见“目标进度”的计数规则与“方法说明”。",
        "They cut across the classes and are counted by the register of evidence; for how a team and its members count "
        "see the rules of counting in section “goals” and section “method”.",
    )
    return Table(
        "by-label", Text("领军人才与创新人才", "leading and innovative talents"), columns, rows, _NONE, note
    )


def _ahead(view: View, table: ShortageTable) -> Table:
    quarters = table.method.horizon_quarters
    columns = (
        INDUSTRY,
        Column(Text("需要", "needed"), 0),
        Column(Text("现有与预计到岗", "there or expected"), 0),
        Column(Text("其中新增需求", "newly wanted"), 0),
        Column(Text("可及（省外）", "within reach, outside"), 0),
    )
    rows = [
        (PROVINCE if node == ALL else view.facts.name(node), *_outlook(table, node))
        for node in (ALL, *view.axes.industries)
    ]
    return Table(
        "ahead",
        Text(f"今后 {quarters} 季的需要与来源", f"needed and expected within {quarters} quarters"),
        columns,
        tuple(rows),
        _NONE,
        Text(
            "无预计新增需求或培养储备数据的不计算；单元格不显示的，到岗数也不显示。"
            "可及：省外人才中愿来省内者，人数过少的不显示（c）。",
            "Not computed where new demand or training is unknown; what is expected is not shown of a hidden cell. "
            "Within reach: people outside the province who would come; c where they are too few.",
        ),
    )


def _outlook(table: ShortageTable, node: str) -> tuple[Value, ...]:
    at = table.at(Address(node))
    need, cover, new = table.ahead(at)[:3]
    reach: Value = "c" if table.is_reach_hidden(at) else float(table.cube.reach[at])
    if need != need:
        return None, None, None, reach
    return need, "c" if table.is_hidden(at) else cover, new, reach


def _coverage(view: View, found: tuple[CoverageFacts, ...]) -> Table:
    columns = (
        _CATEGORY,
        Column(Text("库覆盖率", "coverage"), 0, percent=True),
        Column(Text("90% 下限", "90% low"), 0, percent=True),
        Column(Text("90% 上限", "90% high"), 0, percent=True),
        Column(Text("说明", "remark")),
    )
    rows = tuple((_name(view, each.category), each.share, each.low, each.high, each.why) for each in found)
    note = Text(
        "库覆盖率为编制时的估计（两个独立来源的重叠，Chapman），只作报告，不折算进供给。",
        "The coverage is estimated when the report is drafted (overlap of two independent sources, Chapman); it is "
        "reported and never divided into the supply.",
    )
    why, empty = {each.why for each in found}, _NONE
    if len(why) == 1 and (same := why.pop()) is not None and not view.early:
        rows, empty = (), same
    return Table("coverage", Text("人才库的覆盖率", "coverage of the library"), columns, rows, empty, note)


def _programmes(view: View, found: tuple[ProgrammeFacts, ...]) -> Table:
    rows = tuple((each.name, each.nominated, each.undecided, each.awarded, each.places) for each in found)
    note = Text(
        "申报含未通过与撤回的；未定名额的记为 —。",
        "Nominations include those turned down and withdrawn; — where no places are set.",
    )
    return _named(view, (*_COURSES, Column(Text("名额", "places"), 0)), rows, note)


def _programmes_told(view: View, said: Reported) -> Table:
    """As the public edition tells it."""
    rows = tuple(
        (_programme(view, of), *(said.value(code, of) for code in COURSES))
        for of in said.kinds("nominated")
        if of.endswith(f"/{view.period.last.year}")
    )
    hidden = _hidden(view)
    note = Text(
        f"申报含未通过与撤回的。{hidden.zh}",
        f"Nominations include those turned down and withdrawn. {hidden.en}",
    )
    return _named(view, _COURSES, rows, note)


def _hidden(view: View) -> Text:
    """How numbers are hidden: the rule, or where it stands."""
    if view.early:
        return DISCLOSED_EARLY
    return Text("c：不显示，规则见“方法说明”。", "c: not shown; for the rule see “method”.")


_COURSES = (
    Column(Text("人才工程", "programme")),
    Column(Text("申报", "nominated"), 0),
    Column(Text("未审定", "undecided"), 0),
    Column(Text("入选", "awarded"), 0),
)


def _named(view: View, columns: tuple[Column, ...], rows: tuple[tuple[Value, ...], ...], note: Text) -> Table:
    year = view.period.last.year
    title = Text(f"{year} 年度人才工程（至编制时）", f"talent programmes of {year}, when drafted")
    return Table("programmes", title, columns, rows, _NONE, note)


def _programme(view: View, of: str) -> Text:
    return view.facts.name(f"programme/{of.partition('/')[0]}")


def _retention(view: View, found: tuple[RetentionFacts, ...]) -> Table:
    rows = tuple(
        (
            each.programme,
            each.years,
            each.due,
            each.in_post,
            each.moved,
            each.left,
            each.unknown,
            _retained(each),
        )
        for each in found
    )
    return _stayed(view, rows, Text("", ""))


def _retention_told(view: View, said: Reported) -> Table:
    """As the public edition tells it: by the numbers that are shown."""
    rows = []
    for of in said.kinds("due"):
        years = of.partition("/")[2]
        due, in_post, moved, left, unknown = (said.value(code, of) for code in ("due", *FATES))
        rows.append(
            (
                _programme(view, of),
                int(years),
                due,
                in_post,
                moved,
                left,
                unknown,
                _retained_told(in_post, moved, left),
            )
        )
    return _stayed(view, tuple(rows), _hidden(view))


def _stayed(view: View, rows: tuple[tuple[Value, ...], ...], further: Text) -> Table:
    columns = (
        Column(Text("人才工程", "programme")),
        Column(Text("满几年", "after years"), 0),
        Column(Text("已满年限的入选", "awards that old"), 0),
        Column(Text("在岗", "in post"), 0),
        Column(Text("省内变动", "moved in the province"), 0),
        Column(Text("离省", "left the province"), 0),
        Column(Text("无跟踪记录", "no follow-up"), 0),
        Column(Text("留任率", "retained"), 0, percent=True),
    )
    last = view.period.end.isoformat()
    note = Text(
        f"入选满 1 年、3 年之日起至 {last} 的第一次跟踪；留任率为有跟踪记录者中在岗与省内变动的份额，"
        f"无跟踪记录的不推定。资料已按本人要求删除的计入无跟踪记录。{further.zh}",
        f"By the first follow-up from the day one or three years after the award, up to {last}; the share retained is "
        "of those with a follow-up, nothing is presumed of the others. Erased records count as without one."
        f"{further.en and ' '}{further.en}",
    )
    title = Text("人才工程的留任", "what programmes kept")
    return Table("retention", title, columns, rows, _NONE, note)


def _retained(each: RetentionFacts) -> float | None:
    known = each.in_post + each.moved + each.left
    return (each.in_post + each.moved) / known if known else None


def _retained_told(in_post: Value, moved: Value, left: Value) -> Value:
    if not (isinstance(in_post, int) and isinstance(moved, int) and isinstance(left, int)):
        return Symbol.SUPPRESSED.value
    return share(in_post + moved, in_post + moved + left)
