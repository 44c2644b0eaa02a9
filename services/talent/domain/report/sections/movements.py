"""与上期相比: what moved, and how much of it is revision."""

from collections.abc import Sequence

from services.kernel.text import Text
from services.paper.document import Column, Section, Table, Value
from services.talent.domain.axes import ALL
from services.talent.domain.report.movement import Move
from services.talent.domain.report.sections.cells import index_digits
from services.talent.domain.report.view import View
from services.talent.domain.shortage.reasons.comparison import Direction

_VERDICTS = {
    Direction.UP: Text("升", "rise"),
    Direction.DOWN: Text("降", "fall"),
    Direction.FLAT: Text("平", "level"),
}
_MOST = {Direction.UP: Text("上升", "rise"), Direction.DOWN: Text("下降", "fall")}
_TITLE = Text("与上期相比", "Since the period before")


def movements(view: View) -> Section:
    """The section; without a release of the period before it says so."""
    said = (_basis(view),)
    if view.printed is None:
        return Section("movements", _TITLE, said, tables=(_trend(view),))
    tables = (
        _industries(view),
        _most(view, Direction.UP),
        _most(view, Direction.DOWN),
        _stars(view),
        _trend(view),
    )
    return Section("movements", _TITLE, said, tables=tables)


def _basis(view: View) -> Text:
    facts, before = view.facts, view.period.before.text
    if facts.printed is None or facts.revised is None:
        return Text(
            f"{before.zh}没有已签发的发布，无从比较；下表只列已签发各季的全省数字。",
            f"There is no signed release of {before.en}, and so nothing to compare with; the table lists what was "
            "signed.",
        )
    report = facts.previous_report
    by = Text(f"（见 {report}）", f" (in {report})") if report else Text("", "")
    same = facts.printed.id == facts.revised.id
    zh = "上期数字未经修订" if same else f"其后修订为第 {facts.revised.revision} 次"
    en = "not revised since" if same else f"revised since (revision {facts.revised.revision})"
    return Text(
        f"上期为 {before.zh}，当时发布第 {facts.printed.revision} 次{by.zh}，{zh}。"
        "“修订”是上期数字因后来的数据而改变的部分，“实际变化”是修订后的上期到本期的变化；二者之和为读者先后所见之差。",
        f"The period before is {before.en}, released then as revision {facts.printed.revision}{by.en}, {en}. "
        "“Revision” is what later data changed in the earlier number, “change” what moved from there to this period; "
        "together they are what a reader of both reports sees.",
    )


def _columns(view: View) -> tuple[Column, ...]:
    digits = index_digits(view)
    return (
        Column(Text("单元格", "cell")),
        Column(Text("上期（当时）", "before, as printed"), digits),
        Column(Text("上期（修订后）", "before, as revised"), digits),
        Column(Text("本期", "now"), digits),
        Column(Text("修订", "revision"), digits, signed=True),
        Column(Text("实际变化", "change"), digits, signed=True),
        Column(Text("趋紧概率", "P(tighter)"), 0, percent=True),
        Column(Text("结论", "verdict")),
    )


def _row(view: View, each: Move) -> tuple[Value, ...]:
    verdict = _VERDICTS[each.direction]
    return (
        view.place(each.row),
        each.printed,
        each.revised,
        each.now,
        each.revision,
        each.change,
        view.manner.estimate(each.rising),
        verdict,
    )


def _table(view: View, key: str, title: Text, found: Sequence[Move], empty: Text) -> Table:
    return Table(key, title, _columns(view), tuple(_row(view, each) for each in found), empty)


def _industries(view: View) -> Table:
    places = [(node, ALL, ALL) for node in (ALL, *view.axes.industries)]
    found = [each for place in places if (each := view.move(place)) is not None]
    return _table(
        view,
        "moves-industries",
        Text("全省与各产业", "province and industries"),
        found,
        Text("没有两期都有指数的产业。", "No industry has an index at both times."),
    )


def _most(view: View, direction: Direction) -> Table:
    up = direction is Direction.UP
    found = [each for each in view.moves if each.direction is direction and ALL not in each.row.key[:2]]
    found.sort(key=lambda each: (-abs(each.change), each.row.key))
    verb = (_VERDICTS if view.fifth else _MOST)[direction]
    sure = view.composition.sure
    zh = f"{verb.zh}达到 {sure:.0%} 把握的单元格" if view.fifth else f"单元格的{verb.zh}有 {sure:.0%} 的把握"
    return _table(
        view,
        "moves-up" if up else "moves-down",
        Text(f"{verb.zh}最多的单元格", f"largest {verb.en}s"),
        found[: view.composition.movers],
        Text(f"没有{zh}。", f"No {verb.en} reaches {sure:.0%} probability."),
    )


def _stars(view: View) -> Table:
    crossed = [
        each for each in view.moves if each.row.stars != each.stars_before and ALL not in each.row.key[:2]
    ]
    crossed.sort(key=lambda each: (-each.row.stars, each.row.key))
    columns = (
        Column(Text("单元格", "cell")),
        Column(Text("上期星级", "stars before"), 0),
        Column(Text("本期星级", "stars now"), 0),
        Column(Text("指数", "index"), index_digits(view)),
    )
    rows = [(view.place(each.row), each.stars_before, each.row.stars, each.now) for each in crossed]
    return Table(
        "moves-stars",
        Text("星级变化", "stars that changed"),
        columns,
        tuple(rows),
        Text("没有星级变化的单元格。", "No star changed."),
    )


def _trend(view: View) -> Table:
    digits = index_digits(view)
    columns = (
        Column(Text("季度", "quarter")),
        Column(Text("指数", "index"), digits),
        Column(Text("90% 下限", "90% low"), digits),
        Column(Text("90% 上限", "90% high"), digits),
        Column(Text("在招", "open"), 0),
        Column(Text("可得", "available"), digits),
    )
    rows = [
        (
            each.quarter,
            each.symbol if each.index is None else each.index,
            each.low,
            each.high,
            each.demand,
            each.supply,
        )
        for each in view.facts.trend
    ]
    return Table(
        "trend",
        Text("全省历季（各季最新签发）", "the province by quarter (newest signed release of each)"),
        columns,
        tuple(rows),
        Text("没有已签发的发布。", "No release is signed."),
    )
