"""数据与修订: what the report rests on, what is not shown, what was revised, and what it does not tell."""

from services.kernel.clock import CIVIL_ZONE
from services.kernel.text import Text
from services.paper.document import Column, Section, Table, Value
from services.talent.domain.release.comparison import Kind
from services.talent.domain.release.content import Symbol
from services.talent.domain.report.facts import ReleaseFacts
from services.talent.domain.report.sections.quality import quality
from services.talent.domain.report.view import View

_DIGITS = 16
_KINDS = {
    Kind.ADDED: Text("新增", "added"),
    Kind.REMOVED: Text("移除", "removed"),
    Kind.SYMBOL: Text("有无指数", "index or none"),
    Kind.STAR: Text("星级", "star"),
    Kind.NUMBER: Text("数值", "number"),
}


_SYMBOLS = (
    ("", Text("有指数", "with an index")),
    (Symbol.SUPPRESSED.value, Text("不显示", "suppressed")),
    (Symbol.NOT_APPLICABLE.value, Text("无需求", "no demand")),
    (Symbol.UNAVAILABLE.value, Text("无数据", "unavailable")),
)


def data(view: View) -> Section:
    """The section."""
    said = [_kept_elsewhere()] if view.facts.returns is None else []
    if view.facts.correction is not None:
        found = view.facts.correction
        said.insert(
            0,
            Text(
                f"本报告更正{' ' if found.revision is None else ''}{found.said.zh}：{found.reason}",
                f"This report corrects {found.said.en}: {found.reason}",
            ),
        )
    return Section(
        "data",
        Text("数据与修订", "Data and revisions"),
        tuple(said),
        tables=(*(() if view.early else quality(view)), _releases(view), _revisions(view), _symbols(view)),
    )


def _kept_elsewhere() -> Text:
    return Text(
        "本报告由人才服务编制，不含基金投资、对接成效与治理案例的数字：这些由投资与对接服务各自登记和发布。",
        "Composed by the talent service: deals of the funds, outcomes of matches and cases of governance are kept and "
        "told by the services that hold them, and are not in this report.",
    )


def _releases(view: View) -> Table:
    facts = view.facts
    columns = (
        Column(Text("用途", "used as")),
        Column(Text("发布", "release")),
        Column(Text("季度", "quarter")),
        Column(Text("次", "revision"), 0),
        Column(Text("统计时间", "known at")),
        Column(Text("单元格", "cells"), 0),
        Column(Text("不显示", "hidden"), 0),
        Column(Text("内容摘要（前 16 位）", "SHA-256 (16 digits)")),
    )
    used = [
        (Text("本期", "this period"), facts.release),
        (Text("上期（当时）", "before, as printed"), facts.printed),
        (Text("上期（修订后）", "before, as revised"), facts.revised),
    ]
    rows = tuple((name, *_release(each)) for name, each in used if each is not None)
    return Table("releases", Text("所依据的发布", "releases it rests on"), columns, rows, Text("无", "none"))


def _release(each: ReleaseFacts) -> tuple[Value, ...]:
    at = each.known_at.astimezone(CIVIL_ZONE).strftime("%Y-%m-%d %H:%M")
    return each.name, each.quarter, each.revision, at, each.cells, each.hidden, each.sha256[:_DIGITS]


def _revisions(view: View) -> Table:
    columns = (
        Column(Text("季度", "quarter")),
        Column(Text("由第几次", "from revision"), 0),
        Column(Text("到第几次", "to revision"), 0),
        *(Column(_KINDS[kind], 0) for kind in Kind),
        Column(Text("相同", "equal"), 0),
    )
    rows: list[tuple[Value, ...]] = [
        (each.quarter, each.before, each.after, *(each.kinds.get(kind.value, 0) for kind in Kind), each.same)
        for each in view.facts.revisions
    ]
    return Table(
        "revisions",
        Text("已签发发布的修订（单元格数）", "revisions of signed releases, in cells"),
        columns,
        tuple(rows),
        Text("本期与上期的发布都没有修订过。", "No release of this period or the one before was revised."),
    )


def _symbols(view: View) -> Table:
    rows = view.now.rows
    counted = tuple(
        (_of_symbol(symbol, name, early=view.early), sum(row.symbol == symbol for row in rows))
        for symbol, name in _SYMBOLS
    )
    columns = (Column(Text("单元格", "cells")), Column(Text("个数", "count"), 0))
    title = Text("单元格的显示情况", "what is shown of the cells")
    return Table("symbols", title, columns, counted, Text("无", "none"))


def _of_symbol(symbol: str, name: Text, *, early: bool) -> Text:
    """The symbol stands behind its name, which begins large in English: a symbol never does."""
    if not symbol:
        return name
    if early:
        return Text(f"{symbol} {name.zh}", f"{symbol} {name.en}")
    return Text(f"{name.zh}（{symbol}）", f"{name.en} ({symbol})")
