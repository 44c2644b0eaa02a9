"""目标进度: the goals of the document, what counts for them, and how likely they are reached in time."""

from datetime import date

from services.kernel.text import Text
from services.paper.document import Column, Section, Table, Value
from services.talent.domain.evidence.progress import Light
from services.talent.domain.report.facts import GoalFacts, GoalProgress
from services.talent.domain.report.sections.evidence import GOAL, brief, evidence
from services.talent.domain.report.view import View

LIGHTS = {
    Light.NONE.value: Text("—", "—"),
    Light.GREEN.value: Text("绿", "green"),
    Light.YELLOW.value: Text("黄", "yellow"),
    Light.RED.value: Text("红", "red"),
    Light.GREY.value: Text("灰", "grey"),
}
_OVERDUE = Text("灰（到期未达成）", "grey (overdue)")
"""As the first three versions wrote it."""
_NONE = Text("目录中没有目标。", "The catalogue has no goals.")


def goals(view: View) -> Section:
    """The section. A public edition says what the document says and how it is counted."""
    facts = view.facts
    told = all(goal.progress is not None for goal in facts.goals)
    said = [facts.goals_note] if told else [_withheld()]
    proven = evidence(view) if told and not view.early else ()
    first = [_progress(view) if told else _stated(view)]
    tables = [*first, _rules(view, told=told), *proven, _milestones(view, told=told)]
    return Section("goals", Text("目标进度", "Goals"), tuple(said), tables=tuple(tables))


def _withheld() -> Text:
    return Text(
        "目标的实际完成数、佐证与达成概率属内部资料，不在公开版中；下列为文件原文与计数规则。",
        "What was reached, its evidence and its probability are internal and not part of the public edition; below "
        "are the document's words and the counting rules.",
    )


def _stated(view: View) -> Table:
    columns = (GOAL, Column(Text("目标值", "value"), 0), Column(Text("单位", "unit")), *_DUE)
    rows = tuple((goal.text, goal.value, goal.unit, *_due(goal)) for goal in view.facts.goals)
    return Table("goals-stated", Text("文件提出的目标", "goals of the document"), columns, rows, _NONE)


_DUE = (Column(Text("期限", "due")), Column(Text("条款", "clause")))


def _due(goal: GoalFacts) -> tuple[Value, ...]:
    return _day(goal.due), goal.clause


def _progress(view: View) -> Table:
    columns = (
        GOAL,
        Column(Text("实际", "actual"), 0),
        Column(Text("目标值", "value"), 0),
        Column(Text("单位", "unit")),
        Column(Text("本期新增", "this period"), 0, signed=True),
        Column(Text("尚缺", "missing"), 0),
        Column(Text("每年需", "needed a year"), 1),
        Column(Text("每年实际", "seen a year"), 1),
        Column(Text("达成概率", "probability"), 0, percent=True),
        Column(Text("灯", "light")),
        Column(Text("达成日", "reached")),
        Column(Text("佐证（计/不计）", "evidence (counted/not)")),
        *(_DUE if view.early else _DUE[:1]),
    )
    rows = [_row(view, goal, goal.progress) for goal in view.facts.goals if goal.progress is not None]
    return Table(
        "goals-progress",
        Text("有数字的目标", "goals with a number"),
        columns,
        tuple(rows),
        _NONE,
        Text(
            "本期新增按现有佐证分别计至本期末与上期末之差；年度目标每年 1 月 1 日重新计数。",
            "This period: what counts at its end less what counts at the end of the one before, by the same evidence; "
            "yearly goals begin anew on 1 January.",
        ),
    )


def _row(view: View, goal: GoalFacts, progress: GoalProgress) -> tuple[Value, ...]:
    light = _OVERDUE if view.early and progress.light == Light.GREY.value else LIGHTS[progress.light]
    return (
        goal.text if view.early else brief(goal),
        progress.actual,
        goal.value,
        goal.unit,
        progress.actual - progress.before,
        progress.shortfall,
        progress.needed,
        progress.seen,
        None if progress.probability is None else view.manner.estimate(progress.probability),
        light,
        _day(progress.reached),
        f"{progress.counted}/{progress.uncounted}",
        *(_due(goal) if view.early else _due(goal)[:1]),
    )


def _rules(view: View, *, told: bool) -> Table:
    """The rules; where goals are told by what they count, their own words and clauses too."""
    rule, title = Column(Text("计数规则", "counting rule")), Text("计数规则", "counting rules")
    if view.early or not told:
        rows = tuple((goal.text, goal.rule) for goal in view.facts.goals)
        return Table("goals-rules", title, (GOAL, rule), rows, _NONE)
    columns = GOAL, Column(Text("文件原文", "in the document's words")), _DUE[1], rule
    whole = tuple((brief(goal), goal.text, goal.clause, goal.rule) for goal in view.facts.goals)
    return Table(
        "goals-rules", Text("目标原文与计数规则", "goals in full, and counting rules"), columns, whole, _NONE
    )


def _milestones(view: View, *, told: bool) -> Table:
    columns = [GOAL, Column(Text("年份", "year")), Column(Text("条款", "clause"))]
    columns += [Column(Text("佐证", "evidence"), 0)] if told else []
    rows = tuple(
        (each.text, str(each.year), each.clause, *((each.records,) if told else ()))
        for each in view.facts.milestones
    )
    return Table(
        "milestones",
        Text("没有数字的目标", "goals without a number"),
        tuple(columns),
        rows,
        Text("文件没有这样的目标。", "The document has none."),
        Text("只列佐证，不折算百分比。", "Evidence only, never a percentage."),
    )


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
