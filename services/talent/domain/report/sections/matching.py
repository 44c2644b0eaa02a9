"""对接成效: how far the proposals of the period have come, and what spoke for them."""

from dataclasses import replace
from typing import Final

from services.kernel.text import Text
from services.paper.document import Column, Section, Table, Value
from services.talent.domain.report.registered import StayedBy
from services.talent.domain.report.returns import Reported, share
from services.talent.domain.report.sections.reported import COUNT, NONE, from_method, reported_section
from services.talent.domain.report.view import View

_TITLE = Text("对接成效", "What became of matches")
_STAGES = {
    "proposed": Text("推荐", "proposed"),
    "viewed": Text("已看", "viewed"),
    "accepted": Text("接受", "accepted"),
    "contacted": Text("联系", "contacted"),
    "done": Text("达成", "done"),
    "rejected": Text("拒绝", "refused"),
    "withdrawn": Text("撤回", "withdrawn"),
}
A_YEAR_ON = 3
"""The version of the funding service's return that first told of a year on."""
_WITHHELD = Text(
    "一年之后是否仍在，涉及的人数与家数过少，不在公开版中；人才工程的留任见：",
    "What is still there a year on is of too few people and firms for the public edition. What programmes kept:",
)
_EVERY = Text("合计", "all")
_OF_HOLDINGS: Final = "firm-fund"
HELD_BY_PAIR: Final = 5
"""The version of the funding service's return that first told of what is held by fund and firm."""
REASONS_OF_ALL: Final = 4
"""The version of the matcher's return that first told what spoke for the viewed and the contacted ones."""
_YEAR_ON = (
    Column(Text("满一年", "a year old"), 0),
    Column(Text("仍在", "still there"), 0),
    Column(Text("无记录可证", "no record tells"), 0),
)
_YEAR_ON_NOTE = Text(
    "后三列为另一批：经推荐、一年前到岗或交割而于本期满一年的，按下表“一年之后”的口径；提出早于本期，不是前几列的一部分。",
    "The last three columns are of others: those that a proposal had come to, whose start or closing was a year ago "
    "within the period, as the table “a year on” counts them. They were put forward earlier and are no part of the "
    "columns before.",
)


def matching(view: View, said: Reported, funded: Reported) -> Section:
    """The section: what the matcher reported, and what is still there a year after hires and investments (`funded`)."""
    tables = _funnel(view, said, funded), _reasons(view, said), _refusals(view, said)
    made = reported_section("matching", _TITLE, said, tables)
    if view.early:
        return made
    if view.public:
        leads = *(lead for _, lead in made.led), "retention"
        return replace(made, paragraphs=(*made.paragraphs, _WITHHELD), leads=leads)
    return replace(made, tables=(*made.tables, _a_year_on(view, funded)))


def _a_year_on(view: View, funded: Reported) -> Table:
    """By what records say: nothing is presumed of what no record tells."""
    columns = (
        Column(Text("一年前的成效", "outcome of a year ago")),
        Column(Text("件数", "number"), 0),
        Column(Text("仍在", "still there"), 0),
        Column(Text("已不在", "no more"), 0),
        Column(Text("无记录可证", "no record tells"), 0),
    )
    inner = view.facts.inner.registered if view.facts.inner else None
    rows: list[tuple[Value, ...]] = []
    if inner is not None:
        of = inner.stayed
        hired = Text("库内人才到岗（人）", "people of the library hired")
        rows.append((hired, of.due, of.there, of.elsewhere, of.unknown))
    if funded.told and from_method(funded, A_YEAR_ON):
        due, held = funded.value("year_due"), funded.value("year_held")
        ended = due - held if isinstance(due, int) and isinstance(held, int) else None
        rows.append((Text("交割的投资（项）", "investments closed"), due, held, ended, 0))
    note = Text(
        "到岗或交割满一年之日在本期内的。人才：满一年之后核实过的记录仍为该单位的为仍在，为其他单位的为已不在；记录未再核实、"
        "已删除或未同意用于统计的，无从证明，不推定。投资：统计时未退出、未核销的为仍在。到岗不论是否经推荐。",
        "Starts and closings whose year was full within the period. People: still there where a record confirmed "
        "after that day names the employer, no more where it names another; a record that was not confirmed since, "
        "was erased or may not be used for statistics proves nothing, and nothing is presumed. Investments: still "
        "there where not exited or written off when counted. Starts count whether or not they were proposed here.",
    )
    empty = Text("没有可列的记录。", "There is no record to tell.")
    return Table("a-year-on", Text("一年之后", "a year on"), columns, tuple(rows), empty, note)


