"""要点 as the first three versions of the composition wrote it."""

from collections import Counter
from dataclasses import dataclass

from services.kernel.text import Text, counted
from services.paper.document import Section
from services.talent.domain.evidence.progress import Light
from services.talent.domain.report.facts import GoalFacts, GoalProgress
from services.talent.domain.report.movement import Move
from services.talent.domain.report.printed import index_of
from services.talent.domain.report.sections.cells import index_digits, tightest
from services.talent.domain.report.view import View
from services.talent.domain.shortage.reasons.comparison import Direction
from services.wording.chances import Manner

_PLURAL_ALONE = frozenset({"report-1", "report-2"})
"""The versions of the composition whose English said `1 cells`."""


@dataclass(frozen=True, slots=True)
class _English:
    """`plural_alone`: of one thing too."""

    plural_alone: bool

    def count(self, number: int, one: str) -> str:
        """A number with what is counted."""
        return f"{number} {one}s" if self.plural_alone else counted(number, one)

    def have(self, number: int) -> str:
        """The verb that goes with it."""
        return "has" if number == 1 and not self.plural_alone else "have"


def early_summary(view: View, version: str) -> Section:
    """The section; `version` is that of the composition, one of the first three."""
    en = _English(version in _PLURAL_ALONE)
    said = (
        _province(view),
        _short(view, en),
        _moved(view, en),
        _goals(view, version),
        _checked(view, en),
    )
    return Section("summary", Text("要点", "In short"), paragraphs=said)


def _province(view: View) -> Text:
    row, digits = view.now.at(), index_digits(view)
    if row is None or row.index is None or row.low is None or row.high is None:
        letter = index_of(row)
        return Text(
            f"全省没有可显示的指数（{letter}）。", f"There is no index of the whole province ({letter})."
        )
    head = f"{row.index:.{digits}f}"
    span = f"{row.low:.{digits}f}–{row.high:.{digits}f}"
    since = _since(view.move(row.key), digits, view.manner)
    return Text(
        f"全省紧缺指数 {head}（90% 区间 {span}，50 为平衡）{since.zh}（见“按产业”）。",
        f"The province stands at {head} (90% interval {span}; 50 is balance){since.en} (table “by industry”).",
    )


def _since(moved: Move | None, digits: int, manner: Manner) -> Text:
    if moved is None:
        return Text("，没有可比的上期数字", "; there is no earlier number to compare with")
    change = _signed(moved.change, digits)
    rising = manner.chance(moved.rising)
    return Text(
        f"，较上期实际变化 {change}，趋紧的概率 {rising}",
        f", {change} since the period before, tighter with probability {rising}",
    )


def _short(view: View, en: _English) -> Text:
    stars = view.composition.short_stars
    count = sum(row.stars >= stars for row in view.fine if row.index is not None)
    first = tightest(view.fine, 1)
    if not first:
        return Text(
            "没有“方向 × 设区市”单元格的指数可以排序（见“最紧缺的单元格”）。",
            "No cell of a direction and a city has an index that can be ranked (table “tightest cells”).",
        )
    place, index = view.place(first[0]), f"{first[0].index:.{index_digits(view)}f}"
    return Text(
        f"★{stars} 以上的“方向 × 设区市”单元格 {count} 个；最紧的是{place.zh}，指数 {index}（见“最紧缺的单元格”）。",
        f"{en.count(count, 'cell')} of a direction and a city {en.have(count)} {stars} stars or more; the tightest is "
        f"{place.en} with {index} (table “tightest cells”).",
    )


