"""要点: five sentences, each with a number, what became of it since the period before, and the way to its table."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from services.kernel.text import Text, counted
from services.paper.document import Section
from services.talent.domain.axes import ALL
from services.talent.domain.evidence.progress import Light
from services.talent.domain.release.content import Row
from services.talent.domain.report.facts import ForecastFacts, GoalFacts, GoalProgress
from services.talent.domain.report.movement import Move
from services.talent.domain.report.printed import belief_of, index_of
from services.talent.domain.report.sections.cells import index_digits, signed, tightest
from services.talent.domain.report.view import View
from services.talent.domain.shortage.reasons.comparison import Direction, rank_intervals


class Point(NamedTuple):
    """A sentence, and the key of the table or section that it leads to."""

    said: Text
    lead: str


def summary(view: View) -> Section:
    """The section. A public edition, which tells no goals and no forecasts, says more of industries and cities."""
    last = (_industry, _city) if view.public else (_goals, _checked)
    points = [each(view) for each in (_province, _short, _moved, *last)]
    said, leads = (tuple(part) for part in zip(*points, strict=True))
    return Section("summary", Text("要点", "In short"), paragraphs=said, leads=leads)


def _province(view: View) -> Point:
    row, digits, lead = view.now.at(), index_digits(view), "by-industry"
    if row is None or row.index is None or row.low is None or row.high is None:
        letter = index_of(row)
        said = Text(
            f"全省没有可显示的指数（{letter}）。", f"There is no index of the whole province ({letter})."
        )
        return Point(said, lead)
    head, span = f"{row.index:.{digits}f}", f"{row.low:.{digits}f}–{row.high:.{digits}f}"
    since = _since(view, row)
    said = Text(
        f"全省紧缺指数 {head}（90% 区间 {span}，50 为平衡）{since.zh}。",
        f"The province stands at {head} (90% interval {span}; 50 is balance){since.en}.",
    )
    return Point(said, lead)


def _since(view: View, row: Row) -> Text:
    """What became of a cell since the period before, and how likely it is that it is tighter."""
    moved = view.move(row.key)
    if moved is None:
        return Text("，没有可比的上期数字", "; there is no earlier number to compare with")
    change, rising = signed(moved.change, index_digits(view)), view.manner.chance(moved.rising)
    return Text(
        f"，较上期实际变化 {change}，趋紧的概率 {rising}",
        f", {change} since the period before, tighter with probability {rising}",
    )


def _short(view: View) -> Point:
    stars, first, lead = view.composition.short_stars, tightest(view.fine, 1), "tightest-cells"
    if not first:
        number = len(view.fine)
        said = Text(
            f"{number} 个“方向 × 设区市”单元格中，没有一个的指数可以排序。"
            if view.fourth
            else f"{number:,} 个“方向 × 设区市”单元格中，没有一个可以排名。",
            f"Of {counted(len(view.fine), 'cell')} of a direction and a city none has an index that can be ranked.",
        )
        return Point(said, lead)
    count, before = _starred(view.fine, stars), _before(view, stars)
    place, index, since = (
        view.place(first[0]),
        f"{first[0].index:.{index_digits(view)}f}",
        _since(view, first[0]),
    )
    have = "has" if count == 1 else "have"
    of = Text("", "") if view.fifth else _OF_RANKED
    said = Text(
        f"★{stars} 以上的“方向 × 设区市”单元格 {count} 个{before.zh}；{of.zh}最紧的是{place.zh}，"
        f"指数 {index}{since.zh}。",
        f"{counted(count, 'cell')} of a direction and a city {have} {stars} stars or more{before.en}; the tightest"
        f"{of.en} is {place.en} with {index}{since.en}.",
    )
    return Point(said, lead)


_OF_RANKED = Text("可以排名的单元格中，", " of those that can be ranked")


def _starred(rows: Sequence[Row], stars: int) -> int:
    return sum(row.stars >= stars for row in rows if row.index is not None)


def _before(view: View, stars: int) -> Text:
    if view.revised is None:
        return Text("（没有上期发布可比）", " (no earlier release to compare with)")
    before = _starred(list(view.revised.within(row.key for row in view.fine)), stars)
    return Text(f"（上期 {before} 个）", f" ({before:,} in the period before)")


def _moved(view: View) -> Point:
    lead = "movements"
    up, down = _directions([each for each in view.moves if ALL not in each.row.key[:2]])
    if view.printed is None:
        before = view.period.before.text
        said = Text(
            f"{before.zh}没有已签发的发布，本期不作比较。",
            f"There is no signed release of {before.en}; nothing is compared.",
        )
        return Point(said, lead)
    if not up and not down:
        compared, sure = sum(ALL not in each.row.key[:2] for each in view.moves), view.composition.sure
        if not compared:
            return Point(Text("没有两期都有指数的单元格可比。", "No cell has an index at both times."), lead)
        said = Text(
            f"{compared} 个可比的产业、方向 × 设区市单元格中，没有一个的升降达到 {sure:.0%} 的把握。",
            f"Of {counted(compared, 'comparable cell')} of an industry or direction and a city none rose or fell with "
            f"{sure:.0%} probability.",
        )
        return Point(said, lead)
    most = max((*up, *down), key=lambda each: (abs(each.change), each.row.key))
    place, change = view.place(most.row), signed(most.change, index_digits(view))
    rising = view.manner.chance(most.rising)
    said = Text(
        f"与上期相比，{len(up)} 个单元格上升、{len(down)} 个下降；变化最大的是{place.zh}（{change}，趋紧的概率 "
        f"{rising}）。",
        f"Since the period before {counted(len(up), 'cell')} rose and {len(down):,} fell, most of all {place.en} "
        f"({change}, tighter with probability {rising}).",
    )
    return Point(said, "moves-up" if most.direction is Direction.UP else "moves-down")


def _directions(moves: Sequence[Move]) -> tuple[list[Move], list[Move]]:
    """What rose, and what fell."""
    up, down = ([each for each in moves if each.direction is of] for of in (Direction.UP, Direction.DOWN))
    return up, down


def _industry(view: View) -> Point:
    rows = list(view.now.within((code, ALL, ALL) for code in view.axes.industries))
    first, lead = tightest(rows, 1), "by-industry"
    if not first:
        return Point(Text("没有产业的指数可以排序。", "No industry has an index that can be ranked."), lead)
    up, down = _directions([each for row in rows if (each := view.move(row.key)) is not None])
    turned = Text(
        f"；{len(rows)} 个产业中 {len(up)} 个上升、{len(down)} 个下降",
        f"; of {len(rows)} industries {len(up)} rose and {len(down)} fell",
    )
    place, since = view.place(first[0]), _since(view, first[0])
    index, turned = f"{first[0].index:.{index_digits(view)}f}", turned if view.printed else Text("", "")
    of = Text("最紧的产业是", "The tightest industry is") if view.fifth else _ranked(rows)
    said = Text(
        f"{of.zh}{place.zh}，指数 {index}{since.zh}{turned.zh}。",
        f"{of.en} {place.en} with {index}{since.en}{turned.en}.",
    )
    return Point(said, lead)


def _ranked(rows: Sequence[Row]) -> Text:
    """Of how many industries the tightest is told: one with a higher index but little evidence may stand beside it."""
    with_index = sum(row.index is not None for row in rows)
    ranked = len(tightest(list(rows), len(rows)))
    if ranked == with_index:
        return Text("最紧的产业是", "The tightest industry is")
    return Text(
        f"{with_index} 个有指数的产业中 {ranked} 个的证据足以排名，其中最紧的是",
        f"Of {counted(with_index, 'industry', 'industries')} with an index {ranked:,} "
        f"{'has' if ranked == 1 else 'have'} the evidence to be ranked; the tightest of these is",
    )


def _city(view: View) -> Point:
    """The city of the highest index, with the ranks that it may have: never one without the other."""
    rows = [view.now.at(ALL, city) for city in view.axes.cities[:-1]]
    ranks = rank_intervals([belief_of(row) for row in rows], view.composition.rank_sure)
    known = [
        (row, rank)
        for row, rank in zip(rows, ranks, strict=True)
        if row is not None and row.index is not None and rank
    ]
    if not known:
        return Point(Text("没有设区市的指数可以比较。", "No city has an index to compare."), "by-city")
    row, (low, high) = max(known, key=lambda each: (each[0].index or 0.0, each[0].key))
    place, index, since = view.place(row), f"{row.index:.{index_digits(view)}f}", _since(view, row)
    said = Text(
        f"指数最高的设区市是{place.zh}，指数 {index}，名次可能为 {low}–{high}{since.zh}。",
        f"The highest index of a city is that of {place.en} with {index}, its rank {low}–{high}{since.en}.",
    )
    return Point(said, "by-city")


def _goals(view: View) -> Point:
    told = [(goal, goal.progress) for goal in view.facts.goals if goal.progress is not None]
    lights = Counter(progress.light for _, progress in told)
    news = sum(progress.actual > progress.before for _, progress in told)
    least, unlit = _least(view, told), _unlit(lights[Light.NONE])
    since = _lit(told, lights[Light.GREEN])
    be = "is" if lights[Light.GREEN] == 1 else "are"
    said = Text(
        f"{len(told)} 项目标中绿灯 {lights[Light.GREEN]} 项{since.zh}、黄灯 {lights[Light.YELLOW]} 项、"
        f"红灯 {lights[Light.RED]} 项、到期未达成 {lights[Light.GREY]} 项"
        f"{unlit.zh}，本期有新增的 {news} 项{least.zh}。",
        f"Of {counted(len(told), 'goal')} {lights[Light.GREEN]} {be} green{since.en}, {lights[Light.YELLOW]} yellow, "
        f"{lights[Light.RED]} red, {lights[Light.GREY]} overdue{unlit.en}; {news} grew in this period{least.en}.",
    )
    return Point(said, "goals-progress")


def _lit(told: list[tuple[GoalFacts, GoalProgress]], green: int) -> Text:
    """By how many more or fewer goals are green than at the end of the period before."""
    if not all(progress.light_before for _, progress in told):
        return Text("", "")
    change = signed(green - sum(progress.light_before == Light.GREEN for _, progress in told), 0)
    return Text(f"（较上期末 {change}）", f" ({change} since the period before)")


def _unlit(number: int) -> Text:
    """Goals that are not reached and of which no probability can be said, for want of a date or of a count."""
    if not number:
        return Text("", "")
    return Text(f"、不算概率的 {number} 项", f", {number} without a probability")


def _least(view: View, told: list[tuple[GoalFacts, GoalProgress]]) -> Text:
    open_ = [(p.probability, goal, p) for goal, p in told if p.probability is not None]
    if not open_:
        return Text("；没有仍可计算达成概率的目标", "; of none is there still a probability to tell")
    probability, goal, progress = min(open_, key=lambda each: (each[0], each[1].id))
    chance, new = view.manner.chance(probability), signed(progress.actual - progress.before, 0)
    return Text(
        f"；按期达成概率最低的是“{goal.text.zh}”（概率 {chance}，本期 {new}，尚缺 {progress.shortfall:,}）",
        f"; least likely in time, at {chance}: {goal.text.en} ({new} in this period, {progress.shortfall:,} missing)",
    )


def _checked(view: View) -> Point:
    inner, lead = view.facts.inner, "forecast-scores"
    scored = _Scored.of(inner.forecasts if inner else ())
    if scored is None:
        return Point(
            _none_due(inner.open_forecasts if inner else 0),
            lead,
        )
    earlier = _Scored.of((inner.forecasts_before if inner else None) or ())
    since = _FIRST_SCORED if earlier is None else scored.beside(earlier, view)
    have = "has" if scored.number == 1 else "have"
    said = Text(
        f"已到期预测 {scored.number} 个，90% 区间覆盖了 {view.manner.share(scored.coverage)}，"
        f"平均误差 {scored.error:.1f} 人，而“不变预测”为 {scored.unchanged:.1f} 人{since.zh}。",
        f"{counted(scored.number, 'forecast')} {have} come due: {view.manner.share(scored.coverage)} fell into their "
        f"90% interval, the mean error is {scored.error:.1f} heads against {scored.unchanged:.1f} of the forecast of "
        f"no change{since.en}.",
    )
    return Point(said, lead)


_FIRST_SCORED = Text("；上期末尚无可比的检验", "; at the end of the period before none had come due")


def _none_due(open_: int) -> Text:
    return Text(
        f"尚无已到期的预测可供检验，已发布、尚未到期的 {open_} 份。",
        f"No published forecast has come due yet; {counted(open_, 'forecast')} still open.",
    )


class _Scored(NamedTuple):
    """How several forecasts turned out together."""

    number: int
    coverage: float
    error: float
    unchanged: float

    @classmethod
    def of(cls, forecasts: Sequence[ForecastFacts]) -> "_Scored | None":
        number = sum(each.scored for each in forecasts)
        if not number:
            return None
        means = (
            sum(getattr(each, name) * each.scored for each in forecasts) / number
            for name in ("coverage", "error", "unchanged")
        )
        return cls(number, *means)

    def beside(self, earlier: "_Scored", view: View) -> Text:
        """What was said at the end of the period before."""
        coverage, error = view.manner.share(earlier.coverage), signed(self.error - earlier.error, 1)
        return Text(
            f"（上期末检验 {earlier.number} 个，覆盖 {coverage}；误差变化 {error} 人）",
            f" ({earlier.number:,} were scored at the end of the period before, {coverage} inside; the error changed "
            f"by {error})",
        )