def _funnel(view: View, said: Reported, funded: Reported) -> Table:
    year_on, held = _year_on(view), bool(funded.told) and from_method(funded, HELD_BY_PAIR)
    kinds = sorted({*said.kinds(*_STAGES), *(each.kind for each in year_on or ())})
    further = () if year_on is None else _YEAR_ON
    columns = (
        Column(Text("配对种类", "kind of pair")),
        *(Column(title, 0) for title in _STAGES.values()),
        Column(Text("达成率", "share done"), 0, percent=True),
        *further,
    )
    rows: list[tuple[Value, ...]] = [
        (
            view.facts.name(f"kind/{kind}"),
            *(said.value(stage, kind) for stage in _STAGES),
            said.share("done", kind, "proposed", kind),
            *(_added_up(year_on, kind=kind) if held or kind != _OF_HOLDINGS else (None,) * len(further)),
        )
        for kind in kinds
    ]
    if rows:
        totals = {stage: said.total(stage, kinds) for stage in _STAGES}
        done = share(totals["done"], totals["proposed"])
        rows.append((_EVERY, *totals.values(), done, *_added_up(year_on)))
    note = _EARLY if view.early else _noted(_FUNNEL, further)
    title = Text("推荐的进展", "how far proposals came")
    return Table("match-funnel", title, columns, tuple(rows), NONE, note)


def _year_on(view: View) -> tuple[StayedBy, ...] | None:
    """What proposals of a year ago came to; None where nobody asked, and of a public edition."""
    inner = view.facts.inner.registered if view.facts.inner and not view.early else None
    return inner.stayed_by if inner is not None else None


def _added_up(found: tuple[StayedBy, ...] | None, *, kind: str = "", part: str = "") -> tuple[Value, ...]:
    """The values under `_YEAR_ON` of a kind, a part, or all."""
    if found is None:
        return ()
    mine = [each for each in found if kind in ("", each.kind) and part in ("", each.part)]
    return tuple(sum(getattr(each, name) for each in mine) for name in ("due", "there", "unknown"))


def _noted(note: Text, further: tuple[Column, ...]) -> Text:
    return Text(f"{note.zh}{_YEAR_ON_NOTE.zh}", f"{note.en} {_YEAR_ON_NOTE.en}") if further else note


_FUNNEL = Text(
    "按推荐提出的季度计；各列为统计时已经走到过的环节，晚提出的还会继续。达成即已录用或已投资。",
    "By the quarter in which a pair was put forward; a column counts those that had come so far when it was counted, "
    "and late ones go on. Done means hired or invested.",
)
_EARLY = Text(
    "按推荐提出的季度计；各列为统计时已经走到过的环节，晚提出的还会继续。达成即已录用或已投资；"
    "一年后是否仍在岗不由推荐登记，见“人才工程的留任”。",
    "By the quarter in which a pair was put forward; a column counts those that had come so far when it was "
    "counted, and late ones go on. Done means hired or invested; whether somebody is still there after a year is "
    "not entered with proposals (see what programmes kept).",
)


def _reasons(view: View, said: Reported) -> Table:
    year_on = _year_on(view)
    further = () if year_on is None else _YEAR_ON
    stages = ("proposed", "accepted", "done") if view.early else ("proposed", *_BETWEEN)
    columns = (
        Column(Text("主要理由", "what spoke for it most")),
        *(Column(_STAGES[stage], 0) for stage in stages),
        Column(Text("接受率", "share accepted"), 0, percent=True),
        *further,
    )
    parts = sorted({*said.kinds("reason_proposed"), *(each.part for each in year_on or ())})
    rows = tuple(
        (
            view.facts.name(f"part/{part}"),
            *(_of_reason(said, stage, part) for stage in stages),
            said.share("reason_accepted", part, "reason_proposed", part),
            *_added_up(year_on, part=part),
        )
        for part in parts
    )
    title = Text("按解释类型", "by explanation")
    return Table("match-reasons", title, columns, rows, NONE, _noted(_FOREMOST, further))


_BETWEEN = ("viewed", "accepted", "contacted", "done")
_FOREMOST = Text(
    "主要理由：得分中贡献最大的一项（提出时）。",
    "The part of the score that spoke for the pair most when it was put forward.",
)


def _of_reason(said: Reported, stage: str, part: str) -> Value:
    """A number by what spoke for the pairs; None of a stage that the method did not count so."""
    if stage in ("viewed", "contacted") and not from_method(said, REASONS_OF_ALL):
        return None
    return said.value(f"reason_{stage}", part)


def _refusals(view: View, said: Reported) -> Table:
    rows = tuple(
        (view.facts.name(f"refusal/{reason}"), said.value("refused", reason))
        for reason in said.kinds("refused")
    )
    columns = (Column(Text("拒绝的理由", "why refused")), COUNT)
    return Table("match-refusals", Text("拒绝的理由", "why proposals were refused"), columns, rows, NONE)