def _moved(view: View, en: _English) -> Text:
    if view.printed is None:
        before = view.period.before.text
        return Text(
            f"{before.zh}没有已签发的发布，本期不作比较（见“与上期相比”）。",
            f"There is no signed release of {before.en}; nothing is compared (section “since the period before”).",
        )
    up = [each for each in view.moves if each.direction is Direction.UP]
    down = [each for each in view.moves if each.direction is Direction.DOWN]
    if not up and not down:
        sure = view.composition.sure
        return Text(
            f"{len(view.moves)} 个可比单元格中，没有一个的升降达到 {sure:.0%} 的把握（见“与上期相比”）。",
            f"Of {en.count(len(view.moves), 'comparable cell')} none rose or fell with {sure:.0%} probability "
            "(section “since the period before”).",
        )
    most = max((*up, *down), key=lambda each: (abs(each.change), each.row.key))
    place, change = view.place(most.row), _signed(most.change, index_digits(view))
    rising = view.manner.chance(most.rising)
    return Text(
        f"与上期相比，{len(up)} 个单元格上升、{len(down)} 个下降；变化最大的是{place.zh}"
        f"（{change}，趋紧的概率 {rising}，见“与上期相比”）。",
        f"Since the period before {en.count(len(up), 'cell')} rose and {len(down)} fell, most of all {place.en} "
        f"({change}, tighter with probability {rising}; “since the period before”).",
    )


def _goals(view: View, version: str) -> Text:
    told = [(goal, goal.progress) for goal in view.facts.goals if goal.progress is not None]
    if not told:
        return Text(
            f"文件提出 {len(view.facts.goals)} 项有数字的目标；其进度不在公开版中（见“目标进度”）。",
            f"The document sets {len(view.facts.goals)} goals with a number; their progress is not part of the public "
            "edition (section “goals”).",
        )
    lights = Counter(progress.light for _, progress in told)
    zh = f"{len(told)} 项目标中绿灯 {lights[Light.GREEN]} 项、黄灯 {lights[Light.YELLOW]} 项"
    en = f"Of {len(told)} goals {lights[Light.GREEN]} are green, {lights[Light.YELLOW]} yellow"
    least, unlit = _least(told, view.manner), _unlit(0 if version in _PLURAL_ALONE else lights[Light.NONE])
    return Text(
        f"{zh}、红灯 {lights[Light.RED]} 项、到期未达成 {lights[Light.GREY]} 项{unlit.zh}{least.zh}（见“目标进度”）。",
        f"{en}, {lights[Light.RED]} red, {lights[Light.GREY]} overdue{unlit.en}{least.en} (section “goals”).",
    )


def _unlit(number: int) -> Text:
    """Goals that are not reached and of which no probability can be said, for want of a date or of a count."""
    if not number:
        return Text("", "")
    return Text(f"、不算概率的 {number} 项", f", {number} without a probability")


def _least(told: list[tuple[GoalFacts, GoalProgress]], manner: Manner) -> Text:
    open_ = [(p.probability, goal) for goal, p in told if p.probability is not None]
    if not open_:
        return Text("", "")
    probability, goal = min(open_, key=lambda each: (each[0], each[1].id))
    chance = manner.chance(probability)
    return Text(
        f"；按期达成概率最低的是“{goal.text.zh}”（{chance}）",
        f"; least likely in time, at {chance}: {goal.text.en}",
    )


def _checked(view: View, en: _English) -> Text:
    inner, release = view.facts.inner, view.facts.release
    if inner is None:
        return Text(
            f"共发布 {release.cells} 个单元格，其中 {release.hidden} "
            f"个因人数过少或防止推算而不显示（见“数据与修订”）。",
            f"{en.count(release.cells, 'cell')} are published, {release.hidden} of them suppressed "
            "(section “data and revisions”).",
        )
    scored = sum(each.scored for each in inner.forecasts)
    if not scored:
        return Text(
            "尚无已到期的预测可供检验（见“上期预测检验”）。",
            "No published forecast has come due yet (section “forecasts scored”).",
        )
    coverage = view.manner.share(sum(each.coverage * each.scored for each in inner.forecasts) / scored)
    error = sum(each.error * each.scored for each in inner.forecasts) / scored
    return Text(
        f"已到期预测 {scored} 个，90% 区间覆盖了 {coverage}，平均误差 {error:.1f} 人（见“上期预测检验”）。",
        f"{en.count(scored, 'forecast')} {en.have(scored)} come due: {coverage} fell into their 90% interval, "
        f"the mean error is {error:.1f} heads (section “forecasts scored”).",
    )


def _signed(value: float, digits: int) -> str:
    """With a plus even where nothing changed."""
    return format(round(value, digits) + 0.0, f"+,.{digits}f").replace("-", "−")
